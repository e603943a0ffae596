"""Touchpoints made up for a test, and the channels that the seeds' rules give them."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import duckdb
import yaml

from tests.support.dbt_sql import DBT_DIR, build

SEEDS_DIR = DBT_DIR.parent / "seeds"
CHANNEL_MODELS = (
    "int_channel_rules__completed",
    "int_touchpoint_origins__classified",
    "int_touchpoints__placed",
)


class Origin(NamedTuple):
    """Where a touchpoint came from, as sessions and other touchpoints say it."""

    source: str = ""
    medium: str = ""
    campaign: str | None = None
    click_id_kind: str | None = None
    origin_type: str = "web_session"


def load_seed(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create the seed as a table of its name, typed as dbt types it."""
    types = _declared_types()[name]
    options = f"header = true, types = {types}" if types else "header = true"
    connection.execute(
        f"create or replace table {name} as from read_csv('{SEEDS_DIR / name}.csv', {options})"
    )


@cache
def _declared_types() -> dict[str, dict[str, str]]:
    declared = yaml.safe_load((SEEDS_DIR / "_seeds.yml").read_text())["seeds"]
    return {seed["name"]: seed.get("config", {}).get("column_types", {}) for seed in declared}


def channels_of(connection: duckdb.DuckDBPyConnection, origins: Sequence[Origin]) -> list[str]:
    """Return the channel of each origin, by the models of the warehouse."""
    load_seed(connection, "channel_rules")
    load_seed(connection, "source_sites")
    connection.execute(
        """
        create table int_touchpoints__judged (
            touchpoint_id varchar, touchpoint_type varchar, origin_type varchar,
            node_key varchar, email_domain varchar, campaign varchar, page_url varchar,
            click_id_kind varchar, origin_source varchar, origin_medium varchar,
            touchpoint_priority integer, source_rank integer, is_sales boolean,
            is_impression_or_open boolean, ineligible_reason varchar,
            attended_minutes decimal(18, 2), is_date_only boolean, occurred_at timestamp);
        create table int_identity__nodes_resolved as select 'n' as node_key, 'p' as person_id;
        create table int_persons__profiled (person_id varchar, account_id varchar);
        """
    )
    connection.executemany(
        "insert into int_touchpoints__judged values (?, ?, ?, 'n', null, ?, null, ?, ?, ?, "
        "10, 10, false, false, null, null, false, '2026-01-01')",
        [
            (
                str(place), origin.origin_type, origin.origin_type, origin.campaign,
                origin.click_id_kind, origin.source.lower(), origin.medium.lower(),
            )
            for place, origin in enumerate(origins)
        ],
    )  # fmt: skip
    build(connection, CHANNEL_MODELS)
    rows = connection.execute(
        "select channel from int_touchpoints__placed order by cast(touchpoint_id as integer)"
    ).fetchall()
    return [channel for (channel,) in rows]
