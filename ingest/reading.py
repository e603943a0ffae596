"""Read one stored file into text: one row a record, one text column a contract column.

DuckDB reads, with nothing left to its sniffer. Then the counts must add up to the physical
lines; where they do not, :mod:`ingest.records` reads the file again, line by line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest import json_lines
from ingest.contract import Column, Table
from ingest.errors import RefusedFileError
from ingest.preflight import Preflight, check_header, inspect, unknown_columns
from ingest.privacy import quoted
from ingest.records import Record, split_csv, split_json_lines
from ingest.typing_rules import without_nulls

# The longest record that is still believed to be one, in bytes.
MAX_LINE_BYTES = 16 << 20
_BATCH = 50_000
# A text that no file holds: what is null is decided by the contract, not by the reader.
_NO_NULL = "\x02\x03"

TEXT_ROWS = "text_rows"


@dataclass(frozen=True)
class Reading:
    """What was read, in lines: of the file, before the first record, blank, and of faults.

    The good records are in the temporary table ``text_rows``: ``_line``, ``_lines`` (how many
    the record spans) and the contract's columns, all text, null where the file has nothing.
    Of Parquet, rows are counted.
    """

    physical_lines: int
    header_lines: int
    blank_lines: int
    unknown_columns: list[str]
    faults: list[Record]


@dataclass(frozen=True)
class _Cells:
    """What the temporary table ``cells`` holds, and SQL for where each of its records stands."""

    line: str
    lines: str
    header_lines: int
    blank_lines: int = 0
    faults: list[Record] = field(default_factory=list)


def read_text(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, table: Table
) -> Reading:
    """Fill the temporary table ``text_rows`` from the stored file at ``path``.

    Raises:
        RefusedFileError: the bytes or the header are not what the contract says.
    """
    connection.execute(f"drop table if exists {TEXT_ROWS}")
    connection.execute("drop table if exists cells")
    if table.format == "parquet":
        return _read_parquet(connection, path, file_name, table)
    facts = inspect(path, file_name, table)
    cells = _read_fast(connection, path, table, facts) if facts.is_even else None
    if cells is None:
        cells = _read_exactly(connection, path, table, facts)
    if table.format == "jsonl":
        broken = _open_json(connection, table, cells)
    else:
        broken = []
        _choose_columns(connection, table, facts.header, cells)
    return Reading(
        physical_lines=facts.lines,
        header_lines=cells.header_lines,
        blank_lines=cells.blank_lines,
        unknown_columns=unknown_columns(facts.header, table),
        faults=[*cells.faults, *broken],
    )


def _read_fast(
    connection: duckdb.DuckDBPyConnection, path: Path, table: Table, facts: Preflight
) -> _Cells | None:
    """Read with DuckDB; return None if a physical line is not accounted for."""
    header_lines = 1 if facts.header else 0
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(facts.header) or 1))
    # a JSON line is one cell: a delimiter that text does not contain, and no quotes
    delimiter, quote = ("\x01", "") if table.format == "jsonl" else (table.delimiter, '"')
    connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    reader = f"""
        select * from read_csv(
            {quoted(str(path))}, columns = {{{columns}}}, auto_detect = false,
            header = {header_lines == 1}, delim = {quoted(delimiter)}, quote = '{quote}',
            escape = '{quote}', nullstr = '{_NO_NULL}', compression = {quoted(_compression(path))},
            store_rejects = true, rejects_limit = 0, max_line_size = {MAX_LINE_BYTES},
            buffer_size = {4 * MAX_LINE_BYTES}
        )
        """
    try:
        connection.execute(f"create temp table cells as {reader}")
    except duckdb.Error:
        return None  # too strange for the fast reader; the exact one says what is wrong where
    [(rejects,)] = connection.execute("select count(*) from reject_errors").fetchall()
    [(rows,)] = connection.execute("select count(*) from cells").fetchall()
    if rejects == 0 and rows + header_lines == facts.lines:
        # a table keeps the order of the file, so a row's place in it tells its line
        return _Cells(f"rowid + {header_lines + 1}", "1", header_lines)
    connection.execute("drop table cells")
    return None


def _compression(path: Path) -> str:
    return "gzip" if path.suffix == ".gz" else "none"


def _read_exactly(
    connection: duckdb.DuckDBPyConnection, path: Path, table: Table, facts: Preflight
) -> _Cells:
    """Read line by line; every line is one of header, blank, of a record or of a fault."""
    width = len(facts.header) or 1
    names = [f"c{position}" for position in range(width)]
    places = [("_line", pa.int64()), ("_lines", pa.int64())]
    schema = pa.schema([*places, *((name, pa.string()) for name in names)])
    if table.format == "jsonl":
        records, header_lines = split_json_lines(path), 0
    else:
        records = split_csv(path, width, table.delimiter)
        header_lines = next(records).lines
    faults: list[Record] = []
    blank_lines = 0
    _append(connection, "create temp table cells as", schema.empty_table())
    for batch in _batches(records):
        faults += [record for record in batch if record.fault]
        blank_lines += sum(record.lines for record in batch if record.is_blank)
        good = [record for record in batch if record.cells]
        columns = [
            [record.line for record in good],
            [record.lines for record in good],
            *([record.cells[at] for record in good] for at in range(width)),
        ]
        _append(connection, "insert into cells", pa.table(columns, schema=schema))
    return _Cells("_line", "_lines", header_lines, blank_lines, faults)


def _append(connection: duckdb.DuckDBPyConnection, statement: str, rows: pa.Table) -> None:
    connection.register("batch", rows)
    connection.execute(f"{statement} select * from batch")
    connection.unregister("batch")


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(records, _BATCH)):
        yield batch


def _choose_columns(
    connection: duckdb.DuckDBPyConnection, table: Table, header: tuple[str, ...], cells: _Cells
) -> None:
    chosen = ", ".join(
        f'{without_nulls(f"c{header.index(column.name)}", table)} as "{column.raw_name}"'
        for column in table.columns
    )
    connection.execute(
        f"create temp table {TEXT_ROWS} as "
        f"select {cells.line} as _line, {cells.lines} as _lines, {chosen} from cells"
    )


def _open_json(connection: duckdb.DuckDBPyConnection, table: Table, cells: _Cells) -> list[Record]:
    """Take the contract's columns out of each line; return the lines that are no JSON object."""
    broken = connection.execute(json_lines.broken("cells", cells.line)).fetchall()
    connection.execute(
        f"create temp table {TEXT_ROWS} as {json_lines.opened(table, 'cells', cells.line)}"
    )
    return [Record(line, 1, fault="not a JSON object") for (line,) in broken]


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, table: Table
) -> Reading:
    source = f"read_parquet({quoted(str(path))}, file_row_number = true)"
    try:
        described = connection.execute(f"describe select * from {source}").fetchall()
    except duckdb.Error as error:
        raise RefusedFileError(
            f"{file_name}: not a whole Parquet file; deliver it again"
        ) from error
    header = tuple(row[0] for row in described if row[0] != "file_row_number")
    check_header(header, file_name, table)
    chosen = ", ".join(
        f'{without_nulls(_as_text(column), table)} as "{column.raw_name}"'
        for column in table.columns
    )
    connection.execute(
        f"create temp table {TEXT_ROWS} as "
        f"select file_row_number + 1 as _line, 1 as _lines, {chosen} "
        f"from {source}"
    )
    [(rows,)] = connection.execute(f"select count(*) from {TEXT_ROWS}").fetchall()
    return Reading(rows, 0, 0, unknown_columns(header, table), [])


def _as_text(column: Column) -> str:
    return 'cast("' + column.name.replace('"', '""') + '" as varchar)'
