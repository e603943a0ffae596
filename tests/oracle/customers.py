"""Who has bought, and what the buying group had been through before the first win."""

from typing import Any, NamedTuple

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.days import end_of_day
from tests.oracle.landing import seed
from tests.oracle.origins import PLACE, find_origins


class Engagement(NamedTuple):
    """What was done in the lookback before the first win; sales, ads seen, mails opened are not."""

    touchpoints: int
    channels: int
    days_since_last: int | None

    @property
    def pattern(self) -> str:
        """Return the first pattern of the seed whose bounds all hold; an open one holds always."""
        for rule in sorted(seed("engagement_patterns"), key=lambda rule: int(rule["rule_order"])):
            bounds = [
                (self.touchpoints, rule["min_touchpoints"], rule["max_touchpoints"]),
                (self.days_since_last, rule["min_days_since_last"], rule["max_days_since_last"]),
                (self.channels, rule["min_channels"], None),
            ]
            if all(_holds(*bound) for bound in bounds):
                return rule["engagement_pattern"]
        return "unmatched"


def _holds(number: int | None, least: str | None, most: str | None) -> bool:
    if number is None:
        return least is None and most is None
    return (least is None or number >= int(least)) and (most is None or number <= int(most))


class Customer(NamedTuple):
    """An account with a win, or a win of no account; the opportunity is the first one won."""

    customer_id: str
    account_id: str | None
    opportunity_id: str
    acquired_date: pd.Timestamp
    wins: int
    source: str
    segment: str
    channel: str
    first_campaign: str | None
    engagement: Engagement

    def told(self) -> dict[str, str]:
        """Return the part of each breakdown."""
        pattern = self.engagement.pattern
        return {
            "all": "all",
            "channel": self.channel,
            "pattern": pattern,
            "channel_pattern": f"{self.channel}: {pattern}",
        }


def customer_ids(company: Company) -> pd.Series:
    """Return the customer of each opportunity, by its id."""
    sales = company.opportunities.set_index("opportunity_id")
    own = pd.Series("opportunity:" + sales.index, index=sales.index)
    return sales.account_id.where(sales.account_id.notna(), own)


def find_customers(company: Company) -> list[Customer]:
    """Return every customer, also one whose win is dated in the future."""
    origins, ids = find_origins(company), customer_ids(company)
    touches = company.touchpoints[
        company.touchpoints.ineligible_reason.isna()
        & ~company.touchpoints.is_impression_or_open
        & ~company.touchpoints.is_sales
    ]
    touched = company.groups.merge(touches, on="person").sort_values(PLACE)
    won = company.opportunities[company.opportunities.is_won]
    won = won.assign(customer_id=won.opportunity_id.map(ids))
    won = won.sort_values(["close_date", "created_at", "opportunity_id"])
    found = []
    for customer_id, wins in won.groupby("customer_id"):
        first = wins.iloc[0]
        own = touched[touched.opportunity_id == first.opportunity_id]
        origin = origins[first.opportunity_id]
        found.append(
            Customer(
                customer_id, None if pd.isna(first.account_id) else first.account_id,
                first.opportunity_id, first.close_date, len(wins), origin.source, origin.segment,
                origin.channel, _first_campaign(own, first), _engagement(own, first.close_date),
            )
        )  # fmt: skip
    return found


def _lookback(conversion_type: str) -> pd.Timedelta:
    key = ("first_touch", conversion_type)
    [days] = {
        int(row["lookback_days"])
        for row in seed("attribution_models")
        if (row["attribution_model"], row["conversion_type"]) == key
    }
    return pd.Timedelta(days=days)


def _between(touched: pd.DataFrame, until: pd.Timestamp, window: pd.Timedelta) -> pd.DataFrame:
    return touched[(touched.occurred_at <= until) & (touched.occurred_at >= until - window)]


def _first_campaign(touched: pd.DataFrame, opportunity: Any) -> str | None:
    before = _between(touched, opportunity.created_at, _lookback("opportunity_created"))
    return next(iter(before.campaign.dropna()), None)


def _engagement(touched: pd.DataFrame, acquired_date: pd.Timestamp) -> Engagement:
    won_at = pd.Timestamp(end_of_day(acquired_date.date()))
    before = _between(touched, won_at, _lookback("closed_won"))
    if before.empty:
        return Engagement(0, 0, None)
    days = (acquired_date - before.occurred_date.max()).days
    return Engagement(before.touchpoint_id.nunique(), before.channel.nunique(), days)
