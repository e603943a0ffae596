"""What came back of marketing's cost, by day of sale and by day of touchpoint, a second time."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from tests.oracle.acquisitions import WON, paid_channels
from tests.oracle.books import NOTHING, Books, Period, margin_on, models_of, starts, summed
from tests.oracle.company import Company
from tests.oracle.figures import day_of, graded, quarter_end, ratio, shown, why_null
from tests.oracle.frames import total
from tests.oracle.kpis_costs import cents, span
from tests.oracle.landing import Row

NOT_MARKETING = {"sales", "unattributed"}
BREAKDOWNS = ["all", "channel", "campaign"]
INPUTS = ("crm", "touchpoints", "ads", "costs", "margins")
LAGS = {"sale_date": "none", "touch_date": "median_cycle"}


class Returned(NamedTuple):
    """What a model attributes; ``cases`` are the wins that it credits with it or takes back.

    Of everything together ``paid_revenue`` and ``paid_cases`` are those of paid channels, of a
    part its own.
    """

    revenue: Decimal = NOTHING
    paid_revenue: Decimal = NOTHING
    margin: Decimal | None = NOTHING
    cases: int = 0
    paid_cases: int = 0


class ReturnCell(NamedTuple):
    """What was paid for in a quarter, or came back in it; a cell without either is not there."""

    basis: str
    period_start: pd.Timestamp
    breakdown: str
    breakdown_value: str


@dataclass(frozen=True)
class Returns:
    """What came back of each cell by model, what it cost, and what share the model attributes.

    ``paid`` has spend and cost by start, breakdown and its part.
    """

    books: Books
    models: list[str]
    returned: dict[tuple[ReturnCell, str], Returned]
    paid: dict[tuple, tuple[Decimal, Decimal]]
    covered: dict[tuple[str, pd.Timestamp | None], float]

    def cells(self) -> list[ReturnCell]:
        """Return all cells."""
        paid = {ReturnCell(basis, *key) for basis in LAGS for key in self.paid}
        return sorted({cell for cell, _ in self.returned} | paid)

    def cost_of(self, cell: ReturnCell) -> tuple[Decimal, Decimal]:
        """Return spend and cost of the cell."""
        return self.paid.get(cell[1:], (NOTHING, NOTHING))

    def of(self, cell: ReturnCell, model: str) -> Returned:
        """Return what the model attributes to the cell."""
        return self.returned.get((cell, model), Returned())

    def coverage(self, cell: ReturnCell, model: str) -> float:
        """Return the share of the won revenue, by day of touchpoint of all times."""
        start = cell.period_start if cell.basis == "sale_date" else None
        return self.covered.get((model, start), 1.0)

    def told(self, cell: ReturnCell) -> tuple[Row, float]:
        """Return the columns that tell the cell, and how much of its quarter has settled."""
        end = quarter_end(cell.period_start)
        period = Period("quarter", cell.period_start, end <= self.books.grounds.as_of)
        months = self.books.lags[LAGS[cell.basis]]
        return period.told() | cell._asdict(), self.books.freshness(period, INPUTS, months)


def find_returns(company: Company, books: Books) -> Returns:
    """Book every credit of won revenue on both of its days."""
    won = company.credits[company.credits.conversion_type == WON]
    return Returns(books, models_of(WON), _returned(company, won), _paid(books), _covered(won))


def _returned(company: Company, won: pd.DataFrame) -> dict[tuple[ReturnCell, str], Returned]:
    credited = won[(won.weight > 0) & ~won.channel.isin(NOT_MARKETING)]
    taken_back = credited.reversed_conversion_id
    days = {instant: day_of(instant) for instant in credited.occurred_at.unique()}
    booked = {
        "sale_date": credited.converted_date,
        "touch_date": credited.occurred_at.map(days),
    }
    found = {}
    for basis, day in booked.items():
        shares = {one: margin_on(one, company) for one in day.unique()}
        dated = credited.assign(
            all="all",
            win=taken_back.where(taken_back.notna(), credited.conversion_id),
            start=starts(day, "quarter"),
            margin=[
                None if shares[one] is None else amount * shares[one]
                for one, amount in zip(day, credited.booked_credit, strict=True)
            ],
        )
        for breakdown in BREAKDOWNS:
            keys = ["start", breakdown, "attribution_model"]
            for (start, value, model), own in dated.groupby(keys):
                margin = None if own.margin.isna().any() else total(own.margin)
                cell = ReturnCell(basis, start, breakdown, value)
                paid = own[own.channel.isin(paid_channels())] if breakdown == "all" else own
                revenue, paid_revenue = total(own.booked_credit), total(paid.booked_credit)
                cases = (own.win.nunique(), paid.win.nunique())
                found[cell, model] = Returned(revenue, paid_revenue, margin, *cases)
    return found


def _paid(books: Books) -> dict[tuple, tuple[Decimal, Decimal]]:
    """Return spend and cost by quarter, breakdown and its part; what sales spends is no cost."""
    costs = books.costs[books.costs.team == "marketing"]
    costs = costs.assign(all="all", start=starts(costs.cost_month, "quarter"))
    found = {}
    for breakdown in BREAKDOWNS:
        keys = ["start", breakdown]
        own = costs[~costs.channel.isin(NOT_MARKETING)] if breakdown == "channel" else costs
        spend = summed(own[own.cost_category == "media"], keys, "cost")
        for (start, value), cost in summed(own, keys, "cost").items():
            found[start, breakdown, value] = (spend.get((start, value), NOTHING), cost)
    return found


def _covered(won: pd.DataFrame) -> dict[tuple[str, pd.Timestamp | None], float]:
    """Return the share of the won revenue, refunds left out, by model and quarter, or of all."""
    wins = won[won.reversed_conversion_id.isna()]
    wins = wins.assign(start=starts(wins.converted_date, "quarter"))
    found = {}
    for model, own in wins.groupby("attribution_model"):
        for start, part in [(None, own), *own.groupby("start")]:
            attributed = total(part.booked_credit[part.channel != "unattributed"])
            share = ratio(attributed, total(part.booked_credit))
            if share is not None:
                found[model, start] = share
    return found


def roas(returned: Returned, spend: Decimal) -> float | None:
    """Return what came back of ads, per unit of what they were paid."""
    return ratio(returned.paid_revenue, spend) if spend > 0 else None


def marketing_roi(returned: Returned, cost: Decimal) -> float | None:
    """Return the margin above the cost, per unit of it."""
    if returned.margin is None or cost <= 0:
        return None
    return float((returned.margin - cost) / cost)


def return_on_spend(returns: Returns) -> pd.DataFrame:
    """Compute the published table of this name."""
    rows = []
    for cell in returns.cells():
        told, fresh = returns.told(cell)
        spend, cost = returns.cost_of(cell)
        for model in returns.models:
            returned = returns.of(cell, model)
            cases = returned.cases
            reasons = [(cost <= 0, "no_cost"), (returned.margin is None, "no_margin")]
            rows.append(
                told | graded(returns.coverage(cell, model), cases, fresh)
                | {
                    "attribution_model": model,
                    "attributed_revenue": cents(returned.revenue),
                    "attributed_margin": cents(returned.margin),
                    "roas": shown(roas(returned, spend), returned.paid_cases),
                    "marketing_roi": shown(marketing_roi(returned, cost), cases),
                    "null_reason": why_null(reasons, cases),
                }
            )  # fmt: skip
    return pd.DataFrame(rows, dtype=object)


def return_on_spend_range(returns: Returns) -> pd.DataFrame:
    """Compute the published table of this name."""
    rows = []
    for cell in returns.cells():
        told, fresh = returns.told(cell)
        spend, cost = returns.cost_of(cell)
        by_model = {model: returns.of(cell, model) for model in returns.models}
        cases = max(one.cases for one in by_model.values())
        covered = min(returns.coverage(cell, model) for model in by_model)
        revenues = {model: one.revenue for model, one in by_model.items()}
        ratios = {
            model: (
                shown(roas(one, spend), one.paid_cases),
                shown(marketing_roi(one, cost), one.cases),
            )
            for model, one in by_model.items()
        }
        rois = span("marketing_roi", {model: roi for model, (_, roi) in ratios.items()})
        is_unknown = any(one.margin is None for one in by_model.values())
        has_no_margin = rois["median_marketing_roi"] is None and is_unknown
        rows.append(
            told | rois | graded(covered, cases, fresh)
            | span("roas", {model: one for model, (one, _) in ratios.items()})
            | {
                name: cents(figure) if isinstance(figure, Decimal) else figure
                for name, figure in span("attributed_revenue", revenues).items()
            }
            | {
                "spend": cents(spend), "cost": cents(cost),
                "null_reason": why_null(
                    [(cost <= 0, "no_cost"), (has_no_margin, "no_margin")], cases
                ),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, dtype=object)
