"""What no later layer may see: clear personal values and the text of rows that did not parse.

Both go to the vault. Quarantine itself names file, line, column and reason, never a value.
"""

from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest.contract import Table
from ingest.ledger import LedgerEntry
from ingest.privacy import keyed_hash, normalised, quoted
from ingest.reading import CELLS, Reading
from ingest.records import text_at
from ingest.typed_rows import TYPED_ROWS, clear_name


def keep_clear_values(connection: DuckDBPyConnection, table: Table) -> None:
    """Add the personal values that the vault has not seen; their hash is what raw will hold."""
    for column in table.columns:
        if not column.is_hashed:
            continue
        value = clear_name(column)
        connection.execute(
            f"""
            insert into vault.clear_values
            select value_hash, {quoted(str(column.personal))}, any_value(clear_value)
            from (
                select {keyed_hash(normalised(column, value))} as value_hash, {value} as clear_value
                from {TYPED_ROWS} where {value} is not null
            )
            where value_hash not in (select value_hash from vault.clear_values)
            group by value_hash
            """
        )


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
