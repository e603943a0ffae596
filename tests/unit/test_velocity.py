"""The velocity's interval: worked bounds, a plain bootstrap beside it, degenerate input."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from analytics.errors import StatisticsError
from analytics.velocity import velocity_interval


def test_wins_that_are_all_alike_leave_only_the_win_rate_uncertain() -> None:
    # 10 opportunities, 5 a day each: 50 a day * the share won, 90 of 100 and not 75
    low, high = velocity_interval(10, 10, [200.0] * 90, [40] * 90)
    assert low < 45 < high
    assert (low, high) == pytest.approx((50 * 0.84, 50 * 0.96), abs=1)


def test_it_equals_a_plain_bootstrap_of_what_has_closed() -> None:
    random = np.random.default_rng(5)
    amounts, days = random.lognormal(8, 1, 40).round(2), random.integers(5, 300, 40)
    closed = np.array([*zip(amounts, days, strict=True), *[(0, -1)] * 25])
    drawn = closed[random.integers(65, size=(4_000, 65))]
    expected = [
        90 * sample[:, 0].mean() / np.median(sample[sample[:, 1] > 0, 1]) for sample in drawn
    ]
    found = velocity_interval(90, 25, amounts, days)
    assert found == pytest.approx(np.quantile(expected, [0.025, 0.975]), rel=0.08)


def test_the_order_of_the_wins_changes_nothing_and_the_pipeline_scales() -> None:
    amounts, days = [10.0, 20.0, 70.0, 30.0], [5, 8, 9, 30]
    low, high = velocity_interval(8, 3, amounts, days)
    assert velocity_interval(8, 3, amounts[::-1], days[::-1]) == (low, high)
    assert velocity_interval(16, 3, amounts, days) == pytest.approx((2 * low, 2 * high))


def test_draws_without_a_win_bring_nothing() -> None:
    low, high = velocity_interval(4, 3, [80.0], [10])
    # one of 4 won: a third of the draws have none; the highest of 95 % have three
    assert (low, high) == (0, pytest.approx(4 * 0.75 * 80 / 10))


@pytest.mark.parametrize(
    ("amounts", "days"),
    [([], []), ([5.0], [None]), ([5.0], [0]), ([5.0, 5.0], [3, -3]), ([5.0, 5.0], [3, None])],
    ids=["no wins", "no cycle", "no days", "negative days drawn", "only an unknown cycle drawn"],
)
def test_without_a_cycle_there_is_no_interval(amounts: list, days: list) -> None:
    assert velocity_interval(5, 1, amounts, days) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: velocity_interval(-1, 0, [1], [1]), "counts must not be negative"),
        (lambda: velocity_interval(1, 0.5, [1], [1]), "counts must be whole"),
        (lambda: velocity_interval(1, 0, [1], []), "days_to_win must have 1 numbers, not 0"),
        (lambda: velocity_interval(1, 0, [math.nan], [1]), "won_amounts must be finite"),
        (lambda: velocity_interval(1, 0, [1], [math.inf]), "days_to_win must be finite"),
    ],
)
def test_impossible_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(StatisticsError, match=f"^{message}$"):
        call()
