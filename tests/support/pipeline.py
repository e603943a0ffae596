"""Opportunities made up for a test, as the models of the pipeline's KPIs read them."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from tests.support.dbt_sql import build

PIPELINE_MODELS = (
    "int_opportunities__concluded",
    "int_pipeline__periods_listed",
    "int_pipeline__opportunities_counted",
    "int_pipeline__outcomes_collected",
    "fct_pipeline_quarterly",
    "fct_win_rate_changes",
    "pipeline_velocity",
    "win_rate_change",
)
_INPUTS = {
    "int_opportunities__valued": "opportunity_id varchar, created_date date, close_date date, "
    "is_closed boolean, is_won boolean, is_deleted boolean, "
    "created_amount_reporting decimal(18, 2)",
    "int_opportunities__sourced": "opportunity_id varchar, customer_id varchar, "
    "lead_source varchar, segment varchar, first_channel varchar",
    "int_opportunities__netted": "opportunity_id varchar, value_change decimal(18, 2)",
    "pipeline_velocity_intervals": "period varchar, period_start date, basis varchar, "
    "breakdown varchar, breakdown_value varchar, pipeline_velocity_low double, "
    "pipeline_velocity_high double",
}


@dataclass(frozen=True)
class Opportunity:
    """One opportunity: ``outcome`` is won, lost or open; ``amount`` what a won one is worth."""

    created: str | None
    close: str | None = None
    outcome: str = "open"
    amount: str = "0"
    source: str = "Web"
    channel: str = "email"
    segment: str = "Energy"
    is_deleted: bool = False


def insert(connection: duckdb.DuckDBPyConnection, table: str, *rows: Sequence) -> None:
    """Add rows to a table, in the order of its columns."""
    for row in rows:
        connection.execute(f"insert into {table} values ({', '.join('?' * len(row))})", list(row))


def load_periods(connection: duckdb.DuckDBPyConnection, first: str, as_of: str) -> None:
    """Create the quarters from ``first`` on, and inputs that have settled up to ``as_of``."""
    connection.execute(
        f"create table int_reporting_date__found as select date '{as_of}' as_of_date"
    )
    connection.execute(
        f"""
        create table int_reporting_periods__listed as
        select
            'quarter' as period,
            cast(start as date) as period_start,
            cast(start + interval '3' month - interval '1' day as date) as period_end,
            period_end <= date '{as_of}' as is_complete
        from unnest(generate_series(
            timestamp '{first}', date_trunc('quarter', timestamp '{as_of}'), interval '3' month
        )) as starts (start)
        """
    )
    connection.execute(
        f"""
        create table fct_input_quality as
        select
            unnest(['crm', 'touchpoints']) as area,
            date '{as_of}' as settled_until,
            1.0 as good_row_share
        """
    )


def build_pipeline(
    connection: duckdb.DuckDBPyConnection, opportunities: Sequence[Opportunity]
) -> None:
    """Build the models of the pipeline, up to the published ones; the ids are o0, o1 and so on."""
    for name, columns in _INPUTS.items():
        connection.execute(f"create table if not exists {name} ({columns})")
    for number, given in enumerate(opportunities):
        name, is_won = f"o{number}", given.outcome == "won"
        insert(
            connection,
            "int_opportunities__valued",
            [name, given.created, given.close, given.outcome != "open", is_won,
             given.is_deleted, "1"],
        )  # fmt: skip
        insert(
            connection,
            "int_opportunities__sourced",
            [name, name, given.source, given.segment, given.channel],
        )
        if is_won:
            insert(connection, "int_opportunities__netted", [name, given.amount])
    build(connection, PIPELINE_MODELS)
