"""Influence by chance: worked cases, a simulation, degenerate input."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.chance import chance_of_touch, influence_by_chance
from analytics.errors import StatisticsError


def test_chances_of_a_touch_worked_by_hand() -> None:
    found = chance_of_touch([0, 1, 2, 3, 1], [30, 30, 30, 400, 0], [300, 300, 300, 365, 365])
    assert found.tolist() == pytest.approx([0, 0.1, 1 - 0.9**2, 1, 0])


def test_persons_join_to_their_opportunity() -> None:
    found = influence_by_chance([0, 0, 2, 2], [0.5, 0.5, 1, 0.2], 4)
    assert found.chances.tolist() == pytest.approx([0.75, 0, 1, 0])
    assert found.share == pytest.approx(1.75 / 4)
    # only the first is uncertain: its variance is 3/16
    assert found.standard_deviation == pytest.approx(np.sqrt(3 / 16) / 4)


def test_without_opportunities_there_is_no_share() -> None:
    found = influence_by_chance([], [], 0)
    assert (found.share, found.standard_deviation, len(found.chances)) == (None, None, 0)
    assert influence_by_chance([], [], 3).share == 0


def test_touches_spread_by_chance_influence_as_many_as_expected() -> None:
    random = np.random.default_rng(3)
    touches, windows = random.integers(0, 9, 60), random.integers(5, 90, 60)
    opportunity = np.repeat(np.arange(20), 3)  # 3 persons each
    expected = influence_by_chance(
        opportunity, chance_of_touch(touches, windows, np.full(60, 365)), 20
    )
    shares = []
    for _ in range(2_000):
        days = random.uniform(0, 365, (60, 9))
        is_touched = ((days < windows[:, None]) & (np.arange(9) < touches[:, None])).any(axis=1)
        shares.append(np.bincount(opportunity, is_touched, 20).astype(bool).mean())
    assert np.mean(shares) == pytest.approx(expected.share, abs=0.01)
    assert np.std(shares) == pytest.approx(expected.standard_deviation, rel=0.1)


rows = st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1)), max_size=20)


@given(some=rows, data=st.data())
def test_more_persons_never_lower_the_chance_and_order_changes_nothing(
    some: list, data: st.DataObject
) -> None:
    def chances(those: list) -> np.ndarray:
        return influence_by_chance([row[0] for row in those], [row[1] for row in those], 5).chances

    found = chances(some)
    assert found.tobytes() == chances(data.draw(st.permutations(some))).tobytes()
    assert ((found >= 0) & (found <= 1)).all()
    assert (chances([*some, (2, 0.3)]) >= found - 1e-15).all()
    assert (chances(some[:-1]) <= found + 1e-15).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chance_of_touch([1], [1], [0]), "observed_days must be above 0"),
        (lambda: chance_of_touch([-1], [1], [1]), "touches must not be negative"),
        (lambda: chance_of_touch([1, 1], [1], [1]), "touches must have 1 numbers, not 2"),
        (lambda: influence_by_chance([0], [1.5], 1), "chances must not be above 1"),
        (lambda: influence_by_chance([1], [0.5], 1), "opportunities must be below 1"),
        (lambda: influence_by_chance([0.5], [0.5], 1), "opportunities must be whole"),
    ],
)
def test_impossible_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(StatisticsError, match=f"^{message}$"):
        call()
