"""Fit how long customers stay and what they buy again, between two steps of the dbt project.

Only counts of renewals and purchases are read, by group. Nothing is frozen: a lifetime value is
what is expected now.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import dagster as dg
import pyarrow as pa

from analytics.customer_lifetimes import expected_purchases, expected_tenure
from analytics.lifetime_value import Horizon
from ingest.warehouse import Warehouse
from orchestration.resources import WRITER_POOL, Settings
from orchestration.statistics_tables import statistics_spec, write_statistics
from orchestration.step_errors import scrubbed_errors

RENEWALS = "int_customer_renewals__counted"
PURCHASES = "int_customer_purchases__counted"

_WEEK, _YEAR = 7, 365.25  # days

_GROUP = [
    ("breakdown", pa.string(), "What the customers are grouped by."),
    ("breakdown_value", pa.string(), "Their group."),
]
_RENEWAL_FITS = [
    *_GROUP,
    ("is_settled", pa.bool_(), "Whether the renewals tell how churn changes with age."),
    ("alpha", pa.float64(), "First parameter of the chances to leave; null unless settled."),
    ("beta", pa.float64(), "Second parameter of the chances to leave; null unless settled."),
    ("discounted_tenure", pa.float64(), "Present value of 1 a year; null unless settled."),
]
_PURCHASE_FITS = [
    *_GROUP,
    ("is_settled", pa.bool_(), "Whether both models of purchases are settled."),
    ("customers", pa.int64(), "Customers whose purchases were observed."),
    ("residual_value", pa.float64(), "Present value of what all of them will buy."),
    ("correlation", pa.float64(), "Of how often and for how much they buy; null if unknown."),
    ("correlation_low", pa.float64(), "Its 95 % bound below."),
    ("correlation_high", pa.float64(), "Its 95 % bound above."),
    ("is_plausible", pa.bool_(), "Whether the two may be independent; null if unknown."),
]


@dg.multi_asset(
    name="lifetime_values",
    specs=[
        statistics_spec(
            "renewal_fits",
            _RENEWAL_FITS,
            "One row per group of customers: how long they stay.",
            reads=[RENEWALS],
        ),
        statistics_spec(
            "purchase_fits",
            _PURCHASE_FITS,
            "One row per group of customers: what they will buy again.",
            reads=[PURCHASES],
        ),
    ],
    pool=WRITER_POOL,
)
def lifetime_values(
    warehouse: dg.ResourceParam[Warehouse], settings: dg.ResourceParam[Settings]
) -> Iterator[dg.MaterializeResult]:
    """Fit each group of customers by itself."""
    years, rate = settings.lifetime_horizon_years, settings.discount_rate
    horizon = Horizon(_YEAR / _WEEK, years, rate)
    with scrubbed_errors(), warehouse.writer() as connection:
        tables = {
            "renewal_fits": (
                _RENEWAL_FITS,
                [
                    (*group, *_tenure(rows, years, rate))
                    for group, rows in _groups(
                        connection, RENEWALS, "renewals_made, has_left, customers"
                    )
                ],
            ),
            "purchase_fits": (
                _PURCHASE_FITS,
                [
                    (*group, *_outlook(rows, horizon))
                    for group, rows in _groups(
                        connection,
                        PURCHASES,
                        f"repeat_purchases, recency_days / {_WEEK}, age_days / {_WEEK}, "
                        "mean_margin",
                    )
                ],
            ),
        }
        for table, (columns, rows) in tables.items():
            write_statistics(connection, table, columns, rows)
    for table, (_, rows) in tables.items():
        yield dg.MaterializeResult(
            asset_key=["statistics", table], metadata={"dagster/row_count": len(rows)}
        )


def _groups(connection: Any, model: str, columns: str) -> Iterator[tuple[tuple, list[tuple]]]:
    """Yield each group with its rows, in one order on every run."""
    rows = connection.execute(
        f"select breakdown, breakdown_value, {columns} from intermediate.{model} order by all"
    ).fetchall()
    for group, found in groupby(rows, key=lambda row: row[:2]):
        yield group, [row[2:] for row in found]


def _tenure(rows: list[tuple], years: int, rate: float) -> tuple:
    found = expected_tenure(*zip(*rows, strict=True), years, rate)
    return found.is_settled, found.alpha, found.beta, found.discounted_tenure


def _outlook(rows: list[tuple], horizon: Horizon) -> tuple:
    found = expected_purchases(*zip(*rows, strict=True), horizon)
    together = found.independence
    correlation = (
        (together.correlation, *together.interval, together.is_plausible)
        if together
        else (None, None, None, None)
    )
    return found.is_settled, len(rows), found.residual_value, *correlation
