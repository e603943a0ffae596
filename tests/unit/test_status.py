"""What operators read: held files, bad rows, stale sources, wrong settings, a run they wait for."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from expectations.history import CHECK_RESULTS_DDL
from ingest import ledger
from ingest.contract import Contract, load_contracts
from ingest.ledger import transaction
from ingest.loading import hold_incoming, load_incoming
from ingest.state import ensure_tables
from ingest.warehouse import Warehouse, prepare
from orchestration.console import alone
from orchestration.deliveries import UnusualVolume, unusual_volume
from tests.support.commands import scalehouse
from tests.support.loads import load, offer, put

HEADER = "account_id,name,currency,timezone_name,account_status\n"
GOOD = "".join(f"{number},Shop,EUR,Europe/Berlin,1\n" for number in range(20))
FILE = "meta_ads/accounts_2026-09-30.csv"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCALEHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SCALEHOUSE_LANDING", raising=False)
    return tmp_path / "home"


@pytest.fixture
def meta_ads() -> Contract:
    return next(contract for contract in load_contracts() if contract.source == "meta_ads")


@pytest.fixture
def own(home: Path) -> Warehouse:
    """The command line's warehouse, prepared, with an empty landing folder."""
    warehouse = Warehouse(home, home / "landing")
    (warehouse.landing / "meta_ads").mkdir(parents=True)
    with warehouse.writer() as connection:
        prepare(connection, load_contracts())
        ensure_tables(connection, CHECK_RESULTS_DDL)
    return warehouse


@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        ("KEEP_SNAPSHOTS", "0", "keep_snapshots"),
        ("REPORTING_TIME_ZONE", "Mars/Olympus", "reporting_time_zone: Value error, no such"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, setting: str
) -> None:
    monkeypatch.setenv(f"SCALEHOUSE_{name}", value)
    assert setting in scalehouse("run", expect=2)


def test_quarantine_shows_the_line_the_reason_and_the_text(
    own: Warehouse, meta_ads: Contract
) -> None:
    put(own, FILE, HEADER + GOOD + "20,[Shop],EUR,Europe/Berlin,active\n")
    load(own, meta_ads, "accounts")
    shown = scalehouse("quarantine", "--source", "meta_ads")
    assert "20,[Shop],EUR,Europe/Berlin,active" in shown
    assert "account_status: not a valid integer" in shown
    assert "1 of 1 rows" in shown
    assert "no row is in quarantine" in scalehouse("quarantine", "--source", "ga4")


def hold(warehouse: Warehouse, contract: Contract, reason: str) -> None:
    table = next(table for table in contract.tables if table.name == "accounts")
    with warehouse.writer() as connection:
        offer(warehouse, contract, connection)
        report = load_incoming(warehouse, connection, contract, table)
        hold_incoming(connection, report, {FILE: reason})


def test_status_fails_while_a_file_is_held_and_names_the_remedy(
    own: Warehouse, meta_ads: Contract
) -> None:
    put(own, FILE, HEADER + GOOD)
    hold(own, meta_ads, "line 7: [currency]: must be known")
    shown = scalehouse("status", expect=1)
    assert f"held {FILE}: line 7: [currency]: must be known" in shown
    assert "accept|withdraw FILE --reason" in shown
    assert "accepted: the next run loads it" in scalehouse("accept", FILE, "--reason", "it is fine")
    with own.reader() as connection:
        assert len(ledger.entries(connection, "meta_ads", "accounts", ["accepted"])) == 1


def test_accepting_an_unknown_file_names_those_that_wait(
    own: Warehouse, meta_ads: Contract
) -> None:
    put(own, FILE, HEADER + GOOD)
    hold(own, meta_ads, "why not")
    assert FILE in scalehouse("accept", "meta_ads/other.csv", "--reason", "a slip", expect=2)


def test_status_tells_fresh_from_old_and_from_never_delivered(
    own: Warehouse, meta_ads: Contract
) -> None:
    put(own, FILE, HEADER + GOOD)
    load(own, meta_ads, "accounts")
    shown = scalehouse("status", expect=1)  # nothing is published yet
    [line] = [line for line in shown.splitlines() if "meta_ads" in line and "accounts" in line]
    assert "fresh" in line
    assert "not connected" in shown
    with own.writer() as connection, transaction(connection):
        connection.execute("update state.load_ledger set loaded_at = timestamp '2020-01-01'")
    assert "older than 192 h" in scalehouse("status", expect=1)


def test_a_run_that_must_wait_says_so(own: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    is_held = threading.Event()

    def hold_for_a_moment() -> None:
        with FileLock(own.home / "run.lock"):
            is_held.set()
            time.sleep(0.3)

    other = threading.Thread(target=hold_for_a_moment)
    other.start()
    is_held.wait()
    with alone(own):
        assert "another run is under way" in capsys.readouterr().out
    other.join()


@pytest.fixture
def loaded_modules(home: Path) -> set[str]:
    home.mkdir(parents=True, exist_ok=True)
    script = (
        "import sys, orchestration.cli, orchestration.builds as b, orchestration.querying, "
        "orchestration.status\n"
        "b.unchanged_build(orchestration.cli.Settings())\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_asking_and_finding_nothing_new_load_no_slow_library(loaded_modules: set[str]) -> None:
    assert "duckdb" in loaded_modules
    assert not loaded_modules & {"dagster", "dbt", "great_expectations", "pandas", "pyarrow"}


def test_columns_that_no_contract_knows_and_unusual_volumes_are_shown(
    own: Warehouse, meta_ads: Contract
) -> None:
    for day in range(1, 8):
        put(own, f"meta_ads/accounts_2026-09-0{day}.csv", HEADER + GOOD)
        load(own, meta_ads, "accounts")
    with own.reader() as connection:
        assert unusual_volume(connection, "meta_ads", "accounts") is None
    more = HEADER.replace("\n", ",owner\n") + GOOD.replace("\n", ",Ann\n") * 5
    put(own, "meta_ads/accounts_2026-09-09.csv", more)
    load(own, meta_ads, "accounts")
    with own.reader() as connection:
        volume = unusual_volume(connection, "meta_ads", "accounts")
    assert volume == UnusualVolume("meta_ads/accounts_2026-09-09.csv", 100, 20)
    shown = scalehouse("status", expect=1)
    assert "unknown columns meta_ads/accounts_2026-09-09.csv: owner" in shown
