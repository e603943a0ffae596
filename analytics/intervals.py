"""How far a measured figure may lie from the true one: intervals for shares, counts and samples.

An interval holds the true figure in ``confidence`` of all repetitions, provided that what was
counted was independent. Where the numbers say nothing, there is no interval: None, or NaN in an
array; never an interval from 0 to 0.
"""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import chi2

from analytics.arguments import column_of
from analytics.errors import StatisticsError

CHUNK = 1_000_000  # resampled numbers held at once
RESAMPLES = 2_000
SMALLEST_SAMPLE = 2

Statistic = Literal["mean", "median"]
_STATISTICS: dict[str, Callable[..., np.ndarray]] = {"mean": np.mean, "median": np.median}


class Interval(NamedTuple):
    """The ends of one interval, in the unit of the figure."""

    low: float
    high: float


class Intervals(NamedTuple):
    """The ends of many intervals, in the order of the input; both NaN where there is none."""

    low: np.ndarray
    high: np.ndarray


def wilson_intervals(
    successes: Iterable[float], trials: Iterable[float], confidence: float = 0.95
) -> Intervals:
    """Bound the true share behind ``successes`` of ``trials``, each row for itself, from 0 to 1.

    Wilson's score interval (1927, https://doi.org/10.1080/01621459.1927.10502953); it stays
    within 0 and 1 and has a width also at 0 and at all. No interval without trials. Credit may
    be fractional.

    Raises:
        StatisticsError: a number is negative or not finite, there are more successes than
            trials, the lengths differ, or the confidence is not between 0 and 1.
    """
    n = column_of("trials", trials)
    k = column_of("successes", successes, length=len(n))
    if (k > n).any():
        raise StatisticsError("successes must not exceed trials")
    z2 = _deviate(confidence) ** 2
    with np.errstate(invalid="ignore"):
        centre = (k + z2 / 2) / (n + z2)
        spread = np.sqrt(z2 * (k * (n - k) / n + z2 / 4)) / (n + z2)
    low, high = np.where(k == 0, 0, centre - spread), np.where(k == n, 1, centre + spread)
    known = n > 0
    return Intervals(
        np.where(known, np.clip(low, 0, 1), np.nan), np.where(known, np.clip(high, 0, 1), np.nan)
    )


def poisson_intervals(counts: Iterable[float], confidence: float = 0.95) -> Intervals:
    """Bound the expected count behind each observed count, by Garwood's exact interval (1936).

    A cost per conversion is bounded by the cost ÷ ``high`` and the cost ÷ ``low``; at a count
    of 0, ``low`` is 0 and that cost has no upper bound.

    Raises:
        StatisticsError: a count is negative or not whole, or the confidence is not between 0
            and 1.
    """
    seen = column_of("counts", counts, is_whole=True)
    _deviate(confidence)
    tail = (1 - confidence) / 2
    low = np.where(seen > 0, chi2.ppf(tail, 2 * np.maximum(seen, 1)) / 2, 0)
    return Intervals(low, chi2.ppf(1 - tail, 2 * seen + 2) / 2)


def share_change_intervals(
    base: tuple[Iterable[float], Iterable[float]],
    now: tuple[Iterable[float], Iterable[float]],
    confidence: float = 0.95,
) -> Intervals:
    """Bound the share now less the share in the base period, each as (successes, trials).

    Newcombe's hybrid score interval, method 10 (1998,
    https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I).
    In points of share, from -1 to 1; no interval where either period has no trials.

    Raises:
        StatisticsError: as of ``wilson_intervals``.
    """
    (before, around_before), (after, around_after) = (
        _share_and_interval(*side, confidence) for side in (base, now)
    )
    if len(before) != len(after):
        raise StatisticsError("base and now must have the same length")
    change = after - before
    return Intervals(
        change - np.hypot(after - around_after.low, around_before.high - before),
        change + np.hypot(around_after.high - after, before - around_before.low),
    )


def _share_and_interval(
    successes: Iterable[float], trials: Iterable[float], confidence: float
) -> tuple[np.ndarray, Intervals]:
    n = column_of("trials", trials)
    k = column_of("successes", successes, length=len(n))
    share = np.divide(k, n, out=np.full(len(n), np.nan), where=n > 0)
    return share, wilson_intervals(k, n, confidence)


def bootstrap_interval(
    sample: Iterable[float],
    statistic: Statistic,
    *,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval | None:
    """Bound the true mean or median behind a sample by drawing from it again and again.

    The mean's interval is bias-corrected and accelerated (Efron 1987,
    https://doi.org/10.1080/01621459.1987.10478410), since samples of durations and amounts are
    skewed. The median's is that of the percentiles: the acceleration needs a statistic that
    changes smoothly, which a median does not. The order of the sample does not matter.
    None with fewer than 2 numbers.

    Raises:
        StatisticsError: a number is not finite, or the confidence is not between 0 and 1.
    """
    numbers = _sample("sample", sample)
    z = _deviate(confidence)
    if len(numbers) < SMALLEST_SAMPLE:
        return None
    drawn = _resampled(numbers, statistic, np.random.default_rng(seed))
    edges = np.array([-z, z])
    if statistic == "mean" and np.ptp(numbers) > 0:
        mean = numbers.mean()
        below = np.mean(drawn < mean) + np.mean(drawn == mean) / 2
        bias = ndtri(np.clip(below, 1 / RESAMPLES, 1 - 1 / RESAMPLES))
        from_mean = numbers - mean
        acceleration = np.sum(from_mean**3) / (6 * np.sum(from_mean**2) ** 1.5)
        edges = bias + (bias + edges) / (1 - acceleration * (bias + edges))
    return Interval(*np.quantile(drawn, ndtr(edges)).tolist())


def bootstrap_change_interval(
    base: Iterable[float],
    now: Iterable[float],
    statistic: Statistic,
    *,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval | None:
    """Bound the relative change of a mean or median: now ÷ base less 1, so -0.1 is 10 % less.

    Both samples are drawn anew, independently; the interval is that of the percentiles. None
    where a sample has fewer than 2 numbers, or where a drawn base is 0 or below: then the base
    may be nothing and no relative change has a meaning.

    Raises:
        StatisticsError: a number is not finite, or the confidence is not between 0 and 1.
    """
    before, after = _sample("base", base), _sample("now", now)
    z = _deviate(confidence)
    if min(len(before), len(after)) < SMALLEST_SAMPLE:
        return None
    random = np.random.default_rng(seed)
    drawn_before = _resampled(before, statistic, random)
    drawn_after = _resampled(after, statistic, random)
    if (drawn_before <= 0).any():
        return None
    changes = drawn_after / drawn_before - 1
    return Interval(*np.quantile(changes, ndtr([-z, z])).tolist())


def _sample(argument: str, numbers: Iterable[float]) -> np.ndarray:
    """Sort, so that the same draws meet the same numbers in whatever order they came."""
    return np.sort(column_of(argument, numbers, above=-np.inf))


def _resampled(
    numbers: np.ndarray, statistic: Statistic, random: np.random.Generator
) -> np.ndarray:
    rows = max(CHUNK // len(numbers), 1)
    return np.concatenate(
        [
            _STATISTICS[statistic](
                numbers[random.integers(len(numbers), size=(some, len(numbers)))], axis=1
            )
            for start in range(0, RESAMPLES, rows)
            for some in [min(rows, RESAMPLES - start)]
        ]
    )


def _deviate(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise StatisticsError(f"confidence must be between 0 and 1, not {confidence}")
    return float(ndtri((1 + confidence) / 2))
