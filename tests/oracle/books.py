"""What marketing and sales paid, the periods it is told for, and up to when all that has settled.

Months, quarters and years are given by their first day, as a Timestamp at midnight.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.figures import Grounds, find_grounds, freshness
from tests.oracle.frames import total
from tests.oracle.landing import Landing, seed
from tests.oracle.money import CENT
from tests.oracle.spend import spend_settled_until

CODES = {"month": "M", "quarter": "Q", "year": "Y"}
DAYS_OF_MONTH = 30.4375
NOTHING = Decimal(0)


class Period(NamedTuple):
    """A month, quarter or year."""

    period: str
    start: pd.Timestamp
    is_complete: bool

    @property
    def end(self) -> pd.Timestamp:
        """The last day."""
        return self.start.to_period(CODES[self.period]).end_time.normalize()

    def told(self) -> dict[str, Any]:
        """Return the columns that tell the period."""
        return {
            "period": self.period,
            "period_start": self.start,
            "is_complete": self.is_complete,
        }


@dataclass(frozen=True)
class Books:
    """``costs`` has cost_month, cost_category, team, channel, campaign, campaign_type and cost.

    ``lags`` has the months between a cost and what it brings, ``settled`` the last day that is
    settled of each kind of input.
    """

    costs: pd.DataFrame
    grounds: Grounds
    lags: dict[str, int]
    settled: dict[str, pd.Timestamp]

    def freshness(self, period: Period, inputs: Iterable[str], lag_months: int = 0) -> float:
        """Return how much of the period has settled in all inputs, the lag before their last."""
        until = min(self.settled[name] for name in inputs) - pd.DateOffset(months=lag_months)
        return freshness(period.start, period.end, until)

    def paid(self, costs: pd.DataFrame, lag: str) -> pd.DataFrame:
        """Return the costs by the month in which they count, as far as that month has begun."""
        paid_month = costs.cost_month + pd.DateOffset(months=self.lags[lag])
        return costs.assign(paid_month=paid_month)[paid_month <= self.grounds.as_of]


def open_books(company: Company, landing: Landing) -> Books:
    """Read what was paid, and how far it is known."""
    grounds = find_grounds(company)
    won = company.opportunities[company.opportunities.is_won]
    cycle = (won.close_date - won.created_date).dt.days.median()
    costs = _costs(company)
    return Books(
        costs,
        grounds,
        {"none": 0, "median_cycle": max(0, round(cycle / DAYS_OF_MONTH))},
        {
            "crm": grounds.as_of,
            "touchpoints": grounds.touched_until,
            "ads": pd.Timestamp(spend_settled_until(landing)),
            "costs": company.costs.cost_month.max() + pd.offsets.MonthEnd(),
            "margins": grounds.as_of,
        },
    )


def _costs(company: Company) -> pd.DataFrame:
    """Take media in the month of its day, and convert the rest at the rate of the month's first."""
    media = company.spend.assign(
        cost_month=starts(company.spend.report_date, "month"),
        cost_category="media",
        team="marketing",
        cost=company.spend.spend_reporting,
    )
    others = company.costs.assign(
        cost=[
            company.rates.euros(row.amount, row.currency, row.cost_month.date(), CENT)
            for row in company.costs.itertuples()
        ]
    )
    columns = ["cost_month", "cost_category", "team", "channel", "campaign", "cost"]
    return with_campaign_type(pd.concat([media[columns], others[columns]]), company)


def with_campaign_type(rows: pd.DataFrame, company: Company) -> pd.DataFrame:
    """Add the kind of each row's campaign, ``none`` without one."""
    kinds = company.campaigns.set_index("campaign").campaign_type.to_dict()
    return rows.assign(campaign_type=rows.campaign.map(kinds).fillna("none"))


def starts(days: pd.Series, period: str) -> pd.Series:
    """Return the first day of each day's period."""
    return days.dt.to_period(CODES[period]).dt.start_time


def find_periods(company: Company, grounds: Grounds) -> list[Period]:
    """Return those from the first conversion up to the reporting date."""
    first = company.conversions.converted_date.min()
    return [
        Period(name, one.start_time, one.end_time.normalize() <= grounds.as_of)
        for name, code in CODES.items()
        for one in pd.period_range(first, grounds.as_of, freq=code)
    ]


def models_of(conversion_type: str) -> list[str]:
    """Return the attribution models that share out conversions of this type."""
    rows = [one for one in seed("attribution_models") if one["conversion_type"] == conversion_type]
    return sorted({one["attribution_model"] for one in rows})


def margin_on(day: pd.Timestamp, company: Company) -> Decimal | None:
    """Return the company's gross margin that holds on the day."""
    whole = company.margins[company.margins.product_line == "all"]
    known = whole[whole.valid_from <= day].sort_values("valid_from")
    return known.margin_share.iloc[-1] if len(known) else None


def summed(rows: pd.DataFrame, keys: list[str], amount: str) -> dict[Any, Decimal]:
    """Add an amount up by key."""
    return rows.groupby(keys)[amount].agg(total).to_dict()
