"""The one formula of all attribution models, against cases worked out elsewhere."""

import csv
import json
import math
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.dbt_sql import attribution_models
from tests.support.journeys import CONVERTED_AT, credits_of

DATA = Path(__file__).parents[3] / "shared" / "data"
GOLDEN_PATHS = DATA / "golden_paths.json"
PATHDATA = DATA / "pathdata"


@pytest.mark.skipif(not GOLDEN_PATHS.exists(), reason="the shared golden paths are not here")
def test_golden_paths_get_their_exact_credits() -> None:
    golden = json.loads(GOLDEN_PATHS.read_text())
    journeys = {}
    conversions = {}
    for path, count, value, _ in golden["paths"]:
        channels = path.split(">")
        aged = [
            (channel, timedelta(days=len(channels) - at)) for at, channel in enumerate(channels)
        ]
        journeys[path] = (aged, Decimal(value))
        conversions[path] = count
    found = defaultdict(lambda: [0.0, 0.0])
    for model, path, channel, weight, credit, _ in credits_of(journeys):
        found[model, channel][0] += conversions[path] * weight
        found[model, channel][1] += credit
    names = {
        "first": "first_touch", "last": "last_touch", "linear": "linear",
        "position_40_20_40": "position_based",
    }  # fmt: skip
    for golden_name, model in names.items():
        for channel, (count, value, *_) in golden[golden_name].items():
            expected = (float(Fraction(count)), float(Fraction(value)))
            assert tuple(found[model, channel]) == pytest.approx(expected, abs=1e-9)


def test_c59_a_value_that_does_not_divide_is_booked_to_the_cent_by_largest_remainder() -> None:
    touchpoints = [(channel, timedelta(days=9 - at)) for at, channel in enumerate("ABC")]
    rows = credits_of(
        {"sale": (touchpoints, Decimal("100.00")), "loss": (touchpoints, Decimal("-0.02"))},
        "conversion_type = 'closed_won' and attribution_model = 'linear'",
    )
    booked = {(name, channel): amount for _, name, channel, _, _, amount in rows}
    assert [booked["sale", channel] for channel in "ABC"] == [
        Decimal("33.34"), Decimal("33.33"), Decimal("33.33"),
    ]  # fmt: skip
    assert [booked["loss", channel] for channel in "ABC"] == [
        Decimal("-0.01"), Decimal("-0.01"), Decimal(0),
    ]  # fmt: skip


ages = st.integers(min_value=0, max_value=547 * 86400).map(lambda s: timedelta(seconds=s))
touchpoint_lists = st.lists(st.tuples(st.sampled_from("ABCD"), ages), min_size=1, max_size=12)
distinct_ages = st.lists(
    st.tuples(st.sampled_from("ABCD"), ages), min_size=1, max_size=12, unique_by=lambda one: one[1]
)
# each example builds the models, so a failure is shown as found, not made smaller for minutes
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
few = settings(max_examples=10, deadline=None, phases=PHASES)


@settings(max_examples=25, deadline=None, phases=PHASES)
@given(touchpoints=touchpoint_lists, cents=st.integers(min_value=0, max_value=10**9))
def test_weights_add_to_one_and_booked_credits_to_the_value(
    touchpoints: list[tuple[str, timedelta]], cents: int
) -> None:
    value = Decimal(cents) / 100
    totals: dict[str, list] = defaultdict(lambda: [0.0, Decimal(0)])
    for model, _, _, weight, _, booked in credits_of({"sale": (touchpoints, value)}):
        totals[model][0] += weight
        totals[model][1] += booked
    assert len(totals) > 10
    for weight, booked in totals.values():
        assert weight == pytest.approx(1, abs=1e-9)
        assert booked == value


