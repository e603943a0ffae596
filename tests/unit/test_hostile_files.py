"""Hostile files: what cannot be read is refused or quarantined with its reason, never lost."""

from dataclasses import replace

import duckdb
import pytest

from ingest import csv_reading
from ingest.contract import Contract
from ingest.warehouse import Warehouse
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, put, rows

IDS = "select id from raw.shop__customers order by 1"


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("1,,3.7,,", "Visits", "not a valid integer"),
        ("1,,9223372036854775808,,", "Visits", "not a valid integer"),
        ('1,,,"1.234,56",', "Spent", "not a valid decimal"),
        ("1,,,1.1234567,", "Spent", "not a valid decimal"),
        ("1,,,,31.12.2026", "ChangedAt", "not a valid timestamp"),
        ("1,,,,2026-02-30T00:00:00Z", "ChangedAt", "not a valid timestamp"),
        ("1,2", None, "2 cells instead of 5"),
        ("1,,,,,6", None, "6 cells instead of 5"),
        ("1,a\0b,,,", None, "a NUL byte"),
        ('1,"open,,,', None, "a quote or line end that does not fit"),
    ],
    ids=[
        "a fraction", "beyond 64 bits", "German money", "a seventh decimal", "German date",
        "no such day", "cells missing", "a cell too many", "NUL", "unclosed quote",
    ],
)  # fmt: skip
def test_a_bad_row_goes_to_quarantine_and_the_rest_loads(
    warehouse: Warehouse, shop: Contract, cells: str, column: str | None, reason: str
) -> None:
    put(warehouse, "shop/customers_1.csv", f"{CUSTOMER_HEADER}2,,,,\n{cells}\n3,,,,\n4,,,,\n")
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == [("2",), ("3",), ("4",)]
    assert rows(warehouse, "select line, column_name, reason from ops.quarantine") == [
        (3, column, reason)
    ]
    with duckdb.connect(str(warehouse.vault)) as vault:
        assert vault.execute("select line, raw_text from quarantined_rows").fetchall() == [
            (3, f"{cells}\n")
        ]


def test_lines_are_those_of_the_file_even_after_quoted_newlines_and_blank_lines(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + '1,"a\r\nb@x.org",,,\n\n2,,,,\n')
    load(warehouse, shop, "customers")
    assert rows(warehouse, "select id, _line from raw.shop__customers order by 2") == [
        ("1", 2),
        ("2", 5),
    ]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Id,E-Mail,Visits,Spent,ChangedAt", "'Email' is missing; the nearest is 'E-Mail'"),
        ("Id,Email,Visits,Spent,Spent,ChangedAt", "column 'Spent' is there twice"),
    ],
    ids=["renamed", "twice"],
)  # fmt: skip
def test_a_wrong_header_refuses_the_file_whole_and_the_others_go_on(
    warehouse: Warehouse, shop: Contract, header: str, message: str
) -> None:
    put(warehouse, "shop/customers_1.csv", f"{header}\n1,2,3,4,5,6\n")
    put(warehouse, "shop/customers_2.csv", CUSTOMER_HEADER + "2,,,,\n")
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == [("2",)]
    [(status, reason)] = rows(
        warehouse, "select status, reason from state.load_ledger where file_sequence = 1"
    )
    assert status == "refused"
    assert reason.startswith("shop/customers_1.csv, line 1: ")
    assert message in reason


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfeI\x00d", CUSTOMER_HEADER.encode() + b"1,\xe9,,,\n"],
    ids=["empty", "half a character of UTF-16", "Latin-1"],
)
def test_bytes_that_are_no_text_refuse_the_file(
    warehouse: Warehouse, shop: Contract, content: bytes
) -> None:
    put(warehouse, "shop/customers_1.csv", content)
    [file] = load(warehouse, shop, "customers").files
    assert file.refusal
    assert file.refusal.startswith("shop/customers_1.csv")


