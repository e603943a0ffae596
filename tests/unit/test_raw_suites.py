"""A raw suite is its contract: each broken row fails exactly the rule that it breaks."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from expectations.raw_suites import RAW_KEYS, SuiteError, suite_for
from expectations.validation import Outcome, Validator, validate
from ingest.contract import Contract, load_contracts
from ingest.warehouse import Warehouse, incoming_table, prepare


def column(name: str, kind: str = "string", **rules: object) -> dict:
    return {"name": name, "type": kind, "description": name, **rules}


CRM = Contract.model_validate(
    {
        "source": "crm",
        "description": "Each kind of delivery and each kind of rule.",
        "owner": "tests",
        "tables": [
            {
                "name": "deals",
                "description": "Deals.",
                "files": "crm/deals_*.csv",
                "delivery": "upserts",
                "key": ["DealId"],
                "version_by": "ModifiedAt",
                "columns": [
                    column("DealId"),
                    column("Email", personal="email"),
                    column("Amount", "decimal", nullable=True, min=0, max=1000),
                    column("Visits", "integer", severity="warning", min=0),
                    column("Stage", nullable=True, allowed=["open", "won"], severity="warning"),
                    column("ModifiedAt", "timestamp"),
                ],
            },
            {
                "name": "ad_days",
                "description": "Days of ads, restated by later files.",
                "files": "crm/ad_days_*.csv",
                "delivery": "upserts",
                "key": ["day", "ad"],
                "columns": [column("day", "date"), column("ad", nullable=True, severity="warning")],
            },
            {
                "name": "prices",
                "description": "The price list.",
                "files": "crm/prices_*.csv",
                "delivery": "full",
                "as_of": r"prices_(\d+)",
                "key": ["product"],
                "columns": [column("product")],
            },
            {
                "name": "clicks",
                "description": "Clicks.",
                "files": "crm/clicks_*.csv",
                "delivery": "events",
                "key": ["visitor", "at"],
                "columns": [column("visitor", personal="id"), column("at", "timestamp")],
            },
        ],
    }
)
TABLES = {table.name: table for table in CRM.tables}

ORIGIN = {"_file": "crm/1.csv", "_line": 2, "_file_sequence": 1}
SECOND_FILE = {"_file": "crm/2.csv", "_line": 2, "_file_sequence": 2}
DEAL = {
    "deal_id": "d1",
    "email_hash": "f00",
    "amount": 10,
    "visits": 1,
    "stage": "won",
    "modified_at": "2026-01-01",
    **ORIGIN,
}
AD_DAY = {"day": "2026-01-01", "ad": "a1", **ORIGIN}
PRICE = {"product": "p1", "_as_of": "2026-01-01", **ORIGIN}
CLICK = {"visitor_hash": "f00", "at": "2026-01-01", **ORIGIN}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    prepared = Warehouse(home=tmp_path / "home", landing=tmp_path)
    with prepared.writer() as connection:
        prepare(connection, [CRM])
    return prepared


def outcome_of(warehouse: Warehouse, table: str, rows: Sequence[dict]) -> Outcome:
    with warehouse.writer() as connection:
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            places = ", ".join("?" * len(row))
            connection.execute(
                f"insert into {incoming_table('crm', TABLES[table])} ({names}) values ({places})",
                list(row.values()),
            )
    suite = suite_for("crm", TABLES[table])
    return validate(suite, warehouse.database, "incoming", f"crm__{table}", RAW_KEYS)


def failures(outcome: Outcome) -> list[str]:
    return [
        f"{found.severity}: {found.column} {found.expectation} ({found.unexpected_count})"
        for found in outcome.findings
    ]


@pytest.mark.parametrize(
    ("broken", "failure"),
    [
        ({"deal_id": None}, "critical: deal_id expect_column_values_to_not_be_null (1)"),
        ({"email_hash": None}, "critical: email_hash expect_column_values_to_not_be_null (1)"),
        ({"amount": -0.000001}, "critical: amount expect_column_values_to_be_between (1)"),
        ({"amount": 1000.01}, "critical: amount expect_column_values_to_be_between (1)"),
        ({"visits": None}, "warning: visits expect_column_values_to_not_be_null (1)"),
        ({"visits": -1}, "warning: visits expect_column_values_to_be_between (1)"),
        ({"stage": "Won"}, "warning: stage expect_column_values_to_be_in_set (1)"),
        ({"deal_id": "d1"}, "critical: None expect_key_to_be_unique (2)"),
    ],
    ids=[
        "key missing",
        "hashed value missing",
        "just below the minimum",
        "just above the maximum",
        "missing, by severity",
        "out of range, by severity",
        "not an allowed word",
        "same key and version twice",
    ],
)
def test_a_broken_row_fails_exactly_its_rule(
    warehouse: Warehouse, broken: dict, failure: str
) -> None:
    row = {**DEAL, "deal_id": "d2", "_line": 3, **broken}
    outcome = outcome_of(warehouse, "deals", [DEAL, row])
    assert failures(outcome) == [failure]
    assert outcome.passed == failure.startswith("warning")


def test_values_on_the_limits_and_optional_ones_missing_break_nothing(warehouse: Warehouse) -> None:
    rows = [
        {**DEAL, "amount": 0},
        {**DEAL, "deal_id": "d2", "amount": 1000},
        {**DEAL, "deal_id": "d3", "amount": None, "stage": None},
    ]
    assert failures(outcome_of(warehouse, "deals", rows)) == []


def test_a_finding_names_the_file_and_line_of_each_bad_row(warehouse: Warehouse) -> None:
    rows = [
        DEAL,
        {**DEAL, "deal_id": "d2", "amount": -1, "_line": 7},
        {**DEAL, "deal_id": "d3", "amount": -1, "_file": "crm/2.csv", "_line": 4},
    ]
    [finding] = outcome_of(warehouse, "deals", rows).findings
    assert finding.keys == (
        {"_file": "crm/1.csv", "_line": 7},
        {"_file": "crm/2.csv", "_line": 4},
    )


def test_a_file_is_named_even_if_its_name_looks_personal(warehouse: Warehouse) -> None:
    row = {**DEAL, "amount": -1, "_file": "crm/anna@acme.csv"}
    [finding] = outcome_of(warehouse, "deals", [row]).findings
    assert finding.keys == ({"_file": "crm/anna@acme.csv", "_line": 2},)


def test_a_file_may_hold_several_versions_of_a_key(warehouse: Warehouse) -> None:
    rows = [DEAL, {**DEAL, "modified_at": "2026-01-02", "_line": 3}]
    assert failures(outcome_of(warehouse, "deals", rows)) == []


@pytest.mark.parametrize(
    ("table", "row"), [("deals", DEAL), ("prices", PRICE)], ids=["upserts", "full"]
)
def test_two_files_that_wait_together_may_hold_the_same_row(
    warehouse: Warehouse, table: str, row: dict
) -> None:
    assert failures(outcome_of(warehouse, table, [row, {**row, **SECOND_FILE}])) == []


def test_a_full_export_holds_each_key_once(warehouse: Warehouse) -> None:
    outcome = outcome_of(warehouse, "prices", [PRICE, {**PRICE, "_line": 3}])
    assert failures(outcome) == ["critical: None expect_key_to_be_unique (2)"]
    assert not outcome.passed


def test_an_event_sent_again_is_a_warning(warehouse: Warehouse) -> None:
    outcome = outcome_of(warehouse, "clicks", [CLICK, {**CLICK, **SECOND_FILE}])
    assert failures(outcome) == ["warning: None expect_key_to_be_unique (2)"]
    assert outcome.passed


def test_without_a_version_a_key_may_repeat_but_not_be_missing(warehouse: Warehouse) -> None:
    outcome = outcome_of(warehouse, "ad_days", [AD_DAY, AD_DAY, {**AD_DAY, "ad": None}])
    assert failures(outcome) == ["critical: ad expect_column_values_to_not_be_null (1)"]


@pytest.mark.parametrize(
    "impossible",
    [
        column("day", "date", min=1),
        column("code", min=1),
        column("visits", "integer", allowed=["1"]),
        column("email", personal="email", allowed=["a@x.org"]),
    ],
    ids=["range of a date", "range of a text", "list of numbers", "list of hashed values"],
)
def test_a_rule_that_cannot_be_checked_is_refused(impossible: dict) -> None:
    fields = TABLES["prices"].model_dump() | {"columns": [column("product"), impossible]}
    table = type(TABLES["prices"]).model_validate(fields)
    with pytest.raises(SuiteError, match=f"crm.prices.{impossible['name']}"):
        suite_for("crm", table)


def test_every_contract_passes_on_an_empty_table(tmp_path: Path) -> None:
    contracts = load_contracts()
    warehouse = Warehouse(home=tmp_path / "home", landing=tmp_path)
    with warehouse.writer() as connection:
        prepare(connection, contracts)
    with Validator(warehouse.database) as validator:
        outcomes = [
            validator.validate(
                suite_for(contract.source, table),
                "incoming",
                f"{contract.source}__{table.name}",
                RAW_KEYS,
            )
            for contract in contracts
            for table in contract.tables
        ]
    assert outcomes
    assert [outcome for outcome in outcomes if not outcome.passed or outcome.findings] == []
