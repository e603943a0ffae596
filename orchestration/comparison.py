"""Compare two working databases row for row: what one has and the other has not."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.privacy import quoted

_COMPARED = "schema_name in ('raw', 'published') or table_name in ('quarantine', 'loaded_files')"


@dataclass(frozen=True)
class TableDifference:
    """How many rows of a table are in one database alone, and which columns are."""

    table: str
    rows: int
    only_old: int
    only_new: int
    columns: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether both databases have the same rows, each as often, under the same columns."""
        return not (self.only_old or self.only_new or self.columns)


def compare(old: Path, new: Path) -> list[TableDifference]:
    """Compare the raw and the published tables of two closed files, and what raw came with.

    Rows are compared by the columns that both have. A table that one lacks is as good as empty.
    """
    with duckdb.connect() as connection:
        for name, path in (("old", old), ("new", new)):
            connection.execute(f"attach {quoted(str(path))} as {name} (read_only)")
        return list(_differences(connection))


def _differences(connection: duckdb.DuckDBPyConnection) -> Iterator[TableDifference]:
    sides = {name: _columns(connection, name) for name in ("old", "new")}
    for table in sorted(sides["old"].keys() | sides["new"].keys()):
        old, new = (sides[name].get(table, set()) for name in ("old", "new"))
        rows = _count(connection, f"from new.{table}") if new else 0
        if not (old and new):
            only_old = _count(connection, f"from old.{table}") if old else 0
            yield TableDifference(table, rows, only_old, rows, ())
            continue
        names = ", ".join(f'"{name}"' for name in sorted(old & new))
        before, after = (f"select {names} from {side}.{table}" for side in ("old", "new"))
        yield TableDifference(
            table,
            rows,
            _count(connection, f"{before} except all {after}"),
            _count(connection, f"{after} except all {before}"),
            tuple(sorted(old ^ new)),
        )


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, set[str]]:
    rows = connection.execute(
        f"""
        select schema_name || '."' || table_name || '"', column_name
        from duckdb_columns() semi join duckdb_tables()
            using (database_name, schema_name, table_name)
        where database_name = ? and ({_COMPARED})
        """,
        [database],
    ).fetchall()
    columns: dict[str, set[str]] = {}
    for table, column in rows:
        columns.setdefault(table, set()).add(column)
    return columns


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    [(count,)] = connection.execute(f"select count(*) from ({sql})").fetchall()
    return count
