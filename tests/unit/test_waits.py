"""Curves of waits, from counts: worked by hand, and the same as from single persons."""

import pytest

from analytics.errors import StatisticsError
from analytics.waits import wait_curve


def test_a_curve_with_losses_worked_by_hand() -> None:
    # ten persons: 2 arrived on day 5, 2 were lost on day 5, 3 arrived on day 8, 3 wait since day 8
    found = list(wait_curve([5, 5, 8, 8], ["reached", "lost", "reached", None], [2, 2, 3, 3]))
    assert [point[:4] for point in found] == [(5, 10, 2, 2), (8, 6, 3, 0)]
    assert [point.share_waiting for point in found] == pytest.approx([6 / 10, 6 / 10 * 3 / 6])
    assert [point.share_reached for point in found] == pytest.approx([2 / 10, 2 / 10 + 6 / 10 / 2])
    assert all(
        point.share_waiting_low < point.share_waiting < point.share_waiting_high for point in found
    )


def test_counts_say_what_single_persons_would() -> None:
    counted = wait_curve([3, 9, 9], ["reached", None, "lost"], [2, 1, 3])
    single = wait_curve([9, 3, 9, 9, 3, 9], ["lost", "reached", None, "lost", "reached", "lost"],
                        [1] * 6)  # fmt: skip
    assert list(counted) == list(single)


def test_where_all_have_left_the_share_has_no_bounds() -> None:
    [point] = wait_curve([4], ["reached"], [5])
    assert point == (4, 5, 5, 0, 0.0, None, None, 1.0)


def test_where_nothing_has_happened_there_is_no_point() -> None:
    assert list(wait_curve([4], [None], [5])) == []


def test_negative_days_are_refused() -> None:
    with pytest.raises(StatisticsError):
        list(wait_curve([-1], ["reached"], [1]))
