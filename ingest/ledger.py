"""The load ledger: what was offered, in which order, and what became of it.

States of a file:

- ``pending``: registered, not yet loaded.
- ``loaded``: its rows are in raw.
- ``duplicate``: the same content was offered before under this table.
- ``refused``: it cannot be read as its contract says.
- ``held``: it was read, but a critical expectation failed, so its rows were not added.
- ``replaced``: refused or held, and no longer in the landing folder with this content.
- ``accepted``: held, and somebody decided to load it in spite of the check.
- ``acknowledged``: refused, and somebody decided to leave it at that.
- ``withdrawn``: somebody took it back; its rows, if any, left raw.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest.contract import Contract
from ingest.errors import LedgerError
from ingest.faults import point
from ingest.markers import remove_rows
from ingest.warehouse import raw_table

OPEN = ("refused", "held")


@dataclass(frozen=True)
class LedgerEntry:
    """One offered file of one table; ``sha256`` is that of what the store has of it now."""

    file_sequence: int
    source: str
    table_name: str
    file_name: str
    sha256: str
    status: str
    as_of: str | None = None


@contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end of the block, roll back on any error."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def entries(
    connection: DuckDBPyConnection, source: str, table_name: str, statuses: Sequence[str]
) -> list[LedgerEntry]:
    """Return the files of a table that are in one of ``statuses``, in the ledger's order."""
    rows = connection.execute(
        """
        select
            file_sequence, source, table_name, file_name, coalesce(stored_sha256, sha256),
            status, as_of
        from state.load_ledger
        where source = ? and table_name = ? and list_contains(?, status)
        order by file_sequence
        """,
        [source, table_name, list(statuses)],
    ).fetchall()
    return [LedgerEntry(*row) for row in rows]


def state(connection: DuckDBPyConnection) -> tuple[int, str]:
    """Return the highest sequence of a loaded file, and a digest of every file's state.

    Two equal digests mean that raw holds the same rows.
    """
    [(sequence, digest)] = connection.execute(
        """
        select
            coalesce(max(file_sequence) filter (status = 'loaded'), 0),
            md5(coalesce(string_agg(
                concat_ws(':', file_sequence, status, loaded_at), ',' order by file_sequence), ''))
        from state.load_ledger
        """
    ).fetchall()
    return sequence, digest


def is_erasing(connection: DuckDBPyConnection) -> bool:
    """Whether an erasure has begun that has not reached what readers see."""
    rows = connection.execute("from state.erasures where published_at is null limit 1").fetchall()
    return bool(rows)


def accept(connection: DuckDBPyConnection, file_name: str, reason: str) -> str:
    """Accept a held file in spite of its check, or acknowledge that a refused one stays out.

    Returns:
        The file's new state: ``accepted`` (the next run loads it) or ``acknowledged``.

    Raises:
        LedgerError: no refused or held file has this name.
    """
    sequence, status = _find(connection, file_name, OPEN, "refused or held")
    new_status = "accepted" if status == "held" else "acknowledged"
    with transaction(connection):
        _act(connection, sequence, "accept", reason, new_status)
    return new_status


def withdraw(
    connection: DuckDBPyConnection, contracts: Sequence[Contract], file_name: str, reason: str
) -> int:
    """Take a file back: it is not offered again, and its rows leave raw and quarantine.

    The ledger is first; if a crash comes between, the next run takes the rows out.

    Returns:
        The number of rows that left raw.

    Raises:
        LedgerError: no file of this name is loaded, pending, refused or held.
    """
    statuses = (*OPEN, "loaded", "pending", "accepted", "acknowledged")
    sequence, _ = _find(connection, file_name, statuses, "loaded, refused or held")
    [(source, table_name)] = connection.execute(
        "select source, table_name from state.load_ledger where file_sequence = ?", [sequence]
    ).fetchall()
    name = next(
        raw_table(contract.source, table)
        for contract in contracts
        for table in contract.tables
        if (contract.source, table.name) == (source, table_name)
    )
    with transaction(connection):
        _act(connection, sequence, "withdraw", reason, "withdrawn")
    point("withdrawal.entered")
    with transaction(connection):
        return remove_rows(connection, name, sequence)


def reopen_refused(connection: DuckDBPyConnection, sources: Sequence[str]) -> list[str]:
    """Let the next run try the refused files of ``sources`` again; return their names."""
    rows = connection.execute(
        """
        select file_sequence, file_name from state.load_ledger
        where status = 'refused' and list_contains(?, source) order by file_sequence
        """,
        [list(sources)],
    ).fetchall()
    with transaction(connection):
        for sequence, _ in rows:
            _act(connection, sequence, "replay", "its contract was mended", "pending")
    return [file_name for _, file_name in rows]


def _find(
    connection: DuckDBPyConnection, file_name: str, statuses: Sequence[str], wanted: str
) -> tuple[int, str]:
    rows = connection.execute(
        """
        select file_sequence, status from state.load_ledger
        where file_name = ? and list_contains(?, status)
        order by file_sequence desc
        """,
        [file_name, list(statuses)],
    ).fetchall()
    if rows:
        return rows[0]
    known = connection.execute(
        "select file_name from state.load_ledger where list_contains(?, status) order by 1 limit 5",
        [list(statuses)],
    ).fetchall()
    names = ", ".join(name for (name,) in known) or "none"
    raise LedgerError(
        f"no file {file_name!r} is {wanted}; give its path below the landing folder "
        f"(such files: {names})"
    )


def _act(
    connection: DuckDBPyConnection, sequence: int, action: str, reason: str, status: str
) -> None:
    connection.execute(
        "insert into state.ledger_actions values (?, ?, ?, now()::timestamp)",
        [sequence, action, reason],
    )
    connection.execute(
        "update state.load_ledger set status = ? where file_sequence = ?", [status, sequence]
    )
