"""What reading a file gives, and the steps that every format shares."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import duckdb
import pyarrow as pa

from ingest.contract import Column, Table
from ingest.headers import Header
from ingest.layout import Layout
from ingest.privacy import quoted
from ingest.records import Record
from ingest.rescued import ALIAS, rescued_cells
from ingest.typing_rules import without_nulls

# The temporary table of a file's cells as text, and the view of them by the contract's names.
CELLS = "cells"
TEXT_ROWS = "text_rows"

_BATCH = 50_000


@dataclass(frozen=True)
class Reading:
    """What was read, in lines; of Parquet and workbooks, in rows.

    The good records are in ``typed_rows``, see :mod:`ingest.typed_rows`. ``encoding`` is that
    of a text file as it lies in the store; of any other, ``cells_line`` is SQL for the line of
    a row of ``cells``.
    """

    layout: Layout
    physical_lines: int
    encoding: str | None = None
    preamble_lines: int = 0
    header_lines: int = 0
    blank_lines: int = 0
    footer_lines: int = 0
    unknown_columns: tuple[str, ...] = ()
    faults: tuple[Record, ...] = ()
    cells_line: str = "_line"


@dataclass
class Tally:
    """Where the lines went that are no rows, counted while records pass by."""

    blank_lines: int = 0
    footer_lines: int = 0
    faults: list[Record] = field(default_factory=list)

    def rows_of(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records that are rows."""
        for record in records:
            if record.is_footer:
                self.footer_lines += record.lines
            elif record.fault:
                self.faults.append(record)
            elif record.is_blank:
                self.blank_lines += record.lines
            else:
                yield record


def fill_cells(
    connection: duckdb.DuckDBPyConnection, width: int, records: Iterator[Record]
) -> None:
    """Make the table ``cells`` of ``records`` with ``width`` cells each."""
    places = [("_line", pa.int64()), ("_lines", pa.int64())]
    schema = pa.schema([*places, *((f"c{at}", pa.string()) for at in range(width))])
    _append(connection, f"create temp table {CELLS} as", schema.empty_table())
    while batch := list(islice(records, _BATCH)):
        columns = [
            [record.line for record in batch],
            [record.lines for record in batch],
            *([record.cells[at] for record in batch] for at in range(width)),
        ]
        _append(connection, f"insert into {CELLS}", pa.table(columns, schema=schema))


def _append(connection: duckdb.DuckDBPyConnection, statement: str, rows: pa.Table) -> None:
    connection.register("batch", rows)
    connection.execute(f"{statement} select * from batch")
    connection.unregister("batch")


def show_text(
    connection: duckdb.DuckDBPyConnection, table: Table, header: Header, more: str, cells: str
) -> None:
    """Show each of the contract's columns under its raw name, null where the layout lacks it.

    ``more`` is SQL for further columns: the row's line and lines, or its witnesses.
    """
    chosen = ", ".join(
        f'{_text(column, table, header)} as "{column.raw_name}"' for column in table.columns
    )
    rescued = rescued_cells({label: f"c{at}" for label, at in header.unknown.items()})
    connection.execute(
        f"create or replace temp view {TEXT_ROWS} as "
        f"select {more}, {rescued} as {ALIAS}, {chosen} from {cells}"
    )


def _text(column: Column, table: Table, header: Header) -> str:
    layout = header.layout
    if column.name in header.constants:
        return quoted(header.constants[column.name])
    if column.name not in header.positions:
        return "null::varchar"
    cell = f"c{header.positions[column.name]}"
    if column.name in layout.removed:
        cell = f"translate({cell}, {quoted(layout.removed[column.name])}, '')"
    return without_nulls(cell, (*table.null_tokens, *layout.null_tokens))
