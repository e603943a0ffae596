"""How much of a return's change is its own, and how much only another mix, a second time."""

from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from tests.oracle.acquisitions import WON, Paid
from tests.oracle.books import NOTHING, Books, Period, models_of
from tests.oracle.figures import graded, quarter_end, shown, why_null
from tests.oracle.kpis_returns import INPUTS, Returns
from tests.oracle.landing import Row

QUARTER = pd.DateOffset(months=3)


class Part(NamedTuple):
    """A KPI's numerator and denominator, None where it is not known, and the cases behind."""

    above: Decimal | None = NOTHING
    below: Decimal = NOTHING
    cases: int = 0


# by KPI, model and quarter: the part of each channel and of `all`
Parts = dict[tuple[str, str, pd.Timestamp], dict[tuple[str, str], Part]]


def return_change(books: Books, paid: Paid, returns: Returns) -> pd.DataFrame:
    """Compute the published table of this name."""
    parts = _of_returns(returns) | _of_customers(paid)
    rows = []
    for (kpi, model, start), now in parts.items():
        base = parts.get((kpi, model, start - QUARTER))
        if base is None:
            continue
        period = Period("quarter", start, quarter_end(start) <= books.grounds.as_of)
        rows.append(
            period.told()
            | {"attribution_model": model, "kpi": kpi}
            | _change(kpi, base, now, books.freshness(period, INPUTS))
        )
    return pd.DataFrame(rows, dtype=object)


def _of_returns(returns: Returns) -> Parts:
    found: Parts = {}
    for cell in returns.cells():
        if cell.basis == "touch_date" or cell.breakdown == "campaign":
            continue
        spend, cost = returns.cost_of(cell)
        for model in returns.models:
            one = returns.of(cell, model)
            for kpi, part in {
                "roas": Part(one.paid_revenue, spend, one.paid_cases),
                "marketing_roi": Part(one.margin, cost, one.cases),
            }.items():
                found.setdefault((kpi, model, cell.period_start), {})[cell[2:]] = part
    return found


def _of_customers(paid: Paid) -> Parts:
    found: Parts = {}
    for cell in paid.cells:
        is_quarter = cell.lag == "none" and cell.period.period == "quarter"
        if not is_quarter or cell.breakdown == "campaign_type":
            continue
        for model in models_of(WON):
            (credited, cases), _ = paid.acquired.of(cell, model, WON)
            key = ("paid_cac", model, cell.period.start)
            found.setdefault(key, {})[cell.part] = Part(cell.spend, Decimal(credited), cases)
    return found


def _change(kpi: str, base: dict, now: dict, fresh: float) -> Row:
    """Compare two quarters, whose parts may differ."""
    everything = ("all", "all")
    cases = min(base.get(everything, Part()).cases, now.get(everything, Part()).cases)
    pairs = [
        (base.get(name, Part()), now.get(name, Part()))
        for name in {**base, **now}
        if name != everything
    ]
    common = [pair for pair in pairs if pair[0].below > 0 and pair[1].below > 0]
    if kpi != "paid_cac":  # what costs nothing has no return on it
        pairs = [pair for pair in pairs if pair[0].below > 0 or pair[1].below > 0]
    is_unknown = any(part.above is None for pair in common for part in pair)
    coverage = min(_share(common, pairs, at) for at in (0, 1)) if common else 0.0
    before = after = standardised = None
    if common and not is_unknown:
        before = _figure(kpi, _sum(common, 0, 0), _sum(common, 0, 1))
        after = _figure(kpi, _sum(common, 1, 0), _sum(common, 1, 1))
        moved = sum(one.below * (two.above / two.below) for one, two in common)
        standardised = _figure(kpi, moved, _sum(common, 0, 1))
    reasons = [
        (not common, "no_common_channel"),
        (is_unknown, "no_margin"),
        (standardised is None or before is None, "no_spend"),
    ]
    figures = {
        "base": before, "now": after, "now_at_base_mix": standardised,
        "own_change": _less(standardised, before), "mix_change": _less(after, standardised),
    }  # fmt: skip
    return (
        {name: _shown(figure, cases) for name, figure in figures.items()}
        | {"coverage": coverage, "null_reason": why_null(reasons, cases)}
        | graded(coverage, cases, fresh)
    )


def _figure(kpi: str, above: Decimal, below: Decimal) -> Decimal | None:
    """Return the KPI of sums: customers for nothing have no cost, margin is that above the cost."""
    if kpi == "paid_cac" and above <= 0:
        return None
    return above / below - (1 if kpi == "marketing_roi" else 0)


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _shown(figure: Decimal | None, cases: int) -> Any:
    return None if figure is None else shown(float(figure), cases)


def _sum(pairs: list[tuple[Part, Part]], quarter: int, at: int) -> Decimal:
    return sum((pair[quarter][at] or NOTHING for pair in pairs), NOTHING)


def _share(common: list[tuple[Part, Part]], pairs: list[tuple[Part, Part]], at: int) -> float:
    """Return what the common ones have of all, losses as large as gains; all of nothing."""
    whole = _size(pairs, at)
    return float(_size(common, at) / whole) if whole else 1.0


def _size(pairs: list[tuple[Part, Part]], at: int) -> Decimal:
    return sum((abs(part[at] or NOTHING) for pair in pairs for part in pair), NOTHING)
