"""What marketing sourced of the revenue, and what is attributed to anything, a second time."""

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.figures import (
    Grounds,
    find_grounds,
    freshness,
    graded,
    positive_ratio,
    quarter_end,
    quarter_of,
    quarters,
    ratio,
    shown,
    why_null,
    wilson,
)
from tests.oracle.landing import Row
from tests.oracle.origins import Origin, find_origins
from tests.oracle.wins import NOTHING, Win, find_wins, won_in


def sourced_revenue_quarterly(company: Company) -> pd.DataFrame:
    """Compute the published table of this name."""
    grounds, wins, origins = find_grounds(company), find_wins(company), find_origins(company)
    definitions = ("lead_source_field", "first_touch", "first_touch_before_sales")
    return pd.DataFrame(
        _sourced(start, definition, wins, origins, grounds)
        for start in quarters(company, grounds)
        for definition in definitions
    )


def _sourced(
    start: pd.Timestamp, definition: str, wins: list[Win], origins: dict[str, Origin],
    grounds: Grounds,
) -> Row:  # fmt: skip
    row, won = won_in(start, wins, grounds)
    by_field = definition == "lead_source_field"
    ours = [win for win in wins if origins[win.opportunity_id].is_sourced[definition]]
    count = len([win for win in ours if win in won])
    sourced = sum((win.revenue.get(start, NOTHING) for win in ours), NOTHING)
    told = [origins[win.opportunity_id] for win in won]
    seen = sum(o.source != "unknown" if by_field else o.channel != "unattributed" for o in told)
    low, high = wilson(count, len(won))
    settled_until = grounds.settled_until(needs_touchpoints=not by_field)
    fresh = freshness(start, quarter_end(start), settled_until)
    return row | {
        "definition": definition,
        "sourced_revenue": sourced,
        "sourced_share": shown(positive_ratio(sourced, row["won_revenue"]), len(won)),
        "sourced_opportunities": count,
        "sourced_opportunity_share": shown(ratio(count, len(won)), len(won)),
        "sourced_opportunity_share_low": shown(low, len(won)),
        "sourced_opportunity_share_high": shown(high, len(won)),
        **graded(ratio(seen, len(won)), len(won), fresh),
    }


def attribution_coverage_quarterly(company: Company) -> pd.DataFrame:
    """Compute the published table of this name; what is dated after the reporting date has rows."""
    grounds, credits_, rows = find_grounds(company), company.credits, []
    won = credits_[
        (credits_.attribution_model == "linear") & (credits_.conversion_type == "closed_won")
    ]
    starts = won.converted_date.map(quarter_of)
    for start in sorted({*quarters(company, grounds), *starts}):
        rows += _coverage(start, won[starts == start], grounds)
    return pd.DataFrame(rows)


def _coverage(start: pd.Timestamp, own: pd.DataFrame, grounds: Grounds) -> Iterator[Row]:
    revenue, won = {"attributed": NOTHING}, defaultdict(set)
    for row in own.itertuples():
        reason = "attributed" if pd.isna(row.unattributed_reason) else row.unattributed_reason
        revenue[reason] = revenue.get(reason, NOTHING) + row.booked_credit
        if pd.isna(row.reversed_conversion_id):
            won[reason].add(row.conversion_id)
    total, cases = sum(revenue.values(), NOTHING), sum(map(len, won.values()))
    coverage = ratio(revenue["attributed"], total)
    fresh = freshness(start, quarter_end(start), grounds.settled_until(needs_touchpoints=True))
    for reason, amount in revenue.items():
        yield {
            "period_start": start, "reason": reason, "revenue": amount,
            "opportunities": len(won[reason]), "won_revenue": total,
            "share_of_revenue": shown(ratio(amount, total), cases),
            "attributed_revenue": revenue["attributed"],
            "attribution_coverage": shown(coverage, cases),
            "is_complete": quarter_end(start) <= grounds.as_of,
            **graded(coverage, cases, fresh),
            "null_reason": why_null(
                [(not cases, "no_won_opportunities"), (not total, "no_won_revenue")], cases
            ),
        }  # fmt: skip
