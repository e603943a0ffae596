"""Why a closed month changed: each cause under its own name, and all of them add up."""

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.state import STATE_DDL
from tests.support.dbt_sql import build

MODELS = ["fct_attribution_reports_compared", "fct_attribution_changes"]
REPORT = {
    "attribution_model": "linear", "model_version": 1, "weights_version": None,
    "conversion_type": "closed_won", "conversion_id": "closed_won:o1", "channel": "email",
    "report_month": "2026-03-01", "amount": 100, "exchange_rate": 0.8, "conversion_value": 80,
    "weight": 1.0, "booked_credit": 80, "touchpoints": 2, "evidence_fingerprint": "e",
    "identity_fingerprint": "i", "touchpoint_fingerprint": "t", "origin_fingerprint": "o",
}  # fmt: skip


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        prepare(connection)
        yield connection


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(STATE_DDL)
    connection.execute(
        "create table fct_attribution_reports as from attribution_reports limit 0;"
        "create table int_identity__nodes_resolved (node_key varchar, person_id varchar);"
    )


def add(connection: duckdb.DuckDBPyConnection, table: str, **values: object) -> None:
    row = REPORT | values
    connection.execute(
        f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})",
        list(row.values()),
    )
    if table == "attribution_reports":
        connection.execute(
            "insert into attribution_changes values "
            "(1, 1, ?, ?, ?, ?, ?, 'first_report', ?)",
            [row[name] for name in ("report_month", "conversion_type", "conversion_id",
                                    "attribution_model", "channel", "booked_credit")],
        )  # fmt: skip


def changes(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str, Decimal]]:
    """Return month, channel, cause and change of every change."""
    build(connection, MODELS)
    return {
        (str(month)[:7], channel, cause, change)
        for month, channel, cause, change in connection.execute(
            "select report_month, channel, cause, credit_change from fct_attribution_changes"
        ).fetchall()
    }


def test_a_month_is_reported_for_the_first_time(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, "fct_attribution_reports")
    assert changes(connection) == {("2026-03", "email", "first_report", Decimal(80))}


def test_what_is_as_it_was_is_no_change(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, "attribution_reports")
    add(connection, "fct_attribution_reports", origin_fingerprint="another, with the same credit")
    assert changes(connection) == set()


def test_a_new_conversion_in_a_reported_month_is_a_stage_edit(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add(connection, "attribution_reports")
    add(connection, "fct_attribution_reports")
    add(connection, "fct_attribution_reports", conversion_id="closed_won:o2", channel="event")
    assert changes(connection) == {("2026-03", "event", "stage_edit", Decimal(80))}


def test_a_conversion_that_is_gone_is_a_stage_edit(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, "attribution_reports")
    assert changes(connection) == {("2026-03", "email", "stage_edit", Decimal(-80))}


def test_another_closing_date_moves_the_whole_credit(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, "attribution_reports")
    add(connection, "attribution_reports", conversion_id="closed_won:o2", report_month="2026-02-01")
    add(connection, "fct_attribution_reports", report_month="2026-02-01")
    add(
        connection, "fct_attribution_reports",
        conversion_id="closed_won:o2", report_month="2026-02-01",
    )  # fmt: skip
    assert changes(connection) == {
        ("2026-03", "email", "stage_edit", Decimal(-80)),
        ("2026-02", "email", "stage_edit", Decimal(80)),
    }


def test_amount_and_rate_are_told_apart(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, "attribution_reports")
    add(
        connection, "fct_attribution_reports",
        amount=150, exchange_rate=0.9, conversion_value=135, booked_credit=135,
    )  # fmt: skip
    # 50 more at the old rate, then all of it at a rate that is 0.1 higher
    assert changes(connection) == {
        ("2026-03", "email", "amount_edit", Decimal(40)),
        ("2026-03", "email", "exchange_rate", Decimal(15)),
    }


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"model_version": 2, "identity_fingerprint": "x"}, "model_version"),
        ({"weights_version": "2026-02 v2", "touchpoint_fingerprint": "x"}, "weights_version"),
        ({"evidence_fingerprint": "x", "identity_fingerprint": "y"}, "buying_group_edit"),
        ({"identity_fingerprint": "x", "touchpoint_fingerprint": "y"}, "merge_or_stitching"),
        ({"touchpoint_fingerprint": "x", "touchpoints": 3, "origin_fingerprint": "y"},
         "late_touchpoint"),
        ({"touchpoint_fingerprint": "x", "touchpoints": 1}, "withdrawn_touchpoint"),
        ({"origin_fingerprint": "x"}, "platform_restatement"),
        ({}, "stage_edit"),
    ],
)  # fmt: skip
def test_other_weights_are_named_by_what_differs_first(
    connection: duckdb.DuckDBPyConnection, changed: dict, cause: str
) -> None:
    add(connection, "attribution_reports")
    add(connection, "fct_attribution_reports", weight=0.25, booked_credit=20, **changed)
    add(
        connection, "fct_attribution_reports",
        channel="event", weight=0.75, booked_credit=60, **changed,
    )  # fmt: skip
    assert changes(connection) == {
        ("2026-03", "email", cause, Decimal(-60)),
        ("2026-03", "event", cause, Decimal(60)),
    }


