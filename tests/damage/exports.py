"""An export as structure: what a damage changes before the file is written."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import Column, Contract, Table
from tests.damage.typing_oracle import is_fault, read_value

ROWS = 40
# Tables that are delivered in another format here too, under the same contract.
ALSO_AS = {
    "parquet": ("ecb/eurofxref", "google_ads/ad_daily", "hubspot/contacts"),
    "jsonl": ("salesforce/Opportunity_", "hubspot/contacts"),
}
FREE_TEXT = {4: 'two\nlines, and "quotes"', 9: "Zoë Grüße 東京 €"}

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

    def __repr__(self) -> str:
        return f"<{self.name!r}, {len(self.rows)} rows>"

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


def valid_exports(landing: Path, contracts: list[Contract]) -> Iterator[Export]:
    """One export of each table, cut to ``ROWS`` rows, and some in other formats too."""
    for contract in contracts:
        for table in contract.tables:
            paths = sorted(landing.glob(table.files))
            path = max(paths, key=lambda path: path.stat().st_size)
            export = _read(contract, table, path, path.relative_to(landing).as_posix())
            yield export
            for suffix, names in ALSO_AS.items():
                if export.name.startswith(names):
                    yield _as(export, suffix)


def _as(export: Export, suffix: str) -> Export:
    """The same rows in another format."""
    files = export.table.files.replace(".csv", f".{suffix}")
    table = export.table.model_copy(update={"files": files})
    rows = tuple(
        {name: cell or None for name, cell in zip(export.header, row, strict=True) if name}
        for row in export.rows
    )
    return replace(
        export,
        contract=export.contract.model_copy(update={"tables": (table,)}),
        table=table,
        name=export.name.replace(".csv", f".{suffix}"),
        header=() if suffix == "jsonl" else export.header,
        rows=rows if suffix == "jsonl" else export.rows,
    )


def _read(contract: Contract, table: Table, path: Path, name: str) -> Export:
    lines = path.read_text(encoding="utf-8").split("\n")
    contract = contract.model_copy(update={"tables": (table,)})
    if table.format == "jsonl":
        rows: tuple[Row, ...] = tuple(json.loads(line) for line in lines[:ROWS])
        return Export(contract, table, name, (), rows)
    header, *cells = csv.reader(io.StringIO("\n".join(lines), newline=""))
    rows = tuple(tuple(row) for row in cells if row)
    # tables that come in the source's own order would otherwise show one kind of row
    step = max(1, len(rows) // ROWS)
    return Export(contract, table, name, tuple(header), rows[::step][:ROWS])


def with_free_text(export: Export) -> Export:
    """The export with a line end, quotes and other scripts in cells that may hold any text."""
    column = next(
        (c for c in export.table.columns if c.type == "string" and c.nullable and not c.allowed),
        None,
    )
    if column is None or export.format != "csv":
        return export
    for row, text in FREE_TEXT.items():
        if row < len(export.rows):
            export = export.with_cell(row, column, text)
    return replace(export, touched=frozenset())
