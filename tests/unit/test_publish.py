"""What readers see while and after a snapshot is published."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import duckdb
import pytest

from orchestration import publish
from orchestration.errors import PipelineError
from orchestration.publish import Build, publish_snapshot, row_counts

BUILD = Build("b1", datetime(2026, 3, 1, 5, 30), 7, "abc")


class CrashError(Exception):
    """The process dies here."""


def rows(file: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def change(database: Path, sql: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(sql)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    change(
        path,
        """
        create schema published;
        create schema marts;
        create table marts.secret as select 'nobody reads this' as text;
        create table published.channel_daily as
            select 'paid search' as channel, 12::decimal(18, 2) as spend;
        comment on table published.channel_daily is 'One row per channel''s day.';
        comment on column published.channel_daily.spend is 'In the reporting currency.';
        """,
    )
    return path


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "published"


def test_a_snapshot_holds_the_published_tables_and_no_other(
    database: Path, published: Path
) -> None:
    snapshot = publish_snapshot(database, published, BUILD)
    assert snapshot.name == "scalehouse_b1.duckdb"
    assert rows(snapshot, "select schema_name, table_name from duckdb_tables() order by 2") == [
        ("main", "build"),
        ("main", "build_tables"),
        ("main", "channel_daily"),
    ]
    assert rows(snapshot, "from channel_daily") == rows(database, "from published.channel_daily")


def test_a_snapshot_says_where_it_comes_from(database: Path, published: Path) -> None:
    snapshot = publish_snapshot(database, published, BUILD)
    assert rows(snapshot, "from build") == [("b1", BUILD.published_at, 7, "abc")]
    assert rows(snapshot, "from build_tables") == [("channel_daily", 1, "b1")]
    assert row_counts(snapshot) == {"channel_daily": 1}


def test_comments_are_published_with_their_tables(database: Path, published: Path) -> None:
    snapshot = publish_snapshot(database, published, BUILD)
    assert rows(
        snapshot, "select comment from duckdb_tables() where table_name = 'channel_daily'"
    ) == [("One row per channel's day.",)]
    assert rows(
        snapshot, "select column_name, comment from duckdb_columns() where comment is not null"
    ) == [("spend", "In the reporting currency.")]


def test_a_snapshot_is_read_only_complete_and_readable_by_older_clients(
    database: Path, published: Path
) -> None:
    snapshot = publish_snapshot(database, published, BUILD)
    assert snapshot.stat().st_mode & 0o777 == 0o444
    assert [path.name for path in published.iterdir() if "wal" in path.name] == []
    [(tags,)] = rows(snapshot, "select tags from duckdb_databases() where not internal")
    assert tags["storage_version"].startswith("v1.0.0")


def test_the_pointer_moves_to_the_new_snapshot_while_a_reader_keeps_the_old(
    database: Path, published: Path
) -> None:
    publish_snapshot(database, published, BUILD)
    with duckdb.connect(str((published / "current.duckdb").resolve()), read_only=True) as reader:
        change(database, "update published.channel_daily set spend = 99")
        publish_snapshot(database, published, replace(BUILD, build_id="b2"))
        assert reader.execute("select spend::int from channel_daily").fetchall() == [(12,)]
    assert (published / "current.duckdb").readlink() == Path("scalehouse_b2.duckdb")
    assert rows(published / "current.duckdb", "select spend::int from channel_daily") == [(99,)]


def test_only_the_last_snapshots_stay(database: Path, published: Path) -> None:
    for number in range(4):
        publish_snapshot(database, published, replace(BUILD, build_id=f"b{number}"), keep=2)
    assert sorted(path.name for path in published.glob("scalehouse_*")) == [
        "scalehouse_b2.duckdb",
        "scalehouse_b3.duckdb",
    ]


def test_the_snapshot_that_readers_open_stays_whatever_its_age(
    database: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_snapshot(database, published, BUILD)
    monkeypatch.setattr(publish, "_point_to", lambda _: None)
    for number in range(2, 5):
        publish_snapshot(database, published, replace(BUILD, build_id=f"b{number}"), keep=1)
    assert rows(published / "current.duckdb", "select build_id from build") == [("b1",)]


def test_leftovers_of_a_crashed_run_are_removed(database: Path, published: Path) -> None:
    published.mkdir()
    for name in ("scalehouse_b0.duckdb.tmp", "scalehouse_b0.duckdb.tmp.wal"):
        (published / name).write_bytes(b"half a file")
    (published / "current.duckdb.tmp").symlink_to("scalehouse_b0.duckdb.tmp")
    publish_snapshot(database, published, BUILD)
    assert sorted(path.name for path in published.iterdir()) == [
        "current.duckdb",
        "scalehouse_b1.duckdb",
    ]


def test_nothing_to_publish_is_an_error_and_changes_nothing(
    database: Path, published: Path
) -> None:
    publish_snapshot(database, published, BUILD)
    change(database, "drop schema published cascade")
    with pytest.raises(PipelineError, match="no table in schema published"):
        publish_snapshot(database, published, replace(BUILD, build_id="b2"))
    assert rows(published / "current.duckdb", "select build_id from build") == [("b1",)]


def crashing(real: object, calls: Iterator[int], fatal: int) -> object:
    def call(*arguments: object, **options: object) -> object:
        if next(calls) == fatal:
            raise CrashError
        return real(*arguments, **options)  # type: ignore[operator]

    return call


STEPS = 9  # calls that a crash can come before


@pytest.mark.parametrize("fatal", range(STEPS + 1))
def test_a_crash_at_any_step_leaves_a_whole_snapshot_and_the_next_run_completes(
    database: Path, published: Path, monkeypatch: pytest.MonkeyPatch, fatal: int
) -> None:
    publish_snapshot(database, published, BUILD, keep=1)
    change(database, "update published.channel_daily set spend = 99")
    calls = count()
    with monkeypatch.context() as patch:
        for owner, name in [
            (publish, "sync"),
            (publish, "_copy"),
            (publish, "_describe_build"),
            (publish.Path, "chmod"),
            (publish.Path, "replace"),
            (publish.Path, "symlink_to"),
            (publish.Path, "unlink"),
        ]:
            patch.setattr(owner, name, crashing(getattr(owner, name), calls, fatal))
        is_fatal = pytest.raises(CrashError) if fatal < STEPS else nullcontext()
        with is_fatal:
            publish_snapshot(database, published, replace(BUILD, build_id="b2"), keep=1)
    [build] = rows(
        published / "current.duckdb", "select build_id, spend::int from build, channel_daily"
    )
    assert build in {("b1", 12), ("b2", 99)}
    publish_snapshot(database, published, replace(BUILD, build_id="b3"), keep=1)
    assert sorted(path.name for path in published.iterdir()) == [
        "current.duckdb",
        "scalehouse_b3.duckdb",
    ]
