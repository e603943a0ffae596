"""How many opportunities would count as influenced if touches had nothing to do with them.

Influence saturates: with enough touches nearly every opportunity has one in its window. Only
what exceeds this baseline says anything about marketing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analytics.arguments import column_of
from analytics.errors import StatisticsError


@dataclass(frozen=True)
class InfluenceByChance:
    """What touches spread by chance would influence.

    ``chances`` has one number per opportunity, from 0 to 1. ``share`` is their mean, None
    without opportunities; ``standard_deviation`` is that of the share, were it to happen
    again and again: a share observed within 2 of them is no more than chance.
    """

    chances: np.ndarray
    share: float | None
    standard_deviation: float | None


def chance_of_touch(
    touches: Iterable[float], window_days: Iterable[float], observed_days: Iterable[float]
) -> np.ndarray:
    """Return the chance of at least one touch in the window, per person or group of persons.

    Each of ``touches`` falls on any of the ``observed_days`` with equal chance, alone: the
    chance is 1 - (1 - window ÷ observed) ^ touches. A window as long as what was observed
    holds every touch.

    Raises:
        StatisticsError: a number is negative or not finite, no day was observed, or the
            lengths differ.
    """
    observed = column_of("observed_days", observed_days, above=0)
    count = column_of("touches", touches, length=len(observed))
    window = column_of("window_days", window_days, length=len(observed))
    with np.errstate(divide="ignore", invalid="ignore"):
        missed = count * np.log1p(-np.minimum(window / observed, 1))
    return np.where(count > 0, -np.expm1(missed), 0.0)


def influence_by_chance(
    opportunities: Iterable[int], chances: Iterable[float], count: int
) -> InfluenceByChance:
    """Join the chances of persons to those of their opportunities: 1 - Π(1 - chance).

    ``opportunities`` numbers, from 0 to ``count`` - 1, the opportunity of each chance; one
    without any chance is influenced by none. The error takes opportunities for independent,
    so it is too small where they share persons.

    Raises:
        StatisticsError: a chance is not from 0 to 1, or an opportunity is out of range.
    """
    chance = column_of("chances", chances)
    rows = column_of("opportunities", opportunities, length=len(chance), is_whole=True)
    if (chance > 1).any():
        raise StatisticsError("chances must not be above 1")
    if (rows >= count).any():
        raise StatisticsError(f"opportunities must be below {count}")
    order = np.lexsort((chance, rows))  # so that sums do not depend on the order
    with np.errstate(divide="ignore"):
        missed = np.log1p(-chance[order])
    joined = -np.expm1(np.bincount(rows[order].astype(np.int64), missed, count))
    joined = np.abs(joined)  # no chance is 0, not -0
    if not count:
        return InfluenceByChance(joined, None, None)
    deviation = float(np.sqrt(np.sum(joined * (1 - joined))) / count)
    return InfluenceByChance(joined, float(joined.mean()), deviation)
