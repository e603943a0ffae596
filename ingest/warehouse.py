"""Where the warehouse lives on disk, and who may write to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock

from ingest.contract import Contract, RawColumn, Table
from ingest.faults import point
from ingest.opening import opened
from ingest.state import add_columns, ensure_tables, marker_columns

# Columns of origin: they make every number explainable down to a line of a file.
ORIGIN_COLUMNS = (
    RawColumn(name="_file", data_type="varchar", description="Path below the landing folder."),
    RawColumn(name="_line", data_type="bigint", description="Line of the file, from 1."),
    RawColumn(
        name="_file_sequence",
        data_type="bigint",
        description="The load ledger's number of the file; a higher one was delivered later.",
    ),
    RawColumn(
        name="_rescued",
        data_type="json",
        description="Cells that the contract does not know, by name; text as its keyed hash.",
    ),
)
AS_OF_COLUMN = RawColumn(
    name="_as_of", data_type="date", description="Date of the export, from the file's name."
)

# What the pipeline keeps of its own work and can make again from the store.
OPS_DDL = """
create schema if not exists ops;
create table if not exists ops.quarantine (
    file_sequence bigint not null,
    source varchar not null,
    table_name varchar not null,
    file_name varchar not null,
    line bigint not null,
    column_name varchar,
    reason varchar not null
);
"""


class SchemaDriftError(Exception):
    """A raw table no longer fits its contract in a way that only a rebuild can mend."""


@dataclass(frozen=True)
class Warehouse:
    """The files of one Scalehouse home; ``landing`` is where exports arrive.

    ``workspace`` has the working database while a rebuild makes it beside the old one.
    """

    home: Path
    landing: Path
    workspace: Path | None = None

    @property
    def database(self) -> Path:
        """The working database; nobody but the pipeline opens it."""
        return (self.workspace or self.home) / "warehouse.duckdb"

    @property
    def state(self) -> Path:
        """The load ledger, decisions, check results and builds: what cannot be made again."""
        return self.home / "state.duckdb"

    @property
    def vault(self) -> Path:
        """Clear personal values and the raw text of bad rows, readable by the owner only."""
        return self.home / "vault.duckdb"

    @property
    def key_file(self) -> Path:
        """The key of the personal data's hashes, readable by the owner only."""
        return self.home / "hmac.key"

    @property
    def store(self) -> Path:
        """Every offered file under its content's hash, never changed."""
        return self.home / "store"

    @property
    def published(self) -> Path:
        """Snapshots for readers; ``current.duckdb`` points to the latest."""
        return self.home / "published"

    @property
    def results(self) -> Path:
        """Check results as JSON, a folder a run."""
        return self.home / "results"

    def lock(self) -> FileLock:
        """Return the lock that makes writers wait for each other, in this process re-entrant."""
        self.home.mkdir(parents=True, exist_ok=True)
        return FileLock(self.home / "warehouse.lock", is_singleton=True)

    @contextmanager
    def writer(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open database and state for writing; waits while another process writes."""
        with self.lock(), opened(self.database, self.state) as connection:
            yield connection

    @contextmanager
    def reader(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open database and state read-only; waits while another process writes."""
        with self.lock(), opened(self.database, self.state, read_only=True) as connection:
            yield connection


def raw_table(source: str, table: Table) -> str:
    """Name of the raw table, e.g. ``raw.google_ads__ad_daily``."""
    return f"raw.{source}__{table.name}"


def incoming_table(source: str, table: Table) -> str:
    """Name of the table where new rows wait for their checks."""
    return f"incoming.{source}__{table.name}"


def stored_columns(table: Table) -> tuple[RawColumn, ...]:
    """Every column of the raw table, in order: the contract's, then those of origin."""
    as_of = (AS_OF_COLUMN,) if table.delivery == "full" else ()
    return (*table.raw_columns, *ORIGIN_COLUMNS, *as_of)


def prepare(connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    """Create what is missing: the state's tables and, typed and empty, each contracted table.

    Raises:
        SchemaDriftError: a raw column has another type than its contract says now.
    """
    ensure_tables(connection)
    point("state.prepared")
    connection.execute(OPS_DDL)
    _prepare_markers(connection)
    point("ops.prepared")
    connection.execute("create schema if not exists raw")
    connection.execute("create schema if not exists incoming")
    connection.execute(
        "create table if not exists incoming.quarantine as from ops.quarantine limit 0"
    )
    existing = _existing_columns(connection)
    for contract in contracts:
        for table in contract.tables:
            for name in (raw_table(contract.source, table), incoming_table(contract.source, table)):
                _create_or_extend(connection, name, stored_columns(table), existing.get(name))
    point("raw.prepared")


def _prepare_markers(connection: duckdb.DuckDBPyConnection) -> None:
    """Create ``ops.loaded_files``: one row per file whose rows are in raw, as the ledger has it."""
    columns = marker_columns()
    body = ", ".join(f"{name} {data_type}" for name, data_type in columns.items())
    connection.execute(f"create table if not exists ops.loaded_files ({body})")
    add_columns(connection, "warehouse", "ops", "loaded_files", columns)


def _existing_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        """
        select schema_name || '.' || table_name, column_name, lower(data_type)
        from duckdb_columns() where schema_name in ('raw', 'incoming')
        """
    ).fetchall()
    columns: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        columns.setdefault(table, {})[column] = data_type
    return columns


def _create_or_extend(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[RawColumn],
    existing: dict[str, str] | None,
) -> None:
    if existing is None:
        body = ", ".join(f'"{column.name}" {column.data_type}' for column in columns)
        connection.execute(f"create table {name} ({body})")
        return
    for column in columns:
        if column.name not in existing:
            connection.execute(f'alter table {name} add column "{column.name}" {column.data_type}')
        elif existing[column.name] != column.data_type:
            raise SchemaDriftError(
                f"{name}.{column.name} is {existing[column.name]} but its contract says "
                f"{column.data_type}: `scalehouse rebuild` makes it again from the store"
            )
