"""How far each person has come in the funnel, and how long they wait in each stage."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.days import end_of_day
from tests.oracle.figures import find_grounds
from tests.oracle.landing import seed
from tests.oracle.money import MICRO

DAY, MICROSECOND = pd.Timedelta(days=1), pd.Timedelta(microseconds=1)
FUNNEL = {row["stage"]: row for row in seed("funnel_stages")}


class Wait(NamedTuple):
    """One person in one stage.

    ``outcome`` is reached, lost or None; ``told`` says of each breakdown where the person belongs.
    """

    stage: str
    reached_at: pd.Timestamp
    is_inferred: bool
    outcome: str | None
    days: float
    told: dict[str, str]


class Way(NamedTuple):
    """What the CRM recorded of a person's stages, and when each was reached or passed."""

    person: Any
    own: pd.DataFrame | None
    recorded: dict[str, pd.Timestamp]
    reached: dict[str, pd.Timestamp]


def find_ways(company: Company) -> Iterator[Way]:
    """Yield the way of each person that is not deleted.

    Who has reached a stage has been in those before it, at that instant at the latest. Of
    opportunities those count in which the person takes part by name.
    """
    named = company.groups[company.groups.rung != "account"]
    sales = dict([*named.merge(company.opportunities, on="opportunity_id").groupby("person")])
    for person in company.persons[~company.persons.is_deleted].itertuples():
        own = sales.get(person.person)
        stages = {
            "lead": person.created_at,
            "mql": person.mql_at,
            "sql": person.sql_at,
            "opportunity": None if own is None else own.created_at.min(),
            "won": None if own is None else _first_win(own),
        }
        recorded = {stage: at for stage, at in stages.items() if not pd.isna(at)}
        reached: dict[str, pd.Timestamp] = {}
        for stage in reversed(FUNNEL):
            known = [at for at in (recorded.get(stage), min(reached.values(), default=None)) if at]
            reached |= {stage: min(known)} if known else {}
        yield Way(person, own, recorded, dict(reversed(reached.items())))


def _first_win(own: pd.DataFrame) -> pd.Timestamp | None:
    won = own[own.is_won].close_date
    return pd.Timestamp(end_of_day(won.min().date())) if len(won) else None


def find_waits(company: Company) -> list[Wait]:
    """Return every person's wait in every stage but the last; a lost one ends with the loss."""
    as_of_at, told_of = find_grounds(company).as_of_at, _breakdowns(company)
    found = []
    for way in find_ways(company):
        for stage, at in way.reached.items():
            following, told = FUNNEL[stage]["next_stage"], told_of(way.person)
            if following is None:
                continue
            outcome, until = None, as_of_at
            if stage == "opportunity":
                first = way.own.sort_values(["created_at", "opportunity_id"]).iloc[0]
                told["source"] = _or_unknown(first.lead_source)
                if (way.own.is_closed & ~way.own.is_won).all():
                    outcome, until = "lost", end_of_day(way.own.close_date.max().date())
            if following in way.reached:
                outcome, until = "reached", way.reached[following]
            is_inferred = way.recorded.get(stage) != at
            found.append(Wait(stage, at, is_inferred, outcome, _days(at, until), told))
    return found


def _days(since: pd.Timestamp, until: pd.Timestamp) -> float:
    """Return the days to the millionth, half a one rounded up; none where it ended before."""
    exact = Decimal(max(until - since, DAY * 0) // MICROSECOND) / (DAY // MICROSECOND)
    return float(exact.quantize(MICRO, ROUND_HALF_UP))


def _breakdowns(company: Company) -> Callable[[Any], dict[str, str]]:
    """Return what tells of a person the part of each breakdown."""
    order = ["occurred_at", "touchpoint_priority", "source_rank", "touchpoint_id"]
    touches = company.touchpoints[
        company.touchpoints.ineligible_reason.isna() & ~company.touchpoints.is_sales
    ].sort_values(order)
    channels = touches.groupby("person").channel.first().to_dict()
    named = touches[touches.campaign.notna()]
    campaigns = named.groupby("person").campaign.first().to_dict()
    types = company.campaigns.set_index("campaign").campaign_type.to_dict()
    industries = company.accounts.set_index("account_id").industry.to_dict()

    def told(person: Any) -> dict[str, str]:
        campaign = campaigns.get(person.person)
        return {
            "all": "all",
            "channel": channels.get(person.person, "unattributed"),
            "segment": _or_unknown(industries.get(person.account_id)),
            "campaign_type": _or_unknown(types.get(campaign)) if campaign else "none",
        }

    return told


def _or_unknown(text: str | None) -> str:
    return "unknown" if pd.isna(text) else text


def cells_of(waits: list[Wait], key: Callable[[Wait], tuple]) -> dict[tuple, list[Wait]]:
    """Gather the waits of each key, breakdown and part of it."""
    cells = defaultdict(list)
    for wait in waits:
        for breakdown in wait.told.items():
            cells[(*key(wait), *breakdown)].append(wait)
    return cells
