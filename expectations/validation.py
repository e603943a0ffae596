"""Run suites against a DuckDB file and say what failed, in terms of our own.

Everything is pushed down: rows stay in DuckDB, but for the first few bad ones, of which no more
than the keys is kept.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.core import ExpectationValidationResult as Result
from great_expectations.data_context import AbstractDataContext
from great_expectations.datasource.fluent.interfaces import Batch

from expectations.bad_rows import MAX_KEYS, BadRowsExpectation
from expectations.duckdb_dialect import add_source, whole_table
from ingest.scrubbing import without_personal_text

# DuckDB raises these before it reads a row, so their text can hold no value of one.
_PLANNING_ERRORS = ("Binder Error", "Catalog Error", "Parser Error")


@dataclass(frozen=True)
class Finding:
    """One expectation that failed; ``keys`` are those of the first bad rows, at most ten."""

    expectation: str
    column: str | None
    severity: str
    unexpected_count: int | None
    observed: str | None
    keys: tuple[dict[str, Any], ...] = ()
    description: str | None = None


@dataclass(frozen=True)
class Outcome:
    """A suite's verdict on one table: how many expectations ran, and which ones failed."""

    suite: str
    schema: str
    table: str
    evaluated: int
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether at least one expectation ran and no critical one failed."""
        critical = [finding for finding in self.findings if finding.severity == "critical"]
        return self.evaluated > 0 and not critical

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that stop nothing."""
        return tuple(finding for finding in self.findings if finding.severity != "critical")


class Validator:
    """Validates tables of one database file, which it holds open, read-only, while it is entered.

    On exit every connection is closed, so that the same process may open the file for writing.
    """

    def __init__(self, database: Path) -> None:
        """Prepare to validate tables of the DuckDB file ``database``."""
        self._database = database
        self._batches: dict[tuple[str, str], Batch] = {}

    def __enter__(self) -> Self:
        """Open the file."""
        self._source = add_source(new_context(), self._database)
        # NullPool opens the file anew for each query; while this connection is open that is free
        self._connection = self._source.get_engine().connect()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._connection.close()

    def validate(
        self, suite: gx.ExpectationSuite, schema: str, table: str, keys: Sequence[str]
    ) -> Outcome:
        """Run ``suite`` on a table; a table that is missing fails with nothing evaluated.

        Only the columns ``keys`` of a bad row are reported, never another value of it.
        """
        if not sa.inspect(self._connection).has_table(table, schema=schema):
            missing = Finding("table_exists", None, "critical", None, "the table is missing")
            return Outcome(suite.name, schema, table, 0, (missing,))
        batch = self._batch(schema, table)
        verdicts = batch.validate(suite, result_format="BOOLEAN_ONLY").results
        raised = [result for result in verdicts if _errors(result)]
        failed = [result for result in verdicts if not result.success and not _errors(result)]
        findings = [_error(result) for result in raised]
        findings += [_finding(result, keys) for result in _detail(batch, suite.name, failed, keys)]
        findings.sort(key=lambda found: (found.severity, found.expectation, found.column or ""))
        return Outcome(suite.name, schema, table, len(verdicts) - len(raised), tuple(findings))

    def _batch(self, schema: str, table: str) -> Batch:
        if (schema, table) not in self._batches:
            self._batches[schema, table] = whole_table(self._source, schema, table).get_batch()
        return self._batches[schema, table]


def new_context() -> AbstractDataContext:
    """Return a Great Expectations context that writes no file, sends nothing and shows nothing."""
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(enable=False)
    context.variables.progress_bars = {"globally": False}
    return context


def validate(
    suite: gx.ExpectationSuite, database: Path, schema: str, table: str, keys: Sequence[str]
) -> Outcome:
    """Run one suite on one table of the DuckDB file ``database``; see :class:`Validator`."""
    with Validator(database) as validator:
        return validator.validate(suite, schema, table, keys)


def _detail(
    batch: Batch, name: str, failed: Sequence[Result], keys: Sequence[str]
) -> Iterable[Result]:
    """Run what failed again for counts and keys: asked of every expectation, they cost triple."""
    if not failed:
        return []
    suite = gx.ExpectationSuite(name=name, expectations=[result.expectation for result in failed])
    wanted = {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": list(keys),
        "return_unexpected_index_query": False,
        "partial_unexpected_count": MAX_KEYS,
    }
    return batch.validate(suite, result_format=wanted).results


def _finding(result: Result, keys: Sequence[str]) -> Finding:
    expectation = result.expectation
    observed = result.result.get("observed_value")
    is_count = isinstance(expectation, BadRowsExpectation)
    count = observed if is_count else result.result.get("unexpected_count")
    return Finding(
        expectation=result.expectation_config.type,
        column=getattr(expectation, "column", None),
        severity=expectation.severity.value,
        unexpected_count=count,
        observed=str(observed) if count is None and isinstance(observed, int | float) else None,
        keys=_keys(result.result.get("unexpected_index_list") or [], keys),
        description=expectation.description,
    )


def _keys(found: Sequence[dict[str, Any]], keys: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Return the keys of the rows ``found`` and leave out the values that come along.

    Columns of origin, such as ``_file``, hold our own words and lead to the file to be mended.
    """
    rows = [
        {
            key: row[key] if key.startswith("_") else without_personal_text(row[key])
            for key in keys
            if key in row
        }
        for row in found
    ]
    return tuple(sorted(rows, key=lambda row: [str(value) for value in row.values()]))


def _error(result: Result) -> Finding:
    return Finding(
        expectation=result.expectation_config.type,
        column=getattr(result.expectation, "column", None),
        severity="critical",
        unexpected_count=None,
        observed=f"could not be evaluated: {_without_values(_errors(result)[0])}",
        description=result.expectation.description,
    )


def _errors(result: Result) -> list[str]:
    """Return what the expectation raised; Great Expectations reports it flat or by metric."""
    info = result.exception_info
    reports = [info] if "raised_exception" in info else info.values()
    return [str(report["exception_message"]) for report in reports if report["raised_exception"]]


def _without_values(message: str) -> str:
    """Return an error's first line, or its kind alone where the line could quote a row."""
    line = message.splitlines()[0] if message else "no reason given"
    duckdb_error = re.match(r"\(_duckdb\.\w+\) ([\w ]+ Error)", line)
    if duckdb_error and duckdb_error[1] not in _PLANNING_ERRORS:
        return duckdb_error[1]
    return str(without_personal_text(line))
