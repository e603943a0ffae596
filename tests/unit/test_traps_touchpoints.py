"""Touchpoints against the traps that hurt users of other systems, one test a trap."""

from datetime import datetime, timedelta

import duckdb
import pytest

from ingest.contract import load_contracts
from ingest.typing_rules import typed
from tests.support.dbt_sql import render
from tests.support.exports_of_crm import Exports
from tests.support.touchpoints import (
    at,
    deliver,
    group_sessions,
    place,
    place_delivered,
    reasons,
)  # fmt: skip

DATED = "select touchpoint_type, occurred_at, ineligible_reason from int_touchpoints__placed"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


def unify(connection: duckdb.DuckDBPyConnection, staged: str) -> None:
    connection.execute(f"create or replace view int_touchpoints__unioned as from {staged}")
    place_delivered(connection)


def test_c09_a_response_of_a_lead_reaches_the_opportunity_once_it_is_converted(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    exports = Exports(connection)
    exports.add("salesforce.campaign_member", id="m", campaign_id="c", lead_id="L",
                has_responded=True, first_responded_date="2026-03-10")  # fmt: skip
    exports.add("salesforce.lead", id="L", converted_contact_id="C")
    exports.add("salesforce.contact", id="C")
    exports.add("salesforce.opportunity", id="O", close_date="2026-04-01")
    exports.add("salesforce.opportunity_contact_role", id="r", opportunity_id="O", contact_id="C")
    exports.build().build_touchpoints()
    assert exports.rows(
        """
        select opportunity_id, rung, touchpoint_id from int_buying_groups__resolved
        inner join int_touchpoints__classified using (person_id)
        """
    ) == [("O", "contact_role", "salesforce.member:m")]


@pytest.mark.parametrize(
    ("table", "name", "text"),
    [
        ("email_events", "created", "2026-03-10T09:00:00Z"),
        ("form_submissions", "submitted_at", "2026-03-10T09:00:00Z"),
        ("contacts", "createdate", "1773133200000"),
    ],
)
def test_c21_an_instant_of_another_spelling_is_set_aside_never_misread(
    connection: duckdb.DuckDBPyConnection, table: str, name: str, text: str
) -> None:
    """A column has one spelling, as its contract says; a row of the other goes to quarantine."""
    [hubspot] = [contract for contract in load_contracts() if contract.source == "hubspot"]
    [found] = [each for each in hubspot.tables if each.name == table]
    column = found.column(name)
    own = "1773133200000" if "ms" in column.format else "2026-03-10T09:00:00Z"
    read = ", ".join(typed(column, f"'{each}'", found.native) for each in (own, text))
    assert connection.execute(f"select {read}").fetchall() == [(at("09:00"), None)]


def test_c22_a_session_over_midnight_is_one_and_a_late_event_is_counted(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    before = {"event_date": "2026-03-10", "event_timestamp": datetime(2026, 3, 10, 22, 50)}
    after = {"event_date": "2026-03-11", "event_timestamp": datetime(2026, 3, 10, 23, 10)}
    late = {"ga_session_id": 2, "event_date": "2026-03-09",
            "event_timestamp": datetime(2026, 3, 9, 12), "_file_sequence": 9}  # fmt: skip
    begins = [row[-1] for row in group_sessions(connection, before, after)]
    assert begins == [datetime(2026, 3, 10, 22, 50)]
    place(connection)
    days = connection.execute("select occurred_date::text from int_touchpoints__placed").fetchall()
    assert days == [("2026-03-10",)]
    begins = [row[-1] for row in group_sessions(connection, before, after, late)]
    assert begins == [datetime(2026, 3, 9, 12), datetime(2026, 3, 10, 22, 50)]


def test_c23_a_late_touchpoint_gives_what_a_full_build_gives(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    first = {"touchpoint_id": "b", "touchpoint_type": "meeting"}
    late = {**first, "touchpoint_id": "a", "occurred_at": at("07:00")}
    place(connection, first)
    place(connection, first, late)
    later = connection.execute("from int_touchpoints__classified order by all").fetchall()
    place(connection, late, first)
    assert len(later) == 2
    assert connection.execute("from int_touchpoints__classified order by all").fetchall() == later


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-28 22:59:59", "2026-03-28"),
        ("2026-03-28 23:00:00", "2026-03-29"),
        ("2026-03-29 21:59:59", "2026-03-29"),
        ("2026-03-29 22:00:00", "2026-03-30"),
        ("2026-10-24 22:00:00", "2026-10-25"),
        ("2026-10-25 22:59:59", "2026-10-25"),
        ("2026-10-25 23:00:00", "2026-10-26"),
    ],
)
def test_c26_a_day_of_23_or_25_hours_is_one_day(
    connection: duckdb.DuckDBPyConnection, instant: str, day: str
) -> None:
    macro = "{{ reporting_date(\"timestamp '" + instant + "'\") }}"
    [(found,)] = connection.execute(render(f"select {macro}::text", is_text=True)).fetchall()
    assert found == day


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-03-29", datetime(2026, 3, 29, 22)),
        ("2026-10-25", datetime(2026, 10, 25, 23)),
        ("2026-12-31", datetime(2026, 12, 31, 23)),
    ],
)
def test_c26_a_date_without_a_time_sorts_at_the_end_of_its_day(
    connection: duckdb.DuckDBPyConnection, day: str, end: datetime
) -> None:
    place(connection, {"is_date_only": True, "occurred_at": day})
    [(found, on)] = connection.execute(
        "select occurred_at, occurred_date::text from int_touchpoints__placed"
    ).fetchall()
    assert (found, on) == (end - timedelta(microseconds=1), day)


