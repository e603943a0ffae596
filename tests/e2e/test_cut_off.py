"""Whole runs that are killed, that meet a full disk, or that are started at once."""

import os
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_whole_run_may_be_killed_after_every_kind_of_step(
    own_company: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = clicks(own_company)
    put(own_company, NEW, HEADER + google_row(1))
    with monkeypatch.context() as patch:
        patch.setenv("SCALEHOUSE_FAULT", f"trace@{tmp_path / 'trace'}")
        own_company.run("run")
    points = (tmp_path / "trace").read_text().split()
    # the first and the last of each kind; the small pipeline is killed at every one
    ends = {point.partition("#")[0]: point for point in points}
    places = sorted({*ends.values(), *(f"{kind}#1" for kind in ends)}, key=points.index)
    reader = Reader(own_company)
    reader.start()
    for number, place in enumerate(places, start=2):
        put(own_company, NEW.replace("-10", f"-10-{number:03}"), HEADER + google_row(1))
        content = google_row(1, f"2026-10-{number % 28 + 1:02}").replace(",77,", f",{number},")
        put(own_company, NEW.replace("-10", f"-10-{number:03}"), HEADER + content)
        monkeypatch.setenv("SCALEHOUSE_FAULT", f"kill@{place}")
        own_company.run("run", expect=-9)
        monkeypatch.delenv("SCALEHOUSE_FAULT")
        own_company.run("run")
        assert clicks(own_company) == before + number, place
    reader.stopped.set()
    reader.join()
    assert reader.faults == []
    assert "equal: " in own_company.run("rebuild")
    print(f"killed after {len(places)} of {len(points)} points, {reader.queries} reads")  # noqa: T201 - the soak's figures
