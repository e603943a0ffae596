"""Rewrite a stored Parquet file or workbook without a person, every other value as it is."""

import datetime as dt
from pathlib import Path

import duckdb
import xlsxwriter
from python_calamine import CalamineWorkbook

from ingest.contract import Table
from ingest.erasure import Erasure
from ingest.errors import RefusedFileError
from ingest.headers import Header
from ingest.privacy import quoted
from ingest.workbook import read_workbook

_ROW = "file_row_number"
_BATCH = 10_000

# Text stays text: neither a formula nor a number nor a link is made of it.
_AS_TYPED = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_WRITTEN_AT = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zone
_FORMATS = {
    dt.datetime: "yyyy-mm-dd hh:mm:ss",
    dt.date: "yyyy-mm-dd",
    dt.time: "hh:mm:ss",
    dt.timedelta: "[hh]:mm:ss",
}


def rewrite_parquet(source: Path, target: Path, table: Table, erasure: Erasure) -> int:
    """Write the Parquet file ``source`` to ``target`` without the person, its types as they are.

    Returns:
        The number of rows that have changed.
    """
    with duckdb.connect() as connection:
        connection.execute(
            "create table cells as "
            f"from read_parquet({quoted(str(source))}, file_row_number = true)"
        )
        kinds = {
            name: kind
            for name, kind, *_ in connection.execute("describe cells").fetchall()
            if name != _ROW
        }
        contracted = {column.name: column for column in table.columns}
        columns = {at: contracted[name] for at, name in enumerate(kinds) if name in contracted}
        as_text = ", ".join(f"cast({_identifier(name)} as varchar)" for name in kinds)
        rows = connection.cursor().execute(f"select {_ROW}, {as_text} from cells")
        changed = 0
        while batch := rows.fetchmany(_BATCH):
            for row, *values in batch:
                cells = ["" if value is None else value for value in values]
                erased = erasure.cells(cells, columns)
                if erased is not None:
                    changed += 1
                    _update(connection, row, kinds, cells, erased)
        connection.execute(
            f"copy (select * exclude ({_ROW}) from cells order by {_ROW}) "
            f"to {quoted(str(target))} (format parquet)"
        )
    return changed


def _update(
    connection: duckdb.DuckDBPyConnection,
    row: int,
    kinds: dict[str, str],
    before: list[str],
    after: list[str],
) -> None:
    """Give a row its new texts; what is no text, and not empty, becomes null."""
    for (name, kind), old, new in zip(kinds.items(), before, after, strict=True):
        if old != new:
            value = (new or None) if kind == "VARCHAR" else None
            connection.execute(
                f"update cells set {_identifier(name)} = ? where file_row_number = ?", [value, row]
            )


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def rewrite_workbook(
    source: Path, target: Path, file_name: str, table: Table, erasure: Erasure
) -> int:
    """Write the workbook ``source`` to ``target`` without the person: its values, no formats.

    Returns:
        The number of rows that have changed.
    """
    header = _header(source, file_name, table)
    changed = 0
    with (
        source.open("rb") as file,
        CalamineWorkbook.from_filelike(file) as workbook,
        xlsxwriter.Workbook(str(target), _AS_TYPED) as copy,
    ):
        copy.set_properties({"created": _WRITTEN_AT})  # the same rows give the same bytes
        formats = {kind: copy.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
        for name in workbook.sheet_names:
            page = copy.add_worksheet(name)
            is_read = header and header.layout.sheet in {name, "*"}
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for at, row in enumerate(rows):
                texts = [str(value) for value in row]
                erased = _erased_row(texts, at + 1, table, header if is_read else None, erasure)
                changed += erased != texts
                for place, value in enumerate(row):
                    kept = value if erased[place] == texts[place] else erased[place]
                    page.write(at, place, kept, formats.get(type(kept)))
    return changed


def _header(source: Path, file_name: str, table: Table) -> Header | None:
    try:
        return read_workbook(source, file_name, table)[0]
    except RefusedFileError:
        return None


def _erased_row(
    texts: list[str], line: int, table: Table, header: Header | None, erasure: Erasure
) -> list[str]:
    if header and line < header.line + header.lines:
        return [erasure.cut(text) for text in texts]
    places = header.positions.items() if header else ()
    return erasure.cells(texts, {at: table.column(name) for name, at in places}) or texts
