"""Bound the pipeline's velocity, and find what would count as influenced by chance.

Both run between two steps of the dbt project, on what does not depend on attribution.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import dagster as dg
import pyarrow as pa

from analytics.chance import chance_of_touch, influence_by_chance
from analytics.velocity import velocity_interval
from ingest.warehouse import Warehouse
from orchestration.resources import WRITER_POOL
from orchestration.statistics_tables import statistics_spec, write_statistics
from orchestration.step_errors import scrubbed_errors

OUTCOMES = "int_pipeline__outcomes_collected"
TOUCHES = "int_influence__touches_counted"

_VELOCITY = [
    ("period", pa.string(), "Length of the period: quarter or all."),
    ("period_start", pa.date32(), "First day of the period."),
    ("basis", pa.string(), "What counts in the period: period or cohort."),
    ("breakdown", pa.string(), "By what is broken down: all or source."),
    ("breakdown_value", pa.string(), "Lead source, or all."),
    ("pipeline_velocity_low", pa.float64(), "Lower 95 % bound in the reporting currency a day."),
    ("pipeline_velocity_high", pa.float64(), "Upper 95 % bound in the reporting currency a day."),
]
_CHANCE = [
    ("period_start", pa.date32(), "First day of the quarter of the win."),
    ("definition", pa.string(), "Definition of influence."),
    ("influenced_by_chance", pa.float64(), "Share of won opportunities touched by chance."),
    ("chance_deviation", pa.float64(), "Standard deviation of that share."),
]


@dg.multi_asset(
    name="pipeline_statistics",
    specs=[
        statistics_spec(
            "pipeline_velocity_intervals",
            _VELOCITY,
            "One row per period, basis and breakdown with an interval of the velocity.",
            reads=[OUTCOMES],
        ),
        statistics_spec(
            "influence_by_chance",
            _CHANCE,
            "One row per quarter and definition of influence: what chance alone would touch.",
            reads=[TOUCHES],
        ),
    ],
    pool=WRITER_POOL,
)
def pipeline_statistics(
    warehouse: dg.ResourceParam[Warehouse],
) -> Iterator[dg.MaterializeResult]:
    """Draw the closed opportunities anew, and spread the touchpoints by chance."""
    with scrubbed_errors(), warehouse.writer() as connection:
        tables = {
            "pipeline_velocity_intervals": (_VELOCITY, list(_velocities(connection))),
            "influence_by_chance": (_CHANCE, list(_chances(connection))),
        }
        for table, (columns, rows) in tables.items():
            write_statistics(connection, table, columns, rows)
    for table, (_, rows) in tables.items():
        yield dg.MaterializeResult(
            asset_key=["statistics", table], metadata={"dagster/row_count": len(rows)}
        )


def _velocities(connection: Any) -> Iterator[tuple]:
    rows = connection.execute(
        f"""
        select period, period_start, basis, breakdown, breakdown_value,
            opportunities, lost, won_amounts, days_to_win
        from intermediate.{OUTCOMES} order by all
        """
    ).fetchall()
    for row in rows:
        interval = velocity_interval(*row[5:])
        if interval:
            yield *row[:5], *interval


def _chances(connection: Any) -> Iterator[tuple]:
    rows = connection.execute(
        f"""
        select period_start, definition, opportunity_id, touches, window_days, observed_days
        from intermediate.{TOUCHES} order by all
        """
    ).fetchall()
    for cell, found in groupby(rows, key=lambda row: row[:2]):
        opportunities, touches, window_days, observed_days = zip(
            *(row[2:] for row in found), strict=True
        )
        numbers = {name: at for at, name in enumerate(dict.fromkeys(opportunities))}
        chance = influence_by_chance(
            [numbers[name] for name in opportunities],
            chance_of_touch(touches, window_days, observed_days),
            len(numbers),
        )
        yield *cell, chance.share, chance.standard_deviation
