"""Journeys made up for a test, credited by the models of the warehouse."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import duckdb

from tests.support.dbt_sql import attribution_models, build

JOURNEY_MODELS = (
    "int_journey_rules__numbered",
    "int_journeys__touchpoints_positioned",
    "int_journeys__milestones_placed",
    "int_attribution__models_assigned",
    "int_attribution__anchors_marked",
    "int_attribution__weights_calculated",
    "int_attribution__credits_booked",
)
CONVERTED_AT = datetime(2026, 6, 30, 12)


def credits_of(
    journeys: dict[str, tuple[Sequence[tuple[str, timedelta]], Decimal]],
    models: str = "conversion_type = 'closed_won'",
    seed_sql: str | None = None,
) -> list[tuple]:
    """Credit journeys given as (channel, age) lists with the value of their conversion.

    Returns:
        Rows (model, conversion, channel, weight, credit, booked credit).
    """
    with duckdb.connect() as connection:
        seed = seed_sql or attribution_models(models)
        connection.execute(f"create table attribution_models as {seed}")
        connection.execute("update attribution_models set fold_same_day = false")
        connection.execute(
            """
            create table int_conversions__unioned (
                conversion_id varchar, conversion_type varchar, conversion_value decimal(18, 2),
                is_money boolean, converted_at timestamp, converted_date date);
            create table int_conversions__groups_resolved (
                conversion_id varchar, person_id varchar);
            create table int_conversions__milestones_found (
                conversion_id varchar, milestone varchar, reached_at timestamp,
                is_earlier boolean);
            create table int_touchpoints__classified (
                touchpoint_id varchar, person_id varchar, channel varchar, campaign varchar,
                touchpoint_priority integer, source_rank integer, is_sales boolean,
                is_impression_or_open boolean, occurred_at timestamp, occurred_date date);
            """
        )
        for name, (touchpoints, value) in journeys.items():
            connection.execute(
                "insert into int_conversions__unioned values (?, 'closed_won', ?, true, ?, ?)",
                [name, value, CONVERTED_AT, CONVERTED_AT.date()],
            )
            connection.execute(
                "insert into int_conversions__groups_resolved values (?, ?)", [name, name]
            )
            for position, (channel, age) in enumerate(touchpoints):
                occurred_at = CONVERTED_AT - age
                connection.execute(
                    "insert into int_touchpoints__classified "
                    "values (?, ?, ?, null, 10, 10, false, false, ?, ?)",
                    [f"{name}{position:03}", name, channel, occurred_at, occurred_at.date()],
                )
        build(connection, JOURNEY_MODELS)
        return connection.execute(
            "select attribution_model, conversion_id, channel, weight, credit, booked_credit "
            "from int_attribution__credits_booked order by all"
        ).fetchall()
