"""``ops.loaded_files``: which files' rows are in raw, written in one transaction with the rows.

The ledger, in the other file, follows it: :func:`mark_loaded` is the second of the two steps,
after a load as well as after a crash between the steps.
"""

from collections.abc import Mapping

from duckdb import DuckDBPyConnection

from ingest.state import marker_columns

# Files in these states have no rows in raw yet; a marker says that they have after all.
WAITING = ("pending", "held", "accepted")

# SQL for what the rows of a file of ``ledger`` are read from; a marker has it as its ``sha256``.
STORED = "coalesce(ledger.stored_sha256, ledger.sha256)"


def add_marker(
    connection: DuckDBPyConnection, sequence: int, found: Mapping[str, object], *, keep_time: bool
) -> None:
    """Note that a file's rows are in raw, and what loading it found, by the ledger's columns.

    With ``keep_time`` it is as if they had been there since the ledger's time of loading.
    """
    loaded_at = "coalesce(loaded_at, now()::timestamp)" if keep_time else "now()::timestamp"
    connection.execute(
        f"""
        insert into ops.loaded_files (file_sequence, sha256, loaded_at, {", ".join(found)})
        select file_sequence, {STORED}, {loaded_at}, {", ".join("?" * len(found))}
        from state.load_ledger as ledger where file_sequence = ?
        """,
        [*found.values(), sequence],
    )


def mark_loaded(connection: DuckDBPyConnection) -> int:
    """Enter what the markers say into the ledger; return how many files it did not know of."""
    found = [name for name in marker_columns() if name not in {"file_sequence", "sha256"}]
    names = ", ".join(f"ledger.{name}" for name in found)
    values = ", ".join(f"marker.{name}" for name in found)
    settings = ", ".join(f"{name} = marker.{name}" for name in found)
    [(marked,)] = connection.execute(
        f"""
        update state.load_ledger as ledger
        set status = 'loaded', reason = null, {settings}
        from ops.loaded_files as marker
        where ledger.file_sequence = marker.file_sequence and {STORED} = marker.sha256
            and list_contains(?, ledger.status)
            and (ledger.status, {names}) is distinct from ('loaded', {values})
        """,
        [[*WAITING, "loaded"]],
    ).fetchall()
    return marked


def is_marked(connection: DuckDBPyConnection, sequence: int) -> bool:
    """Whether the rows of a file are in raw."""
    found = connection.execute(
        "select 1 from ops.loaded_files where file_sequence = ?", [sequence]
    ).fetchall()
    return bool(found)


def remove_rows(connection: DuckDBPyConnection, raw: str, sequence: int) -> int:
    """Take a file's rows out of ``raw`` and out of quarantine, with its marker; return how many.

    Call it within a transaction.
    """
    [(rows,)] = connection.execute(
        f"delete from {raw} where _file_sequence = ?", [sequence]
    ).fetchall()
    for table in ("ops.loaded_files", "ops.quarantine"):
        connection.execute(f"delete from {table} where file_sequence = ?", [sequence])
    return rows


def disagreements(connection: DuckDBPyConnection) -> int:
    """Return the number of files about which ledger and raw disagree."""
    [(count,)] = connection.execute(
        f"""
        select count(*) from (
            select file_sequence, {STORED} as sha256
            from state.load_ledger as ledger where status = 'loaded'
        ) as ledger
        full join ops.loaded_files as marker using (file_sequence, sha256)
        where ledger.file_sequence is null or marker.file_sequence is null
        """
    ).fetchall()
    return count
