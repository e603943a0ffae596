"""The shifted-beta-geometric model: published estimates, sums term by term, degenerate cohorts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaln

from analytics.errors import StatisticsError
from analytics.renewals import RenewalFit, fit_renewals

# of 1,000 customers, those left after each year: Fader and Hardie 2007, table 1
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
SEEN = 8  # the start and the 7 years that the paper fits


@pytest.mark.parametrize(
    ("cohort", "alpha", "beta", "log_likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.2), (REGULAR, 0.704, 1.182, -1680.3)],
    ids=["high end", "regular"],
)
def test_the_published_cohorts_give_their_published_estimates(
    cohort: list[int], alpha: float, beta: float, log_likelihood: float
) -> None:
    fit = fit_renewals([cohort[:SEEN]])
    assert (fit.alpha, fit.beta) == pytest.approx((alpha, beta), abs=5e-4)
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=0.05)
    assert fit.is_settled
    # years 8 to 12, which the fit has not seen, are met within 2 points
    left = np.array(cohort[SEEN:]) / 1000
    assert fit.survival(range(SEEN, len(cohort))) == pytest.approx(left, abs=0.02)


@pytest.mark.parametrize("cohort", [HIGH_END, REGULAR], ids=["high end", "regular"])
def test_one_average_churn_would_understate_who_stays(cohort: list[int]) -> None:
    seen = cohort[:SEEN]
    churn = (seen[0] - seen[-1]) / sum(seen[:-1])
    fit = fit_renewals([seen])
    assert (1 - churn) ** 12 < cohort[12] / 1000 - 0.05
    assert fit.discounted_tenure(0.1) > 1 / (1 - (1 - churn) / 1.1)


def test_no_other_parameters_explain_the_cohorts_better() -> None:
    cohorts = [HIGH_END[:5], REGULAR[:3], [50, 40]]
    fit = fit_renewals(cohorts)

    def log_likelihood(alpha: float, beta: float) -> float:
        def survival(age: int) -> float:
            return np.exp(betaln(alpha, beta + age) - betaln(alpha, beta))

        total = 0.0
        for cohort in cohorts:
            for age in range(1, len(cohort)):
                left = cohort[age - 1] - cohort[age]
                total += left * np.log(survival(age - 1) - survival(age))
            total += cohort[-1] * np.log(survival(len(cohort) - 1))
        return total

    assert fit.log_likelihood == pytest.approx(log_likelihood(fit.alpha, fit.beta))
    for a, b in [(0.99, 1), (1.01, 1), (1, 0.99), (1, 1.01)]:
        assert log_likelihood(fit.alpha * a, fit.beta * b) < fit.log_likelihood


def test_simulated_customers_give_their_parameters_back() -> None:
    random = np.random.default_rng(5)
    leaves_at = random.geometric(random.beta(1.5, 4.0, 40_000))
    cohorts = [
        [int(np.sum(some > age)) for age in range(ages)]
        for some, ages in zip(np.split(leaves_at, 4), (3, 5, 8, 12), strict=True)
    ]
    fit = fit_renewals(cohorts)
    assert (fit.alpha, fit.beta) == pytest.approx((1.5, 4.0), rel=0.08)


fits = st.builds(
    RenewalFit, st.floats(0.2, 20), st.floats(0.2, 50), st.just(0.0), st.just(value=True)
)


@given(fit=fits, rate=st.floats(0.02, 1), made=st.integers(0, 30))
def test_present_values_are_the_sums_of_their_payments(
    fit: RenewalFit, rate: float, made: int
) -> None:
    ages = np.arange(2_000)
    discounts = np.exp(-ages * np.log1p(rate))
    assert fit.discounted_tenure(rate) == pytest.approx(fit.survival(ages) @ discounts, rel=1e-6)
    later = fit.survival(made + 1 + ages) / fit.survival([made])
    found = fit.discounted_residual_tenure([made], rate)
    assert found[0] == pytest.approx(later @ discounts, rel=1e-6)


@given(fit=fits)
def test_retention_is_the_step_of_survival_and_rises_with_age(fit: RenewalFit) -> None:
    survival = fit.survival(range(11))
    retention = fit.retention(range(1, 11))
    assert retention == pytest.approx(survival[1:] / survival[:-1])
    assert (np.diff(retention) > 0).all()


def test_a_horizon_counts_so_many_payments() -> None:
    fit = RenewalFit(1, 1, 0, is_settled=True)  # survival 1, 1/2, 1/3, …
    assert fit.discounted_tenure(0, horizon=3) == pytest.approx(11 / 6)
    assert fit.discounted_tenure(1, horizon=3) == pytest.approx(1 + 1 / 4 + 1 / 12)
    assert fit.discounted_tenure(0.1, horizon=400) == pytest.approx(fit.discounted_tenure(0.1))


@pytest.mark.parametrize(
    ("cohorts", "survival"),
    [
        ([[10, 10, 10]], 1),
        ([[10, 0, 0]], 0),
        ([[10, 7]], 0.7),
        ([[8], [10, 7]], 0.7),
        ([[1, 1], [1, 1, 1, 0]], 0.75),
        ([[2, 0], [1, 1], [1, 1, 1, 0], [1, 1, 1, 1]], 2 / 3),
    ],
    ids=[
        "nobody left",
        "all left",
        "one renewal",
        "a cohort without a renewal",
        "a few who seem alike",
        "some who seem alike",
    ],
)
def test_counts_that_settle_nothing_say_so(cohorts: list, survival: float) -> None:
    fit = fit_renewals(cohorts)
    assert not fit.is_settled
    assert fit.survival([1])[0] == pytest.approx(survival, abs=1e-4)


@pytest.mark.parametrize(
    ("cohorts", "message"),
    [
        ([], "cohorts must hold a customer who has come to a renewal"),
        ([[10], [5]], "cohorts must hold a customer who has come to a renewal"),
        ([[0, 0]], "cohorts must hold a customer who has come to a renewal"),
        ([[10, 11]], "cohorts must not grow"),
        ([[10, 9.5]], "cohorts must be whole"),
        ([[10, -1]], "cohorts must not be negative"),
    ],
)
def test_impossible_cohorts_are_refused(cohorts: list, message: str) -> None:
    with pytest.raises(StatisticsError, match=f"^{message}$"):
        fit_renewals(cohorts)


def test_impossible_discounts_are_refused() -> None:
    fit = RenewalFit(1, 1, 0, is_settled=True)
    with pytest.raises(StatisticsError, match=r"^discount_rate must be above 0 without a horizon$"):
        fit.discounted_tenure(0)
    with pytest.raises(StatisticsError, match=r"^discount_rate must not be negative, not -0\.1$"):
        fit.discounted_residual_tenure([0], -0.1)
    with pytest.raises(StatisticsError, match=r"^horizon must be at least 1, not 0$"):
        fit.discounted_tenure(0.1, horizon=0)
