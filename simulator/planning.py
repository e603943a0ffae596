"""What marketing sets out to reach: targets of every quarter, benchmarks of every campaign."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from simulator.company import CHANNEL, DAY, LINES, NEVER
from simulator.period import Period
from simulator.streams import Streams

_LATE_DAYS = 12
_REVISED_RATE = 0.15
_GROWTH = 0.03


@dataclass(frozen=True)
class _Goal:
    """A KPI with a target each quarter; ``grows`` by quarter, ``scales`` with the company."""

    kpi: str
    target: float
    unit: str
    grows: int = 1
    scales: bool = False
    channel: str | None = None


_GOALS = (
    _Goal("pipeline_velocity", 9.0, "EUR", scales=True),
    _Goal("sourced_revenue", 700.0, "EUR", scales=True),
    _Goal("win_rate", 0.35, "share"),
    _Goal("blended_cac", 9_000.0, "EUR", grows=-1),
    _Goal("marketing_roi", 2.5, "ratio"),
    _Goal("attribution_coverage", 0.9, "share", grows=0),
    _Goal("paid_cac", 1_800.0, "EUR", grows=-1, channel="paid_search"),
    _Goal("paid_cac", 2_400.0, "EUR", grows=-1, channel="paid_social"),
)
_ROLES = ("head of marketing", "marketing operations", "head of sales", "finance")


def draw_targets(streams: Streams, period: Period, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per target as it was set, ordered by when.

    Columns: ``target``, ``kpi``, ``channel`` (number, -1 for the whole company), ``starts_at``
    and ``ends_at`` (of the whole quarter), ``value``, ``unit``, ``set_at`` and ``role``. Some
    are set anew in the middle of their quarter.
    """
    rng = streams.named("targets")
    rows = []
    for number, (start, end) in enumerate(_quarters(period)):
        set_at = start - int(rng.integers(15, 35)) * DAY + 10 * 3600
        for place, goal in enumerate(_GOALS):
            size = len(accounts) if goal.scales else 1
            value = goal.target * size * (1 + _GROWTH * goal.grows) ** number
            role = _ROLES[place % len(_ROLES)]
            channel = CHANNEL[goal.channel] if goal.channel else NEVER
            is_revised, factor = rng.random() < _REVISED_RATE, rng.uniform(0.85, 1.0)
            row = (goal.kpi, channel, start, end, value, goal.unit, set_at, role)
            rows.append(row)
            if is_revised:
                revised_at = start + 45 * DAY + 9 * 3600
                rows.append((*row[:4], value * factor, goal.unit, revised_at, role))
    names = ["kpi", "channel", "starts_at", "ends_at", "value", "unit", "set_at", "role"]
    targets = pd.DataFrame(rows, columns=names)
    targets = targets[targets["set_at"] < period.end]
    targets = targets.sort_values("set_at", kind="stable", ignore_index=True)
    return targets.assign(target=np.arange(len(targets)), value=np.round(targets["value"], 3))


def draw_benchmarks(streams: Streams, period: Period, campaigns: pd.DataFrame) -> pd.DataFrame:
    """Return one row per benchmark, ordered by when it was set; one was set after the launch.

    Columns: ``benchmark``, ``campaign``, ``kpi``, ``value``, ``unit``, ``set_at`` and
    ``is_late``.
    """
    rng = streams.named("benchmarks")
    count = len(campaigns)
    price = np.array([line.click_price for line in LINES])[campaigns["line"]]
    is_ad = price > 0
    factor, per_lead = rng.uniform(0.9, 1.2, count), rng.integers(40, 220, count)
    set_at = campaigns["concept_at"] + rng.integers(1, 15, count) * DAY
    late_at = campaigns["starts_at"] + _LATE_DAYS * DAY
    could_be_late = np.flatnonzero(late_at < period.end)
    is_late = np.arange(count) == could_be_late[rng.integers(len(could_be_late))]
    benchmarks = pd.DataFrame(
        {
            "campaign": campaigns["campaign"],
            "kpi": np.where(is_ad, "cost_per_click", "cost_per_lead"),
            "value": np.where(is_ad, np.round(price * factor, 2), per_lead),
            "unit": "EUR",
            "set_at": np.where(is_late, late_at, set_at),
            "is_late": is_late,
        }
    )
    benchmarks = benchmarks[benchmarks["set_at"] < period.end]
    benchmarks = benchmarks.sort_values(["set_at", "campaign"], ignore_index=True)
    return benchmarks.assign(benchmark=np.arange(len(benchmarks)))


def _quarters(period: Period) -> list[tuple[int, int]]:
    """First second of each calendar quarter that the period touches, and of the one after it."""
    first = np.datetime64(period.start, "s").astype("datetime64[M]").astype(np.int64) // 3 * 3
    last = np.datetime64(period.end - 1, "s").astype("datetime64[M]").astype(np.int64) // 3 * 3
    # the quarter after it begins three months after the last, and ends six months after
    months = np.arange(first, last + 7, 3).astype("datetime64[M]")
    starts = months.astype("datetime64[s]").astype(np.int64).tolist()
    return list(pairwise(starts))
