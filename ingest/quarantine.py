"""Rows that did not parse: listed by file, line, column and reason, their text in the vault."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest.contract import Table
from ingest.ledger import LedgerEntry
from ingest.privacy import quoted
from ingest.reading import Reading
from ingest.records import text_at


def quarantine(
    connection: DuckDBPyConnection, table: Table, path: Path, entry: LedgerEntry, reading: Reading
) -> int:
    """List the bad rows, put their text into the vault; return how many rows are bad."""
    origin = [entry.file_sequence, entry.source, entry.table_name, entry.file_name]
    types = " ".join(
        f"when {quoted(column.name)} then {quoted(column.type)}" for column in table.columns
    )
    connection.execute(
        f"""
        insert into incoming.quarantine
        select ?, ?, ?, ?, _line, column_name, 'not a valid ' || case column_name {types} end
        from (select _line, unnest(_faults) as column_name from typed_rows)
        """,
        origin,
    )
    for fault in reading.faults:
        connection.execute(
            "insert into incoming.quarantine values (?, ?, ?, ?, ?, null, ?)",
            [*origin, fault.line, fault.fault],
        )
    mistyped = connection.execute(
        "select _line, _lines from typed_rows where len(_faults) > 0"
    ).fetchall()
    spans = dict(mistyped) | {fault.line: fault.lines for fault in reading.faults}
    _keep_raw_text(connection, table, path, entry, spans)
    return len(spans)


def _keep_raw_text(
    connection: DuckDBPyConnection,
    table: Table,
    path: Path,
    entry: LedgerEntry,
    wanted: dict[int, int],
) -> None:
    if not wanted or table.format == "parquet":
        return
    texts = text_at(path, wanted)
    connection.execute(
        "delete from vault.quarantined_rows where file_sequence = ?", [entry.file_sequence]
    )
    connection.executemany(
        "insert into vault.quarantined_rows values (?, ?, ?)",
        [[entry.file_sequence, line, text] for line, text in texts.items()],
    )
