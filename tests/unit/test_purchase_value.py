"""The gamma-gamma model and its assumption: published figures, recovery, degenerate input."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import spearmanr

from analytics.errors import StatisticsError
from analytics.purchase_value import ValueFit, check_independence, fit_values

PUBLISHED = ValueFit(6.25, 3.74, 15.44, 0, is_settled=True)  # Fader and Hardie's note 025


def simulated(count: int, truth: tuple[float, float, float], seed: int) -> tuple:
    p, q, v = truth
    random = np.random.default_rng(seed)
    frequency = random.geometric(0.3, count)
    rate = random.gamma(q, 1 / v, count)
    return frequency, random.gamma(p * frequency, 1 / (rate * frequency))


def test_the_published_customers_are_worth_what_is_published() -> None:
    # the note's first repeat buyers in dollars; its parameters are rounded, hence the cents
    found = PUBLISHED.expected_value([2, 1, 7, 2], [22.35, 11.77, 73.74, 25.55])
    assert found == pytest.approx([24.65, 18.91, 71.46, 27.28], abs=0.02)
    assert PUBLISHED.mean_value == pytest.approx(35.17, abs=0.06)


def test_a_mean_of_few_is_drawn_to_that_of_all() -> None:
    of_all = PUBLISHED.mean_value
    none, one, many = PUBLISHED.expected_value([0, 1, 1_000], [0, 100, 100])
    assert none == pytest.approx(of_all)
    assert of_all < one < many < 100
    assert many == pytest.approx(100, rel=0.001)


def test_simulated_values_give_their_parameters_back() -> None:
    truth = (4.0, 3.0, 20.0)
    frequency, mean = simulated(20_000, truth, seed=2)
    fit = fit_values(frequency, mean)
    assert fit.is_settled
    assert (fit.p, fit.q, fit.v) == pytest.approx(truth, rel=0.1)
    assert fit.mean_value == pytest.approx(40, rel=0.02)

    def log_likelihood(p: float, q: float, v: float) -> float:
        # the density of the mean in two steps: gamma given the rate, and the rate integrated out
        shape = p * frequency
        return np.sum(
            gammaln(shape + q) - gammaln(shape) - gammaln(q) - np.log(mean)
            + q * np.log(v / (v + frequency * mean))
            + shape * np.log(frequency * mean / (v + frequency * mean))
        )  # fmt: skip

    assert fit.log_likelihood == pytest.approx(log_likelihood(fit.p, fit.q, fit.v))
    for name in ("p", "q", "v"):
        for factor in (0.99, 1.01):
            moved = {"p": fit.p, "q": fit.q, "v": fit.v, name: getattr(fit, name) * factor}
            assert log_likelihood(**moved) < fit.log_likelihood


def test_the_currency_changes_only_the_scale() -> None:
    frequency, mean = simulated(3_000, (4.0, 3.0, 20.0), seed=3)
    euros, cents = fit_values(frequency, mean), fit_values(frequency, mean * 100)
    assert (euros.p, euros.q) == pytest.approx((cents.p, cents.q), rel=1e-3)
    assert euros.mean_value * 100 == pytest.approx(cents.mean_value, rel=1e-3)


def test_the_order_of_the_customers_changes_nothing() -> None:
    frequency, mean = simulated(1_000, (4.0, 3.0, 20.0), seed=3)
    order = np.random.default_rng(0).permutation(1_000)
    assert fit_values(frequency, mean) == fit_values(frequency[order], mean[order])
    assert check_independence(frequency, mean) == check_independence(frequency[order], mean[order])


def test_a_mean_that_is_not_finite_is_not_a_number() -> None:
    fit = ValueFit(2, 0.5, 10, 0, is_settled=True)
    assert fit.mean_value is None
    found = fit.expected_value([0, 1], [0, 10])
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(2 * 20 / 1.5)


def test_equal_values_settle_nothing() -> None:
    fit = fit_values([2, 3, 5], [10, 10, 10])
    assert not fit.is_settled
    assert fit.expected_value([2], [10]) == pytest.approx([10], rel=0.01)


def test_independent_values_pass_where_ranks_would_not() -> None:
    frequency, mean = simulated(20_000, (6.25, 3.74, 15.44), seed=3)
    found = check_independence(frequency, mean)
    assert found.customers == 20_000
    assert found.is_plausible
    assert spearmanr(frequency, mean).pvalue < 1e-3


def test_the_interval_holds_no_correlation_about_as_often_as_it_says() -> None:
    seeds = range(200)
    passed = [check_independence(*simulated(800, (6, 6, 30), seed)).is_plausible for seed in seeds]
    assert 0.9 <= np.mean(passed) <= 0.99


def test_values_that_rise_with_frequency_are_found() -> None:
    frequency, mean = simulated(2_000, (6.25, 3.74, 15.44), seed=3)
    found = check_independence(frequency, mean + 10 * frequency)
    assert found.interval.low > 0.4
    assert not found.is_plausible
    assert found.correlation == pytest.approx(np.corrcoef(frequency, mean + 10 * frequency)[0, 1])


def test_of_what_is_jointly_normal_the_interval_is_fishers() -> None:
    one, other = np.random.default_rng(4).normal(size=(2, 50_000))
    frequency, mean = np.round(500 + 50 * one), 500 + 50 * (0.8 * one + 0.6 * other)
    found = check_independence(frequency, mean)
    reach = 1.959964 / np.sqrt(50_000)
    assert np.arctanh(found.interval) == pytest.approx(
        np.arctanh(found.correlation) + np.array([-reach, reach]), abs=reach * 0.03
    )


@pytest.mark.parametrize(
    ("frequency", "mean"),
    [([1, 2, 3], [5, 6, 7]), ([2, 2, 2, 2], [1, 2, 3, 4]), ([1, 2, 3, 4], [5, 5, 5, 5]), ([], [])],
    ids=["too few", "one frequency", "one value", "nobody"],
)
def test_without_any_spread_nothing_correlates(frequency: list, mean: list) -> None:
    assert check_independence(frequency, mean) is None


def test_a_perfect_line_has_no_error() -> None:
    found = check_independence([1, 2, 3, 4], [10, 20, 30, 40])
    assert (found.correlation, *found.interval) == pytest.approx((1, 1, 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_values([], []), "frequency must hold a customer"),
        (lambda: fit_values([0], [1]), "frequency must be above 0"),
        (lambda: fit_values([1], [0]), "mean_value must be above 0"),
        (lambda: fit_values([1, 2], [1]), "mean_value must have 2 numbers, not 1"),
        (lambda: check_independence([1], [1], 1), "confidence must be between 0 and 1, not 1"),
        (lambda: PUBLISHED.expected_value([-1], [1]), "frequency must not be negative"),
    ],
)
def test_impossible_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(StatisticsError, match=f"^{message}$"):
        call()
