"""Whatever keeps a home alive may be stopped at any point: done again, it ends the same."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import faults, ledger
from ingest.backup import back_up, finished_backups
from ingest.contract import Contract
from ingest.damage import set_damaged_aside
from ingest.errors import HomeError
from ingest.reconciliation import reconcile
from ingest.restoration import restore
from ingest.warehouse import Warehouse, prepare
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, put, rows
from tests.unit.test_state import as_older_version

FIRST = "shop/customers_1.csv"
EVERYTHING = (
    "from raw.shop__customers order by all",
    "from ops.quarantine order by all",
    "from ops.loaded_files order by all",
    "from state.load_ledger order by all",
)


@pytest.fixture
def loaded(warehouse: Warehouse, shop: Contract) -> Warehouse:
    put(warehouse, FIRST, CUSTOMER_HEADER + "1,a@x.org,,,\n2,,x,,\n")
    put(warehouse, "shop/customers_2.csv", CUSTOMER_HEADER + "3,b@x.org,,,\n")
    load(warehouse, shop, "customers")
    return warehouse


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    faults.arm(None)


def everything(warehouse: Warehouse, shop: Contract) -> list[list[tuple]]:
    set_damaged_aside(warehouse)
    with warehouse.writer() as connection:
        prepare(connection, [shop])
        reconcile(warehouse, connection, [shop])
    return [rows(warehouse, sql) for sql in EVERYTHING]


def interrupted(work: Callable[[], object], number: int) -> bool:
    """Do ``work`` until its point ``number``; return whether it has so many."""
    faults.arm(f"interrupt@{number}")
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        faults.arm(None)
    return False


def each_point(
    home: Warehouse, folder: Path, work: Callable[[Warehouse], object]
) -> Iterator[Warehouse]:
    """Yield a copy of ``home`` for each point of ``work``, interrupted there."""
    number = 1
    while True:
        own = Warehouse(folder / str(number), home.landing)
        shutil.copytree(home.home, own.home)
        if not interrupted(lambda own=own: work(own), number):
            break
        yield own
        number += 1
    assert number > 1


def test_a_backup(loaded: Warehouse, shop: Contract, tmp_path: Path) -> None:
    before = everything(loaded, shop)

    def back_up_beside(own: Warehouse) -> None:
        back_up(own, own.home.parent / f"backups_{own.home.name}", keep=7)

    for own in each_point(loaded, tmp_path / "homes", back_up_beside):
        assert everything(own, shop) == before
        backups = own.home.parent / f"backups_{own.home.name}"
        back_up_beside(own)
        assert list(backups.glob("*.part")) == []
        assert 1 <= len(finished_backups(backups)) <= 2
        again = Warehouse(own.home.parent / f"again_{own.home.name}", own.landing)
        restore(again, backups, replace=False)
        assert everything(again, shop) == before


def test_a_restore(loaded: Warehouse, shop: Contract, tmp_path: Path) -> None:
    before = everything(loaded, shop)
    back_up(loaded, tmp_path / "backups", keep=7)
    put(loaded, "shop/customers_3.csv", CUSTOMER_HEADER + "4,,,,\n")
    load(loaded, shop, "customers")
    after = everything(loaded, shop)

    def bring_back(own: Warehouse) -> None:
        restore(own, tmp_path / "backups", replace=True)

    for own in each_point(loaded, tmp_path / "homes", bring_back):
        try:
            found = everything(own, shop)
        except HomeError as error:
            assert "scalehouse restore" in str(error)  # noqa: PT017 - either is right
        else:
            assert found in (before, after)
        bring_back(own)
        assert everything(own, shop) == before


def test_the_step_from_an_older_version(loaded: Warehouse, shop: Contract, tmp_path: Path) -> None:
    before = everything(loaded, shop)
    as_older_version(loaded)
    for own in each_point(loaded, tmp_path / "homes", lambda own: everything(own, shop)):
        assert everything(own, shop) == before


def test_setting_a_damaged_database_aside(
    loaded: Warehouse, shop: Contract, tmp_path: Path
) -> None:
    before = everything(loaded, shop)
    loaded.database.write_bytes(b"no database" * 1000)
    loaded.database.with_name("warehouse.duckdb.wal").write_bytes(b"no log" * 1000)
    for own in each_point(loaded, tmp_path / "homes", lambda own: everything(own, shop)):
        assert everything(own, shop) == before


def test_a_withdrawal(loaded: Warehouse, shop: Contract, tmp_path: Path) -> None:
    def withdraw(own: Warehouse) -> None:
        with own.writer() as connection:
            ledger.withdraw(connection, [shop], FIRST, "sent in error")

    for own in each_point(loaded, tmp_path / "homes", withdraw):
        assert [len(found) for found in everything(own, shop)] == [1, 0, 1, 2]
