"""How far the pipeline's velocity may lie from the one measured, given how few have closed."""

from collections.abc import Iterable

import numpy as np

from analytics.arguments import column_of
from analytics.errors import StatisticsError
from analytics.intervals import Interval

CHUNK = 1_000_000  # drawn opportunities held at once
RESAMPLES = 1_000
TAILS = (0.025, 0.975)


def velocity_interval(
    opportunities: int,
    lost: int,
    won_amounts: Iterable[float],
    days_to_win: Iterable[float | None],
    *,
    seed: int = 0,
) -> Interval | None:
    """Bound the pipeline's velocity: opportunities * win rate * mean amount / median days.

    Per day in the currency of the amounts.

    The closed opportunities, ``lost`` and those with an amount each, are drawn again and again
    with replacement; how many are in the pipeline is taken as given. Days may be missing: such a
    win has an amount but no cycle. The 2.5 % and 97.5 % percentiles, widened where they miss
    what was measured. None where a median of the days is unknown or not above 0: then there is
    no speed. The order of the wins does not matter.

    Raises:
        StatisticsError: a count is negative or not whole, an amount or a day is not finite, or
            there are not as many days as amounts.
    """
    [count, losses] = column_of("counts", [opportunities, lost], is_whole=True)
    amounts, days = _sorted_by_days(won_amounts, days_to_win)
    known = days[np.isfinite(days)]
    closed = len(amounts) + int(losses)
    if not len(known) or np.median(known) <= 0:
        return None
    measured = float(count * amounts.sum() / 100 / closed / np.median(known))
    random = np.random.default_rng(seed)
    rows = max(CHUNK // closed, 1)
    drawn = []
    for start in range(0, RESAMPLES, rows):
        times = _times_drawn(closed, min(rows, RESAMPLES - start), random)
        medians = _medians(known, times[:, : len(known)])
        revenue = times[:, : len(amounts)] @ amounts
        is_without_win = times[:, : len(amounts)].sum(axis=1) == 0
        if not ((medians > 0) | is_without_win).all():
            return None
        medians[is_without_win] = 1  # nothing won is no revenue a day, however long it takes
        drawn.append(count * revenue / 100 / closed / medians)
    low, high = np.quantile(np.concatenate(drawn), TAILS).tolist()
    return Interval(min(low, measured), max(high, measured))


def _sorted_by_days(
    amounts: Iterable[float], days: Iterable[float | None]
) -> tuple[np.ndarray, np.ndarray]:
    """Return whole cents, whose sums do not depend on their order, and days; NaN comes last."""
    won = column_of("won_amounts", amounts, above=-np.inf)
    waited = np.array(tuple(days), dtype=np.float64)  # None becomes NaN
    if len(waited) != len(won):
        raise StatisticsError(f"days_to_win must have {len(won)} numbers, not {len(waited)}")
    if np.isinf(waited).any():
        raise StatisticsError("days_to_win must be finite")
    cents = np.rint(won * 100).astype(np.int64)
    order = np.lexsort((cents, waited))
    return cents[order], waited[order]


def _times_drawn(size: int, rows: int, random: np.random.Generator) -> np.ndarray:
    """Draw ``size`` of ``size`` with replacement, ``rows`` times; how often each came per row."""
    drawn = random.integers(size, size=(rows, size)) + size * np.arange(rows)[:, None]
    return np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)


def _medians(ascending: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return per row the median of numbers that came so many times; NaN where none came."""
    reached = np.cumsum(times, axis=1)
    total = reached[:, -1:]
    middles = [
        ascending[np.minimum((reached < rank).sum(axis=1), len(ascending) - 1)]
        for rank in ((total + 1) // 2, total // 2 + 1)
    ]
    return np.where(total[:, 0] > 0, np.mean(middles, axis=0), np.nan)