def test_a_gzip_archive_that_was_cut_short_is_refused(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_1.csv.gz", CUSTOMER_HEADER + "1,,,,\n" * 999)
    path = warehouse.landing / "shop/customers_1.csv.gz"
    path.write_bytes(path.read_bytes()[:-8])
    [file] = load(warehouse, shop, "customers").files
    assert "damaged or cut short" in (file.refusal or "")


def test_too_many_bad_rows_refuse_the_file(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,x,,\n2,,x,,\n3,,,,\n")
    [file] = load(warehouse, shop, "customers").files
    assert "2 of 3 rows cannot be read" in (file.refusal or "")
    assert rows(warehouse, IDS) == []
    assert len(rows(warehouse, "from ops.quarantine")) == 2


def test_names_that_would_confuse_a_query_do_no_harm(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_*.csv", CUSTOMER_HEADER + "1,,,,\n")
    put(warehouse, "shop/customers_'); drop table x; --.csv", CUSTOMER_HEADER + "2,,,,\n")
    put(warehouse, "shop/customers_3.csv.part", CUSTOMER_HEADER + "3,,,,\n")
    (warehouse.landing / "shop/customers_4.csv").symlink_to("/etc/hostname")
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == [("1",), ("2",)]


def test_every_line_is_header_blank_loaded_or_quarantined(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(
        warehouse,
        "shop/customers_1.csv",
        CUSTOMER_HEADER + '1,"a\nb",,,\n\n2,,x,,\n3,"c\nd",y,,\n4\n5,,,,\n\n6,,,,',
    )
    [file] = load(warehouse, shop, "customers").files
    lines = file.lines
    assert (lines.physical, lines.header, lines.blank) == (11, 1, 2)
    assert (lines.loaded, lines.quarantined) == (4, 4)
    assert rows(
        warehouse,
        "select physical_lines - header_lines - blank_lines - loaded_lines - quarantined_lines "
        "from state.load_ledger",
    ) == [(0,)]


def test_a_clean_file_is_read_by_the_fast_reader_alone(
    warehouse: Warehouse, shop: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(csv_reading, "_keep")
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n" * 3)
    put(warehouse, "shop/customers_2.csv", "\ufeff" + CUSTOMER_HEADER + "1,,x,,\n2,,,,\n")
    put(warehouse, "shop/customers_3.csv.gz", CUSTOMER_HEADER.replace("\n", "\r\n") + "4,,,,")
    put(warehouse, "shop/hits_1.jsonl", '{"id":"1","at":1}\n{broken\n')
    (third, first, second) = load(warehouse, shop, "customers").files[::-1]
    assert [file.refusal for file in (first, second, third)] == [None] * 3


def test_a_line_that_went_nowhere_refuses_the_file(
    warehouse: Warehouse, shop: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = csv_reading.inspect
    monkeypatch.setattr(
        csv_reading, "inspect", lambda *args: replace(facts(*args), lines=4, is_even=False)
    )
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n2,,,,\n")
    [file] = load(warehouse, shop, "customers").files
    assert "1 of 4 lines are unaccounted for" in (file.refusal or "")
    assert rows(warehouse, IDS) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (CUSTOMER_HEADER.encode() + b"1,\xc3", "in the middle of a character"),
        (CUSTOMER_HEADER.replace("\n", "\r").encode() + b"1,,,,\r2,,,,\r", "bare carriage return"),
        (CUSTOMER_HEADER.replace("\n", "\r").encode() + b"1,,,,\n2,,,,\n", "bare carriage return"),
    ],
    ids=["cut in a character", "old line ends", "old line end of the header"],
)
def test_a_hostile_file_is_refused_and_its_neighbour_loads(
    warehouse: Warehouse, shop: Contract, content: bytes, message: str
) -> None:
    put(warehouse, "shop/customers_1.csv", content)
    put(warehouse, "shop/customers_2.csv", CUSTOMER_HEADER + "2,,,,\n")
    refusals = {
        file.entry.file_name: file.refusal for file in load(warehouse, shop, "customers").files
    }
    assert message in (refusals["shop/customers_1.csv"] or "")
    assert rows(warehouse, IDS) == [("2",)]


def test_a_stray_quote_costs_its_own_line_alone(warehouse: Warehouse, shop: Contract) -> None:
    slips = {10: '"x,,,,', 60: '"x,,,,', 90: '5" x,,,,'}
    body = "".join(f"{slips.get(number, f'{number},,,,')}\n" for number in range(1, 101))
    put(warehouse, "shop/customers_1.csv", f"{CUSTOMER_HEADER}{body}\n")
    [file] = load(warehouse, shop, "customers").files
    assert (file.rows_loaded, file.rows_quarantined, file.lines.blank) == (98, 2, 1)
    assert rows(warehouse, "select line from ops.quarantine order by 1") == [(11,), (61,)]


def test_a_key_twice_in_a_list_of_pairs_counts_once(warehouse: Warehouse, shop: Contract) -> None:
    pair = '{{"key":"page_location","value":{{"string_value":"https://s.org/{}"}}}}'
    put(
        warehouse,
        "shop/hits_1.jsonl",
        f'{{"id":"1","at":1,"params":[{pair.format("a")},{pair.format("b")}]}}\n',
    )
    load(warehouse, shop, "hits")
    assert rows(warehouse, "select page from raw.shop__hits") == [("https://s.org/a",)]


def test_a_broken_parquet_file_is_refused(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/prices_2026-02-03.parquet", b"PAR1 cut")
    [file] = load(warehouse, shop, "prices").files
    assert "not a whole Parquet file" in (file.refusal or "")


def test_an_export_of_everything_that_holds_nothing_is_refused(
    warehouse: Warehouse, shop: Contract
) -> None:
    path = warehouse.landing / "shop" / "prices_2026-01-01.parquet"
    duckdb.sql(f"copy (select 'a' as product, 1 as price where false) to '{path}'")
    [file] = load(warehouse, shop, "prices").files
    assert "would delete all" in (file.refusal or "")


@pytest.mark.parametrize("suffix", ["", ".gz"], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-16", "utf-8"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("utf-8-sig", "cp1252"),
    ],
    ids=["a mark of UTF-16", "declared UTF-16", "declared Windows", "a mark of UTF-8"],
)
def test_other_encodings_are_read_by_their_mark_or_by_the_contract(
    warehouse: Warehouse, shop: Contract, encoding: str, declared: str, suffix: str
) -> None:
    tables = [table.model_copy(update={"encoding": declared}) for table in shop.tables]
    contract = shop.model_copy(update={"tables": tuple(tables)})
    content = (CUSTOMER_HEADER + "Köln €,,,,\nMünchen,,x,,\n").encode(encoding)
    put(warehouse, f"shop/customers_1.csv{suffix}", content)
    [file] = load(warehouse, contract, "customers").files
    assert (file.refusal, file.lines.unaccounted) == (None, 0)
    assert rows(warehouse, IDS) == [("Köln €",)]
    with duckdb.connect(str(warehouse.vault)) as vault:
        assert vault.execute("select raw_text from quarantined_rows").fetchall() == [
            ("München,,x,,\n",)
        ]
    assert list(warehouse.store.rglob("*.utf8")) == []


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ('{"id":"2","at":1,"id":"3"}', None, "a key is there twice"),
        ('{"id":"2","at":1,"device":{"category":"a","category":"b"}}', None,
         "a key is there twice"),
        ('{"id":{"a":1},"at":1}', "id", "not a valid string"),
        ('{"id":"2","at":1,"device":{"category":["a"]}}', "device", "not a valid string"),
        ('{"id":"2\\u0000","at":1}', "id", "not a valid string"),
        ('{"id":"\\ufeff2","at":1}', "id", "not a valid string"),
        ("[1]", None, "not a JSON object"),
    ],
    ids=["a key twice", "an inner key twice", "an object", "a list", "NUL", "a mark", "no object"],
)  # fmt: skip
def test_a_json_line_that_can_be_read_in_two_ways_or_none_is_quarantined(
    warehouse: Warehouse, shop: Contract, line: str, column: str | None, reason: str
) -> None:
    good = "".join(f'{{"id":"g{at}","at":1}}\n' for at in range(20))
    put(warehouse, "shop/hits_1.jsonl", f"{good}{line}\n")
    load(warehouse, shop, "hits")
    assert rows(warehouse, "select line, column_name, reason from ops.quarantine") == [
        (21, column, reason)
    ]
    assert rows(warehouse, "select count(*) from raw.shop__hits") == [(20,)]


@pytest.mark.parametrize(
    ("middle", "reasons"),
    [
        (CUSTOMER_HEADER, ["the header once more"]),
        ("\ufeff" + CUSTOMER_HEADER, ["a byte order mark inside the file"]),
        ("3,,,,0000-01-01T00:00:00Z\n", ["not a valid timestamp"]),
        ("3,,,,2026-01-31T10:00:00+99:00\n", ["not a valid timestamp"]),
        ("3,,,,,\n", ["6 cells instead of 5"]),
        (",,,,\n", []),
    ],
    ids=["two files", "two files with marks", "no year", "no zone", "a delimiter more", "empty"],
)
def test_what_a_forgiving_reader_would_take_for_a_row_is_none(
    warehouse: Warehouse, shop: Contract, middle: str, reasons: list[str]
) -> None:
    put(warehouse, "shop/customers_1.csv", f"{CUSTOMER_HEADER}1,,,,\n2,,,,\n{middle}4,,,,\n")
    [file] = load(warehouse, shop, "customers").files
    assert (file.refusal, file.lines.unaccounted) == (None, 0)
    assert rows(warehouse, IDS) == [("1",), ("2",), ("4",)]
    assert rows(warehouse, "select reason from ops.quarantine") == [(text,) for text in reasons]
    assert file.lines.blank == (not reasons)


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_file_of_a_mark_alone_is_empty(warehouse: Warehouse, shop: Contract, mark: str) -> None:
    put(warehouse, "shop/customers_1.csv", "".encode(mark))
    [file] = load(warehouse, shop, "customers").files
    assert file.refusal == "shop/customers_1.csv: the file is empty; export it again"


def test_a_refusal_quotes_no_cell_of_a_file_without_header(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/customers_1.csv", "1,ann@example.org,Ann Example,3,\n")
    [file] = load(warehouse, shop, "customers").files
    assert file.refusal == (
        "shop/customers_1.csv, line 1: column 'Id' is missing, and so is every other: no header in "
        "the first line. Export it with the column, or mend the contract, and put the file back"
    )
