"""What a channel is worth: its average gain in conversion rate over all orders of joining.

A coalition of channels is worth the conversion rate of the journeys that touched no other
channel. The values are correlational: a rate among journeys is no experiment.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np

from analytics.errors import StatisticsError
from analytics.paths import Paths, shares_of

EXACT_CHANNELS = 12  # 4,096 coalitions
CHUNK = 256  # permutations held at once


@dataclass(frozen=True)
class ShapleyFit:
    """Shapley values; the arrays have one number per channel, in the order of ``channels``.

    ``raw_values`` add up to the conversion rate of all journeys (less that of journeys without
    any channel) and may be negative; ``worth`` is floored at 0. ``standard_errors`` belong to
    ``raw_values`` and are 0 where ``is_exact``. ``conversions`` and ``values`` are the totals
    times the share of ``worth``; shares are equal where every worth is 0.
    """

    channels: tuple[str, ...]
    is_exact: bool
    raw_values: np.ndarray
    standard_errors: np.ndarray
    worth: np.ndarray
    shares: np.ndarray
    conversions: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class _Game:
    """Distinct channel sets as rows of booleans, with their converting and all journeys."""

    members: np.ndarray
    conversions: np.ndarray
    journeys: np.ndarray


def fit_shapley(
    paths: Paths,
    *,
    permutations: int = 2_000,
    seed: int = 0,
    exact_channels: int = EXACT_CHANNELS,
) -> ShapleyFit:
    """Find each channel's Shapley value: exactly up to ``exact_channels``, else by sampling.

    Raises:
        StatisticsError: fewer than 2 permutations, which have no standard error.
    """
    if permutations < 2:  # noqa: PLR2004 - one has no spread
        raise StatisticsError(f"permutations must be at least 2, not {permutations}")
    channels = paths.channels
    game = _game_of(paths)
    is_exact = len(channels) <= exact_channels
    if is_exact:
        raw, errors = _exact(game), np.zeros(len(channels))
    else:
        raw, errors = _sampled(game, permutations, seed)
    worth = np.maximum(raw, 0)
    shares = shares_of(worth)
    return ShapleyFit(
        channels,
        is_exact,
        raw,
        errors,
        worth,
        shares,
        shares * paths.total_conversions,
        shares * paths.total_value,
    )


def _game_of(paths: Paths) -> _Game:
    at = {channel: index for index, channel in enumerate(paths.channels)}
    members = np.zeros((len(paths.sequences), len(at)), dtype=bool)
    for row, sequence in enumerate(paths.sequences):
        members[row, [at[channel] for channel in sequence]] = True
    sets, which = np.unique(members, axis=0, return_inverse=True)
    converted = np.bincount(which.ravel(), paths.conversions, len(sets))
    not_converted = np.bincount(which.ravel(), paths.non_conversions, len(sets))
    return _Game(sets, converted, converted + not_converted)


def _rate(conversions: np.ndarray, journeys: np.ndarray) -> np.ndarray:
    return np.divide(conversions, journeys, out=np.zeros(journeys.shape), where=journeys > 0)


def _exact(game: _Game) -> np.ndarray:
    """Weigh the gain of each channel in each coalition; coalitions are numbers read as bits."""
    count = game.members.shape[1]
    coalition = game.members @ (1 << np.arange(count))
    conversions = np.bincount(coalition, game.conversions, 1 << count)
    journeys = np.bincount(coalition, game.journeys, 1 << count)
    for channel in range(count):
        for totals in (conversions, journeys):
            halves = totals.reshape(-1, 2, 1 << channel)
            halves[:, 1] += halves[:, 0]  # with the channel: also what there is without it
    rates = _rate(conversions, journeys)
    sizes = np.bitwise_count(np.arange(1 << count))
    weights = np.array(
        [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]
    )
    raw = np.zeros(count)
    for channel in range(count):
        without, joined = rates.reshape(-1, 2, 1 << channel).transpose(1, 0, 2)
        joining = weights[sizes.reshape(-1, 2, 1 << channel)[:, 0]]
        raw[channel] = np.sum(joining * (joined - without))
    return raw


def _sampled(game: _Game, permutations: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Let the channels join in random orders; return mean gains and their standard errors."""
    count = game.members.shape[1]
    random = np.random.default_rng(seed)
    orders = random.permuted(np.tile(np.arange(count), (permutations, 1)), axis=1)
    gains = np.concatenate(
        [_gains(game, orders[start : start + CHUNK]) for start in range(0, permutations, CHUNK)]
    )
    return gains.mean(axis=0), gains.std(axis=0, ddof=1) / np.sqrt(permutations)


def _gains(game: _Game, orders: np.ndarray) -> np.ndarray:
    """Return the gain of each channel (column) in each order of joining (row)."""
    rows, count = orders.shape
    positions = np.argsort(orders, axis=1)
    # a set counts from the moment when the last of its channels has joined
    complete_at = np.zeros((rows, len(game.members)), dtype=np.int64)
    for channel in range(count):
        holding = np.flatnonzero(game.members[:, channel])
        complete_at[:, holding] = np.maximum(
            complete_at[:, holding], positions[:, channel, None] + 1
        )
    cells = (complete_at + np.arange(rows)[:, None] * (count + 1)).ravel()
    conversions, journeys = (
        np.bincount(cells, np.tile(numbers, rows), rows * (count + 1))
        .reshape(rows, count + 1)
        .cumsum(axis=1)
        for numbers in (game.conversions, game.journeys)
    )
    gains = np.diff(_rate(conversions, journeys), axis=1)
    return np.take_along_axis(gains, positions, axis=1)
