"""How often customers without a contract buy again, and whether they are still customers.

The BG/NBD model of Fader, Hardie and Lee (2005, "Counting your customers the easy way",
https://doi.org/10.1287/mksc.1040.0098): a customer buys at random times at a rate of its own,
and after each repeat purchase stops for good with a chance of its own. Rates are gamma-
distributed over customers (``r``, ``alpha``), chances beta-distributed (``a``, ``b``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1

from analytics.arguments import column_of
from analytics.errors import StatisticsError

# Where the slope is below, the maximum is reached; the search itself may call it abnormal there.
_FLAT = 1e-5
_FROM_AN_EDGE = 1e-6  # a fit nearer to a bound, on the scale of its logarithm, ran into it
BOUNDS = (1e-4, 1e4)
STEP = 1e-4  # how far from a removable singularity its neighbours are taken


class Purchases(NamedTuple):
    """What one purchase history per row comes to; times have one unit, counted from the first.

    ``frequency`` counts repeat purchases (all but the first), ``recency`` is the time of the
    last one (0 without any), and ``age`` the time until which the customer was observed.
    """

    frequency: np.ndarray
    recency: np.ndarray
    age: np.ndarray


@dataclass(frozen=True)
class PurchaseFit:
    """The fitted model; ``alpha`` has the unit of time, all arrays one number per customer.

    Unless ``is_settled`` the histories do not tell a parameter: it ended at a bound.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    is_settled: bool

    def chance_alive(self, customers: Purchases) -> np.ndarray:
        """Return the chance that each is still a customer at its age; 1 without a repeat."""
        x, last, age = customers
        log_odds = (
            np.log(self.a)
            - np.log(self.b + np.maximum(x, 1) - 1)
            + (self.r + x) * np.log((self.alpha + age) / (self.alpha + last))
        )
        return np.where(x > 0, expit(-log_odds), 1.0)

    def expected_purchases(self, customers: Purchases, time: float) -> np.ndarray:
        """Return how often each is expected to buy in the ``time`` after its age.

        Equation 10 of the paper, its hypergeometric function turned by Euler's identity into
        one that neither overflows nor cancels for customers who bought often.

        Raises:
            StatisticsError: the time is negative or not finite.
        """
        _refuse_time(time)
        x, _, age = customers
        return self.chance_alive(customers) * self._purchases_if_alive(x, age, time)

    def expected_purchases_of_new(self, time: float) -> float:
        """Return how often a new customer is expected to buy again within ``time``.

        Raises:
            StatisticsError: the time is negative or not finite.
        """
        _refuse_time(time)
        return float(self._purchases_if_alive(np.zeros(1), np.zeros(1), time)[0])

    def _purchases_if_alive(self, x: np.ndarray, age: np.ndarray, time: float) -> np.ndarray:
        """At a = 1 and at a + b = 1 the formula is 0 ÷ 0; there the mean of both sides is taken."""

        def at(a: float) -> np.ndarray:
            passed = time / (self.alpha + age + time)
            third = a + self.b + x - 1
            series = hyp2f1(a + self.b - 1 - self.r, a - 1, third, passed)
            return third / (a - 1) * (1 - (1 - passed) ** (a - 1) * series)

        if min(abs(self.a - 1), abs(self.a + self.b - 1)) < STEP / 2:
            return (at(self.a - STEP) + at(self.a + STEP)) / 2
        return at(self.a)


def purchases_of(
    frequency: Iterable[float], recency: Iterable[float], age: Iterable[float]
) -> Purchases:
    """Check the histories of customers.

    Raises:
        StatisticsError: a number is negative or not finite, a frequency not whole, an age 0, the
            lengths differ, a recency is above its age, or it is 0 with a repeat purchase or
            above 0 without one.
    """
    observed = column_of("age", age, above=0)
    x = column_of("frequency", frequency, length=len(observed), is_whole=True)
    last = column_of("recency", recency, length=len(observed))
    if (last > observed).any():
        raise StatisticsError("recency must not be above age")
    if ((x > 0) != (last > 0)).any():
        raise StatisticsError("recency must be above 0 with a repeat purchase and 0 without")
    return Purchases(x, last, observed)


def fit_purchases(customers: Purchases) -> PurchaseFit:
    """Fit the model by maximum likelihood; the order of the customers changes nothing.

    Raises:
        StatisticsError: no customer has bought again.
    """
    if not customers.frequency.any():
        raise StatisticsError("customers must hold one who bought again")
    distinct, counts = np.unique(np.stack(customers, axis=1), axis=0, return_counts=True)
    unit = float(counts @ distinct[:, 2] / counts.sum())  # so that the bounds fit any unit of time
    histories = Purchases(distinct[:, 0], distinct[:, 1] / unit, distinct[:, 2] / unit)
    shares = counts / counts.sum()

    def loss(logarithms: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(logarithms)
        values, gradients = _log_likelihoods(parameters, histories)
        return -float(shares @ values), -(gradients @ shares) * parameters

    edges = np.log(BOUNDS)
    found = minimize(
        loss,
        np.zeros(4),
        jac=True,
        method="L-BFGS-B",
        bounds=[tuple(edges)] * 4,
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 2_000},
    )
    r, alpha, a, b = np.exp(found.x).tolist()
    is_settled = bool(
        np.abs(found.jac).max() < _FLAT and (np.abs(found.x[:, None] - edges) > _FROM_AN_EDGE).all()
    )
    in_unit = PurchaseFit(r, alpha * unit, a, b, 0.0, is_settled)
    return PurchaseFit(
        r, alpha * unit, a, b, log_likelihood(in_unit, Purchases(*distinct.T), counts), is_settled
    )


def log_likelihood(
    fit: PurchaseFit, customers: Purchases, counts: np.ndarray | None = None
) -> float:
    """Return the log-likelihood of the histories, each counted ``counts`` times (once if None)."""
    values, _ = _log_likelihoods(np.array([fit.r, fit.alpha, fit.a, fit.b]), customers)
    return float(np.sum(values if counts is None else values * counts))


def _log_likelihoods(parameters: np.ndarray, customers: Purchases) -> tuple[np.ndarray, np.ndarray]:
    """Return each customer's log-likelihood (equation 6) and its gradient by the parameters.

    A customer either is still there or stopped right after its last purchase; ``stopped`` is
    the chance of the second, by which the gradient mixes both.
    """
    r, alpha, a, b = parameters
    x, last, age = customers
    has_repeat = x > 0
    repeats = np.maximum(x, 1)
    active = -(r + x) * np.log(alpha + age)
    left = np.log(a) - np.log(b + repeats - 1) - (r + x) * np.log(alpha + last)
    left = np.where(has_repeat, left, -np.inf)
    either = np.logaddexp(active, left)
    stopped = np.exp(left - either)
    values = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    values += betaln(a, b + x) - betaln(a, b) + either
    both = digamma(a + b) - digamma(a + b + x)
    mixed_log = (1 - stopped) * np.log(alpha + age) + stopped * np.log(alpha + last)
    mixed_inverse = (1 - stopped) / (alpha + age) + stopped / (alpha + last)
    gradients = np.stack(
        [
            digamma(r + x) - digamma(r) + np.log(alpha) - mixed_log,
            r / alpha - (r + x) * mixed_inverse,
            both + stopped / a,
            both + digamma(b + x) - digamma(b) - stopped / (b + repeats - 1),
        ]
    )
    return values, gradients


def _refuse_time(time: float) -> None:
    if not np.isfinite(time) or time < 0:
        raise StatisticsError(f"time must be finite and not negative, not {time}")
