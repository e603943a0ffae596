"""The sample exports, the bench, and the figures at the end."""

import shutil
from collections.abc import Iterator

import pytest

from ingest.contract import Contract, load_contracts
from ingest.warehouse import Warehouse, prepare
from simulator.generation import generate
from tests.damage import tally
from tests.damage.bench import Bench
from tests.damage.shelf import Shelf

SEED, CONTACTS, DAYS = 7, 400, 120
# It takes longer than that until something is sold and given back.
DAYS_TO_REFUNDS = 700


def native_contracts() -> list[Contract]:
    """The contracts with their native layouts alone, whole; others have tests of their own."""
    contracts = []
    for contract in load_contracts():
        tables = tuple(
            table.model_copy(
                update={
                    "layouts": (),
                    "columns": tuple(
                        each.model_copy(update={"optional": False})
                        for each in table.columns
                        if not each.layouts_only
                    ),
                }
            )
            for table in contract.tables
        )
        contracts.append(contract.model_copy(update={"tables": tables}))
    return contracts


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Valid exports of every table."""
    folder = tmp_path_factory.mktemp("company")
    generate(folder / "short", seed=SEED, contacts=CONTACTS, days=DAYS)
    generate(folder / "long", seed=SEED, contacts=CONTACTS, days=DAYS_TO_REFUNDS)
    shutil.copytree(
        folder / "long/landing/finance", folder / "short/landing/finance", dirs_exist_ok=True
    )
    return Shelf(folder / "short" / "landing", native_contracts())


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A warehouse for all contracts."""
    folder = tmp_path_factory.mktemp("bench")
    warehouse = Warehouse(home=folder / "home", landing=folder / "landing")
    warehouse.landing.mkdir()
    with warehouse.writer() as connection:
        # files of 40 rows are faster without threads that wait for each other
        connection.execute("set threads = 1")
        prepare(connection, load_contracts())
        yield Bench(warehouse, connection)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts = tally.total()
    if not counts:
        return
    terminalreporter.section("damaged exports")
    if terminalreporter.config.getoption("markexpr") == "soak" or terminalreporter.verbosity > 0:
        terminalreporter.write_line("\n".join(tally.table()))
    figures = ", ".join(f"{counts[name]} {name}" for name in tally.COLUMNS)
    terminalreporter.write_line(figures)
