"""From the store to raw: read what is new, wait for the checks, add it in one transaction."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from duckdb import DuckDBPyConnection

from ingest.contract import Contract, Table
from ingest.incoming import FileReport, read_into_incoming
from ingest.ledger import entries, transaction
from ingest.privacy import load_key, open_vault
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
    incoming = incoming_table(contract.source, table)
    connection.execute(f"delete from {incoming}")
    connection.execute(
        "delete from incoming.quarantine where source = ? and table_name = ?",
        [contract.source, table.name],
    )
    waiting = entries(connection, contract.source, table.name, statuses)
    if not waiting:
        return LoadReport(contract.source, table, ())
    open_vault(connection, warehouse.vault, load_key(warehouse.key_file))
    files = tuple(
        read_into_incoming(warehouse, connection, table, entry, incoming) for entry in waiting
    )
    with transaction(connection):
        for file in files:
            if file.refusal:
                _refuse(connection, file)
    return LoadReport(contract.source, table, files)


def add_incoming(connection: DuckDBPyConnection, report: LoadReport) -> None:
    """Move the incoming rows to raw, with quarantine and ledger, in one transaction."""
    incoming, raw = (
        incoming_table(report.source, report.table),
        raw_table(report.source, report.table),
    )
    with transaction(connection):
        connection.execute(f"insert into {raw} by name select * from {incoming}")
        connection.execute(f"delete from {incoming}")
        for file in report.readable:
            sequence = file.entry.file_sequence
            _replace_quarantine(connection, sequence)
            connection.execute(
                """
                update ops.load_ledger
                set status = 'loaded', reason = null, loaded_at = now()::timestamp,
                    physical_lines = ?, preamble_lines = ?, header_lines = ?, blank_lines = ?,
                    loaded_lines = ?, quarantined_lines = ?, footer_lines = ?, rows_read = ?,
                    rows_loaded = ?, rows_quarantined = ?, unknown_columns = ?
                where file_sequence = ?
                """,
                [
                    *astuple(file.lines),
                    *[file.rows_read, file.rows_loaded, file.rows_quarantined],
                    *[list(file.unknown_columns), sequence],
                ],
            )


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
                "update ops.load_ledger set status = ?, reason = ? where file_sequence = ?",
                ["held" if reason else "pending", reason, file.entry.file_sequence],
            )


def _refuse(connection: DuckDBPyConnection, file: FileReport) -> None:
    sequence = file.entry.file_sequence
    _replace_quarantine(connection, sequence)
    connection.execute(
        """
        update ops.load_ledger
        set status = 'refused', reason = ?, rows_read = ?, rows_quarantined = ?, rows_loaded = 0
        where file_sequence = ?
        """,
        [file.refusal, file.rows_read, file.rows_quarantined, sequence],
    )


def _replace_quarantine(connection: DuckDBPyConnection, sequence: int) -> None:
    connection.execute("delete from ops.quarantine where file_sequence = ?", [sequence])
    connection.execute(
        "insert into ops.quarantine from incoming.quarantine where file_sequence = ?", [sequence]
    )
