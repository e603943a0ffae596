"""One source's new files: read, check, and add to raw what passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from expectations.raw_suites import RAW_KEYS, suite_for
from expectations.validation import Finding, Outcome, Validator
from ingest.contract import Contract, Table
from ingest.loading import LoadReport, add_incoming, hold_incoming, load_incoming
from ingest.warehouse import Warehouse, incoming_table


@dataclass(frozen=True)
class TableLoad:
    """What a run did for one raw table.

    ``accepted`` are files that somebody let in; ``checked`` those that the contract's suite
    judged, with its ``outcome``, which is None if no new row waited.
    """

    table: Table
    accepted: LoadReport
    checked: LoadReport
    outcome: Outcome | None

    @property
    def loaded(self) -> tuple[LoadReport, ...]:
        """The reports whose rows are now in raw."""
        is_added = self.outcome is None or self.outcome.passed
        return (self.accepted, self.checked) if is_added else (self.accepted,)


def load_tables(
    warehouse: Warehouse, contract: Contract, tables: Sequence[Table]
) -> list[TableLoad]:
    """Load the files of ``tables`` that wait; rows that break their contract stay out of raw.

    The files of a table are judged together. If a critical expectation fails, those that hold
    the bad rows are held, and the others wait until they are replaced, accepted or withdrawn.
    """
    with warehouse.lock():
        with warehouse.writer() as connection:
            accepted = [_let_in(warehouse, connection, contract, table) for table in tables]
            reports = [load_incoming(warehouse, connection, contract, table) for table in tables]
        outcomes = judge(warehouse, reports)
        with warehouse.writer() as connection:
            for report, outcome in zip(reports, outcomes, strict=True):
                if outcome is None or outcome.passed:
                    add_incoming(connection, report)
                else:
                    hold_incoming(connection, report, _reasons(report, outcome))
    return [
        TableLoad(table, *parts)
        for table, *parts in zip(tables, accepted, reports, outcomes, strict=True)
    ]


def _let_in(
    warehouse: Warehouse, connection: DuckDBPyConnection, contract: Contract, table: Table
) -> LoadReport:
    report = load_incoming(warehouse, connection, contract, table, statuses=("accepted",))
    add_incoming(connection, report)
    return report


def judge(warehouse: Warehouse, reports: Sequence[LoadReport]) -> list[Outcome | None]:
    """Hold the incoming rows of each report to its contract's suite; None where there are none."""
    if not any(report.rows for report in reports):
        return [None for _ in reports]
    with Validator(warehouse.database) as validator:
        return [
            validator.validate(
                suite_for(report.source, report.table),
                *incoming_table(report.source, report.table).split("."),
                RAW_KEYS,
            )
            if report.rows
            else None
            for report in reports
        ]


def _reasons(report: LoadReport, outcome: Outcome) -> dict[str, str]:
    """Say for each file with bad rows which expectations it breaks, and from which line on."""
    critical = [finding for finding in outcome.findings if finding.severity == "critical"]
    reasons: dict[str, list[str]] = {}
    for finding in critical:
        lines: dict[str, int] = {}
        for key in finding.keys:
            lines.setdefault(key["_file"], key["_line"])
        for file, line in lines.items():
            reasons.setdefault(file, []).append(f"line {line}: {describe(finding)}")
    if not reasons:  # a rule about the table as a whole, which no one row breaks
        everything = "; ".join(describe(finding) for finding in critical)
        return {file.entry.file_name: everything for file in report.readable}
    return {file: "; ".join(texts) for file, texts in reasons.items()}


def describe(finding: Finding) -> str:
    """Return an expectation that failed in a few words, such as its column and how many rows."""
    column = f"{finding.column}: " if finding.column else ""
    rows = f" ({finding.unexpected_count} rows)" if finding.unexpected_count else ""
    observed = f" (observed {finding.observed})" if finding.observed else ""
    return f"{column}{finding.description or finding.expectation}{rows}{observed}"