def click(name: str, clock: str, **other: object) -> dict:
    return {"touchpoint_id": name, "mailing_id": "m", "occurred_at": at(clock), **other}


def sending(kind: str, clock: str, **other: object) -> dict:
    return click(f"{kind} {clock}", clock, touchpoint_type=f"email_{kind}", **other)


def test_c64_a_scanners_clicks_stay_with_their_reason_and_never_count(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    place(
        connection,
        sending("sent", "09:00:00"),
        click("before the delivery", "09:00:01"),
        sending("delivered", "09:00:02"),
        click("scanner", "09:00:12"),
        click("human", "09:00:13"),
        click("again", "11:00:00"),
        click("another's", "09:00:12", node_key="other"),
        click("another mailing", "09:00:12", mailing_id="other"),
        sending("sent", "15:00:00"),
        *(click(f"burst {n}", f"15:00:{30 + n}") for n in range(3)),
        sending("sent", "17:00:00"),
        *(click(f"pair {n}", f"17:00:{30 + n}") for n in range(2)),
        click("discounted", "12:00:00", ineligible_reason="discounted_by_source"),
        click("opened", "09:00:03", touchpoint_type="email_open"),
    )
    found = reasons(connection)
    counting = {name for name, reason in found.items() if reason is None}
    assert counting == {
        "human", "again", "another's", "another mailing", "pair 0", "pair 1", "opened"
    }  # fmt: skip
    assert {name: reason for name, reason in found.items() if reason} == {
        "before the delivery": "clicked_on_delivery", "scanner": "clicked_on_delivery",
        "burst 0": "clicked_in_a_burst", "burst 1": "clicked_in_a_burst",
        "burst 2": "clicked_in_a_burst", "discounted": "discounted_by_source",
    }  # fmt: skip
    kept = connection.execute("select touchpoint_id from int_touchpoints__classified").fetchall()
    assert {name for (name,) in kept} == counting


def test_c64_hubspots_own_verdict_is_kept_as_evidence(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    events = [
        {"id": str(flag), "type": "CLICK", "created": at("09:00"), "recipient_hash": "h",
         "email_campaign_id": "1", "filtered_event": flag}
        for flag in (True, False, None)
    ]  # fmt: skip
    deliver(connection, "hubspot", "email_events", *events)
    unify(connection, "stg_hubspot__email_events")
    assert reasons(connection) == {
        "hubspot.email:True": "discounted_by_source",
        "hubspot.email:False": None,
        "hubspot.email:None": None,
    }
