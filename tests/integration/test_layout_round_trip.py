"""Every layout of every contract: a native export written in it loads as the same rows."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from ingest.contract import Column, Contract, Table, load_contracts
from ingest.layout import Layout
from ingest.warehouse import Warehouse, prepare
from simulator.generation import generate
from tests.support.loads import load, rows

CONTRACTS = load_contracts()
LAYOUTS = [
    (contract, table, layout)
    for contract in CONTRACTS
    for table in contract.tables
    for layout in table.layouts
]
IDS = [f"{contract.source}.{table.name}.{layout.name}" for contract, table, layout in LAYOUTS]
PREAMBLE = ["Report", "1 to 31 January"]


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    generate(folder, seed=3, contacts=60, days=90)
    return folder / "landing"


def native_rows(landing: Path, table: Table) -> list[dict[str, str]]:
    """The records of a table's first file, their instants cut to full minutes."""
    with min(landing.glob(table.files)).open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))[:40]
    for record in records:
        for column in table.columns:
            if column.type == "timestamp" and record[column.name]:
                record[column.name] = record[column.name][:16] + ":00Z"
    return records


def written(column: Column, text: str, layout: Layout) -> str:
    """A native value as a person's report would show it."""
    if text in {"", "-"}:
        return layout.null_tokens[0] if layout.null_tokens else ""
    if column.type in {"integer", "decimal"}:
        number = Decimal(text) / layout.factors.get(column.name, Decimal(1))
        signs = str.maketrans({",": layout.thousands, ".": layout.decimal_point})
        return f"{number:,f}".translate(signs)
    if column.type == "date":
        return dt.date.fromisoformat(text).strftime(layout.dates or "%Y-%m-%d")
    if column.type == "timestamp":
        local = dt.datetime.fromisoformat(text).astimezone(ZoneInfo(layout.time_zone))
        return local.strftime(layout.timestamps or "%Y-%m-%dT%H:%M:%S")
    if column.name in layout.removed:
        return f"{text[:3]}{layout.removed[column.name]}{text[3:]}"
    return text


def write(path: Path, table: Table, layout: Layout, records: list[dict[str, str]]) -> None:
    names = [re.sub(r"\{\w+\}", "EUR", header) for header in layout.headers.values()]
    cells = [
        [written(table.column(name), record[name], layout) for name in layout.headers]
        for record in records
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    if layout.sheet:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Export")
            for at, row in enumerate([names, *cells]):
                sheet.write_row(at, 0, row)
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=layout.delimiter, quotechar=layout.quote)
    writer.writerows([[line] for line in PREAMBLE[: layout.preamble_lines]])
    writer.writerows([names, *cells])
    path.write_bytes(text.getvalue().encode(layout.encoding))


def loaded(folder: Path, contract: Contract, table: Table, layout: Layout | None, source) -> list:  # noqa: ANN001
    """Load ``source`` (records) in a layout, the native one for None; return the raw rows."""
    warehouse = Warehouse(home=folder / "home", landing=folder / "landing")
    # the vault's key must be the same for the hashes to be
    warehouse.home.mkdir(parents=True)
    warehouse.key_file.write_text("11" * 32)
    chosen = layout or table.native
    suffix = "xlsx" if chosen.sheet else "csv"
    name = table.files.replace("*", "1").removesuffix("csv") + suffix
    with warehouse.writer() as connection:
        prepare(connection, [contract])
    write(warehouse.landing / name, table, chosen, source)
    [file] = load(warehouse, contract, table.name).files
    assert (file.refusal, file.rows_quarantined, file.lines.unaccounted) == (None, 0, 0)
    shown = [
        raw.name
        for column in table.columns
        for raw in column.raw_columns
        if layout is None or column.name in layout.headers
    ]
    return [shown, rows(warehouse, f"select {', '.join(shown)} from raw.{contract.source}__"
                        f"{table.name} order by _line")]  # fmt: skip


@pytest.mark.parametrize(("contract", "table", "layout"), LAYOUTS, ids=IDS)
def test_a_native_export_in_another_layout_is_the_same_rows(
    tmp_path: Path, landing: Path, contract: Contract, table: Table, layout: Layout
) -> None:
    records = [
        record
        for record in native_rows(landing, table)
        if "".join(record.values()).encode(layout.encoding, "ignore").decode(layout.encoding)
        == "".join(record.values())
    ]
    names, native = loaded(tmp_path / "native", contract, table, None, records)
    shown, other = loaded(tmp_path / "layout", contract, table, layout, records)
    places = [names.index(name) for name in shown]
    assert len(other) == len(records)
    assert other == [tuple(row[place] for place in places) for row in native]
