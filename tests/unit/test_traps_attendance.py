"""Who was there, who answered and who may not be counted: one test a trap."""

from decimal import Decimal

import duckdb
import pytest

from tests.support.dbt_sql import build
from tests.support.touchpoints import at, deliver, place, place_delivered, reasons, stage_events


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


def unify(connection: duckdb.DuckDBPyConnection, staged: str) -> None:
    connection.execute(f"create or replace view int_touchpoints__unioned as from {staged}")
    place_delivered(connection)


def stay(user: str, joined: str, left: str | None, seconds: int, email: str = "h") -> dict:
    return {
        "webinar_id": "w", "topic": "Demo", "user_id": user, "user_email_hash": email,
        "user_email_domain": "acme.example", "join_time": at(joined),
        "leave_time": left and at(left), "duration": seconds,
    }  # fmt: skip


def test_c65_rejoins_are_one_attendance_with_overlaps_counted_once(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        connection, "webinar", "attendance",
        stay("2", "10:20:00", "10:30:00", 600),
        stay("1", "10:00:00", "10:10:00", 600),
        stay("3", "10:05:00", "10:08:00", 180),
        stay("4", "10:28:00", None, 240),
        stay("9", "10:00:00", "10:00:59", 59, email="short"),
        stay("8", "10:00:00", "10:01:00", 60, email="just long enough"),
    )  # fmt: skip
    unify(connection, "stg_webinar__attendance")
    assert connection.execute(
        "select occurred_at, attended_minutes, ineligible_reason, email_domain "
        "from int_touchpoints__placed order by attended_minutes desc"
    ).fetchall() == [
        (at("10:00"), Decimal("22.00"), None, "acme.example"),
        (at("10:00"), Decimal("1.00"), None, "acme.example"),
        (at("10:00"), Decimal("0.98"), "too_short", "acme.example"),
    ]


def test_c66_only_a_response_counts_and_on_the_day_of_the_first(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    same = {"contact_id": "C", "campaign_id": "c", "created_date": at("09:00"),
            "is_deleted": False}  # fmt: skip
    deliver(
        connection, "salesforce", "campaign_member",
        {"id": "invited", "has_responded": False, "first_responded_date": None, **same},
        {"id": "came", "has_responded": True, "first_responded_date": "2026-03-20", **same},
        {"id": "undated", "has_responded": True, "first_responded_date": None, **same},
        {**same, "id": "gone", "has_responded": True, "first_responded_date": "2026-03-20",
         "is_deleted": True},
    )  # fmt: skip
    unify(connection, "stg_salesforce__campaign_member")
    assert connection.execute(
        "select touchpoint_id, occurred_date::text, ineligible_reason "
        "from int_touchpoints__placed order by 1"
    ).fetchall() == [
        ("salesforce.member:came", "2026-03-20", None),
        ("salesforce.member:undated", "2026-03-10", "undated"),
    ]


def test_only_meetings_and_calls_that_took_place_count(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    outcomes = ["COMPLETED", "NO_SHOW", "CANCELED", "RESCHEDULED", "SCHEDULED", None]
    deliver(
        connection, "hubspot", "meetings",
        *(
            {"hs_object_id": str(outcome), "associatedcontactid": "1", "archived": False,
             "hs_meeting_start_time": at("09:00"), "hs_meeting_outcome": outcome}
            for outcome in outcomes
        ),
    )  # fmt: skip
    unify(connection, "stg_hubspot__meetings")
    assert reasons(connection) == {
        "hubspot.meeting:COMPLETED": None,
        "hubspot.meeting:NO_SHOW": "not_held",
        "hubspot.meeting:CANCELED": "not_held",
        "hubspot.meeting:RESCHEDULED": "not_held",
        "hubspot.meeting:SCHEDULED": "outcome_unknown",
        "hubspot.meeting:None": "outcome_unknown",
    }
    connection.execute("drop table int_identity__nodes_resolved")
    deliver(
        connection, "salesforce", "task",
        *(
            {"id": str(held), "who_id": "003C", "task_subtype": "Call", "is_closed": held,
             "activity_date": "2026-03-10", "is_deleted": False}
            for held in (True, False)
        ),
    )  # fmt: skip
    unify(connection, "stg_salesforce__task")
    assert reasons(connection) == {"salesforce.task:True": None}


def test_what_people_say_is_evidence_beside_the_form_and_no_part_of_the_journey(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    answers = {"linkedin": ("linkedin", "a"), "typed": (None, "b"), "none": (None, None)}
    deliver(
        connection, "hubspot", "form_submissions",
        *(
            {"conversion_id": name, "contact_id": "1", "submitted_at": at("09:00"),
             "how_did_you_hear_about_us_known": known, "how_did_you_hear_about_us_hash": hashed}
            for name, (known, hashed) in answers.items()
        ),
    )  # fmt: skip
    unify(connection, "stg_hubspot__form_submissions")
    assert connection.execute(
        "select touchpoint_id, channel, ineligible_reason from int_touchpoints__placed "
        "where touchpoint_type = 'self_reported' order by 1"
    ).fetchall() == [
        ("hubspot.form:linkedin:self_reported", "organic_social", "evidence_only"),
        ("hubspot.form:typed:self_reported", "other", "evidence_only"),
    ]
    assert connection.execute(
        "select touchpoint_type, count(*) from int_touchpoints__classified group by all"
    ).fetchall() == [("form_submission", 3)]


def test_visits_without_consent_are_no_touchpoints_but_can_be_found(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    stage_events(
        connection,
        {"analytics_storage": "No", "user_id": "7"},
        {"analytics_storage": "No", "user_id": "7", "event_timestamp": at("12:00")},
        {"analytics_storage": "No", "user_pseudo_id_hash": None},
        {"user_id": "8"},
    )
    build(connection, ["int_web_sessions__grouped"])
    connection.execute(
        """
        create table int_identity__nodes_resolved as
        select distinct coalesce(identified_node_key, visitor_node_key) as node_key,
            'person' as person_id
        from stg_ga4__events
        """
    )
    build(connection, ["int_touchpoints__withheld"])
    assert connection.execute(
        "select node_key = md5('hubspot.contact:7'), person_id, reason, email_domain, occurred_at "
        "from int_touchpoints__withheld"
    ).fetchall() == [(True, "person", "no_consent", None, at("09:00"))]
    assert connection.execute("select count(*) from int_web_sessions__grouped").fetchall() == [(1,)]


def test_an_attendee_whom_no_crm_knows_keeps_the_domain_of_the_address(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    place(connection, {"touchpoint_type": "webinar_attendance"})
    assert connection.execute(
        "select is_known_person, email_domain from int_touchpoints__classified"
    ).fetchall() == [(False, "acme.example")]
