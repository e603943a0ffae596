"""Channel sequences of journeys, counted: what data-driven attribution is fitted on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from analytics.errors import StatisticsError

ChannelSequence = tuple[str, ...]


@dataclass(frozen=True)
class Paths:
    """Distinct channel sequences, sorted, each with what came of the journeys that took it.

    A sequence is a tuple of channel names, so that a name may hold any character. The arrays
    have one number per sequence: journeys that converted, the value of their conversions in
    whatever unit it was given, and journeys that did not convert.
    """

    sequences: tuple[ChannelSequence, ...]
    conversions: np.ndarray
    values: np.ndarray
    non_conversions: np.ndarray

    @property
    def channels(self) -> tuple[str, ...]:
        """The distinct channels, sorted, also those of sequences without any journey."""
        return tuple(sorted({channel for sequence in self.sequences for channel in sequence}))

    @property
    def total_conversions(self) -> float:
        """Journeys that converted."""
        return fsum(self.conversions)

    @property
    def total_value(self) -> float:
        """Value of all conversions."""
        return fsum(self.values)


def count_paths(
    sequences: Iterable[Sequence[str]],
    conversions: Iterable[float],
    values: Iterable[float],
    non_conversions: Iterable[float],
) -> Paths:
    """Put equal sequences together and sort them, so that the order of the input is forgotten.

    Sums are exactly rounded, hence the same to the last bit in any order.

    Raises:
        StatisticsError: a count is negative or not finite, a value not finite, or the
            arguments differ in length.
    """
    numbers = {
        "conversions": np.array(tuple(conversions), dtype=np.float64),
        "values": np.array(tuple(values), dtype=np.float64),
        "non_conversions": np.array(tuple(non_conversions), dtype=np.float64),
    }
    rows: dict[ChannelSequence, list[int]] = defaultdict(list)
    for row, sequence in enumerate(sequences):
        rows[tuple(sequence)].append(row)
    _refuse_impossible(numbers, sum(map(len, rows.values())))
    ordered = tuple(sorted(rows))
    sums = (
        np.array([fsum(column[rows[sequence]]) for sequence in ordered], dtype=np.float64)
        for column in numbers.values()
    )
    return Paths(ordered, *sums)


def _refuse_impossible(numbers: dict[str, np.ndarray], count: int) -> None:
    for argument, column in numbers.items():
        if len(column) != count:
            raise StatisticsError(f"{argument} must have one number per sequence")
        if not np.isfinite(column).all():
            raise StatisticsError(f"{argument} must be finite")
        if argument != "values" and (column < 0).any():
            raise StatisticsError(f"{argument} must not be negative")


def shares_of(weights: np.ndarray) -> np.ndarray:
    """Return weights ≥ 0 as shares that add up to 1; equal ones where every weight is 0."""
    total = fsum(weights)
    if total > 0:
        return weights / total
    return np.full(len(weights), 1 / max(len(weights), 1))
