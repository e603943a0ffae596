"""What all KPIs share: the reporting date, periods, the floor of cases, bounds and grades.

A share is a double, None where it has no denominator; a day is a Timestamp at midnight.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import NormalDist
from typing import Any

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.days import reporting_day

SMALLEST_SAMPLE = 3
Z = NormalDist().inv_cdf(0.975)
# The least coverage, sample size, freshness and quality of an A, a B and a C.
CRITERIA = {
    "sample_size": (100, 30, 10),
    "coverage": (0.9, 0.75, 0.5),
    "freshness": (1, 0.9, 0.5),
    "quality": (0.999, 0.99, 0.95),
}
ALL_READ = 1.0  # no row of the sample company is refused, which its own test says


@dataclass(frozen=True)
class Grounds:
    """Up to when anything is known: by the CRM, and by touchpoints of any kind."""

    as_of_at: pd.Timestamp
    as_of: pd.Timestamp
    touched_until: pd.Timestamp

    def settled_until(self, *, needs_touchpoints: bool) -> pd.Timestamp:
        """Return the day up to which a figure's inputs have settled."""
        return min(self.as_of, self.touched_until) if needs_touchpoints else self.as_of


def find_grounds(company: Company) -> Grounds:
    """Take the last instant that the CRM recorded; a close date is typed in and is none."""
    dated = company.conversions[company.conversions.conversion_type != "closed_won"]
    as_of_at = max(dated.converted_at.max(), company.opportunity_history.changed_at.max())
    return Grounds(as_of_at, day_of(as_of_at), company.touchpoints.occurred_date.max())


def day_of(instant: pd.Timestamp) -> pd.Timestamp:
    """Return the reporting day of an instant, at midnight."""
    return pd.Timestamp(reporting_day(instant))


def quarter_of(day: pd.Timestamp) -> pd.Timestamp:
    """Return the first day of the quarter."""
    return day.to_period("Q").start_time


def quarter_end(start: pd.Timestamp) -> pd.Timestamp:
    """Return the last day of the quarter."""
    return start.to_period("Q").end_time.normalize()


def quarters(company: Company, grounds: Grounds) -> list[pd.Timestamp]:
    """Return the first day of each quarter from the first conversion to the reporting date."""
    first = company.conversions.converted_date.min()
    return [one.start_time for one in pd.period_range(first, grounds.as_of, freq="Q")]


def ratio(part: Any, whole: Any) -> float | None:
    """Divide; None by nothing."""
    if part is None or whole is None or not whole:
        return None
    exact = Decimal(part) / Decimal(whole) if isinstance(part, Decimal) else part / whole
    return float(exact)


def positive_ratio(part: Any, whole: Any) -> float | None:
    """Divide by what was won, of which more may have been taken back; then there is no share."""
    return ratio(part, whole) if whole > 0 else None


def shown(figure: Any, cases: int) -> Any:
    """Return the figure if there are enough cases behind it."""
    return figure if cases >= SMALLEST_SAMPLE else None


def why_null(reasons: Iterable[tuple[bool, str]], cases: int) -> str | None:
    """Return the first reason that holds; too few cases is the last one."""
    for holds, reason in reasons:
        if holds:
            return reason
    return None if cases >= SMALLEST_SAMPLE else "too_few_cases"


def wilson(successes: int, trials: int) -> tuple[float | None, float | None]:
    """Return the two shares of which the one observed is just within 95 % of what chance makes.

    They solve ``(observed - p)**2 = Z**2 * p * (1 - p) / trials``.
    """
    if not trials:
        return None, None
    observed, spread = successes / trials, Z**2 / trials
    a, b, c = 1 + spread, -(2 * observed + spread), observed**2
    root = sqrt(max(b * b - 4 * a * c, 0))
    return max((-b - root) / (2 * a), 0.0), min((-b + root) / (2 * a), 1.0)


def freshness(start: pd.Timestamp, end: pd.Timestamp, settled_until: pd.Timestamp) -> float:
    """Return the share of the days from start to end that have settled."""
    settled = (min(settled_until, end) - start).days + 1
    return max(settled, 0) / ((end - start).days + 1)


def graded(coverage: float | None, cases: int, fresh: float) -> dict[str, Any]:
    """Return sample_size, grade and grade_reason: the worst criterion, of equals the first."""
    measures = {
        "sample_size": cases,
        "coverage": coverage,
        "freshness": fresh,
        "quality": ALL_READ,
    }
    grades = {name: _grade(value, CRITERIA[name]) for name, value in measures.items()}
    worst = max(grades.values())
    reason = None if worst == "A" else next(n for n, one in grades.items() if one == worst)
    return {"sample_size": cases, "grade": worst, "grade_reason": reason}


def _grade(value: float | None, least: tuple) -> str:
    if value is None:
        return "D"
    return next((name for name, bound in zip("ABC", least, strict=True) if value >= bound), "D")


def quantile(values: Iterable[float], share: float) -> float | None:
    """Return the quantile, between two neighbours in proportion; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))
