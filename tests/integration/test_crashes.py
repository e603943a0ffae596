"""A run that is cut off anywhere: the next one ends where an undisturbed one would have."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.warehouse import Warehouse
from tests.conftest import CUSTOMER_HEADER
from tests.support.crashes import Reader, contents, run
from tests.support.loads import put

KILLED, FAILED = -9, 1

# One of each kind: before and after the store, the ledger, raw, the checks, readers.
SOME = (
    "kill@store.synced#2", "kill@ledger.entered#3", "kill@raw.added", "kill@raw.committed",
    "kill@check.recorded", "kill@snapshot.renamed", "kill@pointer.made", "kill@build.entered",
    "full@store.written", "full@raw.marked", "full@snapshot.written", "interrupt@raw.committed",
)  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A small home that has published once, with new files of every kind before its second run."""
    folder = tmp_path_factory.mktemp("crashes")
    home = Warehouse(folder / "home", folder / "landing")
    (home.landing / "shop").mkdir(parents=True)
    put(home, "shop/customers_1.csv", CUSTOMER_HEADER + "1,a@x.org,1,,\n")
    assert run(home) == 0
    put(home, "shop/customers_2.csv", CUSTOMER_HEADER + "2,b@x.org,2,,\n3,c@x.org,x,,\n")
    put(home, "shop/customers_3.csv", "Id,Nonsense\n4,5\n")
    put(home, "shop/hits_1.jsonl", '{"id":"1","at":1767225600000}\nbroken\n')
    duckdb.sql(
        "copy (select 'a' as product, 1.25 as price) "
        f"to '{home.landing / 'shop' / 'prices_2026-02-03.parquet'}'"
    )
    for number, path in enumerate(sorted(home.landing.rglob("*.*"))):
        os.utime(path, ns=(number + 10**18, number + 10**18))
    return home


def copied(home: Warehouse, folder: Path) -> Warehouse:
    shutil.copytree(home.home, folder / "home", symlinks=True)
    return Warehouse(folder / "home", home.landing)


@pytest.fixture(scope="module")
def undisturbed(
    published: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[list[tuple]], list[str]]:
    """What a run gives that nothing cuts off, and every point that it passes."""
    folder = tmp_path_factory.mktemp("undisturbed")
    own = copied(published, folder)
    assert run(own, f"trace@{folder / 'trace'}") == 0
    return contents(own), (folder / "trace").read_text().split()


def outlives(
    published: Warehouse, expected: list[list[tuple]], folder: Path, fault: str
) -> list[str]:
    """Return what is wrong after a run with ``fault`` and one without."""
    own = copied(published, folder)
    with Reader(own.published / "current.duckdb") as reader:
        ended = run(own, fault)
        again = run(own)
    wrong = [*reader.faults]
    if ended != (KILLED if fault.startswith("kill") else FAILED):
        wrong.append(f"the faulty run ended with {ended}")
    if again != 0:
        wrong.append(f"the next run ended with {again}")
    elif contents(own) != expected:
        wrong.append("the next run ended elsewhere")
    if list(own.store.glob("*.part")):
        wrong.append("half a file stayed in the store")
    shutil.rmtree(folder)
    return [f"{fault}: {each}" for each in wrong]


def test_a_run_passes_a_point_at_every_step_that_lasts(
    undisturbed: tuple[list[list[tuple]], list[str]],
) -> None:
    _, points = undisturbed
    assert len(points) >= 30


@pytest.mark.parametrize("fault", SOME)
def test_a_run_that_is_cut_off_is_made_good_by_the_next(
    published: Warehouse,
    undisturbed: tuple[list[list[tuple]], list[str]],
    tmp_path: Path,
    fault: str,
) -> None:
    expected, _ = undisturbed
    assert outlives(published, expected, tmp_path / "home", fault) == []


@pytest.mark.soak
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("action", ["kill", "full", "interrupt"])
def test_a_run_may_be_cut_off_at_every_point(
    published: Warehouse,
    undisturbed: tuple[list[list[tuple]], list[str]],
    tmp_path: Path,
    action: str,
) -> None:
    expected, points = undisturbed
    wrong = [
        each
        for place in points
        for each in outlives(published, expected, tmp_path / "home", f"{action}@{place}")
    ]
    print(f"{len(points)} points, {action}: {len(wrong)} faults")  # noqa: T201 - the soak's figures
    assert wrong == []
