"""Read one stored file of any format into typed rows, one a record."""

from pathlib import Path

import duckdb

from ingest import json_lines
from ingest.contract import Table
from ingest.csv_reading import read_csv, read_sheet
from ingest.encoding import as_utf8
from ingest.errors import RefusedFileError
from ingest.fast_csv import all_lines_are_there, can_be_read_fast, in_order, reader
from ingest.headers import Header, header_of
from ingest.preflight import Preflight, inspect
from ingest.privacy import quoted
from ingest.reading import CELLS, TEXT_ROWS, Reading, Tally, fill_cells, show_text
from ingest.records import Record, physical_lines, split_json_lines
from ingest.rescued import NOTHING, rescued_fields
from ingest.scrubbing import is_personal
from ingest.text_headers import encoding_of
from ingest.typed_rows import TextRows, drop_typed_rows, type_rows

# More keys than this are no new columns but data, or another export.
_MAX_UNKNOWN_KEYS = 300


def read_rows(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, table: Table
) -> Reading:
    """Fill ``typed_rows`` from the stored file at ``path``; ``file_name`` tells its format.

    Raises:
        RefusedFileError: the bytes or the header are not what the contract says.
    """
    drop_typed_rows(connection)
    connection.execute(f"drop view if exists {TEXT_ROWS}")
    connection.execute(f"drop table if exists {CELLS}")
    if table.format == "parquet":
        return _read_parquet(connection, path, file_name, table)
    if table.format == "jsonl":
        return _read_json_lines(connection, path, file_name, table)
    if file_name.endswith(".xlsx"):
        return read_sheet(connection, path, file_name, table)
    return read_csv(connection, path, file_name, table)


def _read_json_lines(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, table: Table
) -> Reading:
    encoding = encoding_of(path, file_name, table)
    with as_utf8(path, file_name, encoding) as readable:
        facts = inspect(readable, file_name)
        tally = Tally()
        if _are_lines_read_fast(connection, readable, facts):
            line = "rowid + 1"
        else:
            line = "_line"
            records = split_json_lines(physical_lines(readable))
            fill_cells(connection, 1, tally.rows_of(records))
    if tally.blank_lines == facts.lines:
        raise RefusedFileError(f"{file_name}: the file is empty; export it again")
    labels, broken = _open_objects(connection, file_name, table, line)
    faults = (*tally.faults, *(Record(at, 1, fault=fault) for at, fault in broken))
    return Reading(
        table.native,
        facts.lines,
        encoding,
        blank_lines=tally.blank_lines,
        unknown_columns=tuple(labels),
        faults=faults,
    )


def _open_objects(
    connection: duckdb.DuckDBPyConnection, file_name: str, table: Table, line: str
) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """Fill ``typed_rows`` from the JSON of ``cells``; ``line`` is SQL for a cell's line.

    Returns:
        The unknown keys by the name they are shown under, and the faults by line.
    """
    objects = json_lines.OBJECTS
    connection.execute(f"drop table if exists {objects}")
    connection.execute(f"create temp table {objects} as {json_lines.judged(table, CELLS, line)}")
    broken = connection.execute(
        f"select _line, fault from {objects} where fault is not null order by 1"
    ).fetchall()
    keys = connection.execute(json_lines.unknown_keys(table)).fetchall()
    if len(keys) > _MAX_UNKNOWN_KEYS:
        raise RefusedFileError(
            f"{file_name}: {len(keys)} keys that the contract does not know; deliver the export "
            "that it describes, or mend the contract"
        )
    labels = {
        f"(key {at})" if is_personal(key) else key: key for at, (key,) in enumerate(keys, start=1)
    }
    rescued = rescued_fields(labels, "c0") if labels else NOTHING
    connection.execute("drop table if exists opened_objects")
    opened = json_lines.opened(table, rescued)
    # once, as a table: a view would be opened anew for each column that is typed
    connection.execute(f"create temp table opened_objects as {opened}")
    rows = TextRows("opened_objects", faults=json_lines.no_values(table))
    type_rows(connection, table, table.native, rows)
    return labels, broken


def _are_lines_read_fast(
    connection: duckdb.DuckDBPyConnection, path: Path, facts: Preflight
) -> bool:
    if not can_be_read_fast(None, facts):
        return False
    lines = reader(connection, path, None, 1)
    try:
        with in_order(connection):
            connection.execute(f"create temp table {CELLS} as select * from {lines}")
    except duckdb.Error:
        return False
    if all_lines_are_there(connection, CELLS, 0, facts):
        return True
    connection.execute(f"drop table {CELLS}")
    return False


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, table: Table
) -> Reading:
    source = f"read_parquet({quoted(str(path))})"
    try:
        described = connection.execute(f"describe select * from {source}").fetchall()
        names = [row[0] for row in described]
        header = header_of(names, file_name, table)
        _refuse_wrong_types(dict(row[:2] for row in described), header, table, file_name)
        cells = ", ".join(
            f"cast({_identifier(name)} as varchar) as c{at}" for at, name in enumerate(names)
        )
        with in_order(connection):
            connection.execute(f"create temp table {CELLS} as select {cells} from {source}")
    except duckdb.Error as error:
        raise RefusedFileError(
            f"{file_name}: not a whole Parquet file; deliver it again"
        ) from error
    show_text(connection, table, header, "rowid + 1 as _line, 1 as _lines", CELLS)
    texts = f"[{', '.join(json_lines.bad_texts(table))}]::varchar[]"
    type_rows(connection, table, table.native, TextRows(TEXT_ROWS, faults=texts))
    [(rows,)] = connection.execute(f"select count(*) from {CELLS}").fetchall()
    return Reading(
        table.native, rows, unknown_columns=tuple(header.unknown), cells_line="rowid + 1"
    )


def _refuse_wrong_types(
    types: dict[str, str], header: Header, table: Table, file_name: str
) -> None:
    """Refuse what has no text of its own: nested values, bytes, and ids as binary fractions."""
    for name, at in header.positions.items():
        kind = types[header.cells[at]]
        is_text = table.column(name).type == "string"
        if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION", "BLOB")):
            raise RefusedFileError(
                f"{file_name}: column {name!r} holds nested values or bytes; export it flat"
            )
        if is_text and kind in {"DOUBLE", "FLOAT"}:
            raise RefusedFileError(
                f"{file_name}: column {name!r} holds binary fractions; export it as text"
            )


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
