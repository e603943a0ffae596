"""The BG/NBD model: published figures, an integral over customers, recovery, degenerate input."""

import csv
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gamma as gamma_function
from scipy.special import roots_genlaguerre, roots_jacobi

from analytics.errors import StatisticsError
from analytics.repeat_purchases import (
    PurchaseFit,
    Purchases,
    fit_purchases,
    log_likelihood,
    purchases_of,
)

CDNOW = Path(__file__).parents[3] / "shared" / "data" / "cdnow"
PUBLISHED = PurchaseFit(0.2426, 4.4135, 0.7929, 2.4258, -9582.4, is_settled=True)  # table 2


def simulated(count: int, truth: tuple[float, float, float, float], seed: int) -> Purchases:
    r, alpha, a, b = truth
    random = np.random.default_rng(seed)
    rate, leaving = random.gamma(r, 1 / alpha, count), random.beta(a, b, count)
    age = random.uniform(27, 39, count).round(2)
    frequency, recency, now = np.zeros((3, count))
    is_alive = np.ones(count, dtype=bool)
    while is_alive.any():
        now += random.exponential(size=count) / np.maximum(rate, 1e-300)
        buys = is_alive & (now <= age)
        frequency[buys] += 1
        recency[buys] = now[buys]
        is_alive = buys & (random.random(count) > leaving)
    return purchases_of(frequency, recency, age)


def test_the_first_published_customer_buys_as_published() -> None:
    # customer 0001 of the paper's spreadsheet, in weeks: 1.226 purchases in the next 39
    customer = purchases_of([2], [30.43], [38.86])
    assert PUBLISHED.expected_purchases(customer, 39) == pytest.approx([1.226], abs=5e-4)


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW customers are not here")
def test_the_published_sample_gives_its_published_estimates() -> None:
    with next(CDNOW.glob("*.csv")).open() as lines:
        rows = [
            (float(row["x"]), float(row["t_x"]), float(row["T"])) for row in csv.DictReader(lines)
        ]
    fit = fit_purchases(purchases_of(*zip(*rows, strict=True)))
    published = (PUBLISHED.r, PUBLISHED.alpha, PUBLISHED.a, PUBLISHED.b)
    assert (fit.r, fit.alpha, fit.a, fit.b) == pytest.approx(published, abs=5e-4)
    assert fit.log_likelihood == pytest.approx(PUBLISHED.log_likelihood, abs=0.05)


def test_the_likelihood_of_a_few_customers_worked_by_hand() -> None:
    # r, alpha, a, b = 1, 2, 1, 1. Nobody's repeat: alpha / (alpha + T) = 2/4. One repeat at 1 of 2:
    # Γ(2) · 2 · (B(1, 2) / B(1, 1) / 4² + B(2, 1) / B(1, 1) / 3²) = 1/16 + 1/9 = 25/144
    fit = PurchaseFit(1, 2, 1, 1, 0, is_settled=True)
    assert log_likelihood(fit, purchases_of([0], [0], [2])) == pytest.approx(np.log(1 / 2))
    assert log_likelihood(fit, purchases_of([1], [1], [2])) == pytest.approx(np.log(25 / 144))
    both = purchases_of([0, 1], [0, 1], [2, 2])
    assert log_likelihood(fit, both) == pytest.approx(np.log(25 / 288))
    # alive with the odds 1/16 to 1/9
    assert fit.chance_alive(both) == pytest.approx([1, 9 / 25])


def integrated(fit: PurchaseFit, x: int, last: float, age: float, later: float) -> tuple:
    """The likelihood and expected purchases, by summing over customers' rates and chances."""
    nodes, weights = roots_genlaguerre(120, fit.r - 1)
    rate, rate_weight = nodes / fit.alpha, weights / gamma_function(fit.r)
    with np.errstate(invalid="ignore"):  # scipy divides by a + b - 1 before it looks
        points, point_weights = roots_jacobi(120, fit.b - 1, fit.a - 1)
    leaving = (points + 1) / 2
    leaving_weight = point_weights / point_weights.sum()
    rate, leaving = rate[:, None], leaving[None, :]
    weight = rate_weight[:, None] * leaving_weight[None, :]
    alive = (1 - leaving) ** x * rate**x * np.exp(-rate * age)
    gone = leaving * (1 - leaving) ** (x - 1) * rate**x * np.exp(-rate * last) if x else 0
    buys = -np.expm1(-rate * leaving * later) / leaving
    likelihood = np.sum(weight * (alive + gone))
    return likelihood, np.sum(weight * alive * buys) / likelihood


@pytest.mark.parametrize("fit", [
    PurchaseFit(0.8, 4.0, 0.7, 2.4, 0, is_settled=True),
    PurchaseFit(2.0, 10.0, 1.0, 3.0, 0, is_settled=True),
    PurchaseFit(1.5, 6.0, 0.4, 0.6, 0, is_settled=True),
    PurchaseFit(1.2, 5.0, 2.5, 1.5, 0, is_settled=True),
], ids=["usual", "a is 1", "a + b is 1", "a above 1"])  # fmt: skip
@pytest.mark.parametrize(("x", "last", "age"), [(0, 0, 5), (1, 2, 6), (3, 7, 8), (6, 9, 10)])
def test_formulas_are_integrals_over_all_customers(
    fit: PurchaseFit, x: int, last: float, age: float
) -> None:
    customer = purchases_of([x], [last], [age])
    likelihood, expected = integrated(fit, x, last, age, later=4)
    assert np.exp(log_likelihood(fit, customer)) == pytest.approx(likelihood, rel=1e-5)
    assert fit.expected_purchases(customer, 4)[0] == pytest.approx(expected, rel=1e-5)


