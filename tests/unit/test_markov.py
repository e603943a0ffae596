"""The Markov chain over channel sequences: known numbers, invariants, degenerate graphs."""

import csv
import json
from fractions import Fraction
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import StatisticsError
from analytics.markov import CONVERSION, NON_CONVERSION, START, MarkovFit, fit_markov
from analytics.paths import Paths, count_paths

DATA = Path(__file__).parents[3] / "shared" / "data"
PATHDATA = DATA / "pathdata"

Row = tuple[tuple[str, ...], float, float, float]


def paths_of(rows: list[Row]) -> Paths:
    return count_paths(*zip(*rows, strict=True)) if rows else count_paths([], [], [], [])


def bits_of(fit: MarkovFit) -> tuple:
    arrays = (fit.removal_effects, fit.shares, fit.conversions, fit.values)
    return (
        fit.conversion_probability,
        fit.channels,
        fit.transitions,
        *(a.tobytes() for a in arrays),
    )


@pytest.mark.skipif(not DATA.exists(), reason="the shared golden paths are not here")
def test_golden_paths_give_their_exact_removal_effects() -> None:
    golden = json.loads((DATA / "golden_paths.json").read_text())
    fit = fit_markov(
        paths_of([(tuple(path.split(">")), *counts) for path, *counts in golden["paths"]])
    )
    assert fit.conversion_probability == pytest.approx(float(Fraction(golden["p_conv"])), abs=1e-12)
    expected = {name: float(Fraction(text)) for name, text in golden["removal_effect"].items()}
    for array, known in (
        (fit.removal_effects, expected),
        (fit.conversions, golden["markov_conv"]),
        (fit.values, golden["markov_value"]),
    ):
        assert dict(zip(fit.channels, array, strict=True)) == pytest.approx(known, abs=1e-9)


@pytest.mark.skipif(not PATHDATA.exists(), reason="the shared channel paths are not here")
def test_ten_thousand_paths_give_the_removal_effects_of_another_exact_solver() -> None:
    with (PATHDATA / "pathdata.csv").open() as lines:
        rows = [
            (tuple(row["path"].split(" > ")), *(float(row[name]) for name in (
                "total_conversions", "total_conversion_value", "total_null")))
            for row in csv.DictReader(lines)
        ]  # fmt: skip
    fit = fit_markov(paths_of(rows))
    assert fit.conversion_probability == pytest.approx(0.22385, abs=5e-6)
    with (PATHDATA / "pathdata_markov_exact_dropself_False.csv").open() as lines:
        known = {row["channel_name"]: row for row in csv.DictReader(lines)}
    for array, name in (
        (fit.removal_effects, "removal_effect"),
        (fit.conversions, "total_conversions"),
        (fit.values, "total_conversion_value_shared"),
    ):
        expected = {channel: float(row[name]) for channel, row in known.items()}
        assert dict(zip(fit.channels, array, strict=True)) == pytest.approx(expected, rel=1e-9)


sequences = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=7).map(tuple)
counts = st.integers(0, 20)
path_rows = st.lists(st.tuples(sequences, counts, counts, counts), min_size=1, max_size=12)
orders = st.sampled_from([1, 2, 3])


@given(rows=path_rows, order=orders)
def test_the_chain_converts_as_often_as_the_journeys_did(rows: list[Row], order: int) -> None:
    converted = sum(row[1] for row in rows)
    journeys = converted + sum(row[3] for row in rows)
    found = fit_markov(paths_of(rows), order).conversion_probability
    assert found == pytest.approx(converted / journeys if journeys else 0, abs=1e-9)


@given(rows=path_rows)
def test_repeats_of_a_channel_change_nothing_at_order_1(rows: list[Row]) -> None:
    collapsed = [(tuple(name for name, _ in groupby(row[0])), *row[1:]) for row in rows]
    found, expected = fit_markov(paths_of(rows)), fit_markov(paths_of(collapsed))
    assert found.removal_effects == pytest.approx(expected.removal_effects, abs=1e-9)
    assert found.conversion_probability == pytest.approx(expected.conversion_probability, abs=1e-9)


@given(rows=path_rows, order=orders, data=st.data())
def test_c40_a_rerun_in_any_order_gives_the_same_bits(
    rows: list[Row], order: int, data: st.DataObject
) -> None:
    # numbers whose sum depends on the order in which ordinary addition takes them
    valued = [(row[0], *(number / 10 for number in row[1:])) for row in rows]
    shuffled = data.draw(st.permutations(valued))
    assert bits_of(fit_markov(paths_of(valued), order)) == bits_of(
        fit_markov(paths_of(shuffled), order)
    )


@given(rows=path_rows, order=orders)
def test_credits_add_up_and_no_number_is_undefined(rows: list[Row], order: int) -> None:
    fit = fit_markov(paths_of(rows), order)
    assert fit.conversions.sum() == pytest.approx(sum(row[1] for row in rows), abs=1e-9)
    assert fit.values.sum() == pytest.approx(sum(row[2] for row in rows), abs=1e-9)
    assert ((fit.removal_effects >= 0) & (fit.removal_effects <= 1)).all()
    assert (fit.shares >= 0).all()
    leaving = {step.from_state: 0.0 for step in fit.transitions}
    for step in fit.transitions:
        leaving[step.from_state] += step.probability
    assert list(leaving.values()) == pytest.approx([1] * len(leaving))


