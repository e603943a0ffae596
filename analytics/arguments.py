"""The numbers a statistic is given, checked before anything is computed with them."""

from collections.abc import Iterable

import numpy as np

from analytics.errors import StatisticsError


def column_of(
    argument: str,
    numbers: Iterable[float],
    *,
    length: int | None = None,
    above: float | None = None,
    is_whole: bool = False,
) -> np.ndarray:
    """Return finite numbers ≥ 0 as an array of doubles; with ``above``, they exceed it instead.

    Raises:
        StatisticsError: a number is out of range or, where asked for, not whole, or there are
            not ``length`` of them. The message names ``argument``.
    """
    column = np.array(tuple(numbers), dtype=np.float64)
    if length is not None and len(column) != length:
        raise StatisticsError(f"{argument} must have {length} numbers, not {len(column)}")
    if not np.isfinite(column).all():
        raise StatisticsError(f"{argument} must be finite")
    if above is None and (column < 0).any():
        raise StatisticsError(f"{argument} must not be negative")
    if above is not None and (column <= above).any():
        raise StatisticsError(f"{argument} must be above {above:g}")
    if is_whole and (column != np.floor(column)).any():
        raise StatisticsError(f"{argument} must be whole")
    return column
