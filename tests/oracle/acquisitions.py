"""Who was acquired, and how much of that each attribution model credits to what was paid for."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import pandas as pd

from tests.oracle.books import (
    CODES,
    NOTHING,
    Books,
    Period,
    find_periods,
    starts,
    summed,
    with_campaign_type,
)
from tests.oracle.company import Company
from tests.oracle.landing import seed

STAGES = ("lead_created", "mql", "opportunity_created")
WON = "closed_won"
# What the rows are broken down by: our column, and the breakdown's name.
BREAKDOWNS = {"all": "all", "channel": "channel", "kind": "campaign_type"}
# Shares are added up to the twelfth place, so that their order changes nothing.
UNITS = 10**12


class Acquired(NamedTuple):
    """What a model credits, in parts of a conversion, and how many conversions it has part in."""

    credited: float
    cases: int


@dataclass(frozen=True)
class Acquisitions:
    """What is credited to paid channels, and the share of all that is attributed to anything.

    ``covered`` is by period, start, model and type of conversion; ``counted`` by these and the
    breakdown and its part.
    """

    counted: dict[tuple, Acquired]
    covered: dict[tuple, float]

    def of(self, cell: "PaidCell", model: str, kind: str) -> tuple[Acquired, float]:
        """Return what is counted of a type of conversion, and the share covered."""
        key = (cell.period.period, cell.period.start, model, kind)
        return self.counted.get((*key, *cell.part), Acquired(0.0, 0)), self.covered.get(key, 1.0)


def find_customers(company: Company) -> pd.DataFrame:
    """Return the first win of each account, or of an opportunity that has none, and its value."""
    won = company.opportunities[company.opportunities.is_won]
    customer = won.account_id.where(won.account_id.notna(), "opportunity " + won.opportunity_id)
    first = (
        won.assign(customer=customer)
        .sort_values(["close_date", "created_at", "opportunity_id"])
        .drop_duplicates("customer")
    )
    wins = company.conversions[
        (company.conversions.conversion_type == WON)
        & company.conversions.reversed_conversion_id.isna()
    ]
    return first.merge(wins[["opportunity_id", "conversion_id", "conversion_value"]])


def find_acquisitions(company: Company) -> Acquisitions:
    """Count leads, qualified leads, opportunities and new customers by what is credited."""
    new = set(find_customers(company).conversion_id)
    found = company.credits[company.credits.weight > 0]
    found = found[found.conversion_type.isin(STAGES) | found.conversion_id.isin(new)]
    found = _with_parts(found, company)
    found = found.assign(units=(found.weight * UNITS).round().astype("int64"))
    counted: dict[tuple, Acquired] = {}
    covered: dict[tuple, float] = {}
    for period in CODES:
        dated = found.assign(start=starts(found.converted_date, period))
        covered |= _covered(period, dated)
        for column, breakdown in BREAKDOWNS.items():
            keys = ["start", "attribution_model", "conversion_type", column]
            groups = dated[dated.channel.isin(paid_channels())].groupby(keys)
            sums = groups.agg(units=("units", "sum"), cases=("conversion_id", "nunique"))
            for (*key, value), units, cases in sums.itertuples(name=None):
                counted[period, *key, breakdown, value] = Acquired(units / UNITS, cases)
    return Acquisitions(counted, covered)


def paid_channels() -> set[str]:
    """Return the channels that are paid for."""
    return {row["channel"] for row in seed("channels") if row["is_paid"] == "true"}


def _with_parts(rows: pd.DataFrame, company: Company) -> pd.DataFrame:
    """Add which part of each breakdown a row is; a campaign type is one within its channel."""
    kinds = with_campaign_type(rows, company).campaign_type
    return rows.assign(all="all", kind=rows.channel + ": " + kinds)


def _covered(period: str, dated: pd.DataFrame) -> dict[tuple, float]:
    keys = ["start", "attribution_model", "conversion_type"]
    every = dated.groupby(keys).conversion_id.nunique()
    lost = dated[dated.channel == "unattributed"].groupby(keys).conversion_id.nunique()
    shares = 1 - lost.reindex(every.index, fill_value=0) / every
    return {(period, *key): share for key, share in shares.items()}


class PaidCell(NamedTuple):
    """A part of what was paid for in a period, and the media spend that counts there."""

    period: Period
    lag: str
    lag_months: int
    breakdown: str
    breakdown_value: str
    spend: Decimal

    @property
    def part(self) -> tuple[str, str]:
        """What the figure is broken down by, and which part of it."""
        return self.breakdown, self.breakdown_value

    def told(self, *, is_lagged: bool = True) -> dict[str, Any]:
        """Return the columns that tell the period, the part and, if asked for, the lag."""
        lag = {"lag": self.lag, "lag_months": self.lag_months} if is_lagged else {}
        part = {"breakdown": self.breakdown, "breakdown_value": self.breakdown_value}
        return self.period.told() | part | lag


class Paid(NamedTuple):
    """What was paid to ad platforms, and what is credited to it."""

    cells: list[PaidCell]
    acquired: Acquisitions


def find_paid(company: Company, books: Books) -> Paid:
    """Return a cell for whatever was paid for or credited at any time, in each period and lag."""
    acquired = find_acquisitions(company)
    is_media = books.costs.cost_category == "media"
    media = _with_parts(books.costs[is_media & books.costs.channel.isin(paid_channels())], company)
    parts = {key[-2:] for key in acquired.counted} | {("all", "all")}
    spent: dict[tuple, Decimal] = {}
    for column, breakdown in BREAKDOWNS.items():
        parts |= {(breakdown, value) for value in media[column]}
        for lag, period in product(books.lags, CODES):
            dated = books.paid(media, lag)
            dated = dated.assign(start=starts(dated.paid_month, period))
            for (start, value), amount in summed(dated, ["start", column], "cost").items():
                spent[lag, period, start, breakdown, value] = amount
    cells = [
        PaidCell(
            period, lag, months, *part,
            spent.get((lag, period.period, period.start, *part), NOTHING),
        )
        for period in find_periods(company, books.grounds)
        for lag, months in books.lags.items()
        for part in sorted(parts)
    ]  # fmt: skip
    return Paid(cells, acquired)
