"""What is published against a second coding in pandas, from the landing files alone.

The two share the contracts and the seeds, and no code: where they disagree, one of them has
misread the definitions. Persons have other labels in each, so they are told by their records.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

import pandas as pd
import pytest

from tests.oracle.frames import total
from tests.support.second_coding import Both

ACCOUNT = "account_id, industry, country, created_at"
OPPORTUNITY = (
    "opportunity_id, account_id, stage, lead_source, created_at, created_date, close_date, "
    "is_closed, is_won, amount, currency, amount_reporting, net_amount_reporting"
)


def rows_of(frame: pd.DataFrame, columns: str) -> Iterator[tuple]:
    """Yield the frame's rows as a query gives them: None for what is missing, plain datetimes."""
    for row in frame[columns.split(", ")].itertuples(index=False, name=None):
        yield tuple(_plain(value) for value in row)


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def by_key(rows: Iterable[tuple], width: int = 1) -> dict[tuple, tuple]:
    return {row[:width]: row[width:] for row in rows}


def differences(found: dict[Hashable, Any], expected: dict[Hashable, Any]) -> list[tuple]:
    """Return the first few keys whose values differ, with both values."""
    keys = sorted(found.keys() | expected.keys(), key=repr)
    return [
        (key, found.get(key), expected.get(key))
        for key in keys
        if found.get(key) != expected.get(key)
    ][:5]


def test_persons_are_the_same_records(both: Both) -> None:
    found, expected = defaultdict(set), defaultdict(set)
    records = both.published.query(
        "select person_id, source_system || '.' || record_type, record_id from person_records"
    )
    for person_id, *record in records:
        found[person_id].add(tuple(record))
    known = set().union(*found.values())
    for kind, own_id, person in rows_of(both.second.node_persons, "kind, own_id, person"):
        if (kind, own_id) in known:
            expected[person].add((kind, own_id))
    assert {*map(frozenset, found.values())} ^ {*map(frozenset, expected.values())} == set()
    assert max(map(len, found.values())) > 2


def test_persons_have_the_same_account_and_stages(both: Both) -> None:
    columns = "account_id, created_at, mql_at, sql_at"
    found = both.published.query(f"select person_id, {columns} from persons")
    persons = both.second.persons
    expected = rows_of(persons[~persons.is_deleted], f"person, {columns}")
    found = {(both.labels[person_id],): tuple(rest) for person_id, *rest in found}
    assert differences(found, by_key(expected)) == []


@pytest.mark.parametrize(
    ("table", "columns"), [("accounts", ACCOUNT), ("opportunities", OPPORTUNITY)]
)
def test_accounts_and_opportunities_are_the_same(both: Both, table: str, columns: str) -> None:
    typed = columns.replace("_date", "_date::timestamp")
    found = both.published.query(f"select {typed} from {table}")
    frame = getattr(both.second, table)
    expected = rows_of(frame[~frame.is_deleted] if "is_deleted" in frame else frame, columns)
    assert len(found) > 40
    assert differences(by_key(found), by_key(expected)) == []


def test_buying_groups_are_the_same(both: Both) -> None:
    found = {
        (opportunity_id, both.labels[person_id]): rung
        for opportunity_id, person_id, rung in both.published.query(
            "select opportunity_id, person_id, rung from buying_groups"
        )
    }
    groups = both.second.groups
    expected = dict(zip(zip(groups.opportunity_id, groups.person, strict=True), groups.rung,
                        strict=True))  # fmt: skip
    assert set(found.values()) == {"contact_role", "account"}
    assert differences(found, expected) == []


