"""A backup holds what cannot be made again, and gives it back to the last byte or not at all."""

import stat
from pathlib import Path

import pytest

from ingest import backup as backup_module
from ingest.backup import back_up, finished_backups
from ingest.contract import Contract
from ingest.errors import HomeError
from ingest.reconciliation import reconcile
from ingest.restoration import restore
from ingest.warehouse import Warehouse, prepare
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, put, rows

TABLES = (
    "from raw.shop__customers order by all",
    "from ops.quarantine order by all",
    "from state.load_ledger order by all",
)


@pytest.fixture
def loaded(warehouse: Warehouse, shop: Contract) -> Warehouse:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,a@x.org,,,\n2,,x,,\n")
    load(warehouse, shop, "customers")
    return warehouse


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def deliver_another(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_2.csv", CUSTOMER_HEADER + "3,b@x.org,,,\n")
    load(warehouse, shop, "customers")


def everything(warehouse: Warehouse, shop: Contract) -> list[list[tuple]]:
    with warehouse.writer() as connection:
        prepare(connection, [shop])
        reconcile(warehouse, connection, [shop])
    return [rows(warehouse, sql) for sql in TABLES]


def test_a_home_comes_back_from_its_backup(
    loaded: Warehouse, shop: Contract, backups: Path, tmp_path: Path
) -> None:
    before = everything(loaded, shop)
    done = back_up(loaded, backups, keep=7)
    assert {file.path.partition("/")[0] for file in done.files} == {
        "store", "state.duckdb", "vault.duckdb", "hmac.key",
    }  # fmt: skip
    other = Warehouse(tmp_path / "other", loaded.landing)
    restore(other, backups, replace=False)
    assert everything(other, shop) == before
    assert other.key_file.read_bytes() == loaded.key_file.read_bytes()
    for path in (other.vault, other.key_file, *other.store.glob("*/*")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    deliver_another(other, shop)
    assert rows(other, "select max(file_sequence) from state.load_ledger") == [(2,)]


def test_a_stored_file_is_copied_once(loaded: Warehouse, shop: Contract, backups: Path) -> None:
    assert back_up(loaded, backups, keep=7).copied == 1
    assert back_up(loaded, backups, keep=7).copied == 0
    deliver_another(loaded, shop)
    assert back_up(loaded, backups, keep=7).copied == 1
    assert len(list((backups / "store").glob("*/*"))) == 2


def test_the_last_backup_is_the_one_that_comes_back(
    loaded: Warehouse, shop: Contract, backups: Path, tmp_path: Path
) -> None:
    back_up(loaded, backups, keep=2)
    back_up(loaded, backups, keep=2)
    deliver_another(loaded, shop)
    last = back_up(loaded, backups, keep=2)
    assert len(finished_backups(backups)) == 2
    done, _ = restore(Warehouse(tmp_path / "other", loaded.landing), backups, replace=False)
    assert done.folder == last.folder


def test_an_unfinished_backup_does_not_count(
    loaded: Warehouse, shop: Contract, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = back_up(loaded, backups, keep=7)
    deliver_another(loaded, shop)
    with monkeypatch.context() as patch:
        patch.setattr(backup_module, "asdict", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            back_up(loaded, backups, keep=7)
    assert finished_backups(backups) == [first.folder]
    done = back_up(loaded, backups, keep=7)
    assert finished_backups(backups) == [first.folder, done.folder]
    assert [path for path in backups.iterdir() if path.name.endswith(".part")] == []


def test_a_home_that_holds_something_is_moved_aside_only_when_asked(
    loaded: Warehouse, shop: Contract, backups: Path
) -> None:
    before = everything(loaded, shop)
    back_up(loaded, backups, keep=7)
    deliver_another(loaded, shop)
    with pytest.raises(HomeError, match=r"holds state\.duckdb, .*--force"):
        restore(loaded, backups, replace=False)
    assert rows(loaded, "select count(*) from state.load_ledger") == [(2,)]
    _, aside = restore(loaded, backups, replace=True)
    assert everything(loaded, shop) == before
    assert rows(Warehouse(aside, loaded.landing), "select count(*) from raw.shop__customers") == [
        (2,)
    ]


@pytest.mark.parametrize("name", ["store", "state.duckdb", "vault.duckdb", "hmac.key"])
@pytest.mark.parametrize("wrong", ["damaged", "missing"])
def test_a_wrong_file_of_the_backup_is_named_and_the_home_stays(
    loaded: Warehouse, backups: Path, tmp_path: Path, name: str, wrong: str
) -> None:
    done = back_up(loaded, backups, keep=7)
    [path] = [done.source_of(file) for file in done.files if file.path.startswith(name)]
    content = path.read_bytes()
    path.unlink()
    if wrong == "damaged":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    other = Warehouse(tmp_path / "other", loaded.landing)
    with pytest.raises(HomeError, match=str(path)):
        restore(other, backups, replace=False)
    assert not other.state.exists()
    assert not other.store.exists()


def test_a_damaged_store_is_not_copied(loaded: Warehouse, backups: Path) -> None:
    [stored] = loaded.store.glob("*/*")
    stored.write_text("other")
    with pytest.raises(HomeError, match=f"{stored} is damaged"):
        back_up(loaded, backups, keep=7)
    assert finished_backups(backups) == []


def test_what_has_no_home_or_no_backup_says_so(
    loaded: Warehouse, backups: Path, tmp_path: Path
) -> None:
    empty = Warehouse(tmp_path / "empty", loaded.landing)
    with pytest.raises(HomeError, match="nothing to back up"):
        back_up(empty, backups, keep=7)
    with pytest.raises(HomeError, match="no finished backup"):
        restore(empty, backups, replace=False)
    with pytest.raises(HomeError, match="inside the home"):
        back_up(loaded, loaded.home / "backups", keep=7)
