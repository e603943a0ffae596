"""Open the two files of a home together: the working database, and as ``state`` the state.

A transaction writes to one of them alone, so what belongs together is written in two steps that
a crash can part; :mod:`ingest.reconciliation` brings them together again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.errors import HomeError
from ingest.faults import point
from ingest.migration import adopt_old_rows, create_state
from ingest.privacy import quoted

# What does not fit is written to disk, into a folder that only the owner may read.
_MEMORY = "2500MB"

# How DuckDB says that the bytes on the disk are not those that it wrote.
_DAMAGE = (
    "Corrupt",
    "Failure while replaying WAL file",
    "not a valid DuckDB database file",
    "Could not read enough bytes",
    "Failed to deserialize",
)


@contextmanager
def opened(
    database: Path, state: Path, *, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open both files in UTC; what was written to the state is in its file at the end.

    Raises:
        HomeError: one of the files is damaged, or the state is missing.
    """
    if not state.is_file() and (database.is_file() or not read_only):
        create_state(database, state)
    with _connected(database, read_only=read_only) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"set memory_limit = '{_MEMORY}'")
        _attach(connection, state, read_only=read_only)
        try:
            if not read_only:
                adopt_old_rows(connection)
            yield connection
            if not read_only:
                # no log of changes stays beside the file, so nothing of it can be torn off
                connection.execute("checkpoint state")
                point("state.checkpointed")
        except duckdb.Error as error:
            if is_damage(str(error)):
                _read_whole(connection, state)
                note_damage(database, str(error))
                raise _damaged_database(database, error) from error
            raise


def check_state(state: Path) -> None:
    """Read the state file by itself, to its end.

    Raises:
        HomeError: it is damaged or missing.
    """
    if not state.is_file():
        raise HomeError(f"{state} is missing: bring it back with `scalehouse restore`")
    with duckdb.connect() as connection:
        _attach(connection, state, read_only=False)
        _read_whole(connection, state)


def is_damage(message: str) -> bool:
    """Whether DuckDB's ``message`` is about damaged bytes, not a file in use or a full disk."""
    return any(sign in message for sign in _DAMAGE) and "No space left" not in message


def damage_note(database: Path) -> Path:
    """File that says why a database which can be opened is damaged all the same."""
    return database.with_name(f"{database.name}.damaged")


def note_damage(database: Path, reason: str) -> None:
    """Remember damage that was met while reading, so that the next run sets the file aside."""
    damage_note(database).write_text(reason, encoding="utf-8")


def _connected(database: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(database), read_only=read_only)
    except duckdb.Error as error:
        if is_damage(str(error)):
            raise _damaged_database(database, error) from error
        raise


def _attach(connection: duckdb.DuckDBPyConnection, state: Path, *, read_only: bool) -> None:
    mode = " (read_only)" if read_only else ""
    try:
        connection.execute(f"attach {quoted(str(state))} as state{mode}")
    except duckdb.Error as error:
        if is_damage(str(error)):
            raise _damaged_state(state, error) from error
        raise


def _read_whole(connection: duckdb.DuckDBPyConnection, state: Path) -> None:
    """Read every value of the attached state: DuckDB checks a block only when it reads it."""
    try:
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'state'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(
                f"select bit_xor(hash(row_read)) from state.main.{table} as row_read"
            ).fetchall()
    except duckdb.Error as error:
        if is_damage(str(error)):
            raise _damaged_state(state, error) from error
        raise


def _damaged_database(database: Path, error: duckdb.Error) -> HomeError:
    return HomeError(
        f"{database} is damaged ({error}): `scalehouse run` moves it aside and makes it again "
        "from the store"
    )


def _damaged_state(state: Path, error: duckdb.Error) -> HomeError:
    return HomeError(
        f"{state} is damaged ({error}) and cannot be made again: bring it back with "
        "`scalehouse restore`; nothing was changed"
    )
