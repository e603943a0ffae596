"""From the store to raw: read what is new, wait for the checks, add it in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from duckdb import DuckDBPyConnection

from ingest.contract import Contract, Table
from ingest.faults import point
from ingest.incoming import FileReport, read_into_incoming
from ingest.keys import home_key
from ingest.ledger import LedgerEntry, entries, transaction
from ingest.markers import add_marker, is_marked, mark_loaded, remove_rows
from ingest.privacy import vault_attached
from ingest.shrinkage import shrunken
from ingest.warehouse import Warehouse, incoming_table, raw_table


@dataclass(frozen=True)
class LoadReport:
    """What waits in a table's incoming rows, file by file."""

    source: str
    table: Table
    files: tuple[FileReport, ...]

    @property
    def readable(self) -> tuple[FileReport, ...]:
        """The files whose rows wait in incoming."""
        return tuple(file for file in self.files if file.refusal is None)

    @property
    def rows(self) -> int:
        """The number of rows that wait in incoming."""
        return sum(file.rows_loaded for file in self.readable)


def load_incoming(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    contract: Contract,
    table: Table,
    statuses: Sequence[str] = ("pending", "held"),
) -> LoadReport:
    """Read the table's files that are in one of ``statuses`` into its incoming table.

    Incoming then has one typed row a readable record, with its file and line. Rows that do not
    parse are listed, their text goes to the vault; clear personal values go there too. Refused
    files are marked at once, since nothing of them waits for a check.
    """
    waiting = entries(connection, contract.source, table.name, statuses)
    report = read_files(warehouse, connection, contract, table, waiting)
    refused = [file for file in report.files if file.refusal]
    if refused:
        _enter_refused(connection, refused)
    return _without_shrunken(connection, report)


def _enter_refused(connection: DuckDBPyConnection, refused: Sequence[FileReport]) -> None:
    with transaction(connection):
        for file in refused:
            replace_quarantine(connection, file.entry.file_sequence)
    point("refused.listed")
    with transaction(connection):
        for file in refused:
            _refuse(connection, file)
    point("refused.entered")


def _without_shrunken(connection: DuckDBPyConnection, report: LoadReport) -> LoadReport:
    """Hold the full exports that lost too many rows; the others wait in incoming."""
    readable = report.readable
    doubts = shrunken(connection, report.source, report.table, readable)
    for sequence, reason in doubts.items():
        connection.execute(
            f"delete from {incoming_table(report.source, report.table)} where _file_sequence = ?",
            [sequence],
        )
        connection.execute(
            "update state.load_ledger set status = 'held', reason = ? where file_sequence = ?",
            [reason, sequence],
        )
    kept = tuple(file for file in report.files if file.entry.file_sequence not in doubts)
    return replace(report, files=kept)


def read_files(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    contract: Contract,
    table: Table,
    files: Sequence[LedgerEntry],
) -> LoadReport:
    """Read ``files`` from the store into the table's incoming rows, which hold nothing else then.

    Raises:
        HomeError: the store or the key of the hashes is not what the ledger knows.
    """
    incoming = incoming_table(contract.source, table)
    connection.execute(f"delete from {incoming}")
    connection.execute(
        "delete from incoming.quarantine where source = ? and table_name = ?",
        [contract.source, table.name],
    )
    if not files:
        return LoadReport(contract.source, table, ())
    read = []
    with vault_attached(connection, warehouse.vault, home_key(warehouse, connection)):
        point("vault.opened")
        for entry in files:
            read.append(read_into_incoming(warehouse, connection, table, entry, incoming))
            point("incoming.read")
    return LoadReport(contract.source, table, tuple(read))


def add_incoming(
    connection: DuckDBPyConnection, report: LoadReport, *, keep_time: bool = False
) -> None:
    """Move the incoming rows to raw, with quarantine and marker, in one transaction; then mark.

    What an earlier load of the same files put into raw is replaced. With ``keep_time`` the
    ledger's time of loading stays.
    """
    if not report.readable:
        return
    incoming = incoming_table(report.source, report.table)
    raw = raw_table(report.source, report.table)
    with transaction(connection):
        for file in report.readable:
            if is_marked(connection, file.entry.file_sequence):
                remove_rows(connection, raw, file.entry.file_sequence)
        connection.execute(f"insert into {raw} by name select * from {incoming}")
        connection.execute(f"delete from {incoming}")
        point("raw.added")
        for file in report.readable:
            replace_quarantine(connection, file.entry.file_sequence)
            add_marker(connection, file.entry.file_sequence, _findings(file), keep_time=keep_time)
        point("raw.marked")
    point("raw.committed")
    mark_loaded(connection)
    point("ledger.marked")


def hold_incoming(
    connection: DuckDBPyConnection, report: LoadReport, reasons: dict[str, str]
) -> None:
    """Keep the incoming rows out of raw; ``reasons`` says by file name why a file is held.

    Files without a reason of their own stay pending: they are clean, but were checked in one
    batch with the faulty ones.
    """
    with transaction(connection):
        for file in report.readable:
            reason = reasons.get(file.entry.file_name)
            connection.execute(
                "update state.load_ledger set status = ?, reason = ? where file_sequence = ?",
                ["held" if reason else "pending", reason, file.entry.file_sequence],
            )
    point("ledger.held")


def _findings(file: FileReport) -> dict[str, object]:
    return {
        **{f"{name}_lines": count for name, count in asdict(file.lines).items()},
        "rows_read": file.rows_read,
        "rows_loaded": file.rows_loaded,
        "rows_quarantined": file.rows_quarantined,
        "unknown_columns": list(file.unknown_columns),
    }


def _refuse(connection: DuckDBPyConnection, file: FileReport) -> None:
    connection.execute(
        """
        update state.load_ledger
        set status = 'refused', reason = ?, rows_read = ?, rows_quarantined = ?, rows_loaded = 0
        where file_sequence = ?
        """,
        [file.refusal, file.rows_read, file.rows_quarantined, file.entry.file_sequence],
    )


def replace_quarantine(connection: DuckDBPyConnection, sequence: int) -> None:
    """Put a file's bad rows of this reading in the place of those of an earlier one."""
    connection.execute("delete from ops.quarantine where file_sequence = ?", [sequence])
    connection.execute(
        "insert into ops.quarantine from incoming.quarantine where file_sequence = ?", [sequence]
    )
