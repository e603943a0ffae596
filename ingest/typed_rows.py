"""From text to values: ``typed_rows`` holds each row of a file as its contract types it.

Columns: ``_line``, ``_lines`` (how many the record spans), ``_rescued`` (a map), the contract's
columns typed, of the personal ones also the clear text, and ``_faults``: the source's names of
the columns whose text is no value of their type.
"""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest.contract import Column, Table
from ingest.layout import Layout
from ingest.privacy import quoted
from ingest.rescued import ALIAS
from ingest.typing_rules import typed

TYPED_ROWS = "typed_rows"
_TABLE = "typed_table"


def quote(name: str) -> str:
    """Return a contract's raw name as an SQL identifier."""
    return f'"{name}"'


def clear_name(column: Column) -> str:
    """Name, quoted, under which ``typed_rows`` keeps a personal column's clear text."""
    return f'"_clear_{column.raw_name}"'


def drop_typed_rows(connection: DuckDBPyConnection) -> None:
    """Forget the rows of the file before."""
    connection.execute(f"drop view if exists {TYPED_ROWS}")
    connection.execute(f"drop table if exists {_TABLE}")


@dataclass(frozen=True)
class TextRows:
    """The table or view ``name`` with the contract's columns as text, and ``_rescued``.

    With ``lines_above`` a row's place in order tells its line, else its ``_line``. The columns
    ``kept`` are passed on; ``faults`` is SQL for a list of columns that are no value as they
    stand, besides those that their type shows.
    """

    name: str
    lines_above: int | None = None
    kept: tuple[str, ...] = ()
    faults: str = "[]"


def type_rows(connection: DuckDBPyConnection, table: Table, layout: Layout, rows: TextRows) -> None:
    """Make ``typed_rows`` of the text ``rows``."""
    drop_typed_rows(connection)
    values = ", ".join(
        f"{typed(column, quote(column.raw_name), layout)} as {_value(column)}"
        for column in table.columns
    )
    named = ", ".join(f"{_value(column)} as {quote(column.raw_name)}" for column in table.columns)
    clear = "".join(
        f", {quote(column.raw_name)} as {clear_name(column)}"
        for column in table.columns
        if column.personal
    )
    faults = ", ".join(
        f"case when {quote(column.raw_name)} is not null and {_value(column)} is null "
        f"then {quoted(column.name)} end"
        for column in table.columns
        if column.type != "string"
    )
    passed = ", ".join(
        ("_lines", ALIAS, *rows.kept, *(("_line",) if rows.lines_above is None else ()))
    )
    connection.execute(
        f"""
        create temp table {_TABLE} as
        with valued as (select *, {values} from {rows.name})
        select
            {passed}, {named}{clear},
            list_filter(
                {rows.faults} || [{faults or "null"}]::varchar[], lambda c: c is not null
            ) as _faults
        from valued
        """
    )
    place = "" if rows.lines_above is None else f"rowid + {rows.lines_above + 1} as _line, "
    connection.execute(f"create temp view {TYPED_ROWS} as select {place}* from {_TABLE}")


def _value(column: Column) -> str:
    return f'"_value_{column.raw_name}"'
