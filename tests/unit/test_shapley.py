"""Shapley values of channels, against all orders of joining tried one by one."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import StatisticsError
from analytics.paths import Paths, count_paths
from analytics.shapley import ShapleyFit, fit_shapley

Row = tuple[tuple[str, ...], float, float, float]


def paths_of(rows: list[Row]) -> Paths:
    return count_paths(*zip(*rows, strict=True)) if rows else count_paths([], [], [], [])


def rate(rows: list[Row], coalition: set[str]) -> float:
    inside = [row for row in rows if set(row[0]) <= coalition]
    journeys = sum(converted + lost for _, converted, _, lost in inside)
    return sum(row[1] for row in inside) / journeys if journeys else 0


def brute_force(rows: list[Row]) -> list[float]:
    channels = sorted({channel for row in rows for channel in row[0]})
    gains = dict.fromkeys(channels, 0.0)
    orders = list(permutations(channels))
    for order in orders:
        for at, channel in enumerate(order):
            gains[channel] += rate(rows, set(order[: at + 1])) - rate(rows, set(order[:at]))
    return [gains[channel] / len(orders) for channel in channels]


def bits_of(fit: ShapleyFit) -> tuple:
    arrays = (fit.raw_values, fit.standard_errors, fit.worth, fit.conversions, fit.values)
    return (fit.channels, *(array.tobytes() for array in arrays))


sequences = st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=6).map(tuple)
counts = st.integers(0, 20)
path_rows = st.lists(st.tuples(sequences, counts, counts, counts), min_size=1, max_size=12)


@given(rows=path_rows)
def test_values_are_the_mean_gain_over_all_orders_of_joining(rows: list[Row]) -> None:
    assert fit_shapley(paths_of(rows)).raw_values == pytest.approx(brute_force(rows), abs=1e-12)


@given(rows=path_rows)
def test_values_before_the_floor_add_up_to_the_conversion_rate(rows: list[Row]) -> None:
    fit = fit_shapley(paths_of(rows))
    everything = rate(rows, set("ABCDE"))
    assert fit.raw_values.sum() == pytest.approx(everything, abs=1e-12)
    sampled = fit_shapley(paths_of(rows), permutations=7, exact_channels=0)
    assert sampled.raw_values.sum() == pytest.approx(everything, abs=1e-12)


@given(rows=path_rows)
def test_channels_that_do_the_same_are_worth_the_same(rows: list[Row]) -> None:
    # each journey a second time, with A and B swapped
    swapped = [
        (tuple({"A": "B", "B": "A"}.get(name, name) for name in row[0]), *row[1:]) for row in rows
    ]
    fit = fit_shapley(paths_of(rows + swapped))
    worth = dict(zip(fit.channels, fit.raw_values, strict=True))
    assert worth.get("A", 0) == pytest.approx(worth.get("B", 0), abs=1e-12)


@given(rows=path_rows)
def test_a_channel_that_changes_no_rate_is_worth_nothing(rows: list[Row]) -> None:
    fit = fit_shapley(paths_of([*rows, (("idle",), 0, 0, 0)]))
    assert fit.raw_values[fit.channels.index("idle")] == 0


@given(rows=path_rows, exact_channels=st.sampled_from([0, 12]), data=st.data())
def test_a_rerun_in_any_order_gives_the_same_bits(
    rows: list[Row], exact_channels: int, data: st.DataObject
) -> None:
    valued = [(row[0], *(number / 10 for number in row[1:])) for row in rows]
    one, other = (
        fit_shapley(paths_of(given), permutations=9, seed=3, exact_channels=exact_channels)
        for given in (valued, data.draw(st.permutations(valued)))
    )
    assert bits_of(one) == bits_of(other)


def many_sets(channel_count: int, set_count: int) -> Paths:
    random = np.random.default_rng(7)
    names = np.array([f"channel {at:02}" for at in range(channel_count)])
    members = random.random((set_count, channel_count)) < random.uniform(0.05, 0.6, channel_count)
    members[np.arange(channel_count), np.arange(channel_count)] = True
    members[np.arange(set_count), random.integers(0, channel_count, set_count)] = True
    converted = random.binomial(40, 0.01 + 0.8 * members[:, 0])
    return count_paths(
        [tuple(names[row]) for row in members], converted, converted * 10.0, 40 - converted
    )


def test_sampling_is_within_its_standard_errors_of_the_exact_values() -> None:
    paths = many_sets(8, 100)
    exact = fit_shapley(paths)
    sampled = fit_shapley(paths, permutations=4_000, seed=1, exact_channels=7)
    assert (exact.is_exact, sampled.is_exact) == (True, False)
    assert (exact.standard_errors == 0).all()
    assert (sampled.standard_errors > 0).all()
    off_by = np.abs(sampled.raw_values - exact.raw_values) / sampled.standard_errors
    assert off_by.max() < 4


def test_the_standard_error_is_how_far_seeds_scatter() -> None:
    paths = many_sets(6, 60)
    fits = [fit_shapley(paths, permutations=50, seed=seed, exact_channels=0) for seed in range(200)]
    scatter = np.std([fit.raw_values for fit in fits], axis=0, ddof=1)
    claimed = np.mean([fit.standard_errors for fit in fits], axis=0)
    assert scatter == pytest.approx(claimed, rel=0.25)


@pytest.mark.timeout(60)
def test_twelve_channels_are_exact_and_twenty_are_sampled() -> None:
    assert fit_shapley(many_sets(12, 500)).is_exact
    fit = fit_shapley(many_sets(20, 2_000), permutations=2_000)
    assert not fit.is_exact
    assert fit.channels[np.argmax(fit.worth)] == "channel 00"


def test_what_lowers_the_rate_is_floored_and_the_others_share_the_conversions() -> None:
    fit = fit_shapley(paths_of([(("A",), 9, 90, 1), (("A", "B"), 1, 10, 9)]))
    assert fit.raw_values == pytest.approx([0.7, -0.2])
    assert fit.worth == pytest.approx([0.7, 0])
    assert fit.conversions == pytest.approx([10, 0])
    assert fit.values == pytest.approx([100, 0])


@pytest.mark.parametrize("exact_channels", [0, 12])
@pytest.mark.parametrize(
    ("rows", "worth", "conversions"),
    [
        ([], [], []),
        ([(("A",), 0, 0, 5), (("B",), 0, 0, 5)], [0, 0], [0, 0]),
        ([(("A",), 5, 0, 0), (("B",), 5, 0, 0)], [0.5, 0.5], [5, 5]),
        ([(("A", "A"), 1, 0, 3)], [0.25], [1]),
        ([((), 3, 0, 1)], [], []),
        ([((), 3, 0, 1), (("A",), 3, 0, 1)], [0], [6]),
        ([(("A > B",), 2, 0, 2), (("A", "B"), 0, 0, 0)], [0, 0.5, 0], [0, 2, 0]),
    ],
    ids=[
        "nothing at all", "no conversion", "only conversions", "one channel",
        "journeys without a channel", "a channel without gain", "a separator in a name",
    ],
)  # fmt: skip
def test_degenerate_games_have_defined_results(
    rows: list[Row], worth: list, conversions: list, exact_channels: int
) -> None:
    fit = fit_shapley(paths_of(rows), permutations=500, exact_channels=exact_channels)
    assert fit.worth == pytest.approx(np.array(worth), abs=0.1 if not exact_channels else 1e-12)
    assert fit.conversions == pytest.approx(np.array(conversions), abs=1 - bool(exact_channels))
    assert np.isfinite(fit.standard_errors).all()


def test_one_permutation_has_no_standard_error_and_is_refused() -> None:
    with pytest.raises(StatisticsError, match=r"^permutations must be at least 2, not 1$"):
        fit_shapley(paths_of([(("A",), 1, 1, 1)]), permutations=1)