def test_touchpoints_are_the_same(both: Both) -> None:
    columns = (
        "account_id, is_known_person, touchpoint_type, channel, campaign, is_sales, "
        "is_impression_or_open, ineligible_reason, occurred_at, occurred_date"
    )
    typed = columns.replace("_date", "_date::timestamp")
    found = Counter(
        (both.labels.get(person_id), *rest)
        for person_id, *rest in both.published.query(f"select person_id, {typed} from touchpoints")
    )
    touchpoints = both.second.touchpoints
    persons = touchpoints.person.where(touchpoints.is_known_person)
    expected = Counter(rows_of(touchpoints.assign(person=persons), f"person, {columns}"))
    assert found.total() > 3000
    assert {key[8] for key in found} >= {None, "not_held", "clicked_on_delivery", "evidence_only"}
    assert differences(found, expected) == []


def test_conversions_have_the_same_values(both: Both) -> None:
    columns = "conversion_type, reversed_conversion_id, conversion_value, converted_at"
    found = both.published.query(
        f"""
        select distinct conversion_id, {columns}, converted_date::timestamp
        from attribution_touchpoints
        """
    )
    found = {(both.conversion_id(conversion_id),): tuple(rest) for conversion_id, *rest in found}
    conversions = both.second.conversions
    expected = rows_of(conversions, f"conversion_id, {columns}, converted_date")
    assert conversions.reversed_conversion_id.notna().any()
    assert differences(found, by_key(expected)) == []


def test_credits_are_the_same(both: Both) -> None:
    key = "attribution_model, channel, campaign, occurred_at, unattributed_reason"
    value = "weight, credit, booked_credit"
    query = f"select conversion_id, {key}, {value} from attribution_touchpoints"
    found, expected = defaultdict(list), defaultdict(list)
    for conversion_id, *rest in both.published.query(query):
        found[both.conversion_id(conversion_id), *rest[:5]].append(tuple(rest[5:]))
    for row in rows_of(both.second.credits, f"conversion_id, {key}, {value}"):
        expected[row[:6]].append(row[6:])
    assert [*found.keys() ^ expected.keys()][:5] == []
    off = [
        (name, sorted(rows), sorted(expected[name]))
        for name, rows in found.items()
        if not agree(sorted(rows), sorted(expected[name]))
    ]
    assert off[:5] == []


def agree(found: list[tuple], expected: list[tuple]) -> bool:
    """Doubles to 1e-9, of the number itself where that is above 1, and what is booked exactly."""
    return len(found) == len(expected) and all(
        booked == expected_booked
        and weight == pytest.approx(expected_weight, abs=1e-9)
        and credit == pytest.approx(expected_credit, abs=1e-9, rel=1e-9)
        for (weight, credit, booked), (expected_weight, expected_credit, expected_booked) in zip(
            found, expected, strict=True
        )
    )


def test_credits_add_up_to_the_same_by_month_channel_and_campaign(both: Both) -> None:
    keys = "report_month, attribution_model, conversion_type, channel, campaign"
    found = both.published.query(
        f"""
        select {keys.replace("_month", "_month::timestamp")}, conversions, booked_credit
        from attribution_by_campaign
        """
    )
    credits_ = both.second.credits
    wins = credits_.conversion_id.where(credits_.reversed_conversion_id.isna())
    summed = (
        credits_.assign(
            report_month=credits_.converted_date.dt.to_period("M").dt.start_time,
            campaign=credits_.campaign.fillna(""),
            conversions=wins,
        )
        .groupby(keys.split(", "), as_index=False)
        .agg({"conversions": "nunique", "booked_credit": total})
    )
    expected = rows_of(summed, f"{keys}, conversions, booked_credit")
    assert differences(by_key(found, 5), by_key(expected, 5)) == []


def test_spend_is_the_same_by_day_channel_and_campaign(both: Both) -> None:
    keys, measures = "report_date, channel, campaign", "impressions, clicks, platform_conversions"
    found = both.published.query(
        f"""
        select {keys.replace("_date", "_date::timestamp")}, sum(spend_reporting),
            {", ".join(f"sum({measure})" for measure in measures.split(", "))}
        from ad_performance_daily group by all
        """
    )
    expected = rows_of(both.second.spend, f"{keys}, spend_reporting, {measures}")
    assert len(found) > 4000
    assert differences(by_key(found, 3), by_key(expected, 3)) == []
