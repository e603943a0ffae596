"""The ledger is in a file of its own: what a crash between two files leaves, and how it ends."""

import duckdb
import pytest

from ingest import ledger, loading, markers
from ingest.contract import Contract
from ingest.errors import HomeError
from ingest.keys import home_key
from ingest.reconciliation import Reconciliation, reconcile
from ingest.state import STATE_DDL, ensure_tables
from ingest.storing import stored_path
from ingest.warehouse import Warehouse, prepare
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, put, rows

FIRST, SECOND = "shop/customers_1.csv", "shop/customers_2.csv"
IDS = "select id from raw.shop__customers order by 1"
STATES = "select file_name, status, rows_loaded from state.load_ledger order by file_sequence"
EVERYTHING = (
    "from raw.shop__customers order by all",
    "from ops.quarantine order by all",
    "from ops.loaded_files order by all",
    "from state.load_ledger order by all",
)


class CrashError(Exception):
    """The process dies here."""


def settle(warehouse: Warehouse, shop: Contract) -> Reconciliation:
    with warehouse.writer() as connection:
        prepare(connection, [shop])
        return reconcile(warehouse, connection, [shop])


def lose_database(warehouse: Warehouse) -> None:
    warehouse.database.unlink()


@pytest.fixture
def loaded(warehouse: Warehouse, shop: Contract) -> Warehouse:
    """Two loaded files, one with a bad row; a third is refused for its bad rows."""
    put(warehouse, FIRST, CUSTOMER_HEADER + "1,a@x.org,,,\n2,,x,,\n")
    put(warehouse, SECOND, CUSTOMER_HEADER + "3,,,,\n")
    put(warehouse, "shop/customers_3.csv", CUSTOMER_HEADER + "4,,x,,\n5,,x,,\n")
    load(warehouse, shop, "customers")
    return warehouse


def test_a_load_that_was_not_entered_into_the_ledger_is_entered_later(
    warehouse: Warehouse, shop: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: object) -> int:
        raise CrashError

    put(warehouse, FIRST, CUSTOMER_HEADER + "1,,,,\n")
    with monkeypatch.context() as patch:
        patch.setattr(loading, "mark_loaded", crash)
        with pytest.raises(CrashError):
            load(warehouse, shop, "customers")
    assert rows(warehouse, STATES) == [(FIRST, "pending", None)]
    assert rows(warehouse, IDS) == [("1",)]

    assert settle(warehouse, shop) == Reconciliation(marked=1, removed=0, restored=0)
    assert rows(warehouse, STATES) == [(FIRST, "loaded", 1)]
    load(warehouse, shop, "customers")
    assert rows(warehouse, IDS) == [("1",)]


