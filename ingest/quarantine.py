"""Rows that did not parse: listed by file, line, column and reason, their text in the vault."""

from pathlib import Path

import pyarrow as pa
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
    _insert(
        connection,
        "insert into incoming.quarantine select ?, ?, ?, ?, line, null, text from found",
        {fault.line: str(fault.fault) for fault in reading.faults},
        origin,
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
        f"""
        select line, cells from (
            select {reading.cells_line} as line, to_json({CELLS}) as cells from {CELLS}
        ) where list_contains(?, line)
        """,
        [[*wanted]],
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
    _insert(
        connection,
        "insert into vault.quarantined_rows select ?, line, text from found",
        texts,
        [entry.file_sequence],
    )


def _insert(
    connection: DuckDBPyConnection, statement: str, texts: dict[int, str], values: list
) -> None:
    """Run ``statement`` over the rows ``found`` (line, text) at once."""
    columns = {"line": [*texts], "text": [*texts.values()]}
    schema = pa.schema([("line", pa.int64()), ("text", pa.string())])
    connection.register("found", pa.table(columns, schema=schema))
    connection.execute(statement, values)
    connection.unregister("found")
