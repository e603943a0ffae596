"""What a customer's purchases are worth on average, where each has only been seen a few times.

The gamma-gamma model of Fader and Hardie (2013, "The gamma-gamma model of monetary value",
https://www.brucehardie.com/notes/025/): the values of one customer's purchases scatter around a
mean of its own, and the means differ between customers. A mean of few purchases is drawn towards
that of all. The model takes value and frequency for independent; ``check_independence`` says
whether they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln, ndtri

from analytics.arguments import column_of
from analytics.errors import StatisticsError
from analytics.intervals import Interval

# Where the slope is below, the maximum is reached; the search itself may call it abnormal there.
_FLAT = 1e-5
_FROM_AN_EDGE = 1e-6  # a fit nearer to a bound, on the scale of its logarithm, ran into it
BOUNDS = (1e-3, 1e4)
SMALLEST_SAMPLE = 4


@dataclass(frozen=True)
class ValueFit:
    """The fitted model; ``v`` has the unit of the values.

    Unless ``is_settled`` the values do not tell a parameter: it ended at a bound.
    """

    p: float
    q: float
    v: float
    log_likelihood: float
    is_settled: bool

    @property
    def mean_value(self) -> float | None:
        """The mean over all customers; None where ``q`` ≤ 1, whose mean is not finite."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else None

    def expected_value(self, frequency: Iterable[float], mean_value: Iterable[float]) -> np.ndarray:
        """Return the value that each customer's next purchase is expected to have.

        Of a customer never seen to buy (frequency 0, its mean is ignored) it is that of all
        customers; NaN where that is not finite.

        Raises:
            StatisticsError: a number is negative or not finite, or the lengths differ.
        """
        x = column_of("frequency", frequency)
        mean = column_of("mean_value", mean_value, length=len(x))
        below = self.p * x + self.q - 1
        expected = np.full(len(x), np.nan)
        return np.divide(self.p * (self.v + x * mean), below, out=expected, where=below > 0)


def fit_values(frequency: Iterable[float], mean_value: Iterable[float]) -> ValueFit:
    """Fit the model by maximum likelihood to the mean value of ``frequency`` purchases each.

    Raises:
        StatisticsError: there is no customer, a frequency or a mean value is not above 0, a
            frequency not whole, or the lengths differ.
    """
    x = column_of("frequency", frequency, above=0, is_whole=True)
    mean = column_of("mean_value", mean_value, length=len(x), above=0)
    if not len(x):
        raise StatisticsError("frequency must hold a customer")
    distinct, counts = np.unique(np.stack([x, mean], axis=1), axis=0, return_counts=True)
    x, mean = distinct.T
    unit = float(counts @ mean / counts.sum())  # so that the bounds fit any currency
    shares = counts / counts.sum()

    def loss(logarithms: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(logarithms)
        values, gradients = _log_likelihoods(parameters, x, mean / unit)
        return -float(shares @ values), -(gradients @ shares) * parameters

    edges = np.log(BOUNDS)
    found = minimize(
        loss,
        np.log([2.0, 2.0, 1.0]),
        jac=True,
        method="L-BFGS-B",
        bounds=[tuple(edges)] * 3,
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 2_000},
    )
    p, q, v = np.exp(found.x).tolist()
    is_settled = bool(
        np.abs(found.jac).max() < _FLAT and (np.abs(found.x[:, None] - edges) > _FROM_AN_EDGE).all()
    )
    total, _ = _log_likelihoods(np.array([p, q, v * unit]), x, mean)
    return ValueFit(p, q, v * unit, float(counts @ total), is_settled)


def _log_likelihoods(
    parameters: np.ndarray, x: np.ndarray, mean: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return each customer's log-likelihood (equation 1a) and its gradient by the parameters."""
    p, q, v = parameters
    shape, scale = p * x + q, v + x * mean
    values = gammaln(shape) - gammaln(p * x) - gammaln(q)
    values += q * np.log(v) + (p * x - 1) * np.log(mean) + p * x * np.log(x) - shape * np.log(scale)
    gradients = np.stack(
        [
            x * (digamma(shape) - digamma(p * x) + np.log(mean) + np.log(x) - np.log(scale)),
            digamma(shape) - digamma(q) + np.log(v) - np.log(scale),
            q / v - shape / scale,
        ]
    )
    return values, gradients


@dataclass(frozen=True)
class Independence:
    """How frequency and mean value go together over ``customers``; -1 to 1, 0 is not at all.

    ``is_plausible`` where the interval holds 0. In many customers also a small correlation
    shows; what matters then is its size.
    """

    customers: int
    correlation: float
    interval: Interval

    @property
    def is_plausible(self) -> bool:
        """Whether the numbers are such as independence would give."""
        return self.interval.low <= 0 <= self.interval.high


def check_independence(
    frequency: Iterable[float], mean_value: Iterable[float], confidence: float = 0.95
) -> Independence | None:
    """Correlate frequency with mean value, by Pearson's coefficient and its robust interval.

    Not by ranks: the mean of a few skewed values lies mostly below that of many, which ranks
    would take for dependence. The error of the coefficient comes from its influence function,
    on Fisher's scale, since means of few purchases scatter more than those of many. None with
    fewer than 4 customers or where either number is the same for all.

    Raises:
        StatisticsError: as of ``fit_values``, or the confidence is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise StatisticsError(f"confidence must be between 0 and 1, not {confidence}")
    x = column_of("frequency", frequency, above=0, is_whole=True)
    mean = column_of("mean_value", mean_value, length=len(x), above=0)
    if len(x) < SMALLEST_SAMPLE or np.ptp(x) == 0 or np.ptp(mean) == 0:
        return None
    rows = np.lexsort((mean, x))  # so that sums do not depend on the order
    one, other = ((side - side.mean()) / side.std() for side in (x[rows], mean[rows]))
    correlation = float(np.clip(np.mean(one * other), -1, 1))
    if abs(correlation) > 1 - 1e-12:
        return Independence(len(x), correlation, Interval(correlation, correlation))
    influence = one * other - correlation / 2 * (one**2 + other**2)
    error = np.sqrt(np.mean(influence**2) / len(x)) / (1 - correlation**2)
    reach = float(ndtri((1 + confidence) / 2)) * error
    centre = np.arctanh(correlation)
    ends = np.tanh([centre - reach, centre + reach]).tolist()
    return Independence(len(x), correlation, Interval(*ends))
