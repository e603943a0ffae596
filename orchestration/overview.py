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


@dataclass(frozen=True)
class FailedCheck:
    """An expectation that failed when its suite ran last; ``first_key`` names a bad row."""

    table: str
    severity: str
    rule: str
    unexpected_count: int | None
    first_key: str | None


def failed_checks(connection: DuckDBPyConnection) -> list[FailedCheck]:
    """Return what failed in the last result of each suite, the critical first."""
    rows = connection.execute(
        """
        with last_runs as (
            select suite, max_by(run_id, checked_at) as run_id
            from state.check_results group by suite
        )
        select
            schema_name || '.' || table_name, severity,
            concat_ws(': ', column_name, coalesce(details, expectation)),
            unexpected_count, nullif(json_extract_string(sample_keys, '$[0]'), '')
        from state.check_results semi join last_runs using (suite, run_id)
        where not passed and expectation is not null
            -- new rows that failed are settled once no file of theirs is held any more
            and (
                schema_name <> 'incoming' or severity <> 'critical' or table_name in (
                    select source || '__' || table_name from state.load_ledger where status = 'held'
                )
            )
        order by severity, 1
        """
    ).fetchall()
    return [FailedCheck(*row) for row in rows]


def open_files(
    connection: DuckDBPyConnection, source: str | None = None, table_name: str | None = None
) -> list[OpenFile]:
    """Return the refused and held files, of one source or table if it is named."""
    rows = connection.execute(
        """
        select source, table_name, file_name, status, coalesce(reason, '')
        from state.load_ledger
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
        from state.load_ledger
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
