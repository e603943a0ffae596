"""An erasure that is killed anywhere is finished by the next run, and later files obey it."""

import gzip
import shutil
from pathlib import Path

import pytest

from ingest.backup import back_up
from ingest.contract import Contract
from ingest.erased_people import enter_erasure
from ingest.erasure import ErasureError
from ingest.forgetting import Cleaning, finish_erasures
from ingest.landing import sight, unknown
from ingest.ledger import is_erasing
from ingest.reconciliation import reconcile
from ingest.restoration import restore
from ingest.warehouse import Warehouse, prepare
from orchestration.purging import purge
from tests.conftest import CUSTOMER_HEADER
from tests.support.crashes import run
from tests.support.loads import load, offer, put, rows

ANNA, BERT = "anna.q7@nest.example", "bert@nest.example"
FIRST, SECOND = "shop/customers_1.csv", "shop/customers_2.csv.gz"
KILLED_AT = (
    "erasure.stored",
    "erasure.ledger_updated",
    "erasure.put_back",
    "erasure.landing_updated",
    "erasure.removed",
    "stale.removed",
    "raw.committed",
    "erasure.vault_emptied",
    "erasure.vault_rewritten",
    "erasure.cleaned",
    "snapshot.pruned",
    "build.recorded",
    "purge.removed",
    "purge.compacted",
)


def customers(*records: str) -> str:
    return CUSTOMER_HEADER + "".join(f"{record}\n" for record in records)


def deliver(warehouse: Warehouse) -> Warehouse:
    put(warehouse, FIRST, customers(f"1,{ANNA},3,,", f"2,{BERT},4,,", f"3,{ANNA},many,,"))
    put(warehouse, SECOND, customers(f"1,{ANNA.upper()},5,,"))
    return warehouse


@pytest.fixture
def delivered(warehouse: Warehouse) -> Warehouse:
    return deliver(warehouse)


def forget(warehouse: Warehouse, shop: Contract, address: str = ANNA) -> Cleaning:
    with warehouse.writer() as connection:
        enter_erasure(warehouse, connection, [shop], address)
        cleaning = finish_erasures(warehouse, connection, [shop])
    assert cleaning
    return cleaning


def where(warehouse: Warehouse, *more: Path, sign: bytes = b"anna.q7") -> list[str]:
    """Return the files in which a sign of the address stands, packed ones too."""
    return [
        path.name
        for folder in (warehouse.home, warehouse.landing, *more)
        for path in folder.rglob("*")
        if path.is_file()
        for data in [path.read_bytes()]
        if sign in (gzip.decompress(data) if path.suffix == ".gz" and data else data).lower()
    ]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A home that has published the two files; for copying alone."""
    folder = tmp_path_factory.mktemp("ran")
    (folder / "landing" / "shop").mkdir(parents=True)
    warehouse = deliver(Warehouse(home=folder / "home", landing=folder / "landing"))
    assert run(warehouse) == 0
    return warehouse


@pytest.fixture
def published(ran: Warehouse, tmp_path: Path) -> Warehouse:
    folder = tmp_path / "published"
    shutil.copytree(ran.home.parent, folder, symlinks=True)
    return Warehouse(home=folder / "home", landing=folder / "landing")


@pytest.mark.parametrize("place", KILLED_AT)
def test_a_killed_erasure_is_finished_by_the_next_run(
    published: Warehouse, shop: Contract, place: str
) -> None:
    before = rows(
        published, "select id, visits, _file, _line from raw.shop__customers order by all"
    )
    with published.writer() as connection:
        enter_erasure(published, connection, [shop], ANNA)
    assert run(published, f"kill@{place}") == -9
    assert run(published) == 0

    assert where(published) == []
    after = rows(published, "select id, visits, _file, _line from raw.shop__customers order by all")
    assert after == before
    hashes = rows(published, "select count(distinct email_hash) from raw.shop__customers")
    assert hashes == [(2,)]
    assert len([*published.published.glob("scalehouse_*")]) == 1
    with published.writer() as connection:
        assert not is_erasing(connection)
        assert unknown(connection, sight(published.landing, [shop])) == []


def test_files_that_are_sent_again_lose_the_person(delivered: Warehouse, shop: Contract) -> None:
    load(delivered, shop, "customers")
    sent = (delivered.landing / FIRST).read_bytes()
    cleaning = forget(delivered, shop)
    assert (cleaning.stored, cleaning.landed, cleaning.left) == (2, 2, ())

    put(delivered, "shop/customers_3.csv", sent)
    put(delivered, "shop/customers_4.csv", customers(f"4,Anna Q <{ANNA.upper()}>,6,,"))
    load(delivered, shop, "customers")
    assert where(delivered) == []
    states = rows(delivered, "select status from state.load_ledger order by file_sequence")
    assert states == [("loaded",), ("loaded",), ("duplicate",), ("loaded",)]
    assert rows(
        delivered, "select count(distinct email_hash) from raw.shop__customers where id <> '2'"
    ) == [(1,)]


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (gzip.compress(customers(f"1,{ANNA},3,,").encode())[:-4], 0),
        (gzip.compress(customers(f"1,{BERT},3,,").encode())[:-4], None),
    ],
    ids=["the person's", "somebody else's"],
)
def test_a_damaged_archive_is_emptied_if_the_person_is_in_it(
    warehouse: Warehouse, shop: Contract, content: bytes, kept: int | None
) -> None:
    path = warehouse.landing / SECOND
    path.write_bytes(content)
    load(warehouse, shop, "customers")
    forget(warehouse, shop)
    sizes = {path.stat().st_size, *(each.stat().st_size for each in warehouse.store.glob("*/*"))}
    assert sizes == {len(content) if kept is None else kept}


def test_files_that_no_contract_asks_for_are_named(delivered: Warehouse, shop: Contract) -> None:
    load(delivered, shop, "customers")
    (delivered.landing / "letter.txt").write_bytes(f"Dear {ANNA}".encode("utf-16"))
    (delivered.landing / "other.txt").write_text("Dear anna.q7")
    assert forget(delivered, shop).left == ("letter.txt",)


def test_an_older_backup_does_not_bring_anybody_back(
    published: Warehouse, shop: Contract, tmp_path: Path
) -> None:
    back_up(published, tmp_path / "backups", keep=1)
    with published.writer() as connection:
        enter_erasure(published, connection, [shop], ANNA)
    assert run(published) == 0
    token = rows(published, "select token from state.erasures")
    restore(published, tmp_path / "backups", replace=True)
    assert where(published) != []
    assert run(published) == 0
    assert where(published) == []
    assert rows(published, "select token from state.erasures") == token


def test_the_domain_stays_if_others_have_it(delivered: Warehouse, shop: Contract) -> None:
    load(delivered, shop, "customers")
    put(delivered, "shop/customers_5.csv", customers("5,zoe@zoe.example,,,"))
    load(delivered, shop, "customers")
    forget(delivered, shop)
    forget(delivered, shop, "zoe@zoe.example")
    tokens = rows(delivered, "select split_part(token, '@', 2) from state.erasures order by all")
    assert tokens == [("erased.invalid",), ("nest.example",)]


def test_what_is_no_address_erases_nobody(delivered: Warehouse, shop: Contract) -> None:
    with delivered.writer() as connection:
        prepare(connection, [shop])
        offer(delivered, shop, connection)
        with pytest.raises(ErasureError):
            enter_erasure(delivered, connection, [shop], "anna")
        assert finish_erasures(delivered, connection, [shop]) is None
        reconcile(delivered, connection, [shop])
    assert purge(delivered, "run") is False
