"""Publish: copy what readers may rely on into a new read-only file and point to it at once.

A reader that has yesterday's file open keeps it; whoever opens ``current.duckdb`` next gets
the new one. Until the pointer is swapped, a crash changes nothing that a reader can see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.disk import sync
from ingest.faults import point
from ingest.privacy import quoted
from orchestration.errors import PipelineError

CURRENT = "current.duckdb"
PUBLISHED_SCHEMA = "published"

# Read by every DuckDB from 1.0, so by the drivers of dashboards, too.
_STORAGE_VERSION = "v1.0.0"
_SNAPSHOTS = "scalehouse_*.duckdb"


@dataclass(frozen=True)
class Build:
    """Where a snapshot comes from; ``published_at`` is UTC, without an offset.

    ``ledger_sequence`` is the last file that went in, ``fingerprint`` tells whether another
    build would be the same.
    """

    build_id: str
    published_at: datetime
    ledger_sequence: int
    fingerprint: str


def publish_snapshot(database: Path, published_dir: Path, build: Build, keep: int = 5) -> Path:
    """Copy the published tables of the closed ``database`` to a new snapshot and point to it.

    The snapshot has them under their plain names with their comments, ``build`` (one row) and
    ``build_tables`` (a row per table: table_name, row_count, build_id). Of the older snapshots
    the last ``keep`` stay, this one included.

    Raises:
        PipelineError: the database has no published table.
    """
    published_dir.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(published_dir)
    snapshot = published_dir / f"scalehouse_{build.build_id}.duckdb"
    partial = snapshot.with_suffix(".duckdb.tmp")
    _write(database, partial, build)
    point("snapshot.written")
    partial.chmod(0o444)
    sync(partial)
    point("snapshot.synced")
    partial.replace(snapshot)
    point("snapshot.renamed")
    _point_to(snapshot)
    _prune(published_dir, keep)
    point("snapshot.pruned")
    return snapshot


def row_counts(snapshot: Path) -> dict[str, int]:
    """Return the number of rows of each table that a snapshot was published with."""
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        return dict(connection.execute("select table_name, row_count from build_tables").fetchall())


def _remove_leftovers(published_dir: Path) -> None:
    for path in published_dir.glob("*.tmp*"):
        path.unlink()


def _write(database: Path, partial: Path, build: Build) -> None:
    with _copying(database, partial) as connection:
        tables = connection.execute(
            """
            select table_name, comment from duckdb_tables()
            where database_name = 'warehouse' and schema_name = ? order by table_name
            """,
            [PUBLISHED_SCHEMA],
        ).fetchall()
        if not tables:
            raise PipelineError(
                f"{database} has no table in schema {PUBLISHED_SCHEMA}; run the whole job first"
            )
        _describe_build(connection, build)
        for table, comment in tables:
            _copy(connection, table, comment)
            connection.execute(
                f'insert into build_tables select ?, count(*), ? from "{table}"',
                [table, build.build_id],
            )
        connection.execute("checkpoint snapshot")


@contextmanager
def _copying(database: Path, partial: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"attach {quoted(str(database))} as warehouse (read_only)")
        connection.execute(
            f"attach {quoted(str(partial))} as snapshot (storage_version '{_STORAGE_VERSION}')"
        )
        connection.execute("use snapshot")
        yield connection


def _describe_build(connection: duckdb.DuckDBPyConnection, build: Build) -> None:
    connection.execute(
        """
        create table build (
            build_id varchar, published_at timestamp, ledger_sequence bigint, fingerprint varchar
        );
        create table build_tables (table_name varchar, row_count bigint, build_id varchar);
        """
    )
    connection.execute(
        "insert into build values (?, ?, ?, ?)",
        [build.build_id, build.published_at, build.ledger_sequence, build.fingerprint],
    )


def _copy(connection: duckdb.DuckDBPyConnection, table: str, comment: str | None) -> None:
    connection.execute(f'create table "{table}" as from warehouse.{PUBLISHED_SCHEMA}."{table}"')
    if comment:
        connection.execute(f'comment on table "{table}" is {quoted(comment)}')
    columns = connection.execute(
        """
        select column_name, comment from duckdb_columns()
        where database_name = 'warehouse' and schema_name = ? and table_name = ? and comment <> ''
        """,
        [PUBLISHED_SCHEMA, table],
    ).fetchall()
    for column, text in columns:
        connection.execute(f'comment on column "{table}"."{column}" is {quoted(text)}')


def _point_to(snapshot: Path) -> None:
    pointer = snapshot.parent / f"{CURRENT}.tmp"
    pointer.symlink_to(snapshot.name)
    point("pointer.made")
    pointer.replace(snapshot.parent / CURRENT)
    sync(snapshot.parent)
    point("pointer.swapped")


def remove_older(published_dir: Path) -> None:
    """Remove every snapshot but the one that readers open."""
    _prune(published_dir, 0)
    sync(published_dir)


def _prune(published_dir: Path, keep: int) -> None:
    current = (published_dir / CURRENT).resolve()
    snapshots = sorted(
        published_dir.glob(_SNAPSHOTS), key=lambda path: path.stat().st_mtime_ns, reverse=True
    )
    for path in snapshots[keep:]:
        if path.resolve() != current:
            path.unlink()
            point("snapshot.removed")
