"""A home's state file: made once, empty or from the tables that older versions kept elsewhere."""

from pathlib import Path

import duckdb

from ingest.disk import sync
from ingest.errors import HomeError
from ingest.faults import point
from ingest.privacy import quoted
from ingest.state import STATE_DDL, declared_columns, marker_columns

# Where a restore collects a home's files before it puts them in place.
UNFINISHED_RESTORE = "restore.part"

# What was kept in the schema ``ops`` of the working database before there was a state file.
_MOVED = ("load_ledger", "ledger_actions", "runs", "builds", "check_results")


def create_state(database: Path, state: Path) -> None:
    """Make ``state``, whole or not at all, with what an older version's ``database`` knows.

    Raises:
        HomeError: the home has loaded files, so it had a state file, and that is gone; or a
            restore has not come to its end.
    """
    state.parent.mkdir(parents=True, exist_ok=True)
    partial = state.with_name(f"{state.name}.new")
    for leftover in (partial, partial.with_name(f"{partial.name}.wal")):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(str(partial)) as connection:
        connection.execute("set timezone = 'UTC'")
        old = _old_tables(connection, database)
        if (state.parent / UNFINISHED_RESTORE).exists():
            raise HomeError("a restore was cut off: run `scalehouse restore` again")
        if "load_ledger" not in old and _has_stored(state.parent / "store"):
            raise HomeError(
                f"{state} is missing, but files were loaded into this home: bring it back with "
                "`scalehouse restore`; nothing was changed"
            )
        _fill(connection, old)
        connection.execute("checkpoint")
    point("state.written")
    sync(partial)
    partial.replace(state)
    sync(state.parent)
    point("state.renamed")


def adopt_old_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark what an older version loaded as loaded, and drop its tables that are in the state."""
    old = _tables_in(connection, "warehouse")
    if "load_ledger" not in old:
        return
    known = [name for name in marker_columns() if name in _columns(connection, "warehouse")]
    connection.execute("begin")
    connection.execute(
        f"create table ops.loaded_files as select {', '.join(known)} from ops.load_ledger "
        "where status = 'loaded'"
    )
    for table in old & set(_MOVED):
        connection.execute(f"drop table ops.{table}")
    connection.execute("drop sequence if exists ops.file_sequence")
    point("migration.marked")
    connection.execute("commit")
    point("migration.committed")


def _has_stored(store: Path) -> bool:
    return any(path.is_file() for path in store.rglob("*"))


def _old_tables(connection: duckdb.DuckDBPyConnection, database: Path) -> set[str]:
    if not database.is_file():
        return set()
    connection.execute(f"attach {quoted(str(database))} as old (read_only)")
    return _tables_in(connection, "old")


def _tables_in(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'ops'",
        [database],
    ).fetchall()
    return {name for (name,) in rows}


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? "
        "and schema_name = 'ops' and table_name = 'load_ledger'",
        [database],
    ).fetchall()
    return {name for (name,) in rows}


def _fill(connection: duckdb.DuckDBPyConnection, old: set[str]) -> None:
    connection.execute("begin")
    if "load_ledger" in old:
        [(following,)] = connection.execute(
            "select coalesce(max(file_sequence), 0) + 1 from old.ops.load_ledger"
        ).fetchall()
        connection.execute(f"create sequence file_sequence start {following}")
    connection.execute(STATE_DDL)
    for table in old & set(_MOVED):
        if table in declared_columns(STATE_DDL):
            connection.execute(f"insert into {table} by name from old.ops.{table}")
        else:
            connection.execute(f"create table {table} as from old.ops.{table}")
    connection.execute("commit")
