"""What sources other than the website report of people: forms, mailings, meetings, tasks, webinars.

Each row still lacks what others tell of it: whose it is, its channel, whether a click is a
machine's.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.oracle.days import end_of_day, reporting_day
from tests.oracle.landing import Landing, allowed
from tests.oracle.records import (
    CONTACT,
    EMAIL,
    HUBSPOT,
    LEAD,
    REGISTRATION,
    VISITOR,
    Node,
    address_domain,
    is_role,
    normal_address,
)


class Touch(NamedTuple):
    """One row of a source. ``node`` did it, ``linked`` is who the row says is the same.

    Rows of one ``touchpoint_id`` are one touchpoint. ``mailing`` is the mailing of an e-mail,
    ``answer`` how somebody says that they heard of us, ``ended_at`` when who came to a webinar
    left. A row that is not ``is_valid`` ties nodes together and is no touchpoint.
    """

    touchpoint_id: str
    touchpoint_type: str
    node: Node | None
    occurred_at: datetime
    linked: Node | None = None
    campaign: str | None = None
    email_domain: str | None = None
    mailing: str | None = None
    answer: str | None = None
    ineligible_reason: str | None = None
    ended_at: datetime | None = None
    is_date_only: bool = False
    is_valid: bool = True


def find_touches(landing: Landing) -> list[Touch]:
    """Read every source of touchpoints but the website."""
    return [
        *_forms(landing),
        *_emails(landing),
        *_meetings(landing),
        *_responses(landing),
        *_tasks(landing),
        *_attendances(landing),
    ]


def node(kind: str, own_id: str | None) -> Node | None:
    """Return the node, none without an id."""
    return (kind, own_id) if own_id else None


def code_of(name: str | None) -> str | None:
    """Return a campaign's code, however it was typed."""
    return name.strip().lower() if name is not None else None


def _forms(landing: Landing) -> Iterator[Touch]:
    """Who sends a form under a team's address is known by the browser, else by the record."""
    choices = allowed("hubspot", "form_submissions", "how_did_you_hear_about_us")
    for row in landing.current("hubspot", "form_submissions"):
        address = normal_address(row["email"])
        visitor = node(VISITOR, row["ga_client_id"])
        record = node(HUBSPOT, row["contact_id"]) or node(EMAIL, address)
        yield Touch(
            f"hubspot.form:{row['conversion_id']}",
            "form_submission",
            (visitor if is_role(address) else None) or record,
            row["submitted_at"],
            linked=visitor,
            email_domain=address_domain(address),
            answer=_answer(row["how_did_you_hear_about_us"], choices),
        )


def _answer(answer: str | None, choices: frozenset[str]) -> str | None:
    """Return one of the question's choices; what else people write is not read."""
    plain = (answer or "").strip().lower()
    return plain if plain in choices else "(free text)" if plain else None


def _emails(landing: Landing) -> Iterator[Touch]:
    for row in landing.current("hubspot", "email_events"):
        address = normal_address(row["recipient"])
        yield Touch(
            f"hubspot.email:{row['id']}",
            f"email_{row['type'].lower()}",
            node(EMAIL, address),
            row["created"],
            campaign=code_of(row["emailCampaignName"]),
            email_domain=address_domain(address),
            mailing=row["emailCampaignId"],
            ineligible_reason="discounted_by_source" if row["filteredEvent"] else None,
        )


def _meetings(landing: Landing) -> Iterator[Touch]:
    reasons = dict.fromkeys(["NO_SHOW", "CANCELED", "RESCHEDULED"], "not_held")
    reasons["COMPLETED"] = None
    for row in landing.current("hubspot", "meetings"):
        yield Touch(
            f"hubspot.meeting:{row['hs_object_id']}",
            "meeting",
            node(HUBSPOT, row["associatedcontactid"]),
            row["hs_meeting_start_time"],
            ineligible_reason=reasons.get(row["hs_meeting_outcome"], "outcome_unknown"),
            is_valid=not row["archived"],
        )


def _responses(landing: Landing) -> Iterator[Touch]:
    """A response counts on the day of the first one; a member who did not respond is none."""
    codes = {
        row["Id"]: code_of(row["Name"])
        for row in landing.current("salesforce", "campaign")
        if not row["IsDeleted"]
    }
    for row in landing.current("salesforce", "campaign_member"):
        lead = node(LEAD, row["LeadId"])
        answered = row["FirstRespondedDate"]
        yield Touch(
            f"salesforce.member:{row['Id']}",
            "campaign_response",
            node(CONTACT, row["ContactId"]) or lead,
            end_of_day(answered or reporting_day(row["CreatedDate"])),
            linked=lead,
            campaign=codes.get(row["CampaignId"]),
            ineligible_reason=None if answered else "undated",
            is_date_only=True,
            is_valid=row["HasResponded"] and not row["IsDeleted"],
        )


def _tasks(landing: Landing) -> Iterator[Touch]:
    kinds = {"003": CONTACT, "00Q": LEAD}
    for row in landing.current("salesforce", "task"):
        who = row["WhoId"]
        kind = kinds.get((who or "")[:3])
        day = row["ActivityDate"] or reporting_day(row["CreatedDate"])
        yield Touch(
            f"salesforce.task:{row['Id']}",
            f"sales_{(row['TaskSubtype'] or 'Task').lower()}",
            node(kind, who) if kind else None,
            end_of_day(day),
            is_date_only=True,
            is_valid=row["IsClosed"] and not row["IsDeleted"],
        )


def _attendances(landing: Landing) -> Iterator[Touch]:
    for row in landing.current("webinar", "attendance"):
        address = normal_address(row["user_email"])
        who = address or row["registrant_id"] or row["user_id"]
        left_at = row["leave_time"] or row["join_time"] + timedelta(seconds=row["duration"])
        yield Touch(
            f"webinar:{row['webinar_id']}:{who}",
            "webinar_attendance",
            node(EMAIL, address),
            row["join_time"],
            linked=None if is_role(address) else node(REGISTRATION, row["registrant_id"]),
            campaign=code_of(row["topic"]),
            email_domain=address_domain(address),
            ended_at=left_at,
        )
