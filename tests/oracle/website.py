"""Visits to the website: what GA4 saw, grouped into sessions, and where each came from."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.oracle.days import reporting_day
from tests.oracle.landing import Landing, Row
from tests.oracle.records import HUBSPOT, VISITOR, Node

ADS_ALONE = ("gclid", "gbraid", "wbraid", "msclkid", "dclid", "li_fat_id", "ttclid")
ANY_LINK = ("fbclid", "srsltid")
GOOGLES = {"gclid", "gbraid", "wbraid"}
UTM = ("utm_source", "utm_medium", "utm_campaign")


class Visit(NamedTuple):
    """A session of one visitor. ``source`` and ``medium`` are "" where nothing names them."""

    visitor: str
    session_id: int
    click_id_kind: str | None
    source: str
    medium: str
    campaign: str | None
    occurred_at: datetime


@dataclass(frozen=True)
class Website:
    """``recognised`` are pairs of a visitor and the contact that the website took him for.

    ``refused`` are pairs of a node and a day on which it came without consent.
    """

    visits: list[Visit]
    recognised: set[tuple[Node, Node]]
    refused: set[tuple[Node, date]]


class _Event(NamedTuple):
    occurred_at: datetime
    utm: tuple[str | None, str | None, str | None]
    click_id_kind: str | None
    outside_host: str


def find_website(landing: Landing) -> Website:
    """Read the events; without consent there is neither a visit nor a link."""
    sessions: dict[tuple, list[_Event]] = defaultdict(list)
    site = Website([], set(), set())
    for row in landing.current("ga4", "events"):
        visitor, contact = row["user_pseudo_id"], row["user_id"]
        if row["analytics_storage"] == "No":
            refused = (HUBSPOT, contact) if contact else (VISITOR, visitor)
            if refused[1]:
                site.refused.add((refused, reporting_day(row["event_timestamp"])))
            continue
        if visitor and contact:
            site.recognised.add(((VISITOR, visitor), (HUBSPOT, contact)))
        if visitor and row["ga_session_id"] is not None:
            sessions[visitor, row["ga_session_id"]].append(_event(row))
    site.visits.extend(_visit(*key, events) for key, events in sessions.items())
    return site


def _event(row: Row) -> _Event:
    page = row["page_location"] or ""
    parameters = dict(reversed(list(_parameters(page))))
    manual = (row["manual_source"], row["manual_medium"], row["manual_campaign_name"])
    host, referrer = _host(page), _host(row["page_referrer"] or "")
    return _Event(
        row["event_timestamp"],
        tuple(said or parameters.get(name) for said, name in zip(manual, UTM, strict=True)),
        "gclid" if row["gclid"] or GOOGLES & parameters.keys() else _click_id(page),
        referrer if referrer != host else "",
    )


def _click_id(page: str) -> str | None:
    """Return the first click id, of those that any link may have only where no ad's is there."""
    names = [name for name, _ in _parameters(page)]
    for kinds in (ADS_ALONE, ANY_LINK):
        for name in names:
            if name in kinds:
                return name
    return None


def _parameters(page: str) -> Iterator[tuple[str, str]]:
    """Yield a URL's parameters but those with an address in them, which nobody may keep."""
    for name, value in parse_qsl(urlsplit(page).query):
        if "@" not in value:
            yield name, value


def _host(address: str) -> str:
    return (urlsplit(address).netloc.rpartition("@")[2]).lower()


def _visit(visitor: str, session_id: int, events: list[_Event]) -> Visit:
    """Keep one event's origin whole: the fullest one, the first among equals."""
    named = [event for event in events if any(event.utm)]
    said = min(named, key=lambda event: _order(event.utm, event.occurred_at)).utm if named else ()
    source, medium, campaign = said or (None, None, None)
    # an instant has several events; one that names a referrer tells more
    first = min(events, key=lambda event: (event.occurred_at, not event.outside_host))
    clicks = [event for event in events if event.click_id_kind]
    click = min(
        clicks, key=lambda event: (event.click_id_kind in ANY_LINK, event.occurred_at), default=None
    )
    came_by_link = source is None and first.outside_host
    is_code = campaign and not re.fullmatch(r"\(.*\)", campaign)
    return Visit(
        visitor,
        session_id,
        click.click_id_kind if click else None,
        compared(source if source is not None else first.outside_host),
        compared(medium) if medium is not None else "referral" if came_by_link else "",
        compared(campaign) or None if is_code else None,
        min(event.occurred_at for event in events),
    )


def _order(utm: tuple, occurred_at: datetime) -> tuple[Any, ...]:
    words = ((word is None, word or "") for word in utm)
    return (utm[0] is None, utm[1] is None, occurred_at, *words)


def compared(word: str) -> str:
    """Return a word of an origin in lower case, without a query or an address."""
    bare = re.sub(r"\?\S.*$", "", word.strip().lower())
    return re.sub(r"[^\s@/]+(@|%40)[^\s@/]+", "withheld", bare)
