"""Great Expectations' verdicts as asset checks, and the checks of the published tables."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import dagster as dg

from expectations.history import record, write_result
from expectations.published_suites import PUBLISHED_SUITES
from expectations.validation import Finding, Outcome, Validator
from ingest.faults import point
from ingest.warehouse import Warehouse
from orchestration.publish import PUBLISHED_SCHEMA
from orchestration.resources import WRITER_POOL
from orchestration.step_errors import scrubbed_errors

CONTRACT = "contract"
EXPECTATIONS = "expectations"
WARNINGS = "warnings"
FAILURES = "failures"  # the metadata that lists what failed


def published_key(table: str) -> dg.AssetKey:
    """Return the key of a published table's asset."""
    return dg.AssetKey([PUBLISHED_SCHEMA, table])


@dg.multi_asset_check(
    name="published_checks",
    specs=[
        spec
        for table in PUBLISHED_SUITES
        for spec in (
            dg.AssetCheckSpec(
                EXPECTATIONS,
                asset=published_key(table),
                blocking=True,
                description="What must hold before readers see the table; else they keep the old.",
            ),
            dg.AssetCheckSpec(
                WARNINGS,
                asset=published_key(table),
                description="What should hold; readers see the table all the same.",
            ),
        )
    ],
    can_subset=True,
    pool=WRITER_POOL,
)
def published_checks(
    context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.AssetCheckResult]:
    """Hold each published table to its suite: what is critical, and what is worth a warning."""
    selected = context.selected_asset_check_keys
    tables = {key.asset_key.path[-1] for key in selected}
    with scrubbed_errors():
        with warehouse.lock(), Validator(warehouse.database) as validator:
            outcomes = [
                validator.validate(published.suite, PUBLISHED_SCHEMA, table, published.keys)
                for table, published in PUBLISHED_SUITES.items()
                if table in tables
            ]
        keep_outcomes(warehouse, context.run.run_id, outcomes)
    for outcome in outcomes:
        key = published_key(outcome.table)
        if dg.AssetCheckKey(key, EXPECTATIONS) in selected:
            yield to_check_result(outcome, key, EXPECTATIONS)
        if dg.AssetCheckKey(key, WARNINGS) in selected:
            yield to_warning_result(outcome, key, WARNINGS)


def contract_result(outcome: Outcome | None, key: dg.AssetKey) -> dg.AssetCheckResult:
    """Report the verdict on a raw table's new rows.

    Without new rows the check passes: each row that raw holds has been judged, or let in.
    """
    if outcome is None:
        return dg.AssetCheckResult(
            asset_key=key, check_name=CONTRACT, passed=True, metadata={"evaluated": 0}
        )
    return to_check_result(outcome, key, CONTRACT)


def to_check_result(outcome: Outcome, key: dg.AssetKey, name: str) -> dg.AssetCheckResult:
    """Report a suite's verdict in Dagster's terms, naming every expectation that failed."""
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"evaluated": outcome.evaluated, **_failures(outcome.findings)},
    )


def to_warning_result(outcome: Outcome, key: dg.AssetKey, name: str) -> dg.AssetCheckResult:
    """Report what a suite found worth a warning; it fails without stopping anything."""
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=not outcome.warnings,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=_failures(outcome.warnings),
    )


def keep_outcomes(warehouse: Warehouse, run_id: str, outcomes: Sequence[Outcome]) -> None:
    """Add the verdicts to the warehouse's history of checks and write each as JSON."""
    if not outcomes:
        return
    now = datetime.now(UTC)
    with warehouse.writer() as connection:
        for outcome in outcomes:
            record(connection, run_id, now, outcome)
            point("check.recorded")
    for outcome in outcomes:
        write_result(warehouse.results, run_id, now, outcome)
        point("check.written")


def _failures(findings: Sequence[Finding]) -> dict[str, dg.MetadataValue]:
    if not findings:
        return {}
    records = [
        dg.TableRecord(
            {
                "expectation": finding.description or finding.expectation,
                "column": finding.column or "",
                "severity": finding.severity,
                "bad_rows": finding.unexpected_count or 0,
                "first_bad_rows": json.dumps(finding.keys, default=str),
                "observed": finding.observed or "",
            }
        )
        for finding in findings
    ]
    return {FAILURES: dg.MetadataValue.table(records)}
