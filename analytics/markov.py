"""What a channel is worth: how many conversions a Markov chain loses without it.

The chain walks the channels of the journeys and ends in a conversion or without one. It is solved
in closed form, so that a rerun gives the same bits. Removal effects are correlational: they say
what the journeys were like, not what would happen if the channel were switched off.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csc_array
from scipy.sparse.linalg import splu

from analytics.errors import StatisticsError
from analytics.paths import Paths, shares_of

ORDERS = (1, 2, 3)
CONVERSION, NON_CONVERSION = "conversion", "non_conversion"

State = tuple[str, ...]
START: State = ()


class Transition(NamedTuple):
    """Journeys that went from one state to the next.

    A state is the last channels of a journey, oldest first, as many as the order remembers and
    fewer near the start, which is the empty state. ``ends_as`` is CONVERSION or NON_CONVERSION
    where the journey ends, with an empty ``to_state``, and else None. ``transitions`` counts
    them; ``probability`` is their share of all that leave ``from_state``.
    """

    order: int
    from_state: State
    to_state: State
    ends_as: str | None
    transitions: float
    probability: float


@dataclass(frozen=True)
class MarkovFit:
    """A fitted chain; the arrays have one number per channel, in the order of ``channels``.

    ``conversion_probability`` is the chain's own and equals converted ÷ all journeys.
    ``removal_effects`` lie from 0 to 1: the share of conversions lost without the channel.
    ``conversions`` and ``values`` are the totals times the share of the removal effects.
    """

    order: int
    channels: tuple[str, ...]
    conversion_probability: float
    removal_effects: np.ndarray
    shares: np.ndarray
    conversions: np.ndarray
    values: np.ndarray
    transitions: tuple[Transition, ...]


def fit_markov(paths: Paths, order: int = 1) -> MarkovFit:
    """Fit the chain that remembers the last ``order`` channels.

    A channel is removed by ending, without a conversion, every journey that enters a state whose
    last channel it is. Where nothing converts every effect is 0; shares are then equal.

    Raises:
        StatisticsError: the order is none of 1, 2 and 3.
    """
    if order not in ORDERS:
        raise StatisticsError(f"order must be 1, 2 or 3, not {order}")
    transitions = _count_transitions(paths, order)
    probability = _conversion_probability(transitions)
    kept = [_conversion_probability(_without(transitions, name)) for name in paths.channels]
    effects = np.zeros(len(kept))
    if probability > 0:
        effects = np.clip(1 - np.array(kept) / probability, 0, 1)
    shares = shares_of(effects)
    return MarkovFit(
        order,
        paths.channels,
        probability,
        effects,
        shares,
        shares * paths.total_conversions,
        shares * paths.total_value,
        transitions,
    )


def _count_transitions(paths: Paths, order: int) -> tuple[Transition, ...]:
    counts: dict[tuple[State, str, State], float] = defaultdict(float)
    outcomes = zip(paths.sequences, paths.conversions, paths.non_conversions, strict=True)
    for sequence, converted, not_converted in outcomes:
        state = START
        for channel in sequence:
            following = (*state, channel)[-order:]
            counts[state, "", following] += converted + not_converted
            state = following
        counts[state, CONVERSION, ()] += converted
        counts[state, NON_CONVERSION, ()] += not_converted
    seen = {step: float(count) for step, count in sorted(counts.items()) if count > 0}
    leaving: dict[State, float] = defaultdict(float)
    for (state, _, _), count in seen.items():
        leaving[state] += count
    return tuple(
        Transition(order, state, following, ends_as or None, count, count / leaving[state])
        for (state, ends_as, following), count in seen.items()
    )


def _without(transitions: tuple[Transition, ...], channel: str) -> tuple[Transition, ...]:
    """Let what enters the channel end without conversion; nothing then leaves it.

    States that remember the channel from before are entered through it only, so they go as well.
    """
    return tuple(
        step._replace(to_state=(), ends_as=NON_CONVERSION) if channel in step.to_state else step
        for step in transitions
        if channel not in step.from_state
    )


def _conversion_probability(transitions: tuple[Transition, ...]) -> float:
    """Solve the chain for the probability that the start ends in a conversion; 0 if empty.

    The equations are kept in counts: what leaves a state and comes back to it cancels exactly,
    and a state that is left never divides by 0. Each counted state belongs to a journey that
    ends, so the system is never singular.
    """
    index = {
        state: at for at, state in enumerate(sorted({step.from_state for step in transitions}))
    }
    if START not in index:
        return 0.0
    moves = [step for step in transitions if step.from_state != step.to_state or step.ends_as]
    rows = np.array([index[step.from_state] for step in moves])
    counts = np.array([step.transitions for step in moves])
    inner = np.array([step.ends_as is None for step in moves])
    columns = np.array([index[step.to_state] for step in moves if step.ends_as is None], dtype=int)
    converting = np.array([step.ends_as == CONVERSION for step in moves])
    size = len(index)
    leaving = np.bincount(rows, counts, size)
    flow = coo_array((counts[inner], (rows[inner], columns)), shape=(size, size))
    diagonal = coo_array((leaving, (np.arange(size), np.arange(size))), shape=(size, size))
    right_side = np.bincount(rows[converting], counts[converting], size)
    solved = splu(csc_array(diagonal - flow)).solve(right_side)
    return float(np.clip(solved[index[START]], 0, 1))
