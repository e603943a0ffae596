"""How long it takes until something happens, where for some it has not happened yet.

What is still open has lasted at least so long: it is censored, which is neither an event at its
present age nor a reason to leave it out. Durations may have any unit; results have the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log

import numpy as np
from scipy.special import ndtri

from analytics.arguments import column_of
from analytics.errors import StatisticsError
from analytics.intervals import Interval

ROUNDING = 1e-12  # a survival of exactly one half is reached, however its product was rounded


@dataclass(frozen=True)
class SurvivalCurve:
    """The Kaplan-Meier curve; the arrays have one number per distinct time of an event, ascending.

    ``at_risk`` counts what lasted up to the time (what is censored at that very time included),
    ``events`` what happened at it, ``survival`` the share that lasts longer, from 1 down to 0.
    ``standard_errors`` are Greenwood's, NaN where the survival has reached 0. Beyond
    ``observed_until`` (the longest duration, open or not) nothing is known.
    """

    times: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    survival: np.ndarray
    standard_errors: np.ndarray
    observed_until: float

    @property
    def median(self) -> float | None:
        """The time by which it happened to half; None where half has not been reached."""
        return self.time_reached_by(0.5)

    @property
    def p90(self) -> float | None:
        """The time by which it happened to nine of ten; None where that has not been reached."""
        return self.time_reached_by(0.9)

    def time_reached_by(self, share: float) -> float | None:
        """Return the first time by which it happened to ``share`` of all, None if not reached.

        Raises:
            StatisticsError: the share is not between 0 and 1.
        """
        if not 0 < share < 1:
            raise StatisticsError(f"share must be between 0 and 1, not {share}")
        reached = self.survival <= 1 - share + ROUNDING
        return float(self.times[np.argmax(reached)]) if reached.any() else None

    def survival_at(self, time: float) -> float | None:
        """Return the share that lasts longer than ``time``; None beyond what was observed."""
        if time > self.observed_until and not self._is_over:
            return None
        before = int(np.searchsorted(self.times, time, side="right"))
        return float(self.survival[before - 1]) if before else 1.0

    def survival_interval_at(self, time: float, confidence: float = 0.95) -> Interval | None:
        """Bound the true survival at ``time``, by Greenwood's error of its log-log; within 0 and 1.

        Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, 1.4.
        None where the survival is unknown, still 1, or 0: Greenwood's error has no size there.

        Raises:
            StatisticsError: the confidence is not between 0 and 1.
        """
        if not 0 < confidence < 1:
            raise StatisticsError(f"confidence must be between 0 and 1, not {confidence}")
        survival = self.survival_at(time)
        if survival is None or not 0 < survival < 1:
            return None
        at = int(np.searchsorted(self.times, time, side="right")) - 1
        relative_error = float(self.standard_errors[at]) / survival
        factor = exp(float(ndtri((1 + confidence) / 2)) * relative_error / -log(survival))
        return Interval(survival**factor, survival ** (1 / factor))

    @property
    def _is_over(self) -> bool:
        return bool(len(self.survival)) and self.survival[-1] == 0


def fit_survival(durations: Iterable[float], is_event: Iterable[bool]) -> SurvivalCurve:
    """Estimate the curve by Kaplan and Meier (1958, https://doi.org/10.2307/2281868).

    ``is_event`` says whether the duration ended in the event or was still open. What ended in
    another way (an opportunity lost while one waits for the win) is not censored: see
    ``cumulative_incidence``. Without any duration the curve is empty and nothing is known.

    Raises:
        StatisticsError: a duration is negative or not finite, or the lengths differ.
    """
    lasted = column_of("durations", durations)
    happened = column_of("is_event", is_event, length=len(lasted)) > 0
    times, events = np.unique(lasted[happened], return_counts=True)
    at_risk = len(lasted) - np.searchsorted(np.sort(lasted), times, side="left")
    survival = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = survival * np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
    until = float(lasted.max()) if len(lasted) else -np.inf
    return SurvivalCurve(times, at_risk, events, survival, errors, until)


@dataclass(frozen=True)
class Incidence:
    """How often each outcome has come about by each time; rows as ``times``, ascending.

    ``share`` has one array per outcome: the share of all that ended so by the time. The shares
    of all outcomes and what is still open add up to 1.
    """

    times: np.ndarray
    open_share: np.ndarray
    share: dict[str, np.ndarray]


def cumulative_incidence(durations: Iterable[float], outcomes: Iterable[str | None]) -> Incidence:
    """Estimate, by Aalen and Johansen (1978), the share that ended in each outcome by each time.

    ``outcomes`` names how the duration ended, None where it is still open. One outcome rules
    out the others, so that taking a loss for censored would promise too many wins.

    Raises:
        StatisticsError: a duration is negative or not finite, or the lengths differ.
    """
    lasted = column_of("durations", durations)
    ended_as = list(outcomes)
    curve = fit_survival(lasted, [outcome is not None for outcome in ended_as])
    open_before = np.concatenate([[1.0], curve.survival[:-1]])[: len(curve.times)]
    share = {}
    for outcome in sorted({name for name in ended_as if name is not None}):
        own = np.sort(lasted[[name == outcome for name in ended_as]])
        ended = np.searchsorted(own, curve.times, "right") - np.searchsorted(own, curve.times)
        share[outcome] = np.cumsum(open_before * ended / curve.at_risk)
    return Incidence(curve.times, curve.survival, share)
