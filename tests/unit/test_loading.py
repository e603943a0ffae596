"""From a landing file to raw: typed, counted, explained, and never twice."""

import hashlib
import hmac
import stat
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest

from ingest import ledger, reading
from ingest.contract import Contract
from ingest.errors import LedgerError
from ingest.landing import settled, sight, stored_path, unknown
from ingest.loading import add_incoming, hold_incoming, load_incoming
from ingest.privacy import load_key
from ingest.warehouse import Warehouse, prepare
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, offer, put, rows

STATES = "select file_name, status from ops.load_ledger order by file_sequence"
IDS = "select id from raw.shop__customers order by 1"


def test_each_row_is_typed_and_knows_its_file_and_line(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(
        warehouse,
        "shop/customers_1.csv",
        CUSTOMER_HEADER + "007,a@x.org,3,1.50,2026-03-29T01:30:00.000+0200\n8,,,,\n",
    )
    load(warehouse, shop, "customers")
    assert rows(
        warehouse,
        "select id, visits, spent, changed_at, email_domain, _file, _line, _file_sequence "
        "from raw.shop__customers order by _line",
    ) == [
        ("007", 3, Decimal("1.5"), datetime(2026, 3, 28, 23, 30), "x.org",  # noqa: DTZ001
         "shop/customers_1.csv", 2, 1),
        ("8", None, None, None, None, "shop/customers_1.csv", 3, 1),
    ]  # fmt: skip


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
        warehouse, "select status, reason from ops.load_ledger where file_sequence = 1"
    )
    assert status == "refused"
    assert reason.startswith("shop/customers_1.csv, line 1: ")
    assert message in reason


