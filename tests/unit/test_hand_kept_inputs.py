"""What is kept by hand: how it is conformed, which of it is doubtful, and the seeds beside it."""

from collections.abc import Iterator
from itertools import product

import duckdb
import pytest

from ingest.contract import load_contracts
from tests.support.channels import load_seed
from tests.support.dbt_sql import build, render
from tests.support.exports_of_crm import Exports

ACCOUNT, OPPORTUNITY = "0015g0004C8xoY7", "0065g0004C8xo6Z"


@pytest.fixture
def exports() -> Iterator[Exports]:
    with duckdb.connect() as connection:
        yield Exports(connection)


def conformed(exports: Exports, source: str, table: str) -> list[tuple]:
    """Build the table's staging model and interface; return the interface's rows."""
    build(exports.connection, [f"stg_{source}__{table}", f"int_{table}__unioned"])
    return exports.rows(f"from int_{table}__unioned order by all")


def failures(exports: Exports, test: str) -> list[tuple]:
    return exports.rows(f"from ({render(test)}) order by all")


def test_a_cost_belongs_to_its_month_and_a_deleted_one_is_gone(exports: Exports) -> None:
    cost = {"category": "agency", "team": "marketing", "currency": "eur", "amount": 10}
    exports.add("finance.costs", cost_id="1", month="2026-01-31", _as_of="2026-02-01", **cost)
    exports.add("finance.costs", cost_id="2", month="2026-01-31", _as_of="2026-02-01", **cost)
    exports.add(
        "finance.costs", file=2, cost_id="2", month="2026-02-28", _as_of="2026-03-01",
        channel=" Paid_Search", campaign="2026-Q1-Search ", **cost,
    )  # fmt: skip
    build(exports.connection, ["stg_finance__costs", "int_costs__unioned"])
    assert exports.rows(
        "select cost_id, channel, campaign, currency, cost_month::varchar from int_costs__unioned"
    ) == [("2", "paid_search", "2026-q1-search", "EUR", "2026-02-01")]


def test_an_invoice_s_ids_are_in_their_long_form_and_its_last_booking_counts(
    exports: Exports,
) -> None:
    invoice = {"account_id": ACCOUNT, "kind": "new", "currency": "EUR"}
    exports.add(
        "finance.invoices", invoice_id="1", opportunity_id=OPPORTUNITY, amount=11, **invoice
    )
    exports.add(
        "finance.invoices", invoice_id="1", opportunity_id=OPPORTUNITY, amount=10, **invoice
    )
    exports.add("finance.invoices", invoice_id="2", amount=5, **(invoice | {"kind": "renewal"}))
    conformed(exports, "finance", "invoices")
    assert exports.rows(
        "select invoice_id, account_record_id, opportunity_id, amount::integer "
        "from int_invoices__unioned order by all"
    ) == [
        ("1", "0015g0004C8xoY7AQI", "0065g0004C8xo6ZAQQ", 10),
        ("2", "0015g0004C8xoY7AQI", None, 5),
    ]


def test_every_setting_of_a_target_is_kept_and_nobody_s_name(exports: Exports) -> None:
    target = {"kpi": "win_rate", "target": 0.3, "unit": "share"}
    exports.add("planning.targets", target_id="1", set_by_known="finance", **target)
    exports.add("planning.targets", target_id="2", set_by_hash="1f", scope="Email", **target)
    conformed(exports, "planning", "targets")
    assert exports.rows(
        "select target_id, set_by_role, channel from int_targets__unioned order by all"
    ) == [("1", "finance", None), ("2", None, "email")]


def test_a_margin_holds_for_its_product_line(exports: Exports) -> None:
    exports.add("finance.margins", product_line="All", share=-0.05, valid_from="2026-01-01")
    [(_, line, share, _)] = conformed(exports, "finance", "margins")
    assert (line, float(share)) == ("all", -0.05)


def test_a_benchmark_set_on_or_after_the_day_of_launch_is_found(exports: Exports) -> None:
    exports.add("campaign_plan.campaigns", campaign_id="1", name="Spring",
                current_launch_date="2026-03-01", actual_launch_at="2026-03-03 08:00")  # fmt: skip
    for number, (campaign, set_at) in enumerate(
        [
            ("spring", "2026-03-02 23:59"),
            ("spring", "2026-03-03 00:00"),
            ("Spring", "2026-03-09 12:00"),
            ("autumn", "2026-01-01 12:00"),
        ]
    ):
        exports.add("planning.benchmarks", benchmark_id=str(number), campaign=campaign,
                    kpi="cost_per_lead", benchmark=90, unit="EUR", set_at=set_at)  # fmt: skip
    models = ("stg_campaign_plan__campaigns", "stg_salesforce__campaign",
              "int_campaigns__unioned", "int_campaigns__named")  # fmt: skip
    build(exports.connection, models)
    conformed(exports, "planning", "benchmarks")
    found = failures(exports, "assert_benchmarks_are_set_before_launch")
    assert [benchmark for benchmark, *_ in found] == ["1", "2", "3"]


def test_a_cost_on_a_channel_or_campaign_that_nobody_knows_is_found(exports: Exports) -> None:
    exports.connection.execute(
        "create table int_campaigns__named as select 'spring' as campaign, date '2026-03-01' as d"
    )
    load_seed(exports.connection, "channels")
    for cost_id, channel, campaign in [
        ("none", None, None), ("known", "email", "spring"), ("misspelt", "e-mail", None),
        ("strange", None, "autumn"),
    ]:  # fmt: skip
        exports.add("finance.costs", cost_id=cost_id, channel=channel, campaign=campaign, amount=1)
    conformed(exports, "finance", "costs")
    found = failures(exports, "assert_costs_are_allocated_to_what_exists")
    assert [cost_id for cost_id, *_ in found] == ["misspelt", "strange"]


