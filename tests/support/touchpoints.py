"""Touchpoints as sources deliver them, taken through the models up to those that count."""

from collections.abc import Sequence
from datetime import datetime

import duckdb

from ingest.contract import load_contracts
from ingest.warehouse import stored_columns
from tests.support.channels import CHANNEL_MODELS, load_seed
from tests.support.dbt_sql import build

UNIONED = {
    "touchpoint_id": ("varchar", "t"),
    "touchpoint_type": ("varchar", "email_click"),
    "node_key": ("varchar", "n"),
    "linked_node_key": ("varchar", None),
    "email_domain": ("varchar", "acme.example"),
    "campaign_name": ("varchar", "Spring > Mail"),
    "campaign_record_id": ("varchar", None),
    "mailing_id": ("varchar", None),
    "self_reported_source": ("varchar", None),
    "page_url": ("varchar", None),
    "ineligible_reason": ("varchar", None),
    "is_date_only": ("boolean", False),
    "is_valid": ("boolean", True),
    "occurred_at": ("timestamp", "2026-03-10 09:00:00"),
    "ended_at": ("timestamp", None),
}
TOUCHPOINT_MODELS = (
    "int_touchpoints__clicks_screened",
    "int_touchpoints__stays_merged",
    "int_touchpoints__collected",
    "int_touchpoints__judged",
    *CHANNEL_MODELS,
    "int_touchpoints__classified",
)
SEEDS = ("channel_rules", "source_sites", "touchpoint_types", "click_filters")


def fill(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: dict[str, tuple[str, object]],
    rows: Sequence[dict],
) -> None:
    """Create a table of rows that differ from the columns' defaults in what is given."""
    body = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
    connection.execute(f"create or replace table {name} ({body})")
    defaults = {column: default for column, (_, default) in columns.items()}
    for row in rows:
        assert set(row) <= set(columns)
        values = list({**defaults, **row}.values())
        connection.execute(f"insert into {name} values ({', '.join('?' * len(values))})", values)


def deliver(connection: duckdb.DuckDBPyConnection, source: str, name: str, *rows: dict) -> None:
    """Create a source's raw table from rows that hold what is given, and stage it."""
    [table] = [
        table
        for contract in load_contracts()
        if contract.source == source
        for table in contract.tables
        if table.name == name
    ]
    columns = {column.name: (column.data_type, None) for column in stored_columns(table)}
    numbered = [{"_file_sequence": 1, "_line": line, **row} for line, row in enumerate(rows)]
    fill(connection, name, columns, numbered)
    build(connection, [f"stg_{source}__{name}"])


def place(connection: duckdb.DuckDBPyConnection, *rows: dict) -> None:
    """Build every touchpoint model from delivered touchpoints and from sessions, if any."""
    fill(connection, "int_touchpoints__unioned", UNIONED, rows)
    place_delivered(connection)


def place_delivered(connection: duckdb.DuckDBPyConnection) -> None:
    """Build every touchpoint model from ``int_touchpoints__unioned`` as it is.

    Each node is a person of its own, unless ``int_identity__nodes_resolved`` says otherwise.
    """
    for seed in SEEDS:
        load_seed(connection, seed)
    connection.execute(
        """
        create table if not exists int_web_sessions__grouped (
            touchpoint_id varchar, visitor_node_key varchar, session_id bigint,
            click_id_kind varchar, campaign varchar, origin_source varchar,
            origin_medium varchar, page_url varchar, occurred_at timestamp);
        create table if not exists int_campaigns__named (
            campaign_record_id varchar, campaign varchar);
        create table if not exists int_persons__profiled (person_id varchar, account_id varchar);
        create table if not exists int_identity__nodes_resolved as
            select node_key, node_key as person_id from int_touchpoints__unioned
            union select linked_node_key, linked_node_key from int_touchpoints__unioned
            union select visitor_node_key, visitor_node_key from int_web_sessions__grouped;
        """
    )
    build(connection, TOUCHPOINT_MODELS)


def reasons(connection: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """Return why each touchpoint does not count, None for those that do."""
    return dict(
        connection.execute(
            "select touchpoint_id, ineligible_reason from int_touchpoints__placed"
        ).fetchall()
    )


def stage_events(connection: duckdb.DuckDBPyConnection, *events: dict) -> None:
    """Stage GA4's events, a page view of one visitor each unless something else is given."""
    same = {
        "event_name": "page_view",
        "event_timestamp": at("09:00"),
        "user_pseudo_id_hash": "visitor",
        "analytics_storage": "Yes",
        "ga_session_id": 1,
        "page_location": "https://us.example/",
    }
    numbered = [{"batch_event_index": n, **same, **event} for n, event in enumerate(events)]
    deliver(connection, "ga4", "events", *numbered)
    connection.execute("create or replace view int_web_events__unioned as from stg_ga4__events")


def group_sessions(connection: duckdb.DuckDBPyConnection, *events: dict) -> list[tuple]:
    """Stage and group GA4's events.

    Returns:
        Rows (source, medium, campaign, kind of click id, begin), in order of begin.
    """
    stage_events(connection, *events)
    build(connection, ["int_web_sessions__grouped"])
    return connection.execute(
        "select origin_source, origin_medium, campaign, click_id_kind, occurred_at "
        "from int_web_sessions__grouped order by occurred_at"
    ).fetchall()


def at(clock: str) -> datetime:
    """Return an instant of the day that the defaults are of."""
    return datetime.fromisoformat(f"2026-03-10 {clock}")
