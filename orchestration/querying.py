"""Answer a query from the published snapshot, with nothing else within its reach."""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TextIO

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.warehouse import Warehouse
from orchestration.errors import PipelineError
from orchestration.publish import CURRENT

_MAX_TABLE_ROWS = 200
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How the rows of an answer are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def current_snapshot(warehouse: Warehouse) -> Path:
    """Return the file that readers open.

    Raises:
        PipelineError: nothing is published yet.
    """
    current = warehouse.published / CURRENT
    if not current.exists():
        raise PipelineError(f"nothing is published in {warehouse.published}: run `scalehouse run`")
    return current.resolve()


@contextmanager
def open_snapshot(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open what is published; nothing can be written, and no other file be read.

    Raises:
        PipelineError: nothing is published yet.
    """
    with duckdb.connect(str(current_snapshot(warehouse)), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'; set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def write_answer(
    warehouse: Warehouse, sql: str, form: str, output: Path | None, console: Console
) -> None:
    """Write the rows of ``sql`` as a table, CSV, JSON or Parquet to ``output`` or the console.

    Raises:
        PipelineError: nothing is published yet, or Parquet has no file to go to.
        duckdb.Error: the query is wrong, or reaches for more than the published tables.
    """
    if form == "parquet" and output is None:
        raise PipelineError("parquet is no text: name a file with --output")
    with open_snapshot(warehouse) as connection:
        relation = connection.sql(sql)
        if relation is None:
            raise PipelineError("this is no SELECT: it has no rows to show")
        if form == "parquet":
            _write_parquet(relation, output)
            return
        with output.open("w", encoding="utf-8", newline="") if output else nullcontext() as file:
            if form == "table":
                _print_table(relation, Console(file=file) if file else console)
            elif form == "csv":
                _write_csv(relation, file or sys.stdout)
            else:
                _write_json(relation, file or sys.stdout)


def _print_table(relation: duckdb.DuckDBPyRelation, console: Console) -> None:
    rows = relation.limit(_MAX_TABLE_ROWS + 1).fetchall()
    table = Table(*map(escape, relation.columns))
    for row in rows[:_MAX_TABLE_ROWS]:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    console.print(table, highlight=False)
    if len(rows) > _MAX_TABLE_ROWS:
        console.print(f"the first {_MAX_TABLE_ROWS} rows; --format csv writes all")


def _write_csv(relation: duckdb.DuckDBPyRelation, file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(relation.columns)
    writer.writerows([_harmless(value) for value in row] for row in relation.fetchall())


def _harmless(value: object) -> object:
    """Return ``value``; text that a spreadsheet would run as a formula gets an apostrophe."""
    is_formula = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
    return f"'{value}" if is_formula else value


def _write_json(relation: duckdb.DuckDBPyRelation, file: TextIO) -> None:
    rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    json.dump(rows, file, default=json_value, indent=1, ensure_ascii=False)
    file.write("\n")


def json_value(value: object) -> object:
    """Return what JSON has for a value that it does not know: a number, ISO text, or text."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _write_parquet(relation: duckdb.DuckDBPyRelation, output: Path) -> None:
    from pyarrow import parquet  # noqa: PLC0415 - takes longer to load than most queries run

    parquet.write_table(relation.to_arrow_table(), output)
