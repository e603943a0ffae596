"""An export as structure: what a damage changes before the file is written."""

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import Column, Contract, Table
from tests.damage.typing_oracle import is_fault, read_value

Row = tuple | dict


@dataclass(frozen=True)
class Export:
    """One file to deliver: its rows (cells, or objects of JSON lines) and how they are written.

    ``steps`` change the rendered records, the bytes, or the packed bytes, in this order;
    ``touched`` has the rows that a damage has changed already, so that no two meet in one.
    ``mentions`` are the words that a refusal owes its reader.
    """

    contract: Contract
    table: Table
    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str = ","
    newline: str = "\n"
    encoding: str = "utf-8"
    mark: bytes = b""
    quotes_all: bool = False
    ends_with_newline: bool = True
    gzipped: bool = False
    copies: tuple[str, ...] = ()
    touched: frozenset[int] = frozenset()
    steps: tuple[tuple[str, Callable], ...] = ()
    arrow_types: tuple[tuple[str, pa.DataType], ...] = ()
    mentions: tuple[str, ...] = ()

    @property
    def format(self) -> str:
        """csv, jsonl or parquet."""
        return self.table.format

    def then(self, stage: str, step: Callable) -> "Export":
        """Add a step: ``records`` (list of texts), ``bytes`` or ``packed`` (bytes)."""
        return replace(self, steps=(*self.steps, (stage, step)))

    def cell(self, row: int, column: Column) -> str | None:
        """The text of a column in a row, None where the row has none."""
        values = self.rows[row]
        if isinstance(values, dict):
            return _opened(values, column)
        if column.name not in self.header or len(values) != len(self.header):
            return None
        return values[self.header.index(column.name)]

    def with_cell(self, row: int, column: Column, text: str) -> "Export":
        """The export with another text in one cell."""
        values = self.rows[row]
        if isinstance(values, dict):
            changed: Row = _closed(values, column, text)
        else:
            at = self.header.index(column.name)
            changed = (*values[:at], text, *values[at + 1 :])
        return self.with_row(row, changed)

    def with_row(self, row: int, values: Row) -> "Export":
        """The export with another row in the place of one."""
        rows = (*self.rows[:row], values, *self.rows[row + 1 :])
        return replace(self, rows=rows, touched=self.touched | {row})


def _opened(values: dict, column: Column) -> str | None:
    path, _, key = (column.path or column.name).partition("[")
    value = values
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if key and isinstance(value, list):
        pairs = {pair["key"]: pair["value"] for pair in value}
        value = next(iter(pairs.get(key.rstrip("]"), {}).values()), None)
    return value if isinstance(value, str) else None


def _closed(values: dict, column: Column, text: str) -> dict:
    path, _, key = (column.path or column.name).partition("[")
    copy = json.loads(json.dumps(values))
    inner, *parts = [copy, *path.split(".")]
    for part in parts[:-1]:
        inner = inner[part]
    if not key:
        inner[parts[-1]] = text
        return copy
    for pair in inner[parts[-1]]:
        if pair["key"] == key.rstrip("]"):
            pair["value"] = {next(iter(pair["value"])): text}
    return copy


def content(export: Export) -> bytes:
    """The bytes of the file as it is delivered."""
    data = _parquet(export) if export.format == "parquet" else _text(export)
    for stage, step in export.steps:
        if stage == "bytes":
            data = step(data)
    if export.gzipped:
        data = gzip.compress(data, mtime=0)
    for stage, step in export.steps:
        if stage == "packed":
            data = step(data)
    return data


def _text(export: Export) -> bytes:
    if export.format == "jsonl":
        records = [
            json.dumps(row, separators=(",", ":"), ensure_ascii=False) for row in export.rows
        ]
    else:
        lines = [export.header, *export.rows] if export.header else export.rows
        records = [_line(export, cells) for cells in lines]
    for stage, step in export.steps:
        if stage == "records":
            records = step(records)
    text = export.newline.join(records) + export.newline * export.ends_with_newline
    return export.mark + text.encode(export.encoding, errors="replace")


def _line(export: Export, cells: tuple) -> str:
    special = (export.delimiter, '"', "\n", "\r")
    return export.delimiter.join(
        '"' + cell.replace('"', '""') + '"'
        if export.quotes_all or any(mark in cell for mark in special)
        else cell
        for cell in cells
    )


def _parquet(export: Export) -> bytes:
    given = dict(export.arrow_types)
    arrays = []
    for at, name in enumerate(export.header):
        texts = [row[at] or None for row in export.rows]
        column = next((c for c in export.table.columns if c.name == name), None)
        values = [read_value(column, text) if column else text for text in texts]
        arrays.append(
            pa.array(texts, pa.string())
            if given.get(name) == pa.string() or any(is_fault(value) for value in values)
            else pa.array(values).cast(given[name], safe=False)
            if name in given
            else pa.array(values, None if any(v is not None for v in values) else pa.string())
        )
    sink = io.BytesIO()
    pq.write_table(pa.table(arrays, names=list(export.header)), sink)
    return sink.getvalue()
