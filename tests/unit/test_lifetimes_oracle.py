"""Drawn customers: how long they stay and what they buy again, against a second coding.

Parameters are searched for, so they and what follows from them agree to 1e-5 of themselves.
"""

import numpy as np
import pytest

from analytics.customer_lifetimes import expected_purchases, expected_tenure
from analytics.lifetime_value import Horizon
from tests.oracle.lifetimes import Stay, discounted_tenure, fit_renewals
from tests.oracle.repeat_purchases import History, correlate, expected_value_to_come


def drawn_stays(seed: int) -> list[Stay]:
    """Customers of up to six years, each with a chance of its own to leave at a renewal."""
    random = np.random.default_rng(seed)
    found = []
    for chance, due in zip(random.beta(0.8, 3.2, 60), random.integers(0, 6, 60), strict=True):
        leaves = random.random(due) < chance
        has_left = bool(leaves.any())
        found.append(Stay(int(leaves.argmax()) if has_left else int(due), has_left))
    return found


def drawn_histories(seed: int) -> list[History]:
    """Customers who buy at a rate of their own until they stop, for a value of their own."""
    random = np.random.default_rng(seed)
    found = []
    for rate, stops in zip(random.gamma(1.5, 0.05, 150), random.beta(1, 3, 150), strict=True):
        age, at, bought = random.uniform(30, 150), 0.0, []
        while (at := at + random.exponential(1 / rate)) < age:
            bought.append(at)
            if random.random() < stops:
                break
        worth = random.gamma(6, 500)
        mean = random.gamma(4 * len(bought), worth / 4 / len(bought)) if bought else None
        found.append(History(len(bought), bought[-1] if bought else 0.0, age, mean))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_customers_stay_as_long_by_both_codings(seed: int) -> None:
    stays = drawn_stays(seed)
    found = expected_tenure(*zip(*stays, strict=True), [1] * len(stays), 5, 0.1)
    alpha, beta = fit_renewals(stays)
    assert (found.alpha, found.beta) == pytest.approx((alpha, beta), rel=1e-5)
    expected = discounted_tenure(alpha, beta, 5, 0.1)
    assert found.discounted_tenure == pytest.approx(expected, rel=1e-5)


def test_customers_who_seem_alike_settle_nothing_by_either_coding() -> None:
    stays = drawn_stays(3)
    assert max(stay.renewals for stay in stays if stay.has_left) > 1
    found = expected_tenure(*zip(*stays, strict=True), [1] * len(stays), 5, 0.1)
    assert (found.is_settled, fit_renewals(stays)) == (False, None)


@pytest.mark.parametrize("seed", [1, 2])
def test_customers_buy_again_as_much_by_both_codings(seed: int) -> None:
    histories, year = drawn_histories(seed), 365.25 / 7
    found = expected_purchases(*zip(*histories, strict=True), Horizon(year, 5, 0.1))
    expected = expected_value_to_come(histories, 5, year, 0.1)
    assert found.residual_value == pytest.approx(expected, rel=1e-5)
    together = found.independence
    assert (together.correlation, *together.interval) == pytest.approx(
        correlate(histories), rel=1e-9
    )
