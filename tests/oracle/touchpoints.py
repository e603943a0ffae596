"""Touchpoints of every source: whose they are, their channel, and why one does not count."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.oracle.channels import Origin, channel_of
from tests.oracle.days import reporting_day
from tests.oracle.identity import Identity
from tests.oracle.landing import Row, seed
from tests.oracle.records import VISITOR, Node
from tests.oracle.touches import Touch
from tests.oracle.website import Visit, Website

# A form belongs to a visit that began at most so long before.
VISIT_LASTS = timedelta(hours=4)
SENDINGS = {"email_processed", "email_sent", "email_delivered"}


class _Seen(NamedTuple):
    """A touchpoint before anybody has judged it."""

    touchpoint_id: str
    touchpoint_type: str
    node: Node
    occurred_at: datetime
    origin: Origin
    email_domain: str | None = None
    said: str | None = None


def find_touchpoints(touches: list[Touch], site: Website, identity: Identity) -> list[Row]:
    """Return rows with the columns of ``Company.touchpoints``, and what orders a journey.

    Beyond those: touchpoint_id, which holds a visitor's or a recipient's clear id where the
    warehouse has a hash, touchpoint_priority, source_rank and email_domain.
    """
    types = {
        row["touchpoint_type"]: row
        for row in seed("touchpoint_types")
        if row["is_touchpoint"] == "true"
    }
    persons = {row["person"]: row for row in identity.persons}
    reasons = {**_machines(touches), **_too_short(touches, types)}
    firsts: dict[str, _Seen] = {}
    for seen in sorted(_collected(touches, site), key=lambda seen: (seen.occurred_at, seen.node)):
        if seen.touchpoint_type in types:
            firsts.setdefault(seen.touchpoint_id, seen)
    return [
        _row(seen, types[seen.touchpoint_type], identity.label_of[seen.node], persons, reasons)
        for seen in firsts.values()
    ]


def _row(
    seen: _Seen, kind: Row, label: str, persons: dict[str, Row], reasons: dict[str, str]
) -> Row:
    not_eligible = "evidence_only" if kind["is_eligible"] == "false" else None
    account_id = persons[label]["account_id"] if label in persons else None
    return {
        "touchpoint_id": seen.touchpoint_id,
        "touchpoint_type": seen.touchpoint_type,
        "person": label,
        "account_id": account_id,
        "is_known_person": label in persons,
        "email_domain": seen.email_domain,
        "channel": channel_of(seen.origin),
        "campaign": seen.origin.campaign,
        "touchpoint_priority": int(kind["touchpoint_priority"]),
        "source_rank": int(kind["source_rank"]),
        "is_sales": kind["is_sales"] == "true",
        "is_impression_or_open": kind["is_impression_or_open"] == "true",
        # what the source itself says comes first
        "ineligible_reason": seen.said or reasons.get(seen.touchpoint_id) or not_eligible,
        "occurred_at": seen.occurred_at,
        "occurred_date": reporting_day(seen.occurred_at),
    }


def _collected(touches: list[Touch], site: Website) -> Iterator[_Seen]:
    visits = defaultdict(list)
    for visit in site.visits:
        origin = _origin_of(visit)
        visitor = (VISITOR, visit.visitor)
        visits[visitor].append((visit, origin))
        own_id = f"web.session:{visit.visitor}:{visit.session_id}"
        yield _Seen(own_id, "web_session", visitor, visit.occurred_at, origin)
    for touch in touches:
        node = touch.node or touch.linked
        if not touch.is_valid or node is None:
            continue
        yield _Seen(
            touch.touchpoint_id, touch.touchpoint_type, node, touch.occurred_at,
            _origin(touch, visits[touch.linked]), touch.email_domain, touch.ineligible_reason,
        )  # fmt: skip
        if touch.answer:
            yield _Seen(
                f"{touch.touchpoint_id}:self_reported", "self_reported", node, touch.occurred_at,
                Origin("self_reported", source=touch.answer), touch.email_domain,
                touch.ineligible_reason,
            )  # fmt: skip


def _origin_of(visit: Visit) -> Origin:
    return Origin("web_session", visit.click_id_kind, visit.source, visit.medium, visit.campaign)


def _origin(touch: Touch, visits: list[tuple[Visit, Origin]]) -> Origin:
    """Return the origin of the visit during which it happened, else that of its type."""
    during = [
        (visit.occurred_at, -visit.session_id, origin)
        for visit, origin in visits
        if visit.occurred_at <= touch.occurred_at < visit.occurred_at + VISIT_LASTS
    ]
    if touch.is_date_only or not during:
        return Origin(touch.touchpoint_type, campaign=touch.campaign)
    origin = max(during)[-1]
    return origin._replace(campaign=touch.campaign) if touch.campaign is not None else origin


def _machines(touches: list[Touch]) -> dict[str, str]:
    """Name the reason of each click in a mailing that is a machine's, by the narrowest filter."""
    sent, clicks = defaultdict(list), defaultdict(list)
    for touch in touches:
        if touch.mailing and touch.touchpoint_type in SENDINGS:
            sent[touch.node, touch.mailing].append(touch.occurred_at)
    for touch in touches:
        if touch.mailing and touch.touchpoint_type == "email_click":
            before = [at for at in sent[touch.node, touch.mailing] if at <= touch.occurred_at]
            if before:
                clicks[touch.node, touch.mailing, max(before)].append(touch)
    found: dict[str, str] = {}
    for row in sorted(seed("click_filters"), key=lambda row: int(row["seconds_after_sending"])):
        soon = timedelta(seconds=int(row["seconds_after_sending"]))
        for (_, _, sent_at), made in clicks.items():
            early = [click for click in made if click.occurred_at - sent_at <= soon]
            if len(early) >= int(row["min_clicks"]):
                for click in early:
                    found.setdefault(click.touchpoint_id, row["ineligible_reason"])
    return found


def _too_short(touches: list[Touch], types: dict[str, Row]) -> dict[str, str]:
    """Name the stays, rejoins added up and overlaps counted once, that last too little."""
    stays, minutes = defaultdict(list), {}
    for touch in touches:
        least = types.get(touch.touchpoint_type, {}).get("min_attended_minutes")
        if touch.is_valid and least and touch.ended_at:
            stays[touch.touchpoint_id].append((touch.occurred_at, touch.ended_at))
            minutes[touch.touchpoint_id] = timedelta(minutes=float(least))
    return {
        own_id: "too_short" for own_id, found in stays.items() if _lasted(found) < minutes[own_id]
    }


def _lasted(stays: list[tuple[datetime, datetime]]) -> timedelta:
    total, until = timedelta(), datetime.min  # noqa: DTZ901 - instants have no zone here
    for began_at, ended_at in sorted(stays):
        total += max(ended_at - max(began_at, until), timedelta())
        until = max(until, ended_at)
    return total
