"""How much of a ratio's change is the ratio's own, and how much only another mix of groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

import numpy as np

from analytics.arguments import column_of


@dataclass(frozen=True)
class MixChange:
    """The change of a ratio (cost per conversion, win rate) from a base period to now.

    All is in the unit of the ratio, over the groups that have a denominator in both periods;
    ``coverage`` is their share of both periods' denominators or numerators, the lesser, from 0
    to 1. Where it is low, groups that came, went or cost without converting are the story.
    ``now_at_base_mix`` is the ratio now had the mix stayed as it was. ``own_change`` (now at
    base mix less base) and ``mix_change`` add up to now less base. All but ``coverage`` are
    None without a common group.
    """

    base: float | None
    now: float | None
    now_at_base_mix: float | None
    own_change: float | None
    mix_change: float | None
    coverage: float


def compare_at_base_mix(
    base: tuple[Iterable[float], Iterable[float]], now: tuple[Iterable[float], Iterable[float]]
) -> MixChange:
    """Compare two periods, each (numerators, denominators) with one number per group.

    Direct standardisation with the denominators of the base period as weights (Kitagawa 1955,
    https://doi.org/10.1080/01621459.1955.10501299). The order of the groups changes nothing.

    Raises:
        StatisticsError: a number is negative or not finite, or the lengths differ.
    """
    denominators = column_of("base denominators", base[1])
    groups = len(denominators)
    numerators = column_of("base numerators", base[0], length=groups)
    now_denominators = column_of("now denominators", now[1], length=groups)
    now_numerators = column_of("now numerators", now[0], length=groups)
    common = (denominators > 0) & (now_denominators > 0)
    if not common.any():
        return MixChange(None, None, None, None, None, 0.0)
    coverage = min(
        _share(np.concatenate(both), common)
        for both in ((denominators, now_denominators), (numerators, now_numerators))
    )
    weight, now_weight = fsum(denominators[common]), fsum(now_denominators[common])
    before = fsum(numerators[common]) / weight
    after = fsum(now_numerators[common]) / now_weight
    rates = now_numerators[common] / now_denominators[common]
    standardised = fsum(denominators[common] * rates) / weight
    return MixChange(
        before,
        after,
        standardised,
        standardised - before,
        after - standardised,
        coverage,
    )


def _share(numbers: np.ndarray, common: np.ndarray) -> float:
    total = fsum(numbers)
    return fsum(numbers[np.tile(common, 2)]) / total if total > 0 else 1.0
