"""Read a CSV file, or a workbook as if it were one.

DuckDB reads, with nothing left to its sniffer. Then lines and bytes must add up to the file's;
where they do not, :mod:`ingest.records` reads the file again, line by line.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from ingest.contract import Table
from ingest.encoding import as_utf8
from ingest.fast_csv import WITNESSES, adds_up, can_be_read_fast, in_order, reader, witnesses
from ingest.headers import Header
from ingest.preflight import Preflight, inspect
from ingest.reading import CELLS, TEXT_ROWS, Reading, Tally, fill_cells, show_text
from ingest.records import Record, checked, physical_lines, split_csv, with_footers
from ingest.text_headers import csv_header
from ingest.typed_rows import TYPED_ROWS, TextRows, type_rows
from ingest.workbook import read_workbook


def read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, table: Table
) -> Reading:
    """Fill ``typed_rows`` from the stored CSV file at ``path``.

    Raises:
        RefusedFileError: the bytes or the header are not what the contract says.
    """
    header, encoding = csv_header(path, file_name, table)
    with as_utf8(path, file_name, encoding) as readable:
        facts = inspect(readable, file_name, header.layout.quote, header.layout.delimiter)
        if _is_read_fast(connection, readable, table, header, facts):
            reading = Reading(
                header.layout,
                facts.lines,
                header_lines=header.lines,
                unknown_columns=tuple(header.unknown),
            )
        else:
            records = split_csv(physical_lines(readable), header.layout)
            reading = _keep(connection, table, header, facts.lines, records)
    return replace(reading, encoding=encoding)


def read_sheet(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, table: Table
) -> Reading:
    """Fill ``typed_rows`` from the stored workbook at ``path``.

    Raises:
        RefusedFileError: it is no workbook, or its header is not what the contract says.
    """
    header, rows, records = read_workbook(path, file_name, table)
    return _keep(connection, table, header, rows, records)


def _is_read_fast(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    table: Table,
    header: Header,
    facts: Preflight,
) -> bool:
    """Fill ``typed_rows`` with DuckDB's reader; whether every line and byte is accounted for."""
    if not can_be_read_fast(header, facts):
        return False
    cells = reader(connection, path, header, len(header.cells))
    try:
        more = f"1 as _lines, {witnesses(header, facts)}"
        show_text(connection, table, header, more, cells)
        with in_order(connection):
            rows = TextRows(TEXT_ROWS, lines_above=header.lines, kept=WITNESSES)
            type_rows(connection, table, header.layout, rows)
    except duckdb.Error:
        return False  # too strange for the fast reader; the exact one says what is wrong where
    return adds_up(connection, TYPED_ROWS, path, header, facts)


def _keep(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    header: Header,
    lines: int,
    records: Iterator[Record],
) -> Reading:
    """Keep the rows below the header; every other line is counted as what it is."""
    first = header.line + header.lines
    below = (record for record in records if record.line >= first)
    keys = tuple(header.positions[name] for name in table.key if name in header.positions)
    shortest = _shortest(table, header)
    full = len(header.cells)
    rows = checked(below, header.cells, lambda width: shortest <= width <= full)
    tally = Tally()
    fill_cells(connection, full, tally.rows_of(with_footers(rows, header.layout, keys)))
    show_text(connection, table, header, "_line, _lines", CELLS)
    type_rows(connection, table, header.layout, TextRows(TEXT_ROWS))
    return Reading(
        layout=header.layout,
        physical_lines=lines,
        preamble_lines=header.line - 1,
        header_lines=header.lines,
        blank_lines=tally.blank_lines,
        footer_lines=tally.footer_lines,
        unknown_columns=tuple(header.unknown),
        faults=tuple(tally.faults),
    )


def _shortest(table: Table, header: Header) -> int:
    """Return how many cells a row must have at least."""
    if not header.layout.short_rows:
        return len(header.cells)
    needed = (at for name, at in header.positions.items() if not table.column(name).nullable)
    return max(needed, default=0) + 1
