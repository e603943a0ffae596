"""How far attributed shares are from the true ones, where a simulation knows the truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from analytics.errors import StatisticsError


@dataclass(frozen=True)
class Grade:
    """How wrong one attribution model is over the channels of one comparison.

    ``bias`` is attributed less true share per channel, in the order of ``channels``: above 0 the
    model flatters the channel. ``mean_absolute_error`` and ``worst_error`` are sizes of bias,
    from 0 to 1; of equal worst ones the first in the alphabet is named. ``rank_correlation``
    (Spearman's) is from -1 to 1, or None where fewer than two channels or equal shares leave no
    ranking. Without channels nothing is known: every figure is None.
    """

    channels: tuple[str, ...]
    true_shares: np.ndarray
    attributed_shares: np.ndarray
    bias: np.ndarray
    mean_absolute_error: float | None
    worst_error: float | None
    worst_channel: str | None
    rank_correlation: float | None


def grade(
    channels: Sequence[str], true_shares: Sequence[float], attributed_shares: Sequence[float]
) -> Grade:
    """Compare two divisions of one whole over the same channels, in any unit.

    Both are scaled to add up to 1 over the channels given. A side that adds up to 0 shares
    nothing out: its shares are 0. The channels come back sorted.

    Raises:
        StatisticsError: a channel is named twice, the lengths differ, or a share is negative
            or not finite.
    """
    if len(set(channels)) != len(channels):
        raise StatisticsError("channels must be distinct")
    order = sorted(range(len(channels)), key=lambda at: channels[at])
    names = tuple(channels[at] for at in order)
    true = _scaled("true_shares", true_shares, order)
    attributed = _scaled("attributed_shares", attributed_shares, order)
    bias = attributed - true
    if not names:
        return Grade(names, true, attributed, bias, None, None, None, None)
    errors = np.abs(bias)
    worst = int(np.argmax(errors))
    return Grade(
        names,
        true,
        attributed,
        bias,
        fsum(errors) / len(errors),
        float(errors[worst]),
        names[worst],
        _rank_correlation(true, attributed),
    )


def _scaled(argument: str, shares: Sequence[float], order: list[int]) -> np.ndarray:
    numbers = np.asarray(shares, dtype=np.float64)
    if numbers.shape != (len(order),):
        raise StatisticsError(f"{argument} must have one number per channel")
    if not np.isfinite(numbers).all() or (numbers < 0).any():
        raise StatisticsError(f"{argument} must be finite and not negative")
    total = fsum(numbers)
    return (numbers / total if total > 0 else numbers)[order]


def _rank_correlation(left: np.ndarray, right: np.ndarray) -> float | None:
    ranks = [_ranks(left), _ranks(right)]
    if any(np.ptp(side) == 0 for side in ranks):
        return None
    return float(np.clip(np.corrcoef(*ranks)[0, 1], -1, 1))


def _ranks(numbers: np.ndarray) -> np.ndarray:
    """Rank from the smallest; equal numbers share the mean of their ranks."""
    _, which, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[which]
