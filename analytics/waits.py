"""How long persons wait for the next stage, from counts of whole days and outcomes."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from analytics.survival import cumulative_incidence, fit_survival

REACHED, LOST = "reached", "lost"


class WaitPoint(NamedTuple):
    """One point of a curve: what happened to those who had waited for ``days``.

    ``at_risk`` persons had waited so long, of whom ``reached`` got to the next stage and ``lost``
    ended otherwise. ``share_waiting`` is the share (0 to 1) that waits longer, with its bounds of
    95 %, None where it is 0; ``share_reached`` the share that has reached the next stage by then.
    """

    days: int
    at_risk: int
    reached: int
    lost: int
    share_waiting: float
    share_waiting_low: float | None
    share_waiting_high: float | None
    share_reached: float


def wait_curve(
    days: Iterable[int], outcomes: Iterable[str | None], persons: Iterable[int]
) -> Iterator[WaitPoint]:
    """Yield a point for each number of days after which somebody's wait ended, ascending.

    A row is ``persons`` that had waited for ``days`` whole days, begun ones counted, and then
    ended in the outcome ``reached`` or ``lost``, or are still waiting (None). Who is still
    waiting counts up to the present age; a loss rules out to reach the next stage, so that the
    share reached is that of Aalen and Johansen, and without losses that of Kaplan and Meier.

    Raises:
        StatisticsError: a number of days is negative, or the columns differ in length.
    """
    counts = np.array(list(persons), int)
    waited = np.repeat(np.array(list(days), float), counts)
    ended_as = np.repeat(np.array(list(outcomes), object), counts).tolist()
    curve = fit_survival(waited, [outcome is not None for outcome in ended_as])
    incidence = cumulative_incidence(waited, ended_as)
    happened = {name: _times(waited, ended_as, name, curve.times) for name in (REACHED, LOST)}
    nowhere = np.zeros(len(curve.times))
    shares = incidence.share.get(REACHED, nowhere)
    for place, time in enumerate(curve.times):
        bounds = curve.survival_interval_at(time) or (None, None)
        yield WaitPoint(
            int(time),
            int(curve.at_risk[place]),
            int(happened[REACHED][place]),
            int(happened[LOST][place]),
            float(curve.survival[place]),
            *bounds,
            float(shares[place]),
        )


def _times(
    waited: np.ndarray, ended_as: list[str | None], outcome: str, times: np.ndarray
) -> np.ndarray:
    """Count, for each of ``times``, the waits that ended then in ``outcome``."""
    own = np.sort(waited[[name == outcome for name in ended_as]])
    return np.searchsorted(own, times, "right") - np.searchsorted(own, times)
