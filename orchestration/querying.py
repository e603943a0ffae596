"""Answer a query from the published snapshot, with nothing else within its reach."""

import sys
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from ingest.warehouse import Warehouse
from orchestration.errors import PipelineError
from orchestration.publish import CURRENT

_MAX_TABLE_ROWS = 200


def write_answer(
    warehouse: Warehouse, sql: str, form: str, output: Path | None, console: Console
) -> None:
    """Write the rows of ``sql`` as a table, CSV, JSON or Parquet to ``output`` or the console.

    Raises:
        PipelineError: nothing is published yet, or Parquet has no file to go to.
        duckdb.Error: the query is wrong, or reaches for more than the published tables.
    """
    current = warehouse.published / CURRENT
    if not current.exists():
        raise PipelineError(f"nothing is published in {warehouse.published}: run `scalehouse run`")
    if form == "parquet" and output is None:
        raise PipelineError("parquet is no text: name a file with --output")
    with duckdb.connect(str(current.resolve()), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'; set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        relation = connection.sql(sql)
        if relation is None:
            raise PipelineError("this is no SELECT: it has no rows to show")
        if form == "table":
            _print_table(relation, console if output is None else Console(file=output.open("w")))
        else:
            _write_frame(relation, form, output)


def _print_table(relation: duckdb.DuckDBPyRelation, console: Console) -> None:
    rows = relation.limit(_MAX_TABLE_ROWS + 1).fetchall()
    table = Table(*relation.columns)
    for row in rows[:_MAX_TABLE_ROWS]:
        table.add_row(*("" if value is None else f"{value}" for value in row))
    console.print(table, highlight=False)
    if len(rows) > _MAX_TABLE_ROWS:
        console.print(f"the first {_MAX_TABLE_ROWS} rows; --format csv writes all")


def _write_frame(relation: duckdb.DuckDBPyRelation, form: str, output: Path | None) -> None:
    frame = relation.df()
    if form == "csv":
        frame.to_csv(output or sys.stdout, index=False)
    elif form == "json":
        frame.to_json(output or sys.stdout, orient="records", date_format="iso", indent=1)
        if output is None:
            sys.stdout.write("\n")
    else:
        frame.to_parquet(output, index=False)
