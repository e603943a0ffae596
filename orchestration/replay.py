"""Read again what could not be read, after a contract was mended: from the store, once."""

from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest import ledger
from ingest.contract import Contract, Table, load_contracts
from ingest.ledger import LedgerEntry
from ingest.loading import LoadReport, add_incoming, read_files
from ingest.warehouse import Warehouse, prepare
from orchestration.raw_loading import describe, judge


@dataclass(frozen=True)
class ReplayedTable:
    """A table's loaded files that had bad rows: how many rows are in quarantine then and now.

    Where ``refusal`` says why, the files stay as they were loaded before.
    """

    table: str
    files: int
    before: int
    after: int
    refusal: str | None = None


def replay_quarantine(
    warehouse: Warehouse, source: str | None
) -> tuple[list[ReplayedTable], list[str]]:
    """Read the loaded files with bad rows again, and let the next run try the refused ones.

    What a loaded file gives now takes the place of what it gave before, in one transaction, if
    the contract's suite passes.

    Returns:
        The tables whose files were read again, and the names of the refused files.
    """
    contracts = [each for each in load_contracts() if source in (None, each.source)]
    with warehouse.lock():
        with warehouse.writer() as connection:
            prepare(connection, contracts)
            reopened = ledger.reopen_refused(connection, [each.source for each in contracts])
        tables = [
            replayed
            for contract in contracts
            for table in contract.tables
            if (replayed := _replay(warehouse, contract, table))
        ]
    return tables, reopened


def _replay(warehouse: Warehouse, contract: Contract, table: Table) -> ReplayedTable | None:
    with warehouse.writer() as connection:
        files, before = _with_bad_rows(connection, contract, table)
        report = read_files(warehouse, connection, contract, table, files)
    if not files:
        return None
    refusal = _refusal(warehouse, report)
    after = sum(file.rows_quarantined for file in report.readable)
    if refusal is None and after != before:
        with warehouse.writer() as connection:
            add_incoming(connection, report)
    name = f"{contract.source}.{table.name}"
    return ReplayedTable(name, len(files), before, before if refusal else after, refusal)


def _with_bad_rows(
    connection: DuckDBPyConnection, contract: Contract, table: Table
) -> tuple[Sequence[LedgerEntry], int]:
    counts = dict(
        connection.execute(
            "select file_sequence, rows_quarantined from ops.loaded_files "
            "where rows_quarantined > 0"
        ).fetchall()
    )
    loaded = ledger.entries(connection, contract.source, table.name, ["loaded"])
    files = [entry for entry in loaded if entry.file_sequence in counts]
    return files, sum(counts[entry.file_sequence] for entry in files)


def _refusal(warehouse: Warehouse, report: LoadReport) -> str | None:
    """Say why what was read cannot take the place of what was loaded, if it cannot."""
    reasons = [file.refusal for file in report.files if file.refusal]
    [outcome] = judge(warehouse, [report])
    if outcome and not outcome.passed:
        critical = [finding for finding in outcome.findings if finding.severity == "critical"]
        reasons += [describe(finding) for finding in critical]
    return "; ".join(reasons) or None
