"""What a group of customers is expected to bring: from its parts, unsettled, and from the books."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.customer_lifetimes import Tenure, expected_purchases, expected_tenure
from analytics.errors import StatisticsError
from analytics.lifetime_value import Horizon, residual_values
from analytics.purchase_value import fit_values
from analytics.renewals import fit_renewals
from analytics.repeat_purchases import fit_purchases, purchases_of
from simulator.company import DAY
from simulator.period import Period
from simulator.renewals import CHURN_ALPHA, CHURN_BETA, draw_customers, draw_invoices
from simulator.streams import Streams


def test_counts_of_customers_are_the_cohorts_of_the_model() -> None:
    # of 100 customers 40 left at the 1st renewal and 10 at the 2nd; of 80 younger ones 30 at the
    # 1st; 5 have not come to a renewal
    found = expected_tenure(
        [0, 1, 2, 1, 0, 0], [True, True, False, False, True, False], [40, 10, 50, 50, 30, 5], 5, 0.1
    )
    fit = fit_renewals([[100, 60, 50], [80, 50]])
    assert (found.alpha, found.beta) == pytest.approx((fit.alpha, fit.beta), rel=1e-4)
    # 1 + 1.1⁻¹ · survival of a year + … up to 1.1⁻⁴
    payments = fit.survival(range(5)) @ 1.1 ** -np.arange(5.0)
    assert found.discounted_tenure == pytest.approx(payments, rel=1e-4)
    assert found.is_settled


@pytest.mark.parametrize(
    ("renewals_made", "has_left", "customers"),
    [
        ([0], [False], [9]),
        ([0], [True], [9]),
        ([0, 1], [True, False], [3, 6]),
        ([2], [False], [9]),
    ],
    ids=["no renewal due", "all left at once", "no second renewal", "nobody left"],
)
def test_renewals_that_settle_nothing_project_nothing(
    renewals_made: list, has_left: list, customers: list
) -> None:
    found = expected_tenure(renewals_made, has_left, customers, 5, 0.1)
    assert found == Tenure(is_settled=False)


def test_flags_that_are_too_few_are_refused() -> None:
    with pytest.raises(StatisticsError, match="has_left must have 2 flags, not 1"):
        expected_tenure([1, 2], [True], [1, 1], 5, 0.1)


def histories(count: int, seed: int) -> tuple[np.ndarray, ...]:
    """Customers who buy monthly on average, differ, and stop now and then; margins independent."""
    random = np.random.default_rng(seed)
    rows = []
    for rate, stops in zip(random.gamma(2, 0.06, count), random.beta(1, 4, count), strict=True):
        age, time, bought = random.uniform(20, 60), 0.0, []
        while (time := time + random.exponential(1 / rate)) < age:
            bought.append(time)
            if random.random() < stops:
                break
        mean = random.gamma(5, 20)
        paid = random.gamma(3, mean / 3, len(bought)).mean() if bought else None
        rows.append((len(bought), bought[-1] if bought else 0, age, paid))
    return tuple(zip(*rows, strict=True))


def test_what_is_still_bought_is_the_sum_over_the_customers() -> None:
    frequency, recency, age, mean = histories(800, seed=2)
    horizon = Horizon(52.0, 2, 0.1)
    found = expected_purchases(frequency, recency, age, mean, horizon)
    again = np.array(frequency) > 0
    known = np.array([value or 0.0 for value in mean])
    customers = purchases_of(frequency, recency, age)
    values = fit_values(np.array(frequency)[again], known[again])
    each = residual_values(fit_purchases(customers), values, customers, known, horizon)
    assert found.is_settled
    assert found.residual_value == pytest.approx(each.sum())
    assert found.independence.customers == again.sum()


@pytest.mark.parametrize(
    ("frequency", "recency", "mean"),
    [
        ([0] * 5, [0] * 5, [None] * 5),
        ([1, 1, 1, 0, 0], [3, 4, 5, 0, 0], [9, 8, 7, None, None]),
        ([1, 1, 1, 2, 0], [3, 4, 5, 6, 0], [9, 8, -7, 6, None]),
        ([1, 1, 1, 2, 0], [3, 4, 5, 6, 0], [9, 8, None, 6, None]),
        ([1, 1, 1, 1, 1], [3, 4, 5, 6, 7], [9, 9, 9, 9, 9]),
    ],
    ids=["nobody bought again", "too few did", "a loss", "an unknown margin", "all alike"],
)
def test_purchases_that_settle_nothing_project_nothing(
    frequency: list, recency: list, mean: list
) -> None:
    found = expected_purchases(frequency, recency, [10] * 5, mean, Horizon(52.0, 5, 0.1))
    assert (found.is_settled, found.residual_value) == (False, None)


def test_means_that_are_too_few_are_refused() -> None:
    with pytest.raises(StatisticsError, match="mean_value must have 2 numbers, not 1"):
        expected_purchases([1, 1], [1, 1], [2, 2], [5], Horizon(52.0, 5, 0.1))


def test_the_books_of_a_large_company_give_its_churn_back() -> None:
    period = Period(date(2020, 10, 1), date(2026, 9, 30))
    accounts = pd.DataFrame({"account": range(4000), "currency": "EUR"})
    sold = accounts.assign(
        is_won=True, amount=1000.0, opportunity=range(4000),
        # first sales all through the six years
        closes_at=period.start + np.arange(4000) % 2190 * DAY,
    )  # fmt: skip
    nothing = pd.DataFrame({"opportunity": [], "is_full": np.array([], dtype=bool)})
    drawn = draw_customers(Streams(7), accounts, sold, nothing)
    billed = draw_invoices(Streams(7), period, drawn, sold)
    kinds = billed.groupby("account")["kind"]
    counted = pd.DataFrame(
        {
            "renewals_made": kinds.agg(lambda kind: (kind == "renewal").sum()),
            "has_left": kinds.agg(lambda kind: (kind == "churn").any()),
        }
    ).value_counts()
    made, left = zip(*counted.index, strict=True)
    found = expected_tenure(made, left, counted.to_numpy(), 5, 0.1)
    assert found.is_settled
    true_churn = CHURN_ALPHA / (CHURN_ALPHA + CHURN_BETA)
    assert found.alpha / (found.alpha + found.beta) == pytest.approx(true_churn, abs=0.015)
    assert (found.alpha, found.beta) == pytest.approx((CHURN_ALPHA, CHURN_BETA), rel=0.25)
