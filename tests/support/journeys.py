"""Journeys made up for a test, credited by the models of the warehouse."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import duckdb
import pandas as pd

from tests.support.dbt_sql import attribution_models, build

JOURNEY_MODELS = (
    "int_conversions__accumulated",
    "int_journey_rules__numbered",
    "int_journeys__touchpoints_positioned",
    "int_journeys__milestones_placed",
    "int_attribution__models_assigned",
    "int_attribution__anchors_marked",
    "int_attribution__weights_calculated",
    "int_attribution__credits_booked",
)
# what these models read, with the columns that they read of it
JOURNEY_INPUTS = {
    "int_conversions__unioned": "conversion_id varchar, conversion_type varchar, "
    "reversed_conversion_id varchar, person_id varchar, opportunity_id varchar, "
    "conversion_value decimal(18, 2), is_money boolean, converted_at timestamp, "
    "converted_date date",
    "int_conversions__groups_resolved": "conversion_id varchar, person_id varchar",
    "int_conversions__milestones_found": "conversion_id varchar, milestone varchar, "
    "reached_at timestamp, is_earlier boolean",
    "int_opportunities__valued": "opportunity_id varchar, created_at timestamp",
    "int_touchpoints__classified": "touchpoint_id varchar, person_id varchar, channel varchar, "
    "campaign varchar, touchpoint_priority integer, source_rank integer, is_sales boolean, "
    "is_impression_or_open boolean, occurred_at timestamp, occurred_date date",
    "int_channel_weights__assigned": "attribution_model varchar, model_version bigint, "
    "conversion_id varchar, channel varchar, channel_weight double, weights_version varchar",
}
CONVERTED_AT = datetime(2026, 6, 30, 12)

Journeys = Mapping[str, tuple[Sequence[tuple[str, timedelta]], Decimal]]


def load_inputs(
    connection: duckdb.DuckDBPyConnection, frames: Mapping[str, pd.DataFrame], models_sql: str
) -> None:
    """Create every input, filled from the frame of its name if there is one."""
    connection.execute(f"create table attribution_models as {models_sql}")
    for name, columns in JOURNEY_INPUTS.items():
        connection.execute(f"create table {name} ({columns})")
        if len(frames.get(name, ())):
            connection.register("given", frames[name])
            connection.execute(f"insert into {name} by name from given")
            connection.unregister("given")


def frames_of(journeys: Journeys, converted_at: datetime = CONVERTED_AT) -> dict[str, pd.DataFrame]:
    """Inputs for journeys given as (channel, age) lists with the value of their conversion."""
    conversions = pd.DataFrame({
        "conversion_id": list(journeys),
        "conversion_type": "closed_won",
        "conversion_value": [value for _, value in journeys.values()],
        "is_money": True,
        "converted_at": converted_at,
        "converted_date": pd.Timestamp(converted_at.date()),
    })  # fmt: skip
    touchpoints = [
        (f"{name}{position:03}", name, channel, converted_at - age)
        for name, (touched, _) in journeys.items()
        for position, (channel, age) in enumerate(touched)
    ]
    touched = pd.DataFrame(
        touchpoints, columns=["touchpoint_id", "person_id", "channel", "occurred_at"]
    ).assign(
        touchpoint_priority=10, source_rank=10, is_sales=False, is_impression_or_open=False
    )  # fmt: skip
    touched["occurred_date"] = pd.to_datetime(touched["occurred_at"]).dt.normalize()
    return {
        "int_conversions__unioned": conversions,
        "int_conversions__groups_resolved": pd.DataFrame(
            {"conversion_id": list(journeys), "person_id": list(journeys)}
        ),
        "int_touchpoints__classified": touched,
    }


def credits_of(
    journeys: Journeys,
    models: str = "conversion_type = 'closed_won'",
    seed_sql: str | None = None,
    converted_at: datetime = CONVERTED_AT,
) -> list[tuple]:
    """Credit journeys given as (channel, age) lists with the value of their conversion.

    Touchpoints of one second follow each other as they are given. Nothing is folded.

    Returns:
        Rows (model, conversion, channel, weight, credit, booked credit).
    """
    with duckdb.connect() as connection:
        seed = seed_sql or attribution_models(models)
        load_inputs(connection, frames_of(journeys, converted_at), seed)
        connection.execute("update attribution_models set fold_same_day = false")
        build(connection, JOURNEY_MODELS)
        return connection.execute(
            "select attribution_model, conversion_id, channel, weight, credit, booked_credit "
            "from int_attribution__credits_booked order by all"
        ).fetchall()
