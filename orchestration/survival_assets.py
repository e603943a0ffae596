"""Fit how long persons wait for the next stage of the funnel, between two steps of dbt."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import dagster as dg
import pyarrow as pa

from analytics.waits import wait_curve
from ingest.warehouse import Warehouse
from orchestration.resources import WRITER_POOL
from orchestration.statistics_tables import statistics_spec, write_statistics
from orchestration.step_errors import scrubbed_errors

WAITS = "int_lifecycle_waits__counted"

_CURVE = [
    ("from_stage", pa.string(), "Stage of the funnel that the persons have reached."),
    ("to_stage", pa.string(), "Stage that they wait for."),
    ("breakdown", pa.string(), "By what the persons are sorted."),
    ("breakdown_value", pa.string(), "Which of them."),
    ("wait_days", pa.int64(), "Whole days of waiting, begun ones counted."),
    ("at_risk", pa.int64(), "Persons who had waited so long."),
    ("reached", pa.int64(), "Of them, those who reached the next stage then."),
    ("lost", pa.int64(), "Of them, those whose opportunities were all lost then."),
    ("share_waiting", pa.float64(), "Share that waits longer (Kaplan-Meier)."),
    ("share_waiting_low", pa.float64(), "Lower bound of it, 95 %."),
    ("share_waiting_high", pa.float64(), "Upper bound of it, 95 %."),
    ("share_reached", pa.float64(), "Share that has reached the next stage (Aalen-Johansen)."),
]


@dg.multi_asset(
    name="stage_survival",
    specs=[
        statistics_spec(
            "stage_survival",
            _CURVE,
            "One row per stage, breakdown and number of days after which a wait has ended.",
            reads=[WAITS],
        )
    ],
    pool=WRITER_POOL,
)
def stage_survival(warehouse: dg.ResourceParam[Warehouse]) -> Iterator[dg.MaterializeResult]:
    """Estimate the curve of every stage and breakdown."""
    with scrubbed_errors(), warehouse.writer() as connection:
        rows = list(_curves(connection))
        write_statistics(connection, "stage_survival", _CURVE, rows)
    yield dg.MaterializeResult(
        asset_key=["statistics", "stage_survival"], metadata={"dagster/row_count": len(rows)}
    )


def _curves(connection: Any) -> Iterator[tuple]:
    """Yield the points of every curve, each after the stages and the breakdown it is of."""
    counted = connection.execute(
        f"""
        select from_stage, to_stage, breakdown, breakdown_value, wait_days, outcome, persons
        from intermediate.{WAITS} order by all
        """
    ).fetchall()
    for curve, waits in groupby(counted, key=lambda row: row[:4]):
        for point in wait_curve(*zip(*(row[4:] for row in waits), strict=True)):
            yield (*curve, *point)
