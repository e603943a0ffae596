"""Purchases to come times their value: worked from the parts, degenerate horizons."""

import pytest

from analytics.errors import StatisticsError
from analytics.lifetime_value import Horizon, residual_values
from analytics.purchase_value import ValueFit
from analytics.repeat_purchases import PurchaseFit, purchases_of

PURCHASES = PurchaseFit(0.2426, 4.4135, 0.7929, 2.4258, 0, is_settled=True)
VALUES = ValueFit(6.25, 3.74, 15.44, 0, is_settled=True)
CUSTOMERS = purchases_of([2, 0], [30.43, 0], [38.86, 38.86])


def test_without_a_discount_it_is_purchases_times_value() -> None:
    found = residual_values(PURCHASES, VALUES, CUSTOMERS, [22.35, 0], Horizon(13, 3))
    bought = PURCHASES.expected_purchases(CUSTOMERS, 39)
    assert found == pytest.approx(bought * VALUES.expected_value([2, 0], [22.35, 0]))
    assert found[0] == pytest.approx(1.226 * 24.65, rel=0.001)


def test_each_period_is_discounted_to_its_end() -> None:
    found = residual_values(PURCHASES, VALUES, CUSTOMERS, [22.35, 0], Horizon(10, 2, 0.25))
    early, both = (PURCHASES.expected_purchases(CUSTOMERS, weeks) for weeks in (10, 20))
    bought = early / 1.25 + (both - early) / 1.25**2
    assert found == pytest.approx(bought * VALUES.expected_value([2, 0], [22.35, 0]))


def test_impossible_horizons_are_refused() -> None:
    with pytest.raises(StatisticsError, match=r"^horizon must hold a period, not 0 of 1$"):
        Horizon(1, 0)
    with pytest.raises(StatisticsError, match=r"^horizon must hold a period, not 3 of 0$"):
        Horizon(0, 3)
    with pytest.raises(StatisticsError, match=r"^discount_rate must not be negative, not -1$"):
        Horizon(1, 3, -1)
    with pytest.raises(StatisticsError, match=r"^mean_value must have 2 numbers, not 1$"):
        residual_values(PURCHASES, VALUES, CUSTOMERS, [1], Horizon(1, 1))
