"""Rows that did not parse: listed by file, line, column and reason, their text in the vault."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest.contract import Table
from ingest.ledger import LedgerEntry
from ingest.privacy import quoted
from ingest.reading import CELLS, Reading
from ingest.records import text_at
from ingest.typed_rows import TYPED_ROWS


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
        from (select _line, unnest(_faults) as column_name from {TYPED_ROWS})
        """,
        origin,
    )
    for fault in reading.faults:
        connection.execute(
            "insert into incoming.quarantine values (?, ?, ?, ?, ?, null, ?)",
            [*origin, fault.line, fault.fault],
        )
    mistyped = connection.execute(
        f"select _line, _lines from {TYPED_ROWS} where len(_faults) > 0"
    ).fetchall()
    spans = dict(mistyped) | {fault.line: fault.lines for fault in reading.faults}
    _keep_raw_text(connection, entry, _raw_text(connection, path, reading, spans))
    return len(spans)


def _raw_text(
    connection: DuckDBPyConnection, path: Path, reading: Reading, wanted: dict[int, int]
) -> dict[int, str]:
    """Return the bad rows as they were written; of Parquet and workbooks, their cells as JSON."""
    if not wanted:
        return {}
    if reading.encoding:
        return text_at(path, wanted, reading.encoding)
    rows = connection.execute(
        f"select _line, to_json({CELLS}) from {CELLS} where list_contains(?, _line)", [[*wanted]]
    ).fetchall()
    return dict(rows)


def _keep_raw_text(
    connection: DuckDBPyConnection, entry: LedgerEntry, texts: dict[int, str]
) -> None:
    if not texts:
        return
    connection.execute(
        "delete from vault.quarantined_rows where file_sequence = ?", [entry.file_sequence]
    )
    connection.executemany(
        "insert into vault.quarantined_rows values (?, ?, ?)",
        [[entry.file_sequence, line, text] for line, text in texts.items()],
    )