def walked(rows: list[Row], order: int, removed: str | None, steps: int = 2_000) -> float:
    """The probability of converting, by walking the mass of all journeys step by step."""
    leaving: dict[tuple, dict] = {}
    for sequence, converted, _, lost in rows:
        visited = [sequence[max(at - order, 0) : at] for at in range(len(sequence) + 1)]
        for state, following in pairwise(visited):
            nexts = leaving.setdefault(state, {})
            nexts[following] = nexts.get(following, 0) + converted + lost
        nexts = leaving.setdefault(visited[-1], {})
        nexts["won"] = nexts.get("won", 0) + converted
        nexts["lost"] = nexts.get("lost", 0) + lost
    mass, won = {(): 1.0}, 0.0
    for _ in range(steps):
        following_mass: dict[tuple, float] = {}
        for state, share in mass.items():
            total = sum(leaving[state].values())
            for following, count in leaving[state].items():
                moved = share * count / total if total else 0
                if following == "won":
                    won += moved
                elif following != "lost" and (removed is None or following[-1] != removed):
                    following_mass[following] = following_mass.get(following, 0) + moved
        mass = following_mass
    return won


@pytest.mark.parametrize("order", [1, 2, 3])
def test_removal_effects_are_those_of_a_walk_step_by_step(order: int) -> None:
    rows = [
        (("A", "B", "C"), 2, 0, 3), (("A", "A", "B"), 1, 0, 1), (("C",), 4, 0, 10),
        (("B", "C", "B", "A"), 3, 0, 2), (("B", "D"), 1, 0, 6),
        (("D", "C", "D", "C", "A"), 5, 0, 1),
    ]  # fmt: skip
    fit = fit_markov(paths_of(rows), order)
    expected = [1 - walked(rows, order, name) / walked(rows, order, None) for name in "ABCD"]
    assert fit.removal_effects == pytest.approx(expected, abs=1e-9)


def test_a_longer_memory_tells_apart_what_a_short_one_mixes() -> None:
    rows = [(("A", "C"), 10, 0, 0), (("B", "C"), 0, 0, 10)]
    assert fit_markov(paths_of(rows), 1).removal_effects == pytest.approx([0.5, 0.5, 1])
    assert fit_markov(paths_of(rows), 2).removal_effects == pytest.approx([1, 0, 1])


def test_a_state_is_a_tuple_so_that_a_separator_in_a_name_is_only_a_name() -> None:
    rows = [(("A > B",), 1, 0, 0), (("A", "B"), 0, 0, 1)]
    fit = fit_markov(paths_of(rows))
    assert fit.channels == ("A", "A > B", "B")
    assert fit.removal_effects.tolist() == [0, 1, 0]
    assert [(step.from_state, step.to_state, step.ends_as) for step in fit.transitions] == [
        (START, ("A",), None),
        (START, ("A > B",), None),
        (("A",), ("B",), None),
        (("A > B",), (), CONVERSION),
        (("B",), (), NON_CONVERSION),
    ]
    assert {step.probability for step in fit.transitions} == {0.5, 1}


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(
    ("rows", "probability", "effects", "conversions"),
    [
        ([], 0, [], []),
        ([(("A",), 0, 0, 5), (("B",), 0, 0, 5)], 0, [0, 0], [0, 0]),
        ([(("A",), 5, 0, 0), (("B",), 5, 0, 0)], 1, [0.5, 0.5], [5, 5]),
        ([(("A",), 1, 0, 3)], 0.25, [1], [1]),
        ([(("A",) * 400, 1, 0, 1)], 0.5, [1], [1]),
        ([(("A",), 2, 0, 2), (("B", "C"), 0, 0, 0)], 0.5, [1, 0, 0], [2, 0, 0]),
        ([((), 3, 0, 1)], 0.75, [], []),
        ([((), 3, 0, 0), (("A",), 0, 0, 1)], 0.75, [0], [3]),
    ],
    ids=[
        "nothing at all", "no conversion", "only conversions", "one channel",
        "a channel that loops", "channels that nobody reached", "journeys without a channel",
        "no channel that helps",
    ],
)  # fmt: skip
def test_c40_degenerate_graphs_have_defined_results(
    rows: list[Row], probability: float, effects: list, conversions: list, order: int
) -> None:
    fit = fit_markov(paths_of(rows), order)
    assert fit.conversion_probability == pytest.approx(probability)
    assert fit.removal_effects == pytest.approx(np.array(effects))
    assert fit.conversions == pytest.approx(np.array(conversions))


@pytest.mark.parametrize(
    ("rows", "order", "message"),
    [
        ([(("A",), -1, 0, 0)], 1, "conversions must not be negative"),
        ([(("A",), 2, 0, 0), (("A",), 0, 0, -1)], 1, "non_conversions must not be negative"),
        ([(("A",), 0, float("nan"), 0)], 1, "values must be finite"),
        ([(("A",), float("inf"), 0, 0)], 1, "conversions must be finite"),
        ([(("A",), 1, 0, 0)], 4, "order must be 1, 2 or 3, not 4"),
    ],
)
def test_impossible_input_is_refused(rows: list[Row], order: int, message: str) -> None:
    with pytest.raises(StatisticsError, match=f"^{message}$"):
        fit_markov(paths_of(rows), order)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(StatisticsError, match=r"^values must have one number per sequence$"):
        count_paths([("A",)], [1], [], [0])