def test_columns_are_found_by_name_and_unknown_ones_are_not_loaded(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/customers_1.csv", "Secret,ChangedAt,Spent,Visits,Email,Id\nx,,,5,,1\n")
    report = load(warehouse, shop, "customers")
    assert report.files[0].unknown_columns == ("Secret",)
    assert rows(warehouse, "select id, visits from raw.shop__customers") == [("1", 5)]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfeI\x00d\x00", CUSTOMER_HEADER.encode() + b"1,\xe9,,,\n"],
    ids=["empty", "UTF-16", "Latin-1"],
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


def test_json_lines_are_opened_by_path_and_by_key(warehouse: Warehouse, shop: Contract) -> None:
    put(
        warehouse,
        "shop/hits_1.jsonl",
        '{"id":"1","at":1767225600000,"device":{"category":"mobile"},"params":'
        '[{"key":"page_location","value":{"string_value":"https://s.org/a?mail=a@b.c&utm_source=g#x"}}]}\n'
        "{broken\n[1]\n"
        '{"id":"2","at":1767225600001}\n',
    )
    load(warehouse, shop, "hits")
    assert rows(
        warehouse, "select id, hit_at, device, page, _line from raw.shop__hits order by 1"
    ) == [
        ("1", datetime(2026, 1, 1), "mobile", "https://s.org/a?utm_source=g", 1),  # noqa: DTZ001
        ("2", datetime(2026, 1, 1, 0, 0, 0, 1000), None, None, 4),  # noqa: DTZ001
    ]
    assert rows(warehouse, "select line, reason from ops.quarantine order by 1") == [
        (2, "not a JSON object"),
        (3, "not a JSON object"),
    ]


def test_parquet_is_read_by_the_same_rules_and_dated_by_its_name(
    warehouse: Warehouse, shop: Contract
) -> None:
    path = warehouse.landing / "shop" / "prices_2026-02-03.parquet"
    duckdb.sql(f"copy (select 'a' as product, 1.25 as price) to '{path}'")
    load(warehouse, shop, "prices")
    assert rows(warehouse, "select product, price, _line, _as_of::text from raw.shop__prices") == [
        ("a", Decimal("1.25"), 1, "2026-02-03")
    ]


def test_the_same_content_under_another_name_is_a_duplicate(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n")
    load(warehouse, shop, "customers")
    put(warehouse, "shop/customers_2.csv", CUSTOMER_HEADER + "1,,,,\n")
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == [("1",)]
    assert rows(warehouse, STATES) == [
        ("shop/customers_1.csv", "loaded"),
        ("shop/customers_2.csv", "duplicate"),
    ]


def test_a_crash_between_reading_and_adding_loses_and_doubles_nothing(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n2,,x,,\n")
    with warehouse.writer() as connection:
        offer(warehouse, shop, connection)
        load_incoming(warehouse, connection, shop, shop.tables[0])
    load(warehouse, shop, "customers")
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == [("1",)]
    assert len(rows(warehouse, "from ops.quarantine")) == 1


def test_a_held_file_stays_out_until_it_is_accepted(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,-1,,\n")
    table = shop.tables[0]
    with warehouse.writer() as connection:
        offer(warehouse, shop, connection)
        report = load_incoming(warehouse, connection, shop, table)
        hold_incoming(connection, report, {"shop/customers_1.csv": "Visits below 0"})
        offer(warehouse, shop, connection)
    assert rows(warehouse, STATES) == [("shop/customers_1.csv", "held")]
    with warehouse.writer() as connection:
        assert ledger.accept(connection, "shop/customers_1.csv", "a correction") == "accepted"
        add_incoming(connection, load_incoming(warehouse, connection, shop, table, ["accepted"]))
    assert rows(warehouse, IDS) == [("1",)]


def test_a_replaced_file_is_no_longer_open(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_1.csv", "nonsense\n")
    load(warehouse, shop, "customers")
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n")
    load(warehouse, shop, "customers")
    assert rows(warehouse, STATES) == [
        ("shop/customers_1.csv", "replaced"),
        ("shop/customers_1.csv", "loaded"),
    ]


def test_withdrawing_a_file_takes_its_rows_and_keeps_it_out(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n")
    put(warehouse, "shop/customers_2.csv", CUSTOMER_HEADER + "2,,,,\n")
    load(warehouse, shop, "customers")
    with warehouse.writer() as connection:
        assert ledger.withdraw(connection, [shop], "shop/customers_1.csv", "sent in error") == 1
        with pytest.raises(LedgerError, match=r"no file 'x\.csv'"):
            ledger.withdraw(connection, [shop], "x.csv", "unknown")
    (warehouse.landing / "shop/customers_1.csv").touch()
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == [("2",)]


def test_an_unconnected_table_is_there_typed_and_empty(
    warehouse: Warehouse, shop: Contract
) -> None:
    with warehouse.writer() as connection:
        prepare(connection, [shop])
    assert rows(warehouse, "select typeof(max(spent)), count(*) from raw.shop__customers") == [
        ("DECIMAL(18,6)", 0)
    ]


def test_names_that_would_confuse_a_query_do_no_harm(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_*.csv", CUSTOMER_HEADER + "1,,,,\n")
    put(warehouse, "shop/customers_'); drop table x; --.csv", CUSTOMER_HEADER + "2,,,,\n")
    put(warehouse, "shop/customers_3.csv.part", CUSTOMER_HEADER + "3,,,,\n")
    (warehouse.landing / "shop/customers_4.csv").symlink_to("/etc/hostname")
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == [("1",), ("2",)]


def test_a_file_that_still_grows_is_not_offered(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER)
    put(warehouse, "shop/customers_2.csv", CUSTOMER_HEADER)
    with warehouse.writer() as connection:
        first = unknown(connection, sight(warehouse.landing, [shop]))
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n")
    stable = settled(warehouse.landing, [shop], first, seconds=0)
    assert [file.file_name for file in stable] == ["shop/customers_2.csv"]


def test_clear_values_are_in_the_vault_and_the_store_alone(
    warehouse: Warehouse, shop: Contract
) -> None:
    address = "Canary.Person@Example.org"
    put(warehouse, "shop/customers_1.csv", f"{CUSTOMER_HEADER}1,{address},,,\n2,{address},x,,\n")
    load(warehouse, shop, "customers")
    key = load_key(warehouse.key_file)
    [(value_hash, sha256)] = rows(
        warehouse, "select email_hash, sha256 from raw.shop__customers, ops.load_ledger"
    )
    expected = hmac.new(key, address.lower().encode(), hashlib.sha256).hexdigest()
    assert value_hash == expected[:32]
    stored = stored_path(warehouse.store, sha256, "shop/customers_1.csv")
    holders = {
        path
        for path in warehouse.home.rglob("*")
        if path.is_file() and b"Canary" in path.read_bytes()
    }
    assert holders == {warehouse.vault, stored}
    for path in (*holders, warehouse.key_file):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_clock_of_the_ledger_is_utc(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n")
    load(warehouse, shop, "customers")
    [(loaded_at,)] = rows(warehouse, "select loaded_at from ops.load_ledger")
    assert abs((loaded_at.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()) < 60


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
        "from ops.load_ledger",
    ) == [(0,)]


def test_a_clean_file_is_read_by_the_fast_reader_alone(
    warehouse: Warehouse, shop: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(reading, "_read_exactly")
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n" * 3)
    put(warehouse, "shop/customers_2.csv", "\ufeff" + CUSTOMER_HEADER + "1,,x,,\n2,,,,\n")
    put(warehouse, "shop/customers_3.csv.gz", CUSTOMER_HEADER.replace("\n", "\r\n") + "4,,,,")
    put(warehouse, "shop/hits_1.jsonl", '{"id":"1","at":1}\n{broken\n')
    (third, first, second) = load(warehouse, shop, "customers").files[::-1]
    assert [file.refusal for file in (first, second, third)] == [None] * 3


def test_a_line_that_went_nowhere_refuses_the_file(
    warehouse: Warehouse, shop: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = reading.inspect
    monkeypatch.setattr(
        reading, "inspect", lambda *args: replace(facts(*args), lines=4, is_even=False)
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


def test_what_was_true_before_can_become_true_again(warehouse: Warehouse, shop: Contract) -> None:
    for day, price in ((1, 1), (2, 2), (3, 1)):
        path = warehouse.landing / "shop" / f"prices_2026-01-0{day}.parquet"
        duckdb.sql(f"copy (select 'a' as product, {price} as price) to '{path}'")
        load(warehouse, shop, "prices")
    assert rows(warehouse, "select price from raw.shop__prices order by _as_of desc limit 1") == [
        (Decimal(1),)
    ]


def test_an_export_of_everything_that_holds_nothing_is_refused(
    warehouse: Warehouse, shop: Contract
) -> None:
    path = warehouse.landing / "shop" / "prices_2026-01-01.parquet"
    duckdb.sql(f"copy (select 'a' as product, 1 as price where false) to '{path}'")
    [file] = load(warehouse, shop, "prices").files
    assert "would delete all" in (file.refusal or "")