@few
@given(touchpoints=distinct_ages, data=st.data())
def test_the_order_of_the_input_changes_nothing(
    touchpoints: list[tuple[str, timedelta]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(touchpoints))
    one = credits_of({"sale": (touchpoints, Decimal("9.99"))})
    assert one == credits_of({"sale": (shuffled, Decimal("9.99"))})


@few
@given(touchpoints=touchpoint_lists, seconds=st.integers(min_value=-(10**8), max_value=10**8))
def test_a_shift_of_all_times_changes_nothing(
    touchpoints: list[tuple[str, timedelta]], seconds: int
) -> None:
    journey = {"sale": (touchpoints, Decimal("9.99"))}
    shifted = credits_of(journey, converted_at=CONVERTED_AT + timedelta(seconds=seconds))
    assert shifted == credits_of(journey)


@few
@given(touchpoints=distinct_ages)
def test_a_short_half_life_is_last_touch_and_a_long_one_linear(
    touchpoints: list[tuple[str, timedelta]],
) -> None:
    row = attribution_models("conversion_type = 'closed_won' and attribution_model = 'time_decay'")
    journey = {"sale": (touchpoints, Decimal(1))}
    short, long = (
        credits_of(journey, seed_sql=f"from ({row}) select * replace ({days} as half_life_days)")
        for days in ("1e-9", "1e15")
    )
    last, linear = (
        credits_of(journey, f"conversion_type = 'closed_won' and attribution_model = '{model}'")
        for model in ("last_touch", "linear")
    )
    for found, expected in ((short, last), (long, linear)):
        assert [row[3] for row in found] == pytest.approx([row[3] for row in expected], abs=1e-9)


@few
@given(
    touchpoints=touchpoint_lists,
    outside=st.lists(
        st.tuples(
            st.sampled_from("ABCD"),
            st.one_of(
                st.integers(min_value=-(10**8), max_value=-1),
                st.integers(min_value=548 * 86400 + 1, max_value=10**9),
            ).map(lambda s: timedelta(seconds=s)),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_a_touchpoint_outside_the_window_changes_nothing(
    touchpoints: list[tuple[str, timedelta]], outside: list[tuple[str, timedelta]]
) -> None:
    models = "conversion_type = 'closed_won' and lookback_days = 548"
    inside = {"sale": (touchpoints, Decimal(10))}
    assert credits_of(inside, models) == credits_of(
        {"sale": ([*touchpoints, *outside], Decimal(10))}, models
    )


@few
@given(touchpoints=touchpoint_lists, cents=st.integers(min_value=0, max_value=10**9))
def test_a_conversion_split_in_halves_earns_each_channel_the_same(
    touchpoints: list[tuple[str, timedelta]], cents: int
) -> None:
    whole = credits_of({"sale": (touchpoints, Decimal(2 * cents) / 100)})
    half = (touchpoints, Decimal(cents) / 100)
    halves = credits_of({"one": half, "other": half})
    earned, booked = earned_by(whole)
    half_earned, half_booked = earned_by(halves)
    assert half_earned == pytest.approx(earned, abs=1e-6)
    assert sum(half_booked.values()) == sum(booked.values())


def earned_by(rows: list[tuple]) -> tuple[dict, dict]:
    """What each model gives each channel, unrounded and booked."""
    earned, booked = defaultdict(float), defaultdict(Decimal)
    for model, _, channel, _, credit, cents in rows:
        earned[model, channel] += credit
        booked[model, channel] += cents
    return earned, booked


@pytest.mark.skipif(not PATHDATA.exists(), reason="the shared channel paths are not here")
def test_ten_thousand_paths_earn_what_other_packages_found() -> None:
    with (PATHDATA / "pathdata.csv").open() as lines:
        paths = list(csv.DictReader(lines))
    journeys = {}
    for number, path in enumerate(paths):
        channels = path["path"].split(" > ")
        aged = [
            (channel, timedelta(minutes=len(channels) - at)) for at, channel in enumerate(channels)
        ]
        journeys[f"path{number:05}"] = (aged, Decimal(1))
    names = {"first_touch": "first_touch", "last_touch": "last_touch", "linear": "linear_touch"}
    found = defaultdict(lambda: ([], []))
    wanted = f"conversion_type = 'closed_won' and attribution_model in {tuple(names)}"
    for model, name, channel, weight, _, _ in credits_of(journeys, wanted):
        path = paths[int(name.removeprefix("path"))]
        conversions, values = found[names[model], channel]
        conversions.append(weight * float(path["total_conversions"]))
        values.append(weight * float(path["total_conversion_value"]))
    with (PATHDATA / "pathdata_heuristics_expected.csv").open() as lines:
        known = list(csv.DictReader(lines))
    for name in names.values():
        for row in known:
            sums = [math.fsum(numbers) for numbers in found[name, row["channel_name"]]]
            expected = [float(row[f"{name}_{kind}"]) for kind in ("conversions", "value")]
            assert sums == pytest.approx(expected, rel=1e-9, abs=1e-9)
