"""The one formula of all attribution models, against cases worked out elsewhere."""

import json
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.dbt_sql import attribution_models
from tests.support.journeys import credits_of

GOLDEN_PATHS = Path(__file__).parents[3] / "shared" / "data" / "golden_paths.json"


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


def test_a_value_that_does_not_divide_is_booked_to_the_cent_by_largest_remainder() -> None:
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


@settings(max_examples=25, deadline=None)
@given(touchpoints=touchpoint_lists, cents=st.integers(min_value=0, max_value=10**9))
def test_weights_add_to_one_and_booked_credits_to_the_value(
    touchpoints: list[tuple[str, timedelta]], cents: int
) -> None:
    value = Decimal(cents) / 100
    totals: dict[str, list] = defaultdict(lambda: [0.0, Decimal(0)])
    for model, _, _, weight, _, booked in credits_of({"sale": (touchpoints, value)}):
        totals[model][0] += weight
        totals[model][1] += booked
    assert len(totals) == 10
    for weight, booked in totals.values():
        assert weight == pytest.approx(1, abs=1e-9)
        assert booked == value


def test_a_short_half_life_is_last_touch_and_a_long_one_linear() -> None:
    touchpoints = [("A", timedelta(days=300)), ("B", timedelta(days=200)), ("C", timedelta(days=9))]
    row = attribution_models("conversion_type = 'closed_won' and attribution_model = 'time_decay'")
    short = credits_of(
        {"sale": (touchpoints, Decimal(1))},
        seed_sql=f"from ({row}) select * replace (0.001 as half_life_days)",
    )
    long = credits_of(
        {"sale": (touchpoints, Decimal(1))},
        seed_sql=f"from ({row}) select * replace (1e9 as half_life_days)",
    )
    assert [row[3] for row in short] == pytest.approx([0, 0, 1], abs=1e-9)
    assert [row[3] for row in long] == pytest.approx([1 / 3] * 3, abs=1e-6)


def test_a_touchpoint_outside_the_window_changes_nothing() -> None:
    inside = [("A", timedelta(days=500)), ("B", timedelta(days=1))]
    late, early = ("C", timedelta(seconds=-1)), ("C", timedelta(days=549))
    assert credits_of({"sale": (inside, Decimal(10))}) == credits_of(
        {"sale": ([*inside, late, early], Decimal(10))}
    )
