"""Keep every check's result: as rows in the state file and as one JSON file a suite."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from expectations.validation import Finding, Outcome
from ingest.state import ensure_tables

# One row per suite that was run, with ``expectation`` null, and one per finding of it.
CHECK_RESULTS_DDL = """
create table if not exists check_results (
    run_id varchar not null,
    checked_at timestamp not null,
    suite varchar not null,
    schema_name varchar not null,
    table_name varchar not null,
    expectation varchar,
    column_name varchar,
    severity varchar,
    passed boolean not null,
    evaluated bigint,
    unexpected_count bigint,
    sample_keys json,
    details varchar
);
"""


def record(
    connection: DuckDBPyConnection, run_id: str, checked_at: datetime, outcome: Outcome
) -> None:
    """Add the suite's row and its findings' rows to ``state.check_results`` in one statement.

    ``evaluated`` counts the expectations that ran and is given for the suite alone;
    ``checked_at`` is stored in UTC.
    """
    ensure_tables(connection, CHECK_RESULTS_DDL)
    origin = [run_id, _utc(checked_at), outcome.suite, outcome.schema, outcome.table]
    suite_row = [None, None, None, outcome.passed, outcome.evaluated, None, None, None]
    rows = [[*origin, *suite_row]]
    rows += [[*origin, *_finding_row(finding)] for finding in outcome.findings]
    places = f"({', '.join('?' * len(rows[0]))})"
    connection.execute(
        f"insert into state.check_results values {', '.join([places] * len(rows))}",
        [value for row in rows for value in row],
    )


def write_result(directory: Path, run_id: str, checked_at: datetime, outcome: Outcome) -> Path:
    """Write the outcome to ``<directory>/<run_id>/<suite>.json``, whole or not at all."""
    path = directory / run_id / f"{outcome.suite}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "run_id": run_id,
        "checked_at": _utc(checked_at).isoformat() + "Z",
        "passed": outcome.passed,
        **asdict(outcome),
    }
    unfinished = path.with_suffix(".part")
    unfinished.write_text(_json(report, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path


def _finding_row(finding: Finding) -> Sequence[Any]:
    return [
        finding.expectation,
        finding.column,
        finding.severity,
        False,
        None,
        finding.unexpected_count,
        _json(finding.keys),
        finding.observed or finding.description,
    ]


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("checked_at needs a time zone, or it would be taken for local time")
    return instant.astimezone(UTC).replace(tzinfo=None)


def _json(value: Any, indent: int | None = None) -> str:
    """Return JSON in which what JSON does not know, such as a date, is text."""
    return json.dumps(value, default=str, ensure_ascii=False, indent=indent)
