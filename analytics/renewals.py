"""How long customers keep renewing a contract, and what a customer's future payments come to.

The shifted-beta-geometric model of Fader and Hardie (2007, "How to project customer retention",
https://doi.org/10.1002/dir.20074): at each renewal a customer leaves with a chance of its own,
and the chances differ between customers by a beta distribution. Retention therefore rises with
age, since those with high chances leave first; an average churn understates what stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, hyp2f1

from analytics.arguments import column_of
from analytics.errors import StatisticsError

_FROM_AN_EDGE = 1e-6  # a fit nearer to a bound, on the scale of its logarithm, ran into it
_ALIKE = 1e-3  # variance of the chances, as a share of the largest there can be, that tells nothing
BOUNDS = (1e-3, 1e4)


@dataclass(frozen=True)
class RenewalFit:
    """Chances to leave at a renewal, beta-distributed with parameters ``alpha`` and ``beta``.

    Periods are the contract's own (months or years). Unless ``is_settled`` the counts do not
    tell how far apart customers are: nobody left, all did at once, all seem alike, or none has
    come to a 2nd renewal. The survival within the periods seen holds even so; do not project it.
    """

    alpha: float
    beta: float
    log_likelihood: float
    is_settled: bool

    def survival(self, periods: Iterable[float]) -> np.ndarray:
        """Return the share of new customers still there after each number of renewals."""
        ages = column_of("periods", periods)
        return np.exp(betaln(self.alpha, self.beta + ages) - betaln(self.alpha, self.beta))

    def retention(self, periods: Iterable[float]) -> np.ndarray:
        """Return the share that renews at the 1st, 2nd, … renewal of those who come to it."""
        renewal = column_of("periods", periods, above=0)
        return (self.beta + renewal - 1) / (self.alpha + self.beta + renewal - 1)

    def discounted_tenure(self, discount_rate: float, horizon: int | None = None) -> float:
        """Return the present value of paying 1 per period from the start of the contract on.

        The first payment is certain and not discounted. ``discount_rate`` is per period, 0.1
        for 10 %. With a horizon, only so many payments count; compare with a cost over the
        same one.

        Raises:
            StatisticsError: the rate is not above 0 and no horizon is given, it is negative,
                or the horizon is less than 1.
        """
        if horizon is not None:
            _refuse_rate(discount_rate, is_zero_allowed=True)
            if horizon < 1:
                raise StatisticsError(f"horizon must be at least 1, not {horizon}")
            ages = np.arange(horizon)
            return float(np.sum(self.survival(ages) / (1 + discount_rate) ** ages))
        _refuse_rate(discount_rate)
        total = self.alpha + self.beta
        return float(hyp2f1(1, self.beta, total, 1 / (1 + discount_rate)))

    def discounted_residual_tenure(
        self, renewals_made: Iterable[float], discount_rate: float
    ) -> np.ndarray:
        """Return the present value of the payments of 1 per period that are still to come.

        Seen right before the next renewal, by a customer who has renewed ``renewals_made``
        times: Fader and Hardie (2010), "Customer-base valuation in a contractual setting"
        (https://doi.org/10.1287/mksc.1080.0482).

        Raises:
            StatisticsError: a number is negative or not finite, or the rate is not above 0.
        """
        made = column_of("renewals_made", renewals_made)
        _refuse_rate(discount_rate)
        total = self.alpha + self.beta + made
        later = hyp2f1(1, self.beta + made + 1, total + 1, 1 / (1 + discount_rate))
        return (self.beta + made) / total * later


def fit_renewals(cohorts: Iterable[Sequence[float]]) -> RenewalFit:
    """Fit the model by maximum likelihood to how many of each cohort were left.

    A cohort is the customers at its start, then those left after the 1st renewal, the 2nd, …,
    as far as it is old; cohorts may differ in age.

    Raises:
        StatisticsError: a count is negative, not whole or above the one before it, or no
            customer has come to a renewal.
    """
    left_at, stayed_until = _outcomes(cohorts)
    if not left_at.any() and not stayed_until.any():
        raise StatisticsError("cohorts must hold a customer who has come to a renewal")
    customers = left_at.sum() + stayed_until.sum()

    def loss(logarithms: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(logarithms)
        value, gradient = _log_likelihood(parameters, left_at, stayed_until)
        return -value / customers, -gradient * parameters / customers

    edges = np.log(BOUNDS)
    found = minimize(
        loss,
        np.zeros(2),
        jac=True,
        method="L-BFGS-B",
        bounds=[tuple(edges)] * 2,
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1_000},
    )
    alpha, beta = np.exp(found.x).tolist()
    is_inside = bool((np.abs(found.x[:, None] - edges) > _FROM_AN_EDGE).all())
    # where all seem alike the likelihood is so flat that the search may stop before the bound
    differ = 1 / (1 + alpha + beta) > _ALIKE
    has_second = bool(left_at[1:].any() or stayed_until[1:].any())
    is_settled = is_inside and differ and has_second
    return RenewalFit(alpha, beta, -float(found.fun * customers), is_settled)


def _outcomes(cohorts: Iterable[Sequence[float]]) -> tuple[np.ndarray, np.ndarray]:
    """Count customers who left at renewal 1, 2, …, and those last seen right after it."""
    counted = [column_of("cohorts", cohort, is_whole=True) for cohort in cohorts]
    longest = max(map(len, counted), default=0)
    left_at, stayed_until = np.zeros(longest), np.zeros(longest)
    for cohort in counted:
        if (np.diff(cohort) > 0).any():
            raise StatisticsError("cohorts must not grow")
        if len(cohort) > 1:
            left_at[1 : len(cohort)] -= np.diff(cohort)
            stayed_until[len(cohort) - 1] += cohort[-1]
    return left_at[1:], stayed_until[1:]


def _log_likelihood(
    parameters: np.ndarray, left_at: np.ndarray, stayed_until: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the log-likelihood and its gradient by alpha and beta."""
    alpha, beta = parameters
    renewal = np.arange(1, len(left_at) + 1)
    leaving = betaln(alpha + 1, beta + renewal - 1) - betaln(alpha, beta)
    staying = betaln(alpha, beta + renewal) - betaln(alpha, beta)
    base, after = digamma(alpha + beta), digamma(alpha + beta + renewal)
    by_alpha = left_at @ (digamma(alpha + 1) - digamma(alpha) + base - after)
    by_alpha += stayed_until @ (base - after)
    by_beta = left_at @ (digamma(beta + renewal - 1) - digamma(beta) + base - after)
    by_beta += stayed_until @ (digamma(beta + renewal) - digamma(beta) + base - after)
    return float(left_at @ leaving + stayed_until @ staying), np.array([by_alpha, by_beta])


def _refuse_rate(discount_rate: float, *, is_zero_allowed: bool = False) -> None:
    if not np.isfinite(discount_rate) or discount_rate < 0:
        raise StatisticsError(f"discount_rate must not be negative, not {discount_rate}")
    if discount_rate == 0 and not is_zero_allowed:
        raise StatisticsError("discount_rate must be above 0 without a horizon")
