"""What cannot be recomputed: the tables of ``state.duckdb``, beside the working database.

Raw tables and models can be made again from the store and from what is here: which files came,
in which order, what was decided about them, what each run found and published.
"""

from functools import cache

import duckdb

STATE_DDL = """
create sequence if not exists file_sequence;
create table if not exists load_ledger (
    file_sequence bigint primary key,
    source varchar not null,
    table_name varchar not null,
    file_name varchar not null,
    sha256 varchar not null,
    stored_sha256 varchar,
    size_bytes bigint not null,
    modified_ns bigint not null,
    as_of varchar,
    status varchar not null,
    reason varchar,
    unknown_columns varchar[],
    physical_lines bigint,
    preamble_lines bigint,
    header_lines bigint,
    blank_lines bigint,
    loaded_lines bigint,
    quarantined_lines bigint,
    footer_lines bigint,
    rows_read bigint,
    rows_loaded bigint,
    rows_quarantined bigint,
    first_seen_at timestamp not null,
    loaded_at timestamp
);
create table if not exists ledger_actions (
    file_sequence bigint not null,
    action varchar not null,
    reason varchar not null,
    acted_at timestamp not null
);
create table if not exists runs (
    run_id varchar primary key,
    started_at timestamp not null,
    published_at timestamp
);
create table if not exists builds (
    build_id varchar primary key,
    published_at timestamp not null,
    ledger_sequence bigint not null,
    fingerprint varchar not null
);
create table if not exists incidents (
    happened_at timestamp not null,
    kind varchar not null,
    detail varchar not null
);
create table if not exists erasures (
    value_hash varchar primary key,
    token varchar not null,
    erased_at timestamp not null,
    cleaned_at timestamp,
    published_at timestamp
);
create table if not exists channel_weight_fits (
    journey_rule_id varchar not null,
    conversion_type varchar not null,
    fit_month date not null,
    fit_version bigint not null,
    conversions bigint not null,
    non_conversions bigint not null,
    channel_weights varchar not null,
    chain_order integer,
    channel varchar not null,
    channel_weight double not null,
    standard_error double not null,
    credit_share double not null
);
create table if not exists channel_transitions (
    journey_rule_id varchar not null,
    conversion_type varchar not null,
    fit_month date not null,
    fit_version bigint not null,
    from_channel varchar,
    to_channel varchar,
    is_conversion boolean,
    transitions bigint not null,
    probability double not null
);
create table if not exists channel_weight_refits (
    fit_month date not null,
    reason varchar not null,
    requested_at timestamp not null
);
create table if not exists attribution_reports (
    attribution_model varchar not null,
    model_version integer not null,
    weights_version varchar,
    conversion_type varchar not null,
    conversion_id varchar not null,
    channel varchar not null,
    report_month date not null,
    amount decimal(18, 2) not null,
    exchange_rate double,
    conversion_value decimal(18, 2) not null,
    weight double not null,
    booked_credit decimal(18, 6) not null,
    touchpoints bigint not null,
    evidence_fingerprint varchar,
    identity_fingerprint varchar,
    touchpoint_fingerprint varchar,
    origin_fingerprint varchar
);
create table if not exists attribution_changes (
    restatement bigint not null,
    ledger_sequence bigint not null,
    report_month date not null,
    conversion_type varchar not null,
    conversion_id varchar not null,
    attribution_model varchar not null,
    channel varchar not null,
    cause varchar not null,
    credit_change decimal(18, 6) not null
);
create table if not exists kpi_baselines (
    kpi varchar not null,
    variant varchar not null,
    breakdown varchar not null,
    breakdown_value varchar not null,
    period varchar not null,
    period_start date not null,
    baseline_value double not null,
    baseline_low double,
    baseline_high double,
    interval_kind varchar,
    sample_size bigint not null,
    grade varchar not null,
    reason varchar not null,
    frozen_at timestamp not null
);
create table if not exists facts (
    name varchar primary key,
    value varchar not null
);
"""

# What the ledger knows of a file from its offer; every other column is what loading finds out.
_OFFERED = frozenset(
    {"source", "table_name", "file_name", "stored_sha256", "size_bytes", "modified_ns", "as_of",
     "status", "reason", "first_seen_at"}
)  # fmt: skip


@cache
def declared_columns(ddl: str) -> dict[str, dict[str, str]]:
    """Return the columns that ``ddl`` declares: by table, each column's name and type."""
    tables: dict[str, dict[str, str]] = {}
    with duckdb.connect() as scratch:
        scratch.execute(ddl)
        rows = scratch.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where database_name = 'memory' order by table_name, column_index"
        ).fetchall()
    for table, column, data_type in rows:
        tables.setdefault(table, {})[column] = data_type
    return tables


def marker_columns() -> dict[str, str]:
    """Return what ``ops.loaded_files`` keeps of a loaded file: names and types."""
    ledger = declared_columns(STATE_DDL)["load_ledger"]
    return {name: kind for name, kind in ledger.items() if name not in _OFFERED}


def ensure_tables(connection: duckdb.DuckDBPyConnection, ddl: str = STATE_DDL) -> None:
    """Create what is missing of ``ddl`` in the attached state; old tables gain new columns."""
    [(database,)] = connection.execute("select current_database()").fetchall()
    connection.execute("use state")
    try:
        connection.execute(ddl)
    finally:
        connection.execute(f'use "{database}"')
    for table, columns in declared_columns(ddl).items():
        add_columns(connection, "state", "main", table, columns)


def add_columns(
    connection: duckdb.DuckDBPyConnection,
    database: str,
    schema: str,
    table: str,
    columns: dict[str, str],
) -> None:
    """Add those of ``columns`` that an older version of the table does not have."""
    rows = connection.execute(
        "select column_name from duckdb_columns() "
        "where database_name = ? and schema_name = ? and table_name = ?",
        [database, schema, table],
    ).fetchall()
    for name in columns.keys() - {column for (column,) in rows}:
        connection.execute(
            f'alter table {database}.{schema}.{table} add column "{name}" {columns[name]}'
        )
