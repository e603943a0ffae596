"""Stages that are skipped, left backwards or renamed, one test a case."""

from collections.abc import Iterator
from datetime import date, datetime

import duckdb
import pytest

from tests.support.funnel import Funnel

WON = {"is_closed": True, "is_won": True}


@pytest.fixture
def funnel() -> Iterator[Funnel]:
    with duckdb.connect() as connection:
        yield Funnel(connection)


def stays(funnel: Funnel, subject: str) -> list[tuple]:
    return funnel.rows(
        "select coalesce(source_stage, stage), entered_at, left_at, is_inferred, is_recycled, "
        f"skipped_stages from stage_history where subject_id = '{subject}' order by entry_number"
    )


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day)


def test_a_skipped_stage_takes_the_instant_of_the_next_one(funnel: Funnel) -> None:
    funnel.person("p", "2026-01-01", sql_at="2026-03-01")
    funnel.build()
    assert stays(funnel, "p") == [
        ("lead", at(1, 1), at(3, 1), False, False, 0),
        ("mql", at(3, 1), at(3, 1), True, False, 0),
        ("sql", at(3, 1), None, False, False, 1),
    ]
    # a qualified lead at once, whose wait says nothing of how long one takes
    assert funnel.row(
        "funnel_conversion",
        ["entered", "converted_in_window", "inferred", "p90_days"],
        "from_stage = 'mql' and breakdown = 'all'",
    ) == (1, 1, 1, None)
    assert funnel.row(
        "stage_durations",
        ["entered", "converted", "inferred", "sample_size", "median_days_to_next_stage",
         "null_reason"],
        "from_stage = 'mql' and breakdown = 'all'",
    ) == (1, 1, 1, 0, None, "no_recorded_entries")  # fmt: skip


def test_a_stage_that_was_recorded_late_was_reached_with_the_next_one(funnel: Funnel) -> None:
    funnel.person("p", "2026-01-01", mql_at="2026-04-01", sql_at="2026-03-01")
    assert funnel.build().row(
        "int_lifecycle_stages__reached",
        ["recorded_at", "reached_at", "is_inferred"],
        "stage = 'mql'",
    ) == (at(4, 1), at(3, 1), True)


def test_a_person_is_won_at_the_end_of_the_first_day_of_a_win(funnel: Funnel) -> None:
    funnel.person("p", "2026-01-01")
    for day in ("2026-07-20", "2026-07-10"):
        funnel.opportunity(day, "p", created_at="2026-03-01", close_date=day, **WON)
    assert funnel.build().row(
        "int_lifecycle_stages__reached", ["reached_at", "is_inferred"], "stage = 'won'"
    ) == (datetime(2026, 7, 10, 21, 59, 59, 999999), False)


def test_colleagues_deleted_persons_and_deleted_opportunities_reach_nothing(
    funnel: Funnel,
) -> None:
    funnel.person("colleague", "2026-01-01")
    funnel.person("gone", "2026-01-01", is_deleted=True)
    funnel.opportunity("o1", "colleague", rung="account", created_at="2026-03-01")
    funnel.opportunity("o2", "colleague", "gone", created_at="2026-03-01", is_deleted=True)
    funnel.build()
    assert funnel.rows("select person_id, stage from int_lifecycle_stages__reached") == [
        ("colleague", "lead")
    ]


def test_a_reopened_opportunity_was_moved_back_and_is_won_once(funnel: Funnel) -> None:
    funnel.person("p", "2026-01-01")
    funnel.opportunity("o", "p", stage="Closed Won", created_at="2026-01-01",
                       close_date="2026-05-01", **WON)  # fmt: skip
    funnel.history(
        "o",
        ("Qualification", "2026-01-01"),
        ("Closed Lost", "2026-02-01"),
        ("Negotiation/Review", "2026-03-01"),
        ("Closed Won", "2026-05-01"),
    )
    funnel.build()
    assert stays(funnel, "o") == [
        ("Qualification", at(1, 1), at(2, 1), False, False, 0),
        ("Closed Lost", at(2, 1), at(3, 1), False, False, 0),
        ("Negotiation/Review", at(3, 1), at(5, 1), False, True, 0),
        ("Closed Won", at(5, 1), None, False, False, 0),
    ]
    assert funnel.row(
        "stage_durations",
        ["entered", "converted", "lost"],
        "from_stage = 'opportunity' and breakdown = 'all'",
    ) == (1, 1, 0)
    assert funnel.row("funnel_by_cohort", ["opportunities", "won"], "true") == (1, 1)


def test_an_opportunity_that_goes_back_a_stage_is_recycled_and_one_that_jumps_has_skipped(
    funnel: Funnel,
) -> None:
    funnel.history(
        "o",
        ("Qualification", "2026-01-01"),
        ("Proposal/Price Quote", "2026-02-01"),
        ("Needs Analysis", "2026-03-01"),
    )
    funnel.build()
    # between 62 and 67 the seed has 63, 64, 65 and 66
    assert [row[4:] for row in stays(funnel, "o")] == [(False, 0), (False, 4), (True, 0)]


