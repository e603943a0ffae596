"""What was won, what each quarter brought of it, and on which evidence it is attributed."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.figures import Grounds, quarter_end, quarter_of, why_null
from tests.oracle.landing import Row

NOTHING = Decimal(0)


class Win(NamedTuple):
    """A won opportunity; ``revenue`` is what each quarter brought of it, refunds taken off."""

    opportunity_id: str
    won_at: pd.Timestamp
    won_date: pd.Timestamp
    created_at: pd.Timestamp
    created_date: pd.Timestamp
    revenue: dict[pd.Timestamp, Decimal]
    persons: list[str]
    rung: str
    credited: int
    reason: str | None

    @property
    def grade(self) -> str:
        """Return how good the evidence is on which the win is attributed."""
        if not self.credited:
            return "D"
        by_name, is_several = self.rung == "contact_role", self.credited > 1
        if by_name:
            return "A" if is_several else "B"
        return "B" if is_several and self.rung != "account" else "C"


def find_wins(company: Company) -> list[Win]:
    """Return every win with its buying group and what linear credits."""
    money = company.conversions[company.conversions.conversion_type == "closed_won"]
    members = dict([*company.groups.groupby("opportunity_id")])
    linear = company.credits[company.credits.attribution_model == "linear"]
    credited = dict([*linear.groupby("conversion_id")])
    opportunities = company.opportunities.set_index("opportunity_id")
    revenue: dict[str, dict] = defaultdict(lambda: defaultdict(Decimal))
    for row in money.itertuples():
        revenue[row.opportunity_id][quarter_of(row.converted_date)] += row.conversion_value
    found = []
    for row in money[money.reversed_conversion_id.isna()].itertuples():
        group, own = members.get(row.opportunity_id), credited[row.conversion_id]
        sale = opportunities.loc[row.opportunity_id]
        found.append(
            Win(
                row.opportunity_id, row.converted_at, row.converted_date, sale.created_at,
                sale.created_date, revenue[row.opportunity_id],
                [] if group is None else [*group.person],
                "nobody" if group is None else group.rung.iloc[0],
                own.touchpoint_id.nunique(), _first(own.unattributed_reason),
            )
        )  # fmt: skip
    return found


def _first(reasons: pd.Series) -> str | None:
    return next(iter(reasons.dropna()), None)


def won_in(start: pd.Timestamp, wins: list[Win], grounds: Grounds) -> tuple[Row, list[Win]]:
    """Return what both kinds of revenue are measured by, and the wins of the quarter."""
    won = [win for win in wins if quarter_of(win.won_date) == start]
    revenue = sum((win.revenue.get(start, NOTHING) for win in wins), NOTHING)
    row = {
        "period_start": start,
        "won_revenue": revenue,
        "opportunities": len(won),
        "is_complete": quarter_end(start) <= grounds.as_of,
        "null_reason": why_null(
            [(not won, "no_won_opportunities"), (revenue <= 0, "no_won_revenue")], len(won)
        ),
    }
    return row, won