def test_a_person_who_was_two_goes_on_under_one_id(connection: duckdb.DuckDBPyConnection) -> None:
    lead = {"conversion_type": "lead_created", "amount": 1, "exchange_rate": 1,
            "conversion_value": 1, "booked_credit": 1}  # fmt: skip
    add(connection, "attribution_reports", conversion_id="lead_created:b", **lead)
    connection.execute("insert into int_identity__nodes_resolved values ('a', 'a'), ('b', 'a')")
    add(connection, "fct_attribution_reports", conversion_id="lead_created:a", **lead)
    build(connection, MODELS)
    found = connection.execute(
        "select conversion_id, cause, credit_change from fct_attribution_changes order by 1"
    ).fetchall()
    assert found == [
        ("lead_created:a", "merge_or_stitching", Decimal(1)),
        ("lead_created:b", "merge_or_stitching", Decimal(-1)),
    ]


@pytest.mark.parametrize(
    ("before", "after", "cause"), [(0, 2, "late_touchpoint"), (2, 0, "withdrawn_touchpoint")]
)
def test_the_first_touchpoint_of_a_conversion_brings_no_new_version_of_the_weights(
    connection: duckdb.DuckDBPyConnection, before: int, after: int, cause: str
) -> None:
    for table, touchpoints in (("attribution_reports", before), ("fct_attribution_reports", after)):
        found = {"channel": "unattributed", "touchpoint_fingerprint": None}
        if touchpoints:
            found = {"channel": "email", "weights_version": "2026-02 v1"}
        add(connection, table, touchpoints=touchpoints, **found)
    assert {cause for _, _, cause, _ in changes(connection)} == {cause}


def test_an_amount_that_had_no_rate_is_an_edit_at_the_rate_it_has_now(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    # an opportunity without an amount may lack its currency as well
    add(
        connection, "attribution_reports",
        amount=0, exchange_rate=None, conversion_value=0, booked_credit=0,
    )  # fmt: skip
    add(connection, "fct_attribution_reports")
    assert changes(connection) == {("2026-03", "email", "amount_edit", Decimal(80))}


def test_a_month_stays_closed_if_the_conversion_that_closed_it_goes(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(
        """
        drop table fct_attribution_reports;
        create table fct_attribution_credits as
        select 'linear' as attribution_model, 1 as model_version, null::varchar as weights_version,
            'opportunity_created' as conversion_type,
            'opportunity_created:' || month(day) as conversion_id,
            null::varchar as reversed_conversion_id, 'email' as channel, null::varchar as campaign,
            't' as touchpoint_id, 1 as touch_position, day::timestamp as occurred_at,
            1.0::double as weight, 80::decimal(18, 6) as booked_credit, day as converted_date
        from (values (date '2026-03-05'), (date '2026-04-01')) as days (day);
        create table fct_conversions as
        select conversion_id, null::varchar as opportunity_id, 80::decimal(18, 2) as amount,
            1.0::double as exchange_rate, 80::decimal(18, 2) as conversion_value
        from fct_attribution_credits;
        create table int_opportunity_contacts__unioned
            (opportunity_id varchar, node_key varchar, is_deleted boolean);
        create table int_conversions__groups_resolved (conversion_id varchar, person_id varchar);
        """
    )
    build(connection, ["fct_attribution_reports"])
    assert {cause for _, _, cause, _ in changes(connection)} == {"first_report"}
    connection.execute(
        "insert into attribution_reports from fct_attribution_reports;"
        "insert into attribution_changes by name select 1 as restatement, 1 as ledger_sequence, * "
        "from fct_attribution_changes;"
        "delete from fct_attribution_credits where converted_date = date '2026-04-01'"
    )
    build(connection, ["fct_attribution_reports"])
    assert changes(connection) == set()


cents = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 100)
states = st.fixed_dictionaries(
    {
        "amount": cents,
        "exchange_rate": st.sampled_from([None, 0.8, 1.0, 1.2345]),
        "conversion_value": cents,
        "weight": st.floats(0, 1),
        "booked_credit": cents,
        "report_month": st.sampled_from(["2026-02-01", "2026-03-01"]),
        "model_version": st.integers(1, 2),
        "identity_fingerprint": st.sampled_from("ab"),
    }
)


@settings(max_examples=60, deadline=None)
@given(before=st.none() | states, after=st.none() | states)
def test_causes_add_up_to_the_change_exactly(before: dict | None, after: dict | None) -> None:
    with duckdb.connect() as connection:
        prepare(connection)
        if before:
            add(connection, "attribution_reports", **before)
        if after:
            add(connection, "fct_attribution_reports", **after)
        found = changes(connection)
    for month in ("2026-02", "2026-03"):
        was = before["booked_credit"] if before and before["report_month"][:7] == month else 0
        now = after["booked_credit"] if after and after["report_month"][:7] == month else 0
        assert sum(change for at, _, _, change in found if at == month) == now - was
