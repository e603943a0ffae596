"""Running a suite: what counts as passed, what a finding tells, and what it never tells."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import great_expectations as gx
import pytest
import sqlalchemy as sa
from great_expectations import expectations as gxe

from expectations.bad_rows import RowRule
from expectations.duckdb_dialect import add_source
from expectations.history import record, write_result
from expectations.validation import Finding, Outcome, Validator, new_context, validate

CHECKED_AT = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=1)))


class ExpectNameToBeNumeric(RowRule):
    """A name is a number, which DuckDB finds out by reading it."""

    is_bad = "cast(name as integer) < 0"


class ExpectAmountToBePositive(RowRule):
    """An amount is above zero."""

    is_bad = "amount <= 0"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with ``sales.orders``: twelve orders, all by one Anna and of one negative amount."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            create schema sales;
            create table sales.orders as
            select i as id, 'anna@acme.example' as name, -5 as amount, date '2026-01-01' as day
            from range(12) as numbers(i);
            create table sales.empty as from sales.orders limit 0;
            """
        )
    return path


def outcome_of(
    database: Path, *rules: gxe.Expectation, table: str = "orders", keys: Sequence[str] = ("id",)
) -> Outcome:
    suite = gx.ExpectationSuite(name="orders", expectations=list(rules))
    return validate(suite, database, "sales", table, keys)


def positive(severity: str = "critical") -> gxe.Expectation:
    return gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0, severity=severity)


def present(column: str, severity: str = "critical") -> gxe.Expectation:
    return gxe.ExpectColumnValuesToNotBeNull(column=column, severity=severity)


def test_a_suite_without_a_finding_has_passed(database: Path) -> None:
    outcome = outcome_of(database, present("id"), present("name"))
    assert outcome == Outcome("orders", "sales", "orders", 2, ())
    assert outcome.passed


def test_a_suite_that_evaluated_nothing_has_failed(database: Path) -> None:
    outcome = outcome_of(database)
    assert (outcome.evaluated, outcome.findings) == (0, ())
    assert not outcome.passed


def test_an_empty_table_is_evaluated_and_passes(database: Path) -> None:
    outcome = outcome_of(database, present("id"), positive(), table="empty")
    assert (outcome.evaluated, outcome.passed) == (2, True)


def test_a_missing_table_fails_and_says_so(database: Path) -> None:
    outcome = outcome_of(database, present("id"), table="refunds")
    assert outcome.findings == (
        Finding("table_exists", None, "critical", None, "the table is missing"),
    )
    assert not outcome.passed


