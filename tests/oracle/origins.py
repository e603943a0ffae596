"""Where each opportunity came from: its lead source, the industry, and what touched it first."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.landing import seed

PLACE = ["occurred_at", "touchpoint_priority", "source_rank", "touchpoint_id"]
MARKETING = {"paid", "owned", "earned"}


@dataclass(frozen=True)
class Origin:
    """What an opportunity is broken down by, and whether it came from marketing, three ways."""

    source: str
    segment: str
    channel: str
    is_sourced: dict[str, bool]

    def told(self) -> dict[str, str]:
        """Return the part of each breakdown."""
        parts = {"source": self.source, "channel": self.channel, "segment": self.segment}
        return {"all": "all"} | parts


def find_origins(company: Company) -> dict[str, Origin]:
    """Return the origin of every opportunity.

    Touchpoints count back to what first_touch looks back on; ads seen and mails opened do not.
    """
    [lookback] = {
        row["lookback_days"]
        for row in seed("attribution_models")
        if (row["attribution_model"], row["conversion_type"])
        == ("first_touch", "opportunity_created")
    }
    touches = company.touchpoints[
        company.touchpoints.ineligible_reason.isna() & ~company.touchpoints.is_impression_or_open
    ]
    groups = company.groups.merge(touches, on="person").sort_values(PLACE)
    touched = dict([*groups.groupby("opportunity_id")])
    industries = company.accounts.set_index("account_id").industry.to_dict()
    window = pd.Timedelta(days=int(lookback))
    found = {}
    for row in company.opportunities.itertuples():
        own = touched.get(row.opportunity_id, groups[:0])
        until, since = row.created_at, row.created_at - window
        own = own[(own.occurred_at <= until) & (own.occurred_at >= since)]
        industry = industries.get(row.account_id)
        found[row.opportunity_id] = _origin(row, industry, own)
    return found


def _origin(row: Any, industry: str | None, touches: pd.DataFrame) -> Origin:
    groups = {one["channel"]: one["channel_group"] for one in seed("channels")}
    fields = {one["lead_source"]: one["is_marketing"] == "true" for one in seed("lead_sources")}
    others, sales = touches[~touches.is_sales], touches[touches.is_sales]
    first = others.channel.iloc[0] if len(others) else None
    is_first = first is not None and groups[first] in MARKETING
    marketing = touches[touches.channel.map(groups).isin(MARKETING)].occurred_at.min()
    # to create an opportunity is sales' doing
    before = sales.occurred_at.min() if len(sales) else row.created_at
    return Origin(
        source="unknown" if pd.isna(row.lead_source) else row.lead_source,
        segment="unknown" if pd.isna(industry) else industry,
        channel=first or "unattributed",
        is_sourced={
            "lead_source_field": fields.get(row.lead_source, False),
            "first_touch": is_first,
            "first_touch_before_sales": is_first and marketing < before,
        },
    )
