"""A ratio's change at constant mix: worked cases, the identity, groups that came or went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import StatisticsError
from analytics.standardisation import compare_at_base_mix


def test_a_cost_that_fell_only_by_mix_rose_at_the_base_mix() -> None:
    # search 10 → 20 a conversion, email 2.5 in both; email grew from 40 to 160 conversions
    change = compare_at_base_mix(([100, 100], [10, 40]), ([100, 400], [5, 160]))
    assert change.base == pytest.approx(200 / 50)
    assert change.now == pytest.approx(500 / 165)
    assert change.now_at_base_mix == pytest.approx((10 * 20 + 40 * 2.5) / 50)
    assert change.own_change == pytest.approx(2)
    assert change.mix_change == pytest.approx(500 / 165 - 6)
    assert change.coverage == 1


def test_the_same_mix_leaves_only_the_groups_own_change() -> None:
    change = compare_at_base_mix(([5, 10], [10, 40]), ([20, 15], [20, 80]))
    assert change.own_change == pytest.approx(0.35 - 0.3)
    assert change.mix_change == pytest.approx(0)


def test_groups_that_came_or_went_are_not_compared_but_told() -> None:
    change = compare_at_base_mix(([10, 30, 0], [10, 10, 0]), ([20, 0, 40], [10, 0, 20]))
    assert (change.base, change.now, change.mix_change) == pytest.approx((1, 2, 0))
    assert change.coverage == pytest.approx(30 / 100)  # of the cost; of conversions 20 / 50


def test_what_cost_without_converting_lowers_the_coverage() -> None:
    change = compare_at_base_mix(([10, 0], [10, 0]), ([10, 60], [10, 0]))
    assert (change.base, change.now) == (1, 1)
    assert change.coverage == pytest.approx(20 / 80)


@pytest.mark.parametrize("side", [([], []), ([5], [0])], ids=["no group", "no denominator"])
def test_without_a_common_group_there_is_nothing_to_compare(side: tuple) -> None:
    change = compare_at_base_mix(side, side)
    assert (change.base, change.now, change.own_change, change.coverage) == (None, None, None, 0)


numbers = st.integers(0, 50)


@given(rows=st.lists(st.tuples(*[numbers] * 4), min_size=1, max_size=8), data=st.data())
def test_own_and_mix_add_up_in_whatever_order(rows: list, data: st.DataObject) -> None:
    def compare(some: list) -> object:
        first, second, third, fourth = zip(*some, strict=True)
        return compare_at_base_mix((first, second), (third, fourth))

    change = compare(rows)
    assert change == compare(data.draw(st.permutations(rows)))
    assert 0 <= change.coverage <= 1
    if change.base is not None:
        assert change.own_change + change.mix_change == pytest.approx(
            change.now - change.base, abs=1e-9
        )


def test_impossible_groups_are_refused() -> None:
    with pytest.raises(StatisticsError, match=r"^now numerators must have 1 numbers, not 2$"):
        compare_at_base_mix(([1], [1]), ([1, 2], [1]))
    with pytest.raises(StatisticsError, match=r"^base denominators must not be negative$"):
        compare_at_base_mix(([1], [-1]), ([1], [1]))
