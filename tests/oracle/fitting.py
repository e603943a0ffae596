"""What a channel is worth in journeys that converted and that did not, from the definitions.

A second coding of the Markov chain of order 1 and of the Shapley value, both floored at 0.
"""

from collections import Counter, defaultdict
from itertools import pairwise
from math import factorial

import numpy as np

# Journeys by their channels in order: how many converted, and how many did not.
Journeys = dict[tuple[str, ...], list[int]]

START, WON, LOST = object(), object(), object()


def removal_effects(journeys: Journeys) -> dict[str, float]:
    """Return the share of conversions that the chain loses without each channel."""
    steps: dict[object, Counter] = defaultdict(Counter)
    for path, (converted, unconverted) in journeys.items():
        states = [START, *path]
        for state, following in pairwise(states):
            steps[state][following] += converted + unconverted
        steps[states[-1]][WON] += converted
        steps[states[-1]][LOST] += unconverted
    whole = _reaches(steps, None)
    return {
        channel: max(1 - _reaches(steps, channel) / whole, 0.0) if whole else 0.0
        for channel in _channels(journeys)
    }


def _reaches(steps: dict[object, Counter], removed: str | None) -> float:
    """Return how probably the chain converts; who would come to ``removed`` is lost."""
    states = [state for state in steps if state != removed]
    place = {state: at for at, state in enumerate(states)}
    moves, wins = np.eye(len(states)), np.zeros(len(states))
    for state, following in steps.items():
        if state == removed:
            continue
        leaving = sum(following.values())
        wins[place[state]] = following[WON] / leaving
        for other, count in following.items():
            if other in place:
                moves[place[state], place[other]] -= count / leaving
    return float(np.linalg.solve(moves, wins)[place[START]])


def shapley_values(journeys: Journeys) -> dict[str, float]:
    """Return each channel's average gain in conversion rate over all orders of joining.

    A coalition has the journeys that touched nothing beside it; one without any is worth 0.
    """
    channels = _channels(journeys)
    size = len(channels)
    converted, all_of = np.zeros((2, 2**size))
    for path, (won, lost) in journeys.items():
        coalition = sum(1 << channels.index(channel) for channel in set(path))
        converted[coalition] += won
        all_of[coalition] += won + lost
    members = np.arange(2**size)
    for at in range(size):
        having = members[members >> at & 1 == 1]
        for counts in (converted, all_of):
            counts[having] += counts[having ^ 1 << at]
    rate = np.divide(converted, all_of, out=np.zeros_like(all_of), where=all_of > 0)
    sizes = np.bitwise_count(members).astype(int)
    shares = np.array([factorial(n) * factorial(size - n - 1) for n in range(size)], dtype=float)
    shares /= factorial(size)
    found = {}
    for at, channel in enumerate(channels):
        without = members[members >> at & 1 == 0]
        gains = rate[without | 1 << at] - rate[without]
        found[channel] = max(float((shares[sizes[without]] * gains).sum()), 0.0)
    return found


def _channels(journeys: Journeys) -> list[str]:
    return sorted({channel for path in journeys for channel in path})
