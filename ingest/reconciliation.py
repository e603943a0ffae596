"""Make ledger and raw agree again, whatever came between: a crash, a lost or a new database.

The ledger is in the state file and raw in the working database, and no transaction spans both.
``ops.loaded_files`` says what raw holds; what differs is settled here:

- rows are in raw, and the ledger waits for the file: the second step was cut off, so it is done;
- rows are in raw, and the ledger wants none of them, or the store has another content of the file,
  as after an erasure: they leave raw;
- the ledger says loaded, and raw has nothing: the file is loaded again from the store. It has
  passed its checks or was let in, so it is not judged again. All files: that is a rebuild.
"""

import hashlib
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest.contract import Contract, Table
from ingest.errors import HomeError
from ingest.faults import point
from ingest.ledger import LedgerEntry, entries, transaction
from ingest.loading import LoadReport, add_incoming, read_files, replace_quarantine
from ingest.markers import STORED, WAITING, mark_loaded, remove_rows
from ingest.storing import stored_path
from ingest.warehouse import Warehouse, raw_table

_EXPECTED = (*WAITING, "loaded")
WITH_BAD_ROWS = ("refused", "acknowledged")


@dataclass(frozen=True)
class Reconciliation:
    """How many files were marked as loaded, taken out of raw, and loaded again."""

    marked: int
    removed: int
    restored: int

    @property
    def has_changed_raw(self) -> bool:
        """Whether raw has other rows than before."""
        return bool(self.removed or self.restored)


def reconcile(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    contracts: Sequence[Contract],
    say: Callable[[str], None] = lambda _: None,
) -> Reconciliation:
    """Settle every difference between ledger and raw; ``say`` is told of each table loaded again.

    Raises:
        HomeError: a file that is to be loaded again is not in the store as it was, or cannot be
            read any more as its contract says now.
    """
    removed = _remove_stale(connection)
    point("reconciled.removed")
    marked = mark_loaded(connection)
    point("reconciled.marked")
    tables = [(contract, table) for contract in contracts for table in contract.tables]
    if _is_new(connection):
        for contract, table in tables:
            list_bad_rows(warehouse, connection, contract, table)
    restored = 0
    for contract, table in tables:
        files = _restore(warehouse, connection, contract, table)
        restored += files
        if files:
            say(f"{raw_table(contract.source, table)}: {files:,} files from the store")
    return Reconciliation(marked, removed, restored)


def _remove_stale(connection: DuckDBPyConnection) -> int:
    stale = connection.execute(
        f"""
        select marker.file_sequence from ops.loaded_files as marker
        where not exists (
            select 1 from state.load_ledger as ledger
            where ledger.file_sequence = marker.file_sequence and {STORED} = marker.sha256
                and list_contains(?, ledger.status)
        )
        """,
        [list(_EXPECTED)],
    ).fetchall()
    if stale:
        tables = connection.execute(
            "select 'raw.' || table_name from duckdb_tables() "
            "where database_name = 'warehouse' and schema_name = 'raw'"
        ).fetchall()
        for (sequence,) in stale:
            with transaction(connection):
                for (raw,) in tables:
                    remove_rows(connection, raw, sequence)
            point("stale.removed")
    connection.execute(
        """
        delete from ops.quarantine where file_sequence not in (
            select file_sequence from state.load_ledger where list_contains(?, status)
        )
        """,
        [[*_EXPECTED, *WITH_BAD_ROWS]],
    )
    return len(stale)


def _is_new(connection: DuckDBPyConnection) -> bool:
    return not connection.execute("from ops.loaded_files limit 1").fetchall()


def list_bad_rows(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    contract: Contract,
    table: Table,
    only: Container[int] | None = None,
) -> None:
    """List the bad rows of files that are left out; those of loaded files come with them.

    ``only`` are the sequences of the files to read; without it, all.
    """
    rows = connection.execute(
        "select file_sequence from state.load_ledger where rows_quarantined > 0"
    ).fetchall()
    wanted = {sequence for (sequence,) in rows if only is None or sequence in only}
    files = [
        entry
        for entry in entries(connection, contract.source, table.name, WITH_BAD_ROWS)
        if entry.file_sequence in wanted
    ]
    _read_again(warehouse, connection, contract, table, files)
    with transaction(connection):
        for entry in files:
            replace_quarantine(connection, entry.file_sequence)


def _restore(
    warehouse: Warehouse, connection: DuckDBPyConnection, contract: Contract, table: Table
) -> int:
    """Load again what the ledger calls loaded and raw does not have; return how many files."""
    rows = connection.execute("select file_sequence from ops.loaded_files").fetchall()
    here = {sequence for (sequence,) in rows}
    loaded = entries(connection, contract.source, table.name, ["loaded"])
    lost = [entry for entry in loaded if entry.file_sequence not in here]
    report = _read_again(warehouse, connection, contract, table, lost)
    for file in report.files:
        if file.refusal:
            raise HomeError(
                f"{file.entry.file_name} was loaded once and cannot be loaded again: "
                f"{file.refusal}; mend the contract, or take the file back with "
                "`scalehouse withdraw`"
            )
    add_incoming(connection, report, keep_time=True)
    return len(lost)


def _read_again(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    contract: Contract,
    table: Table,
    files: Sequence[LedgerEntry],
) -> LoadReport:
    if not files:
        return LoadReport(contract.source, table, ())
    for entry in files:
        _verify(warehouse, entry)
    return read_files(warehouse, connection, contract, table, files)


def _verify(warehouse: Warehouse, entry: LedgerEntry) -> None:
    path = stored_path(warehouse.store, entry.sha256, entry.file_name)
    remedy = (
        f"bring it back with `scalehouse restore`, or copy {entry.file_name} there, or take the "
        "file back with `scalehouse withdraw`"
    )
    if not path.is_file():
        raise HomeError(f"the store lacks {path}, the content of {entry.file_name}: {remedy}")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
            raise HomeError(f"{path}, the content of {entry.file_name}, is damaged: {remedy}")
