"""What marketing and sales cost besides the ads: people above all, tools, agencies, events."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from simulator.company import CHANNEL, DAY, LINES, NEVER
from simulator.period import Period
from simulator.streams import Streams

_ACCOUNTS_PER_MARKETER, _ACCOUNTS_PER_SELLER = 250, 150
_EVENT_SHARE_OF_BUDGET = 0.25


@dataclass(frozen=True)
class _Item:
    """A cost of every month: ``per_head`` of its team, or the same whatever the team's size."""

    category: str
    team: str
    amount: int
    per_head: bool
    currency: str = "EUR"
    channel: str | None = None


_ITEMS = (
    _Item("people", "marketing", 6_400, per_head=True),
    _Item("people", "sales", 7_100, per_head=True),
    _Item("tools", "marketing", 310, per_head=True, currency="USD"),
    _Item("tools", "sales", 160, per_head=True, currency="USD"),
    _Item("tools", "marketing", 280, per_head=False, channel="email"),
    _Item("agency", "marketing", 900, per_head=False, channel="paid_search"),
    _Item("agency", "marketing", 650, per_head=False, currency="GBP", channel="paid_social"),
    _Item("other", "marketing", 350, per_head=False),
)
# First day and gross margin as a share of the revenue, of the whole company.
MARGINS = ((date(2020, 1, 1), 0.71), (date(2025, 1, 1), 0.74), (date(2026, 1, 1), 0.76))


def draw_costs(
    streams: Streams, period: Period, accounts: pd.DataFrame, campaigns: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per month and cost, the events' among them, ordered by month.

    Columns: ``cost``, ``month_on`` (first day of the month, since 1970), ``category``, ``team``,
    ``channel`` and ``campaign`` (numbers, -1 for none), ``amount`` and ``currency``. Of a month
    that the period covers in part, that part is charged.
    """
    rng = streams.named("costs")
    heads = {
        "marketing": 1 + len(accounts) // _ACCOUNTS_PER_MARKETER,
        "sales": 1 + len(accounts) // _ACCOUNTS_PER_SELLER,
    }
    months = _months(period)
    parts = [_monthly(item, heads[item.team], months, rng) for item in _ITEMS]
    costs = pd.concat([*parts, _events(campaigns, rng)], ignore_index=True)
    costs = costs.sort_values(["month_on"], kind="stable", ignore_index=True)
    return costs.assign(cost=np.arange(len(costs)), amount=np.round(costs["amount"], 2))


def margins() -> pd.DataFrame:
    """Return one row per change of the gross margin: ``valid_from`` and ``share``."""
    return pd.DataFrame(MARGINS, columns=["valid_from", "share"])


def _months(period: Period) -> pd.DataFrame:
    """Each month of the period: its first day and the share of its days that are covered."""
    days = np.arange(period.start // DAY, period.end // DAY)
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    starts, covered = np.unique(months, return_counts=True)
    first = starts.astype("datetime64[D]").astype(np.int64)
    length = (starts + 1).astype("datetime64[D]").astype(np.int64) - first
    return pd.DataFrame({"month_on": first, "covered": covered / length})


def _monthly(
    item: _Item, heads: int, months: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    amount = item.amount * (heads if item.per_head else 1)
    return pd.DataFrame(
        {
            "month_on": months["month_on"],
            "category": item.category,
            "team": item.team,
            "channel": CHANNEL[item.channel] if item.channel else NEVER,
            "campaign": NEVER,
            "amount": amount * rng.uniform(0.94, 1.06, len(months)) * months["covered"],
            "currency": item.currency,
        }
    )


def _events(campaigns: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Booths and travel in the month in which an event's campaign began, on the campaign."""
    is_event = np.array([line.channel == "event" for line in LINES])[campaigns["line"]]
    drawn = rng.uniform(0.8, 1.2, len(campaigns))
    events = campaigns[is_event & campaigns["is_launched"]]
    days = (events["starts_at"] // DAY).to_numpy().astype("datetime64[D]")
    return pd.DataFrame(
        {
            "month_on": days.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64),
            "category": "other",
            "team": "marketing",
            "channel": CHANNEL["event"],
            "campaign": events["campaign"],
            "amount": events["budget"] * _EVENT_SHARE_OF_BUDGET * drawn[events.index],
            "currency": "EUR",
        }
    )
