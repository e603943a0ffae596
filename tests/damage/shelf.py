"""Valid exports of every table, taken from the sample company."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from ingest.contract import Contract, Table
from tests.damage.exports import Export, Row, content
from tests.damage.oracle import read
from tests.damage.records_oracle import Reading

ROWS = 40
# Tables that are delivered in another format here too, under the same contract.
ALSO_AS = {
    "parquet": ("ecb/eurofxref", "google_ads/ad_daily", "hubspot/contacts"),
    "jsonl": ("salesforce/Opportunity_", "hubspot/contacts"),
}
FREE_TEXT = {4: 'two\nlines, and "quotes"', 9: "Zoë Grüße 東京 €"}


class Shelf:
    """The exports by a short name: each as it comes, and with free text in it."""

    def __init__(self, landing: Path, contracts: list[Contract]) -> None:
        """Read one file of each table below ``landing``."""
        plain = list(_valid_exports(landing, contracts))
        # what Hypothesis tries first comes first
        plain.sort(key=lambda export: export.name.startswith("hubspot/contacts"), reverse=True)
        self.exports = {
            f"{export.name}{kind}": version
            for export in plain
            for kind, version in (("", export), (" with free text", _with_free_text(export)))
        }
        self.original = cache(self._original)

    def __repr__(self) -> str:
        return f"<{len(self.exports)} exports>"

    def names(self, formats: set[str]) -> list[str]:
        """The names of the exports that are in one of ``formats``."""
        return [name for name, export in self.exports.items() if export.format in formats]

    def _original(self, name: str) -> Reading:
        export = self.exports[name]
        return read(export, content(export))


def _valid_exports(landing: Path, contracts: list[Contract]) -> Iterator[Export]:
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


def _with_free_text(export: Export) -> Export:
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
