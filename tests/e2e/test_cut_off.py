"""Whole runs that are killed, that meet a full disk, or that are started at once."""

import os
import subprocess
import sys

import pytest

from tests.e2e.test_faults import HEADER, google_row, put
from tests.e2e.test_readers import Reader
from tests.support.project import Project

NEW = "google_ads/ad_daily_2026-10.csv"
# A file of this process may not grow beyond 10 MB: a disk as good as full for the warehouse.
ON_A_FULL_DISK = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, 10_000_000))
sys.argv = ["scalehouse", "run"]
runpy.run_module("orchestration.cli", run_name="__main__")
"""


def clicks(project: Project) -> int:
    [(found,)] = project.query("select sum(clicks) from ad_performance_daily")
    return found


def started(project: Project) -> subprocess.Popen[str]:
    environment = os.environ | {
        "SCALEHOUSE_HOME": str(project.home),
        "SCALEHOUSE_LANDING": str(project.landing),
        "SCALEHOUSE_SIGHTING_SECONDS": "0.05",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "run"],
        cwd=project.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_three_runs_after_a_killed_one_give_what_one_gives(
    own_company: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, snapshot = clicks(own_company), own_company.current.resolve()
    put(own_company, NEW, HEADER + google_row(5))
    with monkeypatch.context() as patch:
        patch.setenv("SCALEHOUSE_FAULT", "kill@dbt.built")
        own_company.run("run", expect=-9)
    assert own_company.current.resolve() == snapshot

    runs = [started(own_company) for _ in range(3)]
    told = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], told
    assert sorted("nothing new" in text for text in told) == [False, True, True]
    assert sum("another run is under way" in text for text in told) >= 1
    assert clicks(own_company) == before + 5
    assert len(list(own_company.current.parent.glob("scalehouse_*.duckdb"))) == 2
    assert "equal: " in own_company.run("rebuild")


def test_a_full_disk_is_named_and_readers_keep_what_they_have(own_company: Project) -> None:
    before, snapshot = clicks(own_company), own_company.current.resolve()
    put(own_company, NEW, HEADER + google_row(5))
    told = own_company.python("-c", ON_A_FULL_DISK, expect=1)
    assert "the disk is full: free some room and run again" in told
    assert own_company.current.resolve() == snapshot
    own_company.run("run")
    assert clicks(own_company) == before + 5


# What the small pipeline has no part of, which is killed at each of its own points.
AROUND_MODELS = (
    "dbt.starts#1", "dbt.built#1", "components.written", "dbt.starts#2", "dbt.built#2",
    "statistics.written", "dbt.starts#3", "dbt.built#3", "build.entered", "build.recorded",
    "check.recorded#2", "check.written#2", "snapshot.synced", "pointer.made", "pointer.swapped",
)  # fmt: skip


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_whole_run_may_be_killed_around_its_models(
    own_company: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = clicks(own_company)
    reader = Reader(own_company)
    reader.start()
    for number, place in enumerate(AROUND_MODELS, start=1):
        row = google_row(1, f"2026-10-{number:02}")
        put(own_company, f"google_ads/ad_daily_2026-10-{number:02}.csv", HEADER + row)
        with monkeypatch.context() as patch:
            patch.setenv("SCALEHOUSE_FAULT", f"kill@{place}")
            own_company.run("run", expect=-9)
        own_company.run("run")
        assert clicks(own_company) == before + number, place
    reader.stopped.set()
    reader.join()
    assert reader.faults == []
    assert "equal: " in own_company.run("rebuild")
    print(f"killed at {len(AROUND_MODELS)} places, {reader.queries} reads")  # noqa: T201 - the soak's figures
