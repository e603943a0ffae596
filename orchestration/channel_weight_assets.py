"""Fit what each channel is worth, between two steps of the dbt project.

Only counted sequences of channels are read, never a person. What is fitted here is frozen with
the snapshot that first shows it, see :mod:`orchestration.history`.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import dagster as dg
import pyarrow as pa

from analytics.channel_weights import channel_transitions, weigh_channels
from analytics.paths import Paths, count_paths
from ingest.warehouse import Warehouse
from orchestration.resources import WRITER_POOL
from orchestration.statistics_tables import statistics_spec, write_statistics
from orchestration.step_errors import scrubbed_errors

PATHS = "int_channel_weights__paths_counted"

_FIT = [
    ("journey_rule_id", pa.string(), "How the journeys were made."),
    ("conversion_type", pa.string(), "What the journeys led to, or did not."),
    ("fit_month", pa.date32(), "First day of the month with which the fit ends."),
    ("fit_version", pa.int64(), "1 for the first fit of the month."),
]
_WEIGHTS = [
    *_FIT,
    ("conversions", pa.int64(), "Journeys of the fit that converted."),
    ("non_conversions", pa.int64(), "Journeys of the fit that did not."),
    ("channel_weights", pa.string(), "Method: markov or shapley."),
    ("chain_order", pa.int32(), "Channels that the Markov chain remembers."),
    ("channel", pa.string(), "Channel."),
    ("channel_weight", pa.float64(), "Removal effect, or Shapley value."),
    ("standard_error", pa.float64(), "Of a sampled Shapley value; 0 if exact."),
    ("credit_share", pa.float64(), "Share of all conversions under the aggregate model."),
]
_TRANSITIONS = [
    *_FIT,
    ("from_channel", pa.string(), "Channel; null at the start."),
    ("to_channel", pa.string(), "Channel after it; null at the end."),
    ("is_conversion", pa.bool_(), "How the journey ends; null where it goes on."),
    ("transitions", pa.int64(), "Journeys that went this way."),
    ("probability", pa.float64(), "Share of all that left the channel."),
]


@dg.multi_asset(
    name="channel_weights",
    specs=[
        statistics_spec(
            "channel_weights",
            _WEIGHTS,
            "One row per new fit, method and channel: what the channel is worth.",
            reads=[PATHS],
        ),
        statistics_spec(
            "channel_transitions",
            _TRANSITIONS,
            "One row per new fit and step from one channel to the next.",
            reads=[PATHS],
        ),
    ],
    pool=WRITER_POOL,
)
def channel_weights(warehouse: dg.ResourceParam[Warehouse]) -> Iterator[dg.MaterializeResult]:
    """Weigh the channels of every month that has no frozen fit yet."""
    with scrubbed_errors(), warehouse.writer() as connection:
        fits = list(_fits(connection))
        tables = {
            "channel_weights": (
                _WEIGHTS,
                [
                    (*fit, *totals, *row)
                    for fit, totals, paths in fits
                    for row in weigh_channels(paths)
                ],
            ),
            "channel_transitions": (
                _TRANSITIONS,
                [(*fit, *row) for fit, _, paths in fits for row in channel_transitions(paths)],
            ),
        }
        for table, (columns, rows) in tables.items():
            write_statistics(connection, table, columns, rows)
    for table, (_, rows) in tables.items():
        yield dg.MaterializeResult(
            asset_key=["statistics", table],
            metadata={"dagster/row_count": len(rows), "fits": len(fits)},
        )


def _fits(connection: Any) -> Iterator[tuple[tuple, tuple[int, int], Paths]]:
    """Yield each new fit with how many journeys converted and did not, and its sequences."""
    rows = connection.execute(
        f"""
        select journey_rule_id, conversion_type, fit_month, fit_version, channel_path, conversions,
            cast(conversion_value as double), non_conversions
        from intermediate.{PATHS} order by all
        """
    ).fetchall()
    for fit, found in groupby(rows, key=lambda row: row[:4]):
        sequences, conversions, values, non_conversions = zip(
            *(row[4:] for row in found), strict=True
        )
        paths = count_paths(sequences, conversions, values, non_conversions)
        yield fit, (sum(conversions), sum(non_conversions)), paths
