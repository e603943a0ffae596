"""What the warehouse knows of its own work: files left out, loads, checks that failed."""

from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from ingest.contract import Table
from ingest.ledger import OPEN
from ingest.warehouse import raw_table


@dataclass(frozen=True)
class OpenFile:
    """A refused or held file: it waits to be replaced, accepted or withdrawn."""

    source: str
    table_name: str
    file_name: str
    status: str
    reason: str


@dataclass(frozen=True)
class TableState:
    """The loads of one raw table so far; times are UTC."""

    source: str
    table_name: str
    last_loaded_at: datetime | None
    files: int
    rows: int
    quarantined: int


@dataclass(frozen=True)
class BadRow:
    """One quarantined row: what is wrong, and its text if the caller may see it."""

    source: str
    table_name: str
    file_name: str
    line: int
    reason: str
    raw_text: str | None


def open_files(
    connection: DuckDBPyConnection, source: str | None = None, table_name: str | None = None
) -> list[OpenFile]:
    """Return the refused and held files, of one source or table if it is named."""
    rows = connection.execute(
        """
        select source, table_name, file_name, status, coalesce(reason, '')
        from ops.load_ledger
        where list_contains(?, status)
            and source = coalesce(?, source) and table_name = coalesce(?, table_name)
        order by file_sequence
        """,
        [list(OPEN), source, table_name],
    ).fetchall()
    return [OpenFile(*row) for row in rows]


def rows_in_raw(connection: DuckDBPyConnection, source: str, table: Table) -> int:
    """Return the number of rows of a raw table."""
    [(count,)] = connection.execute(f"select count(*) from {raw_table(source, table)}").fetchall()
    return count


def table_states(connection: DuckDBPyConnection) -> dict[tuple[str, str], TableState]:
    """Return the state of every table that was offered a file, by source and table."""
    rows = connection.execute(
        """
        select
            source, table_name, max(loaded_at),
            count(*) filter (status = 'loaded'),
            coalesce(sum(rows_loaded) filter (status = 'loaded'), 0)::bigint,
            coalesce(sum(rows_quarantined), 0)::bigint
        from ops.load_ledger
        group by source, table_name
        """
    ).fetchall()
    return {(source, table): TableState(source, table, *rest) for source, table, *rest in rows}


def bad_rows(
    connection: DuckDBPyConnection, source: str | None, limit: int
) -> tuple[list[BadRow], int]:
    """Return the first quarantined rows, newest file first, and how many there are.

    The vault must be attached as ``vault``: it holds the rows' text.
    """
    rows = connection.execute(
        """
        select
            quarantine.source, quarantine.table_name, quarantine.file_name, quarantine.line,
            string_agg(
                concat_ws(': ', quarantine.column_name, quarantine.reason), '; '
                order by quarantine.column_name
            ),
            any_value(texts.raw_text),
            count(*) over ()
        from ops.quarantine
        left join vault.quarantined_rows as texts using (file_sequence, line)
        where quarantine.source = coalesce(?, quarantine.source)
        group by file_sequence, quarantine.source, table_name, file_name, line
        order by file_sequence desc, line
        limit ?
        """,
        [source, limit],
    ).fetchall()
    return [BadRow(*row[:-1]) for row in rows], (rows[0][-1] if rows else 0)
