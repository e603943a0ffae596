"""Shapes that are in order by themselves and yet would be read as something else."""

import os
import time
from decimal import Decimal

import pytest
import xlsxwriter

from ingest.contract import Column, Contract, Table
from ingest.landing import sight
from ingest.layout import Layout
from ingest.privacy import quoted
from ingest.typing_rules import typed
from ingest.warehouse import Warehouse
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, offer, put, rows

NAMES = ["Id", "Email", "Visits", "Spent", "ChangedAt"]


def with_layout(shop: Contract, **layout: object) -> Contract:
    headers = {name: name for name in NAMES}
    table = shop.tables[0].model_dump() | {
        "layouts": [{"name": "sheet", "sheet": "*", "headers": headers} | layout]
    }
    return shop.model_copy(update={"tables": (Table.model_validate(table),)})


def sheet_of(warehouse: Warehouse, cells: list[list[object]]) -> None:
    with xlsxwriter.Workbook(warehouse.landing / "shop" / "customers_1.xlsx") as book:
        hidden, sheet = book.add_worksheet("Notes"), book.add_worksheet("Data")
        sheet.set_first_sheet()
        sheet.activate()
        hidden.hide()
        for at, row in enumerate([NAMES, *cells]):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell)


def test_an_error_in_a_cell_refuses_the_workbook(warehouse: Warehouse, shop: Contract) -> None:
    sheet_of(warehouse, [["1", None, 5, None, None]])
    with xlsxwriter.Workbook(warehouse.landing / "shop" / "customers_2.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, NAMES)
        sheet.write_formula(1, 0, "=NA()", value="#N/A")
    good, bad = load(warehouse, with_layout(shop), "customers").files
    assert (good.refusal, good.rows_loaded) == (None, 1)
    assert (bad.refusal or "").startswith("shop/customers_2.xlsx, cell A2: an error such as #N/A")


def test_a_cell_far_off_refuses_the_workbook_before_it_is_read(
    warehouse: Warehouse, shop: Contract
) -> None:
    sheet_of(warehouse, [["1"]])
    with xlsxwriter.Workbook(warehouse.landing / "shop" / "customers_1.xlsx") as book:
        book.add_worksheet().write(1_048_575, 100, "x")
    [file] = load(warehouse, with_layout(shop), "customers").files
    assert "a sheet reaches to row 1048576 and column 101" in (file.refusal or "")


def test_a_number_of_excel_is_no_text_in_the_layouts_language(
    warehouse: Warehouse, shop: Contract
) -> None:
    sheet_of(warehouse, [["1", None, 1.234, 1.234, None], ["2", None, 5, "1.234", None]])
    load(warehouse, with_layout(shop, numbers="1.234,56"), "customers")
    assert rows(warehouse, "select id, visits, spent from raw.shop__customers") == [
        ("2", 5, Decimal(1234))
    ]
    assert rows(warehouse, "select line, column_name from ops.quarantine") == [(2, "Visits")]


def test_twenty_thousand_bad_rows_are_listed_in_seconds(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,2\n" * 20_000)
    started = time.perf_counter()
    [file] = load(warehouse, shop, "customers").files
    assert time.perf_counter() - started < 20
    assert (file.refusal or "").startswith(
        "shop/customers_1.csv: line 2: 2 cells instead of 5; 20000 of 20000 rows cannot be read"
    )


def test_no_unknown_cell_takes_the_place_of_another(warehouse: Warehouse, shop: Contract) -> None:
    header = CUSTOMER_HEADER.strip() + ",x,x,x (column 6)\n"
    put(warehouse, "shop/customers_1.csv", header + "1,,,,,1,2,3\n")
    load(warehouse, shop, "customers")
    [(count,)] = rows(warehouse, "select len(json_keys(_rescued)) from raw.shop__customers")
    assert count == 3


def test_a_date_of_export_that_is_none_refuses_the_file(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/prices_2026-99-99.parquet", b"")
    [file] = load(warehouse, shop, "prices").files
    assert "the name has no date of export" in (file.refusal or "")


def test_a_thousand_columns_and_a_nul_in_a_name(warehouse: Warehouse, shop: Contract) -> None:
    wide = ",".join([CUSTOMER_HEADER.strip(), *(f"u{at}" for at in range(2000))])
    put(warehouse, "shop/customers_1.csv", f'{wide}\n"1",,,,{"," * 2000}\n')
    put(warehouse, "shop/customers_2.csv", CUSTOMER_HEADER.strip() + ",x\0y\n1,,,,,\n")
    first, second = load(warehouse, shop, "customers").files
    assert (first.refusal, first.rows_loaded) == (None, 1)
    assert "no header in the first line" in (second.refusal or "")


@pytest.mark.parametrize(
    "line",
    [
        '{"id":"2","at":1,"device":"mobile"}',
        '{"id":"2","at":1,"params":{"page_location":"u"}}',
        '{"id":"2","at":1,"params":["u"]}',
        '{"id":"2","at":1,"params":[{"key":"page_location","value":"u"}]}',
        '{"id":"2","at":1,"params":[{"key":"page_location","value":{"string_value":["u"]}}]}',
        '{"id":"2","at":1,"\\u0000x":"v"}',
    ],
)
def test_json_of_another_shape_is_quarantined(
    warehouse: Warehouse, shop: Contract, line: str
) -> None:
    put(warehouse, "shop/hits_1.jsonl", '{"id":"1","at":1}\n' * 20 + line + "\n")
    load(warehouse, shop, "hits")
    assert rows(warehouse, "select line from ops.quarantine") == [(21,)]


def test_json_numbers_keep_their_digits(warehouse: Warehouse, shop: Contract) -> None:
    numbers = ["1.10", "1e2", "-0", "0.1234567890123456789", "12345678901234567890123"]
    lines = "".join(f'{{"id":{number},"at":1}}\n' for number in numbers)
    put(warehouse, "shop/hits_1.jsonl", lines)
    load(warehouse, shop, "hits")
    found = rows(warehouse, "select id from raw.shop__hits order by _line")
    assert found == [(number,) for number in numbers]


@pytest.mark.parametrize("fault", ["link", "pipe", "cut"])
def test_what_is_put_in_a_files_place_while_it_is_copied_is_left(
    warehouse: Warehouse, shop: Contract, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    path = warehouse.landing / "shop" / "customers_1.csv"
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n")
    sighted = sight(warehouse.landing, [shop])
    secret = warehouse.home / "secret.csv"
    secret.write_text(CUSTOMER_HEADER + "9,,,,\n")
    replacements = {
        "link": lambda: path.symlink_to(secret),
        "pipe": lambda: os.mkfifo(path),
        "cut": lambda: path.write_text(CUSTOMER_HEADER[:9]),
    }
    path.unlink()
    replacements[fault]()
    monkeypatch.setattr("tests.support.loads.sight", lambda *_: sighted)
    with warehouse.writer() as connection:
        offer(warehouse, shop, connection)
    assert rows(warehouse, "from state.load_ledger") == []


ZONES = [
    ("Australia/Lord_Howe", "2026-04-05 01:45:00"),
    ("Antarctica/Troll", "2026-10-25 01:30:00"),
    ("America/Caracas", "2007-12-09 02:45:00"),
    ("Europe/Berlin", "2026-10-25 02:30:00"),
]


@pytest.mark.parametrize(("zone", "text"), ZONES)
def test_no_time_that_a_clock_shows_twice_is_an_instant(
    warehouse: Warehouse, zone: str, text: str
) -> None:
    column = Column(name="at", type="timestamp", description="")
    layout = Layout(name="here", headers={"at": "at"}, time_zone=zone)
    assert rows(warehouse, f"select {typed(column, quoted(text), layout)}") == [(None,)]


@pytest.mark.parametrize(
    ("kind", "numbers", "text"),
    [
        ("decimal", "1,234.56", "0,500"),
        ("integer", "1.234,56", "000.001"),
        ("float", "1234.56", "1e400"),
        ("timestamp", "1234.56", "2026-01-31T10:00:00.1234567Z"),
    ],
)
def test_no_value_is_read_as_another(
    warehouse: Warehouse, kind: str, numbers: str, text: str
) -> None:
    column = Column.model_validate({"name": "at", "type": kind, "description": ""})
    layout = Layout.model_validate({"name": "here", "headers": {"at": "at"}, "numbers": numbers})
    assert rows(warehouse, f"select {typed(column, quoted(text), layout)}") == [(None,)]


def test_nested_parquet_is_no_text(warehouse: Warehouse, shop: Contract) -> None:
    path = warehouse.landing / "shop" / "prices_2026-02-03.parquet"
    with warehouse.writer() as connection:
        connection.execute(f"copy (select {{'a': 1}} as product, 1.5 as price) to '{path}'")
    [file] = load(warehouse, shop, "prices").files
    assert "column 'product' holds nested values or bytes" in (file.refusal or "")
