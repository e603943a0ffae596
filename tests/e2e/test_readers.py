"""Readers while the pipeline publishes: always one whole build, never an error."""

import threading
from dataclasses import dataclass, field

import duckdb
import pytest

from tests.e2e.test_faults import HEADER, google_row, put
from tests.support.project import Project


@dataclass
class Reader(threading.Thread):
    """Opens the current snapshot again and again until it is told to stop."""

    project: Project
    queries: int = 0
    builds: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                self.read()
            except duckdb.Error as error:
                self.faults.append(str(error))

    def read(self) -> None:
        with duckdb.connect(str(self.project.current.resolve()), read_only=True) as snapshot:
            [(build_id,)] = snapshot.execute("select build_id from build").fetchall()
            tables = snapshot.execute("from build_tables").fetchall()
            for table, row_count, table_build in tables:
                [(found,)] = snapshot.execute(f'select count(*) from "{table}"').fetchall()
                if (found, table_build) != (row_count, build_id):
                    self.faults.append(f"{table} of {table_build} in {build_id}: {found} rows")
                self.queries += 1
            [(by_day, by_month)] = snapshot.execute(
                "select (select sum(clicks) from channel_daily), "
                "(select sum(clicks) from channel_monthly)"
            ).fetchall()
            if by_day != by_month:
                self.faults.append(f"{build_id}: {by_day} clicks by day, {by_month} by month")
            self.queries += 1
            self.builds.add(build_id)


def read_while_publishing(project: Project, publishes: int) -> Reader:
    reader = Reader(project)
    reader.start()
    for number in range(publishes):
        name = f"google_ads/ad_daily_2026-10-{number:02}.csv"
        put(project, name, HEADER + google_row(number, f"2026-10-{number + 1:02}"))
        project.run("run")
    reader.stopped.set()
    reader.join()
    return reader


def test_a_reader_sees_whole_builds_while_others_are_published(own_company: Project) -> None:
    reader = read_while_publishing(own_company, publishes=2)
    assert reader.faults == []
    assert len(reader.builds) >= 2
    assert len(list(own_company.current.parent.glob("scalehouse_*.duckdb"))) == 3


@pytest.mark.soak
@pytest.mark.timeout(3000)
def test_a_thousand_reads_across_twenty_publishes(own_company: Project) -> None:
    reader = read_while_publishing(own_company, publishes=20)
    assert reader.faults == []
    assert reader.queries >= 1000
    assert len(reader.builds) >= 20
    assert len(list(own_company.current.parent.glob("scalehouse_*.duckdb"))) == 5
    print(f"{reader.queries} queries, {len(reader.builds)} builds, 0 faults")  # noqa: T201 - the soak's figures
