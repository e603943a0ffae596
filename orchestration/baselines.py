"""The baseline of the KPIs: what they were before, frozen so that improvement has a start."""

import re
from pathlib import Path

import duckdb

from ingest.faults import point
from ingest.privacy import quoted
from orchestration.errors import PipelineError

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_KEYS = "kpi, variant, breakdown, breakdown_value, period, period_start"


def freeze_baseline(
    connection: duckdb.DuckDBPyConnection, snapshot: Path, quarter: str, reason: str
) -> int:
    """Keep the KPIs of ``quarter`` (such as 2026-Q1) as published; return how many there were.

    What has no period (a lifetime value) is kept as of now. A figure that was withheld has no
    baseline. An earlier baseline stays in the history, and the latest one counts.

    Raises:
        PipelineError: it is no quarter, it is not over yet, or nothing of it is published.
    """
    found = _QUARTER.fullmatch(quarter)
    if not found:
        raise PipelineError(f"{quarter} is no quarter: write it as 2026-Q1")
    if not snapshot.exists():
        raise PipelineError("nothing is published yet: run `scalehouse run` first")
    start = f"{found[1]}-{3 * int(found[2]) - 2:02}-01"
    connection.execute(f"attach {quoted(str(snapshot.resolve()))} as readers (read_only)")
    try:
        _refuse_quarter(connection, quarter, start)
        [(kept,)] = connection.execute(
            f"""
            insert into state.kpi_baselines by name
            select {_KEYS}, value as baseline_value, value_low as baseline_low,
                value_high as baseline_high, interval_kind, sample_size, grade,
                ? as reason, now()::timestamp as frozen_at
            from readers.kpis
            where value is not null and (period = 'all' or period = 'quarter' and period_start = ?)
            """,
            [reason, start],
        ).fetchall()
    finally:
        connection.execute("detach readers")
    point("baseline.frozen")
    return kept


def _refuse_quarter(connection: duckdb.DuckDBPyConnection, quarter: str, start: str) -> None:
    rows = connection.execute(
        """
        select strftime(period_start, '%Y-Q') || quarter(period_start) as quarter,
            bool_or(is_complete) as is_over, min(period_start) = ? as is_wanted
        from readers.kpis where period = 'quarter' group by period_start order by period_start
        """,
        [start],
    ).fetchall()
    wanted = [is_over for _, is_over, is_wanted in rows if is_wanted]
    if not wanted:
        known = ", ".join(name for name, is_over, _ in rows if is_over) or "none"
        raise PipelineError(f"{quarter} has no published KPI; these have: {known}")
    if not wanted[0]:
        raise PipelineError(f"{quarter} is not over yet: its figures still change")


def is_baseline_due(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a baseline was frozen that no published build shows yet."""
    [(due,)] = connection.execute(
        """
        select count(*) from state.kpi_baselines where frozen_at > (
            select coalesce(max(published_at), timestamp '-infinity') from state.builds
        )
        """
    ).fetchall()
    return due > 0
