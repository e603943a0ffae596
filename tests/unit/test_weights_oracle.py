"""Ten thousand random journeys: the models of the warehouse against a second coding."""

from random import Random

import duckdb
import pandas as pd
import pytest

from tests.support.dbt_sql import attribution_models, build
from tests.support.journeys import JOURNEY_INPUTS, JOURNEY_MODELS, load_inputs
from tests.support.random_journeys import CHANNELS, random_crowd
from tests.support.weights_oracle import Credit, all_credits

# what no row of the seed says yet: every anchor at once, stages alone, sales, opens, no folding
FURTHER_ROWS = (
    "('everything', 100, .3, .2, .15, .25, .1, .5, 30, 'shapley', 'ignore_unless_only', false)",
    "('stages_alone', 548, 0, 0, 0, 1, 0, 0, null, 'none', 'keep', true)",
    "('stages_and_last', 180, 0, 0, 0, .5, .5, .25, .1, 'none', 'keep', false)",
    "('leads_alone', 548, 0, 1, 0, 0, 0, 0, null, 'none', 'ignore_unless_only', false)",
)
KEYS = ["attribution_model", "model_version", "conversion_id", "touchpoint_id"]
CONVERSION_TYPES = ["lead_created", "mql", "sql", "opportunity_created", "closed_won"]


def model_rows() -> str:
    """SQL of the seed's rows, rows that use every column, and a later version of one model."""
    seed = attribution_models()
    further = f"""
        select
            name as attribution_model, 1 as version, unnest({CONVERSION_TYPES})
            as conversion_type, date '2000-01-01' as valid_from, null as preset_of,
            lookback_days, first as weight_first, lead as weight_lead_creation,
            opportunity as weight_opportunity_creation, stages as weight_stage_conversions,
            last as weight_last, middle as weight_middle, half_life as half_life_days,
            channel_weights, direct_policy, fold as fold_same_day,
            not fold as include_sales, not fold as include_impressions_and_opens,
            'made up' as description
        from (values {", ".join(FURTHER_ROWS)}) as made_up (
            name, lookback_days, first, lead, opportunity, stages, last, middle,
            half_life, channel_weights, direct_policy, fold)
    """
    return f"""
        with seed as ({seed})
        from seed
        union all by name {further}
        union all by name
        select * replace (2 as version, date '2025-08-01' as valid_from, 5 as half_life_days)
        from seed where attribution_model = 'linear'
    """


def channel_weights(models: pd.DataFrame, conversions: pd.DataFrame) -> pd.DataFrame:
    """Weights of all channels, some 0, for most conversions under each row that weighs channels."""
    random = Random(11)  # noqa: S311 - a test's dice
    pairs = models.query("channel_weights != 'none'").merge(conversions, on="conversion_type")
    rows = [
        (pair.attribution_model, pair.version, pair.conversion_id, channel, weight, "a version")
        for pair in pairs.itertuples()
        if random.random() < 0.9
        for channel in sorted({*CHANNELS})
        for weight in [random.choice([0.0, random.random(), random.random()])]
    ]
    columns = JOURNEY_INPUTS["int_channel_weights__assigned"].split(", ")
    return pd.DataFrame(rows, columns=[column.split()[0] for column in columns])


@pytest.fixture(scope="module")
def both() -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the models of the warehouse found and what the second coding expects."""
    with duckdb.connect() as connection:
        frames = dict(vars(random_crowd(seed=5, persons=3_300, opportunities=1_900)))
        models = frames["attribution_models"] = connection.sql(model_rows()).df()
        frames["int_channel_weights__assigned"] = channel_weights(
            models, frames["int_conversions__unioned"]
        )
        load_inputs(connection, frames, model_rows())
        build(connection, ["int_conversions__milestones_found", *JOURNEY_MODELS])
        found = connection.execute(
            f"""
            select {", ".join(KEYS)}, weight, credit,
                cast(cast(booked_credit as decimal(38, 6)) * 1000000 as bigint) as millionths
            from int_attribution__credits_booked
            """
        ).df()
    expected = pd.DataFrame(all_credits(frames), columns=Credit._fields)
    expected["millionths"] = [int(booked * 1_000_000) for booked in expected.pop("booked_credit")]
    assert len(frames["int_conversions__unioned"]) > 10_000
    return found.set_index(KEYS).sort_index(), expected.set_index(KEYS).sort_index()


def test_both_codings_credit_the_same_touchpoints(both: tuple) -> None:
    found, expected = both
    assert found.index.is_unique
    assert found.index.symmetric_difference(expected.index).tolist() == []


def test_both_codings_give_the_same_weights(both: tuple) -> None:
    found, expected = both
    assert_close(found.weight, expected.weight)
    assert_close(found.credit, expected.credit)


def test_both_codings_book_the_same_cents(both: tuple) -> None:
    found, expected = both
    off = expected.assign(found=found.millionths).query("found != millionths")
    assert off.head(5).to_dict("index") == {}


def assert_close(found: pd.Series, expected: pd.Series) -> None:
    """Equal to 1e-9, of the number itself where that is above 1."""
    off = (found - expected).abs() > 1e-9 * expected.abs().clip(lower=1)
    assert pd.DataFrame({"found": found, "expected": expected})[off].head(5).to_dict("index") == {}