def test_a_table_of_that_name_in_another_schema_does_not_stand_in(database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table main.refunds as from sales.orders")
    assert not outcome_of(database, present("id"), table="refunds").passed


def test_what_cannot_be_evaluated_is_critical_whatever_its_severity(database: Path) -> None:
    outcome = outcome_of(database, present("id"), present("fax", severity="warning"))
    [finding] = outcome.findings
    assert (finding.column, finding.severity, finding.unexpected_count) == ("fax", "critical", None)
    assert finding.observed == (
        'could not be evaluated: Error: The column "fax" in BatchData does not exist.'
    )
    assert outcome.evaluated == 1
    assert not outcome.passed


def test_a_type_that_does_not_fit_is_told_in_full(database: Path) -> None:
    rule = gxe.ExpectColumnValuesToBeBetween(column="day", min_value=0.5)
    [finding] = outcome_of(database, rule).findings
    assert "Cannot compare values of type DATE and type DOUBLE" in str(finding.observed)


def test_an_error_about_a_value_does_not_quote_the_value(database: Path) -> None:
    outcome = outcome_of(database, ExpectNameToBeNumeric(keys=["id"]))
    [finding] = outcome.findings
    assert finding.observed == "could not be evaluated: Conversion Error"
    assert "anna" not in repr(outcome)
    assert not outcome.passed


def test_a_warning_stops_nothing(database: Path) -> None:
    outcome = outcome_of(database, present("id"), positive(severity="warning"))
    assert [finding.column for finding in outcome.warnings] == ["amount"]
    assert outcome.passed


def test_one_critical_finding_fails_the_suite_and_is_no_warning(database: Path) -> None:
    outcome = outcome_of(database, present("id"), positive())
    assert outcome.warnings == ()
    assert not outcome.passed


def test_the_count_is_exact_and_ten_keys_are_named(database: Path) -> None:
    [finding] = outcome_of(database, positive(), keys=("id", "day")).findings
    assert finding.unexpected_count == 12
    assert len(finding.keys) == 10
    assert all(set(key) == {"id", "day"} for key in finding.keys)


def test_a_rule_in_sql_names_the_first_ten_keys_in_order(database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table sales.reversed as from sales.orders order by id desc")
    rule = ExpectAmountToBePositive(keys=["id"])
    [finding] = outcome_of(database, rule, table="reversed").findings
    assert finding.unexpected_count == 12
    assert {key["id"] for key in finding.keys} == set(range(10))


def test_a_finding_holds_no_value_but_the_keys(database: Path) -> None:
    rule = gxe.ExpectColumnValuesToBeInSet(column="name", value_set=["Bert"])
    outcome = outcome_of(database, rule)
    assert outcome.findings[0].unexpected_count == 12
    assert "anna" not in repr(outcome)


def test_a_key_that_looks_personal_is_withheld(database: Path) -> None:
    [finding] = outcome_of(database, positive(), keys=("name",)).findings
    assert finding.keys[0] == {"name": "withheld"}


def test_several_suites_share_one_validator(database: Path) -> None:
    suite = gx.ExpectationSuite(name="orders", expectations=[positive()])
    with Validator(database) as validator:
        tables = ("orders", "empty", "orders")
        outcomes = [validator.validate(suite, "sales", table, ["id"]) for table in tables]
    assert [outcome.passed for outcome in outcomes] == [False, True, False]


def write_to(database: Path) -> None:
    with duckdb.connect(str(database), config={"threads": "1"}) as connection:
        connection.execute("create or replace table sales.written as select 1 as one")


@pytest.mark.parametrize(
    "rules",
    [[present("id")], [positive()], [present("fax")], [ExpectNameToBeNumeric(keys=["id"])], []],
    ids=["passed", "failed", "column missing", "query failed", "nothing evaluated"],
)
def test_the_same_process_may_write_right_after(database: Path, rules: list) -> None:
    outcome_of(database, *rules)
    write_to(database)


def test_the_file_is_released_when_the_caller_fails(database: Path) -> None:
    with pytest.raises(ZeroDivisionError), Validator(database):
        _ = 1 / 0
    write_to(database)


def test_the_file_is_only_read(database: Path) -> None:
    engine = add_source(new_context(), database).get_engine()
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.execute(sa.text("create table sales.written as select 1 as one"))


def test_any_path_can_be_read(database: Path) -> None:
    odd = database.rename(database.parent / "q3 100%? #1.duckdb")
    assert outcome_of(odd, present("id")).passed


def test_nothing_is_written_and_nothing_printed(
    database: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(database.parent)
    outcome_of(database, present("id"), positive())
    assert [path.name for path in database.parent.iterdir()] == [database.name]
    assert capfd.readouterr() == ("", "")


def test_the_history_has_a_row_for_the_suite_and_one_for_each_finding(database: Path) -> None:
    outcome = outcome_of(database, present("id"), positive(severity="warning"), present("fax"))
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as state")
        record(connection, "run-1", CHECKED_AT, outcome)
        record(connection, "run-2", CHECKED_AT, outcome)
        rows = connection.execute(
            """
            select
                checked_at, expectation, column_name, severity, passed, evaluated,
                unexpected_count, json_array_length(sample_keys), details
            from state.check_results
            where run_id = 'run-1' and suite = 'orders'
                and schema_name = 'sales' and table_name = 'orders'
            order by expectation nulls first, column_name
            """
        ).fetchall()
        [(total,)] = connection.execute("select count(*) from state.check_results").fetchall()
    noon_in_utc = datetime(2026, 3, 1, 11, tzinfo=UTC).replace(tzinfo=None)
    missing = 'could not be evaluated: Error: The column "fax" in BatchData does not exist.'
    assert rows == [
        (noon_in_utc, None, None, None, False, 2, None, None, None),
        (noon_in_utc, "expect_column_values_to_be_between", "amount", "warning", False, None,
         12, 10, None),
        (noon_in_utc, "expect_column_values_to_not_be_null", "fax", "critical", False, None,
         None, 0, missing),
    ]  # fmt: skip
    assert total == 6


def test_the_result_is_a_file_of_the_run(database: Path, tmp_path: Path) -> None:
    outcome = outcome_of(database, positive(), keys=("id", "day"))
    path = write_result(tmp_path / "results", "run-1", CHECKED_AT, outcome)
    assert path == tmp_path / "results" / "run-1" / "orders.json"
    assert [file.name for file in path.parent.iterdir()] == ["orders.json"]
    report = json.loads(path.read_text())
    assert (report["run_id"], report["checked_at"]) == ("run-1", "2026-03-01T11:00:00Z")
    assert (report["passed"], report["evaluated"]) == (False, 1)
    assert report["findings"][0]["keys"][0] == {"id": 0, "day": "2026-01-01"}


def test_a_time_without_a_zone_is_refused(database: Path) -> None:
    outcome = outcome_of(database, present("id"))
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as state")
        with pytest.raises(ValueError, match="time zone"):
            record(connection, "run-1", CHECKED_AT.replace(tzinfo=None), outcome)