def test_one_stage_in_several_rows_is_one_stay_and_deleted_rows_are_none(funnel: Funnel) -> None:
    funnel.history(
        "o", ("Qualification", "2026-01-01"), ("Qualification", "2026-02-01"),
        ("Needs Analysis", "2026-03-01"),
    )  # fmt: skip
    funnel.history("o", ("Closed Lost", "2026-02-15"), is_deleted=True)
    funnel.build()
    assert [row[:3] for row in stays(funnel, "o")] == [
        ("Qualification", at(1, 1), at(3, 1)),
        ("Needs Analysis", at(3, 1), None),
    ]


def test_without_a_history_the_last_stage_is_known_and_its_instant_inferred(
    funnel: Funnel,
) -> None:
    opened = {"created_at": "2026-01-01"}
    funnel.opportunity("open", stage="Qualification", **opened)
    funnel.opportunity("closed", stage="Closed Lost", is_closed=True, close_date=date(2026, 2, 1),
                       created_at="2026-01-01")  # fmt: skip
    funnel.build()
    assert stays(funnel, "open") == [("Qualification", at(1, 1), None, True, False, 0)]
    assert stays(funnel, "closed")[0][1] == datetime(2026, 2, 1, 22, 59, 59, 999999)


@pytest.mark.parametrize(
    ("records", "recycled"),
    [
        ([("hubspot", "lead")], [("lead", None, None, False, True, 0)]),
        ([("hubspot", "lead"), ("hubspot", "salesqualifiedlead")], []),
        ([("hubspot", "customer")], []),
        ([("hubspot", "other")], []),
        ([("salesforce", "lead")], []),
    ],
    ids=["moved back", "another record is as far", "further", "no step", "another CRM's word"],
)
def test_a_person_whom_the_crm_has_moved_back_is_recycled(
    funnel: Funnel, records: list[tuple[str, str]], recycled: list[tuple]
) -> None:
    funnel.person("p", "2026-01-01", mql_at="2026-02-01", sql_at="2026-03-01")
    for number, (system, stage) in enumerate(records):
        funnel.add("int_person_records__resolved", person_id="p", node_key=str(number),
                   source_system=system, lifecycle_stage=stage, is_deleted=False)  # fmt: skip
    funnel.build()
    assert stays(funnel, "p")[3:] == recycled
    assert funnel.row("stage_history", ["count(*)"], "is_current") == (1,)


def test_nobody_is_moved_back_from_the_first_stage(funnel: Funnel) -> None:
    funnel.person("p", "2026-01-01")
    funnel.add("int_person_records__resolved", person_id="p", node_key="n",
               source_system="hubspot", lifecycle_stage="subscriber", is_deleted=False)  # fmt: skip
    funnel.build()
    assert stays(funnel, "p") == [("lead", at(1, 1), None, False, False, 0)]


def test_each_crm_has_its_own_words_for_the_stages(funnel: Funnel) -> None:
    funnel.history("s", ("Qualification", "2026-01-01"), source_system="salesforce")
    funnel.history("h", ("opportunity", "2026-01-01"), source_system="hubspot")
    funnel.history("u", ("Qualification", "2026-01-01"), source_system="hubspot")
    funnel.build()
    assert funnel.rows(
        "select subject_id, source_system, source_stage, stage from stage_history order by all"
    ) == [
        ("h", "hubspot", "opportunity", "opportunity"),
        ("s", "salesforce", "Qualification", "opportunity"),
        ("u", "hubspot", "Qualification", "unmapped"),
    ]


def test_a_word_stands_for_what_it_meant_on_the_day(funnel: Funnel) -> None:
    funnel.connection.execute("update lifecycle_stages set valid_to = date '2025-12-31' "
                              "where source_stage = 'Qualification'")  # fmt: skip
    funnel.add("lifecycle_stages", source_system="salesforce", source_stage="Qualification",
               stage="sql", stage_order=50, is_closed=False, valid_from="2026-01-01")  # fmt: skip
    # Berlin is an hour ahead
    funnel.history("before", ("Qualification", "2025-12-31 22:30"))
    funnel.history("after", ("Qualification", "2025-12-31 23:30"))
    funnel.history("both", ("Qualification", "2025-12-01"), ("Qualification", "2026-02-01"))
    funnel.build()
    assert funnel.rows("select subject_id, stage from stage_history order by all") == [
        ("after", "sql"), ("before", "opportunity"), ("both", "opportunity"),
    ]  # fmt: skip


def test_a_stage_that_was_renamed_is_one_stay(funnel: Funnel) -> None:
    funnel.add("lifecycle_stages", source_system="salesforce", source_stage="Discovery",
               stage="opportunity", stage_order=62, is_closed=False,
               valid_from="2026-01-01")  # fmt: skip
    funnel.history("o", ("Qualification", "2026-01-01"), ("Discovery", "2026-02-01"))
    funnel.build()
    assert stays(funnel, "o") == [("Qualification", at(1, 1), None, False, False, 0)]
