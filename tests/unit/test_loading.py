"""From a landing file to raw: typed, counted, explained, and never twice."""

import hashlib
import hmac
import os
import stat
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest

from ingest import ledger
from ingest.contract import Contract
from ingest.errors import LedgerError
from ingest.landing import settled, sight, unknown, unmatched
from ingest.loading import add_incoming, hold_incoming, load_incoming
from ingest.privacy import load_key
from ingest.registering import register
from ingest.storing import stored_path
from ingest.warehouse import Warehouse, prepare
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, offer, put, rows

STATES = "select file_name, status from state.load_ledger order by file_sequence"
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
        "select id, visits, spent, changed_at, email_domain, email_is_role, _file, _line, "
        "_file_sequence from raw.shop__customers order by _line",
    ) == [
        ("007", 3, Decimal("1.5"), datetime(2026, 3, 28, 23, 30), "x.org", False,
         "shop/customers_1.csv", 2, 1),
        ("8", None, None, None, None, None, "shop/customers_1.csv", 3, 1),
    ]  # fmt: skip


def test_columns_are_found_by_name_and_unknown_ones_are_rescued(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(
        warehouse,
        "shop/customers_1.csv",
        "Secret,ChangedAt,Spent,Visits,,Email,Id,Note,\n"
        "Ann Example,,,5,,,1,17.5,\n,,,6,,,2,,\n,,,7,left,,3,1735689600,\n",
    )
    report = load(warehouse, shop, "customers")
    assert report.files[0].unknown_columns == ("Secret", "(column 5)", "Note")
    found = rows(
        warehouse,
        "select id, visits, _rescued ->> 'Note', _rescued ->> 'Secret', _rescued ->> '(column 5)' "
        "from raw.shop__customers order by 1",
    )
    key = load_key(warehouse.key_file)

    def hashed(text: str) -> str:
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]

    assert found == [
        ("1", 5, "17.5", hashed("Ann Example"), None),
        ("2", 6, None, None, None),
        ("3", 7, hashed("1735689600"), None, hashed("left")),
    ]
    with duckdb.connect(str(warehouse.vault)) as vault:
        clear = vault.execute("select clear_value from clear_values where kind = 'unknown'")
        assert {text for (text,) in clear.fetchall()} == {"Ann Example", "left", "1735689600"}


def test_json_keys_that_nobody_described_or_ignored_are_rescued(
    warehouse: Warehouse, shop: Contract
) -> None:
    hits = next(table for table in shop.tables if table.name == "hits")
    table = hits.model_copy(update={"ignored": ("noise",)})
    contract = shop.model_copy(update={"tables": (table,)})
    line = '{"id":"1","at":1767225600000,"noise":1,"new/one":{"a":1},"device":{"x":2}}\n'
    put(warehouse, "shop/hits_1.jsonl", line)
    report = load(warehouse, contract, "hits")
    assert report.files[0].unknown_columns == ("new/one",)
    [(text,)] = rows(warehouse, "select _rescued ->> 'new/one' from raw.shop__hits")
    assert len(text) == 32


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
        ("1", datetime(2026, 1, 1), "mobile", "https://s.org/a?utm_source=g", 1),
        ("2", datetime(2026, 1, 1, 0, 0, 0, 1000), None, None, 4),
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
        warehouse, "select email_hash, sha256 from raw.shop__customers, state.load_ledger"
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
    [(loaded_at,)] = rows(warehouse, "select loaded_at from state.load_ledger")
    assert abs((loaded_at.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()) < 60


def test_what_was_true_before_can_become_true_again(warehouse: Warehouse, shop: Contract) -> None:
    for day, price in ((1, 1), (2, 2), (3, 1)):
        path = warehouse.landing / "shop" / f"prices_2026-01-0{day}.parquet"
        duckdb.sql(f"copy (select 'a' as product, {price} as price) to '{path}'")
        load(warehouse, shop, "prices")
    assert rows(warehouse, "select price from raw.shop__prices order by _as_of desc limit 1") == [
        (Decimal(1),)
    ]


def test_a_full_export_that_lost_half_its_rows_is_held_until_somebody_accepts_it(
    warehouse: Warehouse, shop: Contract
) -> None:
    def deliver(date: str, count: int) -> None:
        path = warehouse.landing / "shop" / f"prices_{date}.parquet"
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (select 'p' || i as product, 1.5 as price from range({count}) as t (i)) "
                f"to '{path}' (format parquet)"
            )

    deliver("2026-02-01", 10)
    load(warehouse, shop, "prices")
    deliver("2026-02-02", 5)
    deliver("2026-02-03", 2)
    load(warehouse, shop, "prices")
    count = "select count(*), max(_as_of)::varchar from raw.shop__prices"
    assert rows(warehouse, count) == [(15, "2026-02-02")]
    [(reason,)] = rows(warehouse, "select reason from state.load_ledger where status = 'held'")
    assert reason.startswith(
        "shop/prices_2026-02-03.parquet: 2 rows, where the export of 2026-02-02 had 5; deliver it"
    )
    with warehouse.writer() as connection:
        ledger.accept(connection, "shop/prices_2026-02-03.parquet", "we sell less")
        table = next(table for table in shop.tables if table.name == "prices")
        add_incoming(
            connection, load_incoming(warehouse, connection, shop, table, statuses=("accepted",))
        )
    assert rows(warehouse, count) == [(17, "2026-02-03")]


def test_a_file_that_changes_while_it_is_copied_waits_for_the_next_time(
    warehouse: Warehouse, shop: Contract
) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n")
    sighted = sight(warehouse.landing, [shop])
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n2,,,,\n")
    with warehouse.writer() as connection:
        assert register(warehouse, connection, sighted) == {"unreadable": 1}
    assert rows(warehouse, "from state.load_ledger") == []
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == [("1",), ("2",)]


def test_odd_names_do_no_harm(warehouse: Warehouse, shop: Contract) -> None:
    odd = ["customers_'; drop.csv", "customers_*[a].csv", "customers_a\nb.csv", "customers_é.csv"]
    for name in odd:
        put(warehouse, f"shop/{name}", f"{CUSTOMER_HEADER}{name.encode().hex()},,,,\n")
    outside = warehouse.home / "secret.csv"
    outside.write_text(CUSTOMER_HEADER + "secret,,,,\n")
    (warehouse.landing / "shop" / "customers_link.csv").symlink_to(outside)
    (warehouse.landing / "shop" / "customers_folder.csv").mkdir()
    os.mkfifo(warehouse.landing / "shop" / "customers_pipe.csv")
    for ending in (".part", ".tmp"):
        put(warehouse, f"shop/customers_9.csv{ending}", CUSTOMER_HEADER + "9,,,,\n")
    (warehouse.landing / os.fsdecode(b"shop/customers_\xff.csv")).touch()
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == sorted((name.encode().hex(),) for name in odd)
    lying = unmatched(warehouse.landing, [shop])
    assert lying == [
        "shop/customers_9.csv.part", "shop/customers_9.csv.tmp", "shop/customers_\\udcff.csv",
        "shop/customers_link.csv",
    ]  # fmt: skip