def test_a_new_customer_is_one_without_any_history() -> None:
    fit = PurchaseFit(0.8, 4.0, 0.7, 2.4, 0, is_settled=True)
    _, expected = integrated(fit, 0, 0, 1e-9, later=10)
    assert fit.expected_purchases_of_new(10) == pytest.approx(expected, rel=1e-6)
    assert fit.expected_purchases_of_new(0) == 0


def test_simulated_customers_give_their_parameters_back() -> None:
    truth = (0.6, 5.0, 1.2, 3.0)
    customers = simulated(20_000, truth, seed=4)
    fit = fit_purchases(customers)
    assert fit.is_settled
    assert (fit.r, fit.alpha, fit.a, fit.b) == pytest.approx(truth, rel=0.12)
    assert fit.log_likelihood > log_likelihood(PurchaseFit(*truth, 0, is_settled=True), customers)
    for name in ("r", "alpha", "a", "b"):
        for factor in (0.98, 1.02):
            moved = PurchaseFit(**{**vars(fit), name: getattr(fit, name) * factor})
            assert log_likelihood(moved, customers) < fit.log_likelihood


def test_simulated_customers_buy_on_as_often_as_expected() -> None:
    truth = (0.6, 5.0, 0.8, 2.5)
    whole = simulated(40_000, truth, seed=8)
    fit = PurchaseFit(*truth, 0, is_settled=True)
    assert fit.expected_purchases_of_new(33) == pytest.approx(whole.frequency.mean(), rel=0.03)


def test_who_bought_often_and_long_ago_is_gone_and_no_number_overflows() -> None:
    customers = purchases_of([900, 900, 0], [30, 364, 0], [365, 365, 365])
    assert PUBLISHED.chance_alive(customers) == pytest.approx([0, 0.9900, 1], abs=1e-4)
    expected = PUBLISHED.expected_purchases(customers, 365)
    assert np.isfinite(expected).all()
    assert expected[0] == pytest.approx(0, abs=1e-9)
    assert 300 < expected[1] < 900
    assert np.isfinite(log_likelihood(PUBLISHED, customers))


def test_the_unit_of_time_changes_only_alpha() -> None:
    weeks = simulated(3_000, (0.6, 5.0, 1.2, 3.0), seed=6)
    days = purchases_of(weeks.frequency, weeks.recency * 7, weeks.age * 7)
    one, other = fit_purchases(weeks), fit_purchases(days)
    assert (one.r, one.a, one.b) == pytest.approx((other.r, other.a, other.b), rel=1e-3)
    assert one.alpha * 7 == pytest.approx(other.alpha, rel=1e-3)
    assert one.expected_purchases(weeks, 10) == pytest.approx(
        other.expected_purchases(days, 70), rel=1e-3
    )


def test_the_order_of_the_customers_changes_nothing() -> None:
    customers = simulated(2_000, (0.6, 5.0, 1.2, 3.0), seed=6)
    order = np.random.default_rng(0).permutation(2_000)
    shuffled = Purchases(*(column[order] for column in customers))
    assert fit_purchases(customers) == fit_purchases(shuffled)


def test_fifty_thousand_customers_are_fitted_in_seconds() -> None:
    customers = simulated(50_000, (0.25, 4.4, 0.8, 2.4), seed=1)
    started = time.process_time()
    assert fit_purchases(customers).is_settled
    assert time.process_time() - started < 20


def test_customers_who_never_leave_settle_nothing() -> None:
    ages = np.full(500, 50.0)
    frequency = np.random.default_rng(1).poisson(40, 500)
    fit = fit_purchases(purchases_of(frequency, ages - 0.01, ages))
    assert not fit.is_settled
    assert fit.expected_purchases_of_new(50) == pytest.approx(40, rel=0.05)


@pytest.mark.parametrize(
    ("frequency", "recency", "age", "message"),
    [
        ([1], [3], [2], "recency must not be above age"),
        ([1], [0], [2], "recency must be above 0 with a repeat purchase and 0 without"),
        ([0], [1], [2], "recency must be above 0 with a repeat purchase and 0 without"),
        ([0], [0], [0], "age must be above 0"),
        ([0.5], [1], [2], "frequency must be whole"),
        ([-1], [1], [2], "frequency must not be negative"),
        ([1, 1], [1], [2], "frequency must have 1 numbers, not 2"),
        ([1], [float("nan")], [2], "recency must be finite"),
    ],
)
def test_impossible_histories_are_refused(
    frequency: list, recency: list, age: list, message: str
) -> None:
    with pytest.raises(StatisticsError, match=f"^{message}$"):
        purchases_of(frequency, recency, age)


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(StatisticsError, match=r"^customers must hold one who bought again$"):
        fit_purchases(purchases_of([0, 0], [0, 0], [1, 2]))
    with pytest.raises(StatisticsError, match=r"^time must be finite and not negative, not -1$"):
        PUBLISHED.expected_purchases_of_new(-1)
