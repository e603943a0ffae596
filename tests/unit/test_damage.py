"""Damaged bytes: the working database is set aside and made again, the state never replaced."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.contract import Contract
from ingest.damage import set_damaged_aside
from ingest.errors import HomeError
from ingest.opening import check_state
from ingest.reconciliation import reconcile
from ingest.warehouse import Warehouse, prepare
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, put, rows

IDS = "select id from raw.shop__customers order by id"
# a process that dies after its commits leaves the log of changes that the next one must read
LOADS_AND_DIES = """
import os, sys
from pathlib import Path
from ingest.contract import Contract
from ingest.loading import add_incoming, load_incoming
from ingest.warehouse import Warehouse
from tests.conftest import SHOP
from tests.support.loads import offer
warehouse, shop = Warehouse(Path(sys.argv[1]), Path(sys.argv[2])), Contract.model_validate(SHOP)
with warehouse.writer() as connection:
    offer(warehouse, shop, connection)
    add_incoming(connection, load_incoming(warehouse, connection, shop, shop.tables[0]))
    os._exit(0)
"""


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 0xFF
    path.write_bytes(content)


def zeroed(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:100] + bytes(8000) + content[8100:])


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def load_and_die(warehouse: Warehouse) -> None:
    """Load a second file in a process that ends with all committed and nothing closed."""
    put(warehouse, "shop/customers_2.csv", CUSTOMER_HEADER + "3,,,,\n")
    subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", LOADS_AND_DIES, warehouse.home, warehouse.landing],
        check=True,
        cwd=Path(__file__).parents[2],
    )


@pytest.fixture
def loaded(warehouse: Warehouse, shop: Contract) -> Warehouse:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,a@x.org,,,\n2,,x,,\n")
    load(warehouse, shop, "customers")
    return warehouse


def mended(warehouse: Warehouse, shop: Contract) -> str | None:
    told = set_damaged_aside(warehouse)
    with warehouse.writer() as connection:
        prepare(connection, [shop])
        reconcile(warehouse, connection, [shop])
    return told


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("warehouse.duckdb", zeroed),
        ("warehouse.duckdb.wal", flipped),
        ("warehouse.duckdb.wal", zeroed),
    ],
    ids=["database zeroed", "log flipped", "log zeroed"],
)
def test_a_database_that_is_refused_is_moved_aside_and_made_again(
    loaded: Warehouse, shop: Contract, name: str, damage: Callable[[Path], None]
) -> None:
    load_and_die(loaded)
    damage(loaded.home / name)
    with pytest.raises(HomeError, match="scalehouse run"), loaded.reader():
        pass
    told = mended(loaded, shop)
    assert told is not None
    assert rows(loaded, IDS) == [("1",), ("3",)]
    moved = {path.name.partition(".corrupt-")[0] for path in loaded.home.glob("*.corrupt-*")}
    assert moved == {"warehouse.duckdb", "warehouse.duckdb.wal"}
    assert rows(loaded, "select kind, detail from state.incidents") == [("damaged database", told)]


def test_a_log_that_was_cut_off_loses_nothing(
    loaded: Warehouse, shop: Contract, tmp_path: Path
) -> None:
    load_and_die(loaded)
    log = loaded.home / "warehouse.duckdb.wal"
    lost = 0
    for length in range(0, log.stat().st_size, log.stat().st_size // 6):
        copy = Warehouse(tmp_path / str(length), loaded.landing)
        shutil.copytree(loaded.home, copy.home)
        os.truncate(copy.home / log.name, length)
        assert set_damaged_aside(copy) is None
        with copy.writer() as connection:
            prepare(connection, [shop])
            lost += reconcile(copy, connection, [shop]).restored
        assert rows(copy, IDS) == [("1",), ("3",)]
        assert rows(copy, "select status from state.load_ledger") == [("loaded",), ("loaded",)]
    assert lost


def test_damage_that_only_reading_finds_is_remembered(loaded: Warehouse, shop: Contract) -> None:
    with loaded.writer() as connection:
        connection.execute("create table ops.big as select hash(range) as value from range(99999)")
    content = bytearray(loaded.database.read_bytes())
    start = len(content) // 2
    content[start : start + 300_000] = bytes(300_000)
    loaded.database.write_bytes(content)
    with pytest.raises(HomeError, match="scalehouse run"), loaded.reader() as connection:
        connection.execute("select sum(value) from ops.big").fetchall()
    assert mended(loaded, shop) is not None
    assert rows(loaded, IDS) == [("1",)]
    assert mended(loaded, shop) is None


@pytest.mark.parametrize("damage", [zeroed, halved], ids=["zeroed", "halved"])
def test_a_damaged_state_is_left_alone_and_says_what_to_do(
    loaded: Warehouse, damage: Callable[[Path], None]
) -> None:
    damage(loaded.state)
    content = loaded.state.read_bytes()
    with pytest.raises(HomeError, match=r"state\.duckdb is damaged.*restore"):
        check_state(loaded.state)
    zeroed(loaded.database)
    with pytest.raises(HomeError, match=r"state\.duckdb is damaged.*restore"):
        set_damaged_aside(loaded)
    assert loaded.state.read_bytes() == content
    assert loaded.database.is_file()


def test_a_database_that_somebody_has_open_is_not_damaged(loaded: Warehouse) -> None:
    holder = subprocess.Popen(  # noqa: S603 - this Python
        [
            sys.executable, "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); input()",
            str(loaded.database),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    holder.stdout.readline()
    try:
        with pytest.raises(Exception, match="Could not set lock"):
            set_damaged_aside(loaded)
    finally:
        holder.communicate(b"\n")
    assert set_damaged_aside(loaded) is None
