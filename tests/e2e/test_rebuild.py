"""The working database can be made again from store and state, row for row."""

from pathlib import Path

import duckdb

from tests.e2e.test_faults import HEADER, google_row, put
from tests.support.project import Project

BAD = "google_ads/ad_daily_2026-10.csv"


def differing(one: Project, other: Project) -> list[str]:
    """Return the published tables of which either has a row that the other has not."""
    tables = [name for (name,) in one.query("select table_name from build_tables")]
    with duckdb.connect() as connection:
        for name, project in (("one", one), ("other", other)):
            connection.execute(f"attach '{project.current.resolve()}' as {name} (read_only)")
        return [
            table
            for table in tables
            for left, right in (("one", "other"), ("other", "one"))
            if connection.execute(
                f"from {left}.{table} except all from {right}.{table} limit 1"
            ).fetchall()
        ]


def test_a_rebuild_and_a_restored_backup_give_the_same_rows(
    own_company: Project, tmp_path: Path
) -> None:
    put(own_company, BAD, HEADER + google_row(5) + google_row(4, "no date") * 2)
    put(own_company, "google_ads/ad_daily_2026-11.csv", HEADER + google_row(5, "2026-11-01"))
    own_company.run("run")
    own_company.run("withdraw", "google_ads/ad_daily_2026-11.csv", "--reason", "a test")
    own_company.run("run")
    snapshot = own_company.current.resolve()
    inode = (own_company.home / "warehouse.duckdb").stat().st_ino

    told = own_company.run("rebuild")
    assert "equal: " in told
    assert "raw.google_ads__ad_daily: " in told
    assert (own_company.home / "warehouse.duckdb").stat().st_ino != inode
    assert own_company.current.resolve() == snapshot
    assert "nothing new" in own_company.run("run")

    own_company.run("backup", str(tmp_path / "backups"))
    other = Project(own_company.root, tmp_path / "other", own_company.landing)
    other.run("restore", str(tmp_path / "backups"))
    other.run("run")
    assert differing(own_company, other) == []

    stored = max((own_company.home / "store").glob("*/*"), key=lambda path: path.stat().st_size)
    stored.unlink()
    told = own_company.run("rebuild", expect=2)
    assert f"the store lacks {stored}, the content of " in told
    assert "nothing new" in own_company.run("run")