def test_rows_that_a_withdrawal_did_not_get_to_leave_later(
    loaded: Warehouse, shop: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> int:
        raise CrashError

    with monkeypatch.context() as patch, loaded.writer() as connection:
        patch.setattr(ledger, "remove_rows", crash)
        with pytest.raises(CrashError):
            ledger.withdraw(connection, [shop], FIRST, "sent in error")
    assert rows(loaded, IDS) == [("1",), ("3",)]
    assert settle(loaded, shop) == Reconciliation(marked=0, removed=1, restored=0)
    assert rows(loaded, IDS) == [("3",)]
    assert rows(loaded, "select distinct file_sequence from ops.quarantine") == [(3,)]


def test_rows_of_a_file_that_the_ledger_does_not_know_leave(
    loaded: Warehouse, shop: Contract
) -> None:
    with loaded.writer() as connection:
        connection.execute("update state.load_ledger set sha256 = 'other' where file_sequence = 2")
        connection.execute("delete from state.load_ledger where file_sequence = 1")
        with pytest.raises(HomeError, match="the store lacks"):
            reconcile(loaded, connection, [shop])
    assert rows(loaded, IDS) == []


def test_a_lost_database_is_made_again_row_for_row(loaded: Warehouse, shop: Contract) -> None:
    before = [rows(loaded, sql) for sql in EVERYTHING]
    lose_database(loaded)
    assert settle(loaded, shop) == Reconciliation(marked=0, removed=0, restored=2)
    assert [rows(loaded, sql) for sql in EVERYTHING] == before
    assert settle(loaded, shop) == Reconciliation(marked=0, removed=0, restored=0)


def test_what_the_expectations_let_in_is_not_judged_again(
    loaded: Warehouse, shop: Contract
) -> None:
    with loaded.writer() as connection:
        ledger.withdraw(connection, [shop], SECOND, "sent in error")
    lose_database(loaded)
    settle(loaded, shop)
    assert rows(loaded, IDS) == [("1",)]


@pytest.mark.parametrize("wrong", ["missing", "damaged"])
def test_a_wrong_file_of_the_store_is_named(loaded: Warehouse, shop: Contract, wrong: str) -> None:
    [(sha256,)] = rows(loaded, "select sha256 from state.load_ledger where file_sequence = 2")
    stored = stored_path(loaded.store, sha256, SECOND)
    stored.unlink()
    if wrong == "damaged":
        stored.write_text("other")
    lose_database(loaded)
    with pytest.raises(HomeError, match=f"{stored}.*{SECOND}.*scalehouse restore"):
        settle(loaded, shop)


def test_a_file_that_its_contract_no_longer_fits_is_named(
    loaded: Warehouse, shop: Contract
) -> None:
    table = shop.tables[0]
    stricter = table.model_copy(update={"quarantine_limit": 0.1})
    lose_database(loaded)
    with pytest.raises(HomeError, match=f"{FIRST} was loaded once .* mend the contract"):
        settle(loaded, shop.model_copy(update={"tables": [stricter, *shop.tables[1:]]}))


def test_the_state_file_has_no_log_of_changes_beside_it(loaded: Warehouse) -> None:
    with loaded.writer() as connection:
        connection.execute("insert into state.facts values ('a', 'b')")
    assert not loaded.state.with_name("state.duckdb.wal").exists()


def test_a_missing_state_is_not_made_anew(loaded: Warehouse) -> None:
    loaded.state.unlink()
    with pytest.raises(HomeError, match="scalehouse restore"), loaded.writer():
        pass
    assert not loaded.state.exists()


def test_a_missing_key_is_not_made_anew(loaded: Warehouse) -> None:
    loaded.key_file.unlink()
    with (
        loaded.writer() as connection,
        pytest.raises(HomeError, match=r"hmac\.key is missing.*scalehouse restore"),
    ):
        home_key(loaded, connection)
    assert not loaded.key_file.exists()


def test_another_key_is_refused(loaded: Warehouse) -> None:
    loaded.key_file.write_text("00" * 32)
    with loaded.writer() as connection, pytest.raises(HomeError, match="is not the key"):
        home_key(loaded, connection)


def test_a_table_of_the_state_gains_the_columns_that_are_declared_later(
    loaded: Warehouse,
) -> None:
    later = STATE_DDL.replace(
        "    blank_lines bigint,", "    blank_lines bigint, new_lines bigint,"
    )
    with loaded.writer() as connection:
        ensure_tables(connection, later)
        assert connection.execute("select distinct new_lines from state.load_ledger").fetchall()
        assert markers.mark_loaded(connection) == 0


def as_older_version(warehouse: Warehouse) -> None:
    """Put the state's tables where they were before there was a state file."""
    with warehouse.writer() as connection:
        for table in ("load_ledger", "ledger_actions", "runs", "builds"):
            connection.execute(f"create table ops.{table} as from state.{table}")
        connection.execute("create sequence ops.file_sequence start 4")
        connection.execute("drop table ops.loaded_files")
    warehouse.state.unlink()


@pytest.mark.parametrize("crashes", [False, True], ids=["at once", "after a crash"])
def test_a_home_of_an_older_version_keeps_all_it_knows(
    loaded: Warehouse, shop: Contract, *, crashes: bool
) -> None:
    before = [rows(loaded, sql) for sql in EVERYTHING]
    as_older_version(loaded)
    rows(loaded, STATES)  # a reader makes the state file alone, like a crash before the next step
    if not crashes:
        loaded.state.unlink()
    assert settle(loaded, shop) == Reconciliation(marked=0, removed=0, restored=0)
    assert [rows(loaded, sql) for sql in EVERYTHING] == before
    put(loaded, "shop/customers_4.csv", CUSTOMER_HEADER + "6,,,,\n")
    load(loaded, shop, "customers")
    assert rows(loaded, "select max(file_sequence) from state.load_ledger") == [(4,)]
    with duckdb.connect(str(loaded.database), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'ops' order by 1"
        ).fetchall()
    assert tables == [("loaded_files",), ("quarantine",)]
