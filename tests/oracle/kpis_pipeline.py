"""How fast the pipeline turns into revenue, a second time."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics.velocity import velocity_interval
from tests.oracle.company import Company
from tests.oracle.figures import (
    Grounds,
    find_grounds,
    freshness,
    graded,
    quantile,
    quarter_end,
    quarters,
    ratio,
    shown,
    why_null,
    wilson,
)
from tests.oracle.landing import Row
from tests.oracle.origins import find_origins

NOWHERE = {"unknown", "unattributed"}


class Sale(NamedTuple):
    """An opportunity; ``closed`` is the day on which it ended, none while it is open."""

    created: pd.Timestamp
    closed: pd.Timestamp | None
    is_won: bool
    net: Decimal | None
    told: dict[str, str]

    @property
    def days(self) -> int | None:
        """Days from the creation to the end."""
        return None if self.closed is None else (self.closed - self.created).days


class Period(NamedTuple):
    """A quarter, or all of them."""

    period: str
    start: pd.Timestamp
    end: pd.Timestamp
    is_complete: bool


def find_sales(company: Company) -> list[Sale]:
    """Return all opportunities that are not deleted."""
    origins = find_origins(company)
    return [
        Sale(
            row.created_date, row.close_date if row.is_closed else None, row.is_won,
            row.net_amount_reporting, origins[row.opportunity_id].told(),
        )
        for row in company.opportunities.itertuples()
    ]  # fmt: skip


def find_periods(company: Company, grounds: Grounds) -> list[Period]:
    """Return the quarters up to the reporting date, and one period of them all."""
    starts = quarters(company, grounds)
    found = [
        Period("quarter", start, quarter_end(start), quarter_end(start) <= grounds.as_of)
        for start in starts
    ]
    return [*found, Period("all", starts[0], found[-1].end, is_complete=False)]


class Cell(NamedTuple):
    """The opportunities that count somewhere; those closed count as such there."""

    counted: list[Sale]
    closed: list[Sale]

    @property
    def won(self) -> list[Sale]:
        """Those that were won."""
        return [sale for sale in self.closed if sale.is_won]


def count(sales: list[Sale], period: Period, basis: str) -> dict[tuple[str, str], Cell]:
    """Return the cell of each breakdown and part of it; that of the whole is always there.

    By period counts what was open at some time in it, by cohort what was created in it.
    """
    cells = defaultdict(lambda: Cell([], []))
    cells["all", "all"] = Cell([], [])
    for sale in sales:
        if basis == "cohort":
            is_counted = period.start <= sale.created <= period.end
            is_closed = sale.closed is not None
        else:
            is_before_end = sale.created <= period.end
            is_counted = is_before_end and (sale.closed is None or sale.closed >= period.start)
            is_closed = sale.closed is not None and period.start <= sale.closed <= period.end
        if is_counted:
            for part in sale.told.items():
                cells[part].counted.append(sale)
                cells[part].closed.extend([sale] if is_closed else [])
    return cells


def pipeline_velocity(company: Company) -> pd.DataFrame:
    """Compute the published table of this name.

    The bounds are drawn by the warehouse's own function, from this coding's figures: that they
    come out again says that they follow from those alone.
    """
    grounds, sales = find_grounds(company), find_sales(company)
    slow = quantile([sale.days for sale in sales if sale.closed is not None], 0.9)
    rows = []
    for period in find_periods(company, grounds):
        for basis in ("period", "cohort"):
            cells = count(sales, period, basis)
            is_mature = (grounds.as_of - period.end).days >= slow if basis == "cohort" else None
            for (breakdown, value), cell in cells.items():
                open_ = [sale for sale in cell.counted if sale.closed is None]
                settled_until = grounds.settled_until(needs_touchpoints=breakdown == "channel")
                fresh = freshness(period.start, period.end, settled_until)
                rows.append(
                    {
                        "period": period.period, "period_start": period.start, "basis": basis,
                        "breakdown": breakdown, "breakdown_value": value,
                        "opportunities": len(cell.counted), "open_opportunities": len(open_),
                        "stale_opportunities": sum(
                            (grounds.as_of - sale.created).days > slow for sale in open_
                        ),
                        **_speed(cell, is_drawn=breakdown in {"all", "source"}),
                        "is_complete": period.is_complete, "is_mature": is_mature,
                        **graded(_known(cells, breakdown), len(cell.closed), fresh),
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _known(cells: dict[tuple[str, str], Cell], breakdown: str) -> float | None:
    """Return the share of what was closed that is somewhere in the breakdown."""
    closed = {value: len(cell.closed) for (name, value), cell in cells.items() if name == breakdown}
    named = sum(cases for value, cases in closed.items() if value not in NOWHERE)
    return ratio(named, sum(closed.values()))


def _speed(cell: Cell, *, is_drawn: bool) -> Row:
    """Return the factors of the velocity and itself."""
    won, closed = cell.won, len(cell.closed)
    revenue = sum((sale.net for sale in won), Decimal(0))
    rate, deal = ratio(len(won), closed), ratio(revenue, len(won))
    cycle = quantile([sale.days for sale in won], 0.5)
    velocity = None
    if cycle is not None and cycle > 0:
        velocity = shown(len(cell.counted) * rate * deal / cycle, closed)
    low, high = wilson(len(won), closed)
    bounds = (None, None)
    if is_drawn and velocity is not None:
        amounts, days = [sale.net for sale in won], [sale.days for sale in won]
        bounds = velocity_interval(len(cell.counted), closed - len(won), amounts, days) or bounds
    reasons = [
        (not closed, "no_closed_opportunities"),
        (not won, "no_won_opportunities"),
        (cycle is None or cycle <= 0, "no_cycle_days"),
    ]
    return {
        "won": len(won), "lost": closed - len(won), "won_revenue": revenue,
        "win_rate": shown(rate, closed), "win_rate_low": shown(low, closed),
        "win_rate_high": shown(high, closed), "average_deal_value": shown(deal, closed),
        "cycle_days": shown(cycle, closed), "pipeline_velocity": velocity,
        "pipeline_velocity_low": bounds[0], "pipeline_velocity_high": bounds[1],
        "null_reason": why_null(reasons, closed),
    }  # fmt: skip


def drawn_bounds(cell: Cell, draws: int = 5_000) -> tuple[float, float]:
    """Draw what was closed anew, by other code and other chance than the warehouse."""
    random = np.random.default_rng(20_240_229)
    found = []
    for _ in range(draws):
        drawn = [cell.closed[at] for at in random.integers(len(cell.closed), size=len(cell.closed))]
        found.append(_speed(Cell(cell.counted, drawn), is_drawn=False)["pipeline_velocity"] or 0)
    low, high = np.quantile(found, [0.025, 0.975])
    return low, high
