"""Small tables of ad spend, and the models that lead from them to the mart."""

from collections.abc import Sequence

import duckdb

from tests.support.channels import load_seed
from tests.support.dbt_sql import build

_REPORT = (
    "platform varchar default 'google_ads', utm_source varchar default 'google', "
    "click_id_kind varchar default 'gclid', account_id varchar default 'berlin', "
    "campaign_id varchar default '1', campaign_name varchar default 'brand', "
    "currency varchar, impressions bigint default 10, clicks bigint default 1, "
    "spend decimal(18, 6) default 0, platform_conversions decimal(18, 6) default 0, "
    "report_date date default '2026-01-05'"
)
TABLES = {
    "int_ads__performance_unioned": (
        f"{_REPORT}, ad_group_id varchar default 'group', ad_id varchar default 'ad'"
    ),
    "int_ads__campaign_spend_unioned": _REPORT,
    "int_ads__campaigns_unioned": (
        "platform varchar, account_id varchar, campaign_id varchar, campaign_name varchar"
    ),
    "int_ads__accounts_unioned": (
        "platform varchar default 'google_ads', account_id varchar, "
        "currency varchar default 'EUR', time_zone varchar default 'Europe/Berlin'"
    ),
    "int_exchange_rates__unioned": (
        "currency varchar, units_per_euro decimal(18, 6), rate_date date default '2026-01-05'"
    ),
}
SEEDS = ("channel_rules", "source_sites", "settling_days")
MODELS = (
    "int_exchange_rates__daily_filled",
    "int_channel_rules__completed",
    "int_ads__spend_allocated",
    "int_ads__spend_converted",
    "int_ads__spend_classified",
    "int_ads__time_zones_compared",
    "int_ads__platforms_settled",
    "fct_ad_performance_daily",
    "dim_ad_accounts",
)


def empty_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what the spend models read: the interfaces empty, the seeds as they are."""
    for name, columns in TABLES.items():
        connection.execute(f"create table {name} ({columns})")
    for name in SEEDS:
        load_seed(connection, name)


def add(connection: duckdb.DuckDBPyConnection, table: str, *rows: dict) -> None:
    """Insert rows; a column that a row leaves out takes the table's default."""
    for row in rows:
        places = ", ".join("?" * len(row))
        connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({places})", list(row.values())
        )


def add_ads(connection: duckdb.DuckDBPyConnection, *rows: dict) -> None:
    """Insert rows of ads and days."""
    add(connection, "int_ads__performance_unioned", *rows)


def spend_facts(
    connection: duckdb.DuckDBPyConnection, columns: str, models: Sequence[str] = MODELS
) -> list[tuple]:
    """Build the mart of ad spend and return ``columns`` of it, in their own order."""
    build(connection, models)
    return connection.execute(
        f"select {columns} from fct_ad_performance_daily order by all"
    ).fetchall()
