"""The funnel a second time: how many persons get to the next stage, and how long it takes."""

from math import ceil, exp, log, sqrt
from typing import NamedTuple

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.figures import (
    Z,
    day_of,
    find_grounds,
    freshness,
    graded,
    quantile,
    ratio,
    shown,
    why_null,
    wilson,
)
from tests.oracle.landing import Row
from tests.oracle.waits import DAY, FUNNEL, Wait, cells_of, find_waits

TOUCHED = {"campaign_type", "channel"}  # breakdowns that touchpoints tell


def _timed(waits: list[Wait]) -> list[float]:
    """Return the days of those who reached the next stage and were seen in this one."""
    return [wait.days for wait in waits if wait.outcome == "reached" and not wait.is_inferred]


def funnel_conversion(company: Company) -> pd.DataFrame:
    """Compute the published table of this name."""
    grounds, waits = find_grounds(company), find_waits(company)
    lags = {
        stage: quantile(_timed([wait for wait in waits if wait.stage == stage]), 0.9)
        for stage in FUNNEL
    }
    months = cells_of(waits, lambda wait: (day_of(wait.reached_at).replace(day=1), wait.stage))
    rows = []
    for (month, stage, breakdown, value), cell in months.items():
        window, entered = int(FUNNEL[stage]["window_days"]), len(cell)
        arrived = [wait for wait in cell if wait.outcome == "reached"]
        in_time = sum(wait.days <= window for wait in arrived)
        end = month + pd.offsets.MonthEnd()
        age, lag = (grounds.as_of - end).days, lags[stage]
        is_mature = lag is not None and age >= lag
        coverage = (
            sum(grounds.as_of_at - wait.reached_at >= window * DAY for wait in cell) / entered
        )
        low, high = wilson(in_time, entered)
        fresh = freshness(month, end, grounds.settled_until(needs_touchpoints=breakdown in TOUCHED))
        rows.append(
            {
                "cohort_month": month, **_stages(stage), "breakdown": breakdown,
                "breakdown_value": value, "entered": entered, "converted_in_window": in_time,
                "converted": len(arrived), "inferred": sum(wait.is_inferred for wait in cell),
                "window_days": window, "stage_conversion": shown(ratio(in_time, entered), entered),
                "stage_conversion_low": shown(low, entered),
                "stage_conversion_high": shown(high, entered), "p90_days": lag,
                "is_mature": is_mature, "is_window_over": age >= window,
                **graded(coverage if is_mature else min(coverage, 0.5), entered, fresh),
                "null_reason": why_null([], entered),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _stages(stage: str) -> Row:
    return {"from_stage": stage, "to_stage": FUNNEL[stage]["next_stage"]}


class Point(NamedTuple):
    """Those who had waited so many days, and what happened then; shares as the table has them."""

    wait_days: int
    at_risk: int
    reached: int
    lost: int
    share_waiting: float
    share_waiting_low: float | None
    share_waiting_high: float | None
    share_reached: float


def curve(waits: list[Wait]) -> list[Point]:
    """Walk through the days: what Kaplan-Meier leaves waiting, its bounds, who has arrived."""
    seen = [(ceil(wait.days), wait.outcome) for wait in waits if not wait.is_inferred]
    waiting, arrived, error, points = 1.0, 0.0, 0.0, []
    for day in sorted({days for days, outcome in seen if outcome}):
        at_risk = sum(days >= day for days, _ in seen)
        reached, lost = (seen.count((day, outcome)) for outcome in ("reached", "lost"))
        ended = reached + lost
        arrived += waiting * reached / at_risk
        waiting *= (at_risk - ended) / at_risk
        low = high = None
        if at_risk > ended:
            error += ended / (at_risk * (at_risk - ended))
            step = Z * sqrt(error) / log(waiting)
            low, high = waiting ** exp(-step), waiting ** exp(step)
        points.append(Point(day, at_risk, reached, lost, waiting, low, high, arrived))
    return points


def stage_survival(company: Company) -> pd.DataFrame:
    """Compute the published table of this name."""
    rows = []
    for (stage, breakdown, value), cell in cells_of(
        find_waits(company), lambda wait: (wait.stage,)
    ).items():
        for point in curve(cell) if breakdown in {"all", "channel"} else ():
            known = {
                name: shown(figure, point.at_risk) if name.startswith("share") else figure
                for name, figure in point._asdict().items()
            }
            rows.append(
                {**_stages(stage), "breakdown": breakdown, "breakdown_value": value, **known}
                | graded(1, point.at_risk, 1)
                | {"null_reason": why_null([], point.at_risk)}
            )
    return pd.DataFrame(rows)


def stage_durations(company: Company) -> pd.DataFrame:
    """Compute the published table of this name."""
    grounds, rows = find_grounds(company), []
    for (stage, breakdown, value), cell in cells_of(
        find_waits(company), lambda wait: (wait.stage,)
    ).items():
        if breakdown == "campaign_type":
            continue
        days, seen = _timed(cell), sum(not wait.is_inferred for wait in cell)
        outcomes = [wait.outcome for wait in cell]
        by_half, by_nine = (
            next((p.wait_days for p in curve(cell) if p.share_reached >= share - 1e-12), None)
            for share in (0.5, 0.9)
        )
        start = day_of(min(wait.reached_at for wait in cell))
        settled_until = grounds.settled_until(needs_touchpoints=breakdown in TOUCHED)
        rows.append(
            {
                **_stages(stage), "breakdown": breakdown, "breakdown_value": value,
                "entered": len(cell), "converted": outcomes.count("reached"),
                "lost": outcomes.count("lost"), "waiting": outcomes.count(None),
                "inferred": len(cell) - seen,
                "days_in_stage": shown(quantile(days, 0.5), len(days)),
                "days_in_stage_p90": shown(quantile(days, 0.9), len(days)),
                "median_days_to_next_stage": shown(by_half, seen),
                "p90_days_to_next_stage": shown(by_nine, seen),
                **graded(1, seen, freshness(start, grounds.as_of, settled_until)),
                "null_reason": why_null(
                    [(not seen, "no_recorded_entries"), (by_half is None, "half_not_reached")],
                    seen,
                ),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
