"""How far attributed shares are from the true ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from analytics.errors import StatisticsError
from analytics.grading import grade


def test_shares_are_compared_channel_by_channel() -> None:
    result = grade(["search", "email", "social"], [2, 1, 1], [50, 40, 10])
    assert result.channels == ("email", "search", "social")
    assert result.true_shares == pytest.approx([0.25, 0.5, 0.25])
    assert result.attributed_shares == pytest.approx([0.4, 0.5, 0.1])
    assert result.bias == pytest.approx([0.15, 0, -0.15])
    assert result.mean_absolute_error == pytest.approx(0.1)
    assert result.worst_error == pytest.approx(0.15)
    assert result.worst_channel == "email"
    assert result.rank_correlation == pytest.approx(spearmanr([2, 1, 1], [50, 40, 10]).statistic)


numbers = st.integers(0, 5)
divisions = st.integers(2, 8).flatmap(
    lambda size: st.tuples(*[st.lists(numbers, min_size=size, max_size=size)] * 2)
)


@given(sides=divisions)
def test_the_rank_correlation_is_spearmans(sides: tuple[list[int], list[int]]) -> None:
    found = grade([f"c{at}" for at in range(len(sides[0]))], *sides).rank_correlation
    if any(len(set(side)) == 1 for side in sides):
        assert found is None
    else:
        assert found == pytest.approx(spearmanr(*sides).statistic, abs=1e-12)


@given(sides=divisions, data=st.data())
def test_the_order_of_the_channels_changes_nothing(
    sides: tuple[list[int], list[int]], data: st.DataObject
) -> None:
    rows = [(f"c{at}", *shares) for at, shares in enumerate(zip(*sides, strict=True))]
    one, other = (
        grade(*zip(*given, strict=True)) for given in (rows, data.draw(st.permutations(rows)))
    )
    assert one.bias.tolist() == other.bias.tolist()
    assert (one.worst_channel, one.mean_absolute_error) == (
        other.worst_channel,
        other.mean_absolute_error,
    )


@pytest.mark.parametrize(
    ("channels", "true", "attributed", "expected"),
    [
        ([], [], [], (None, None, None, None)),
        (["a"], [3], [7], (0, 0, "a", None)),
        (["a", "b"], [1, 1], [1, 1], (0, 0, "a", None)),
        (["a", "b"], [3, 1], [0, 0], (0.5, 0.75, "a", None)),
        (["a", "b"], [0, 0], [0, 0], (0, 0, "a", None)),
        (["a", "b"], [1, 3], [3, 1], (0.5, 0.5, "a", -1)),
    ],
    ids=[
        "no channel", "one channel", "equal shares", "nothing attributed", "nothing at all",
        "the wrong way round",
    ],
)  # fmt: skip
def test_degenerate_comparisons_have_defined_results(
    channels: list[str], true: list, attributed: list, expected: tuple
) -> None:
    result = grade(channels, true, attributed)
    assert expected == (
        result.mean_absolute_error,
        result.worst_error,
        result.worst_channel,
        None if result.rank_correlation is None else pytest.approx(result.rank_correlation),
    )
    assert np.isfinite(result.bias).all()


@pytest.mark.parametrize(
    ("channels", "true", "attributed", "message"),
    [
        (["a", "a"], [1, 1], [1, 1], "channels must be distinct"),
        (["a", "b"], [1], [1, 1], "true_shares must have one number per channel"),
        (["a"], [1], [-1], "attributed_shares must be finite and not negative"),
        (["a"], [float("nan")], [1], "true_shares must be finite and not negative"),
    ],
)
def test_impossible_shares_are_refused(
    channels: list[str], true: list, attributed: list, message: str
) -> None:
    with pytest.raises(StatisticsError, match=f"^{message}$"):
        grade(channels, true, attributed)