def test_an_invoice_for_an_account_that_no_crm_knows_is_found(exports: Exports) -> None:
    exports.add("salesforce.account", id=ACCOUNT, name="Lumen")
    exports.add("finance.invoices", invoice_id="1", account_id=ACCOUNT + "AQI", amount=1)
    exports.add("finance.invoices", invoice_id="2", account_id="0015g0004C8xoY8", amount=1)
    models = ("stg_hubspot__companies", "stg_salesforce__account", "int_account_records__unioned")
    build(exports.connection, models)
    conformed(exports, "finance", "invoices")
    found = failures(exports, "assert_invoices_have_an_account")
    assert [invoice for invoice, _ in found] == ["2"]


STAGED = (
    "stg_hubspot__contacts", "stg_salesforce__contact", "stg_salesforce__lead",
    "stg_salesforce__opportunity", "stg_salesforce__opportunity_history",
    "int_person_records__unioned", "int_opportunities__unioned",
    "int_opportunity_history__unioned",
)  # fmt: skip


def test_a_stage_that_the_map_lacks_is_found(exports: Exports) -> None:
    load_seed(exports.connection, "lifecycle_stages")
    for number, stage in enumerate([None, "customer", "Customer"]):
        exports.add("hubspot.contacts", hs_object_id=str(number), lifecyclestage=stage)
    for number, stage in enumerate(["Closed Won", "Signed", "Qualification"]):
        exports.add("salesforce.opportunity", id=str(number), stage_name=stage)
        exports.add("salesforce.opportunity_history", id=str(number), stage_name=stage)
    build(exports.connection, STAGED)
    assert failures(exports, "assert_stages_are_mapped") == [
        ("hubspot", "Customer", 1), ("salesforce", "Signed", 2),
    ]  # fmt: skip


def test_a_stage_counts_on_the_days_for_which_its_row_holds(exports: Exports) -> None:
    load_seed(exports.connection, "lifecycle_stages")
    exports.connection.execute(
        "update lifecycle_stages set valid_from = '2025-01-01', valid_to = '2025-12-31' "
        "where source_stage = 'Qualification'"
    )
    for day in ("2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01"):
        exports.add("salesforce.opportunity_history", id=day, stage_name="Qualification",
                    created_date=f"{day} 23:00")  # fmt: skip
    build(exports.connection, STAGED)
    assert failures(exports, "assert_stages_are_mapped") == [("salesforce", "Qualification", 2)]


def test_every_stage_that_a_contract_allows_is_mapped(exports: Exports) -> None:
    columns = {
        (contract.source, column.name): column.allowed
        for contract in load_contracts()
        for table in contract.tables
        for column in table.columns
        if column.allowed
    }
    allowed = {("hubspot", stage) for stage in columns["hubspot", "lifecyclestage"]}
    allowed |= {("salesforce", stage) for stage in columns["salesforce", "StageName"]}
    load_seed(exports.connection, "lifecycle_stages")
    assert set(exports.rows("select source_system, source_stage from lifecycle_stages")) == allowed
    assert set(exports.rows("select distinct stage from lifecycle_stages")) <= {
        (stage,) for stage in ("inquiry", "lead", "mql", "sal", "sql", "opportunity", "won", "lost",
                               "customer", "other")
    }  # fmt: skip
    assert exports.rows("from lifecycle_stages where is_won and not is_closed") == []


def pattern(exports: Exports, touchpoints: int, days: int | None, channels: int) -> str:
    [(name,)] = exports.rows(
        """
        select engagement_pattern from engagement_patterns
        where coalesce($1 >= min_touchpoints, min_touchpoints is null)
            and coalesce($1 <= max_touchpoints, max_touchpoints is null)
            and coalesce($2 >= min_days_since_last, min_days_since_last is null)
            and coalesce($2 <= max_days_since_last, max_days_since_last is null)
            and coalesce($3 >= min_channels, min_channels is null)
        order by rule_order limit 1
        """,
        touchpoints, days, channels,
    )  # fmt: skip
    return name


def test_every_sale_has_a_pattern_and_every_pattern_a_sale(exports: Exports) -> None:
    load_seed(exports.connection, "engagement_patterns")
    found = {pattern(exports, 0, None, 0)}
    for touchpoints, days, channels in product(range(1, 9), (0, 30, 31, 400), range(1, 6)):
        if channels <= touchpoints:
            found.add(pattern(exports, touchpoints, days, channels))
    assert found == {name for (name,) in exports.rows(
        "select engagement_pattern from engagement_patterns"
    )}  # fmt: skip


@pytest.mark.parametrize(
    ("sale", "expected"),
    [
        ((1, 3, 1), "single"),
        ((2, 30, 2), "light_active"),
        ((5, 31, 5), "light_quiet"),
        ((6, 30, 4), "broad_active"),
        ((6, 30, 3), "deep_active"),
        ((9, 31, 4), "broad_quiet"),
        ((9, 31, 1), "deep_quiet"),
    ],
)
def test_the_first_pattern_that_fits_counts(
    exports: Exports, sale: tuple[int, int, int], expected: str
) -> None:
    load_seed(exports.connection, "engagement_patterns")
    assert pattern(exports, *sale) == expected
