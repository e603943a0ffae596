"""Each business rule finds its broken row, and nothing else; empty tables break nothing."""

import inspect
import re
import shutil
import socket
from pathlib import Path

import duckdb
import pytest

from expectations import attribution_rules, business, kpi_rules, lifecycle_rules
from expectations.bad_rows import BadRowsExpectation
from expectations.data_docs import build_data_docs
from expectations.published_suites import PUBLISHED_SUITES
from expectations.validation import Outcome, Validator
from tests.support.good_rows import GOOD


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every published table, empty."""
    path = tmp_path_factory.mktemp("published") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema published")
        for table, columns in GOOD.items():
            body = ", ".join(f"{name} {kind}" for name, (kind, _) in columns.items())
            connection.execute(f"create table published.{table} ({body})")
    return path


@pytest.fixture
def database(empty: Path, tmp_path: Path) -> Path:
    """A copy of it for the test to fill."""
    return Path(shutil.copy(empty, tmp_path))


def add(database: Path, table: str, *rows: dict) -> None:
    good = {name: value for name, (_, value) in GOOD[table].items()}
    with duckdb.connect(str(database)) as connection:
        for row in rows:
            places = ", ".join("?" * len(good))
            values = list({**good, **row}.values())
            connection.execute(f"insert into published.{table} values ({places})", values)


def outcomes(database: Path, *tables: str) -> list[Outcome]:
    with Validator(database) as validator:
        return [
            validator.validate(published.suite, "published", published.table, list(published.keys))
            for published in (PUBLISHED_SUITES[table] for table in tables)
        ]


def failures(database: Path, table: str) -> list[str]:
    [outcome] = outcomes(database, table)
    return [
        f"{found.severity}: {' '.join(filter(None, [found.column, found.expectation]))} "
        f"({found.unexpected_count})"
        for found in outcome.findings
    ]


def test_the_tables_tested_here_are_the_published_ones() -> None:
    assert set(GOOD) == set(PUBLISHED_SUITES)


def test_every_rule_is_used() -> None:
    rules = {
        rule
        for module in (attribution_rules, business, kpi_rules, lifecycle_rules)
        for _, rule in inspect.getmembers(module, inspect.isclass)
        if issubclass(rule, BadRowsExpectation) and rule.__module__ == module.__name__
    }
    used = {
        type(rule)
        for published in PUBLISHED_SUITES.values()
        for rule in published.suite.expectations
    }
    assert rules
    assert rules - used == set()


def test_a_rule_is_named_for_its_subject_and_told_in_one_sentence() -> None:
    for published in PUBLISHED_SUITES.values():
        for rule in published.suite.expectations:
            if isinstance(rule, BadRowsExpectation):
                assert re.fullmatch(r"Expect[A-Z]\w+ToBe[A-Z][a-z]+", type(rule).__name__)
                assert rule.description
                assert rule.description.endswith(".")


def test_empty_tables_are_evaluated_and_pass(database: Path) -> None:
    results = outcomes(database, *PUBLISHED_SUITES)
    assert [(outcome.passed, outcome.findings) for outcome in results] == [(True, ())] * len(GOOD)


@pytest.mark.parametrize("table", GOOD)
def test_a_good_row_breaks_nothing(database: Path, table: str) -> None:
    add(database, table, {})
    assert failures(database, table) == []


NULL = "expect_column_values_to_not_be_null"
BROKEN = [
    ("channel_daily", {"spend": -0.01}, "critical: expect_spend_to_be_nonnegative (1)"),
    ("channel_daily", {"channel": None}, f"critical: channel {NULL} (1)"),
    ("person_links", {"other_person_id": "p2"},
     "critical: expect_used_links_to_be_consistent (1)"),
    ("person_links", {"is_cut": True}, "critical: expect_used_links_to_be_consistent (1)"),
    ("person_links", {"is_cut": True, "cut_reason": "too_many_records"},
     "warning: expect_links_to_be_bounded (1)"),
    ("buying_group_rungs", {"is_used": False}, "critical: expect_first_rung_to_be_used (1)"),
    ("channel_monthly", {"spend": -0.01}, "critical: expect_spend_to_be_nonnegative (1)"),
    ("campaign_monthly", {"spend": -0.01}, "critical: expect_spend_to_be_nonnegative (1)"),
    # trap C55: a link without its tags is otherwise found once the money is spent
    ("campaign_monthly", {"clicks": 100}, "warning: expect_paid_clicks_to_be_tracked (1)"),
    ("attribution_touchpoints", {"unattributed_reason": "no_touchpoints"},
     "critical: expect_unattributed_value_to_be_explained (1)"),
    ("attribution_touchpoints", {"touchpoint_id": None},
     "critical: expect_unattributed_value_to_be_explained (1)"),
    ("attribution_touchpoints", {"occurred_at": "2026-01-01 00:00:01"},
     "critical: expect_credited_touchpoints_to_be_earlier (1)"),
    ("attribution_touchpoints", {"booked_credit": 99.999999},
     "critical: expect_booked_credits_to_be_reconciled (1)"),
    ("attribution_touchpoints", {"booked_credit": None},
     "critical: expect_booked_credits_to_be_reconciled (1)"),
    ("attribution_range", {"least_credit": 0.1},
     "critical: expect_ranges_to_be_ordered (1)"),
    ("attribution_range", {"most_credit": -0.1},
     "critical: expect_ranges_to_be_ordered (1)"),
    ("channel_weights", {"channel_weight": -0.1},
     "critical: expect_channel_weights_to_be_shares (1)"),
    ("channel_weights", {"channel_weight": None},
     "critical: expect_channel_weights_to_be_shares (1)"),
    ("channel_transitions", {"probability": 0.9},
     "critical: expect_transitions_to_be_whole (1)"),
    ("opportunities", {"is_closed": False},
     "critical: expect_won_opportunities_to_be_closed (1)"),
    ("opportunities", {"is_closed": None},
     "critical: expect_won_opportunities_to_be_closed (1)"),
    ("opportunities", {"amount": -1}, "critical: expect_amounts_to_be_nonnegative (1)"),
    ("opportunities", {"amount_reporting": -1},
     "critical: expect_amounts_to_be_nonnegative (1)"),
    ("opportunities", {"amount_reporting": None, "is_won": False, "is_closed": False},
     "critical: expect_amounts_to_be_converted (1)"),
    ("opportunities", {"amount": None, "amount_reporting": None},
     "warning: expect_closed_opportunities_to_be_valued (1)"),
    ("accounts", {"won_revenue": -1}, "critical: expect_won_revenue_to_be_nonnegative (1)"),
    ("funnel_by_cohort", {"mqls": 4}, "warning: expect_funnel_to_be_narrowing (1)"),
    ("funnel_by_cohort", {"sqls": 4}, "warning: expect_funnel_to_be_narrowing (1)"),
    ("funnel_by_cohort", {"opportunities": 4}, "warning: expect_funnel_to_be_narrowing (1)"),
    ("funnel_by_cohort", {"won": 4}, "warning: expect_funnel_to_be_narrowing (1)"),
    ("ad_performance_daily", {"spend": -1},
     "critical: expect_ad_spend_to_be_nonnegative (1)"),
    ("ad_performance_daily", {"spend_reporting": -1},
     "critical: expect_ad_spend_to_be_nonnegative (1)"),
    ("ad_performance_daily", {"spend": -1, "is_unallocated": True},
     "warning: expect_unallocated_spend_to_be_nonnegative (1)"),
    ("ad_performance_daily", {"clicks": 3},
     "warning: expect_clicks_to_be_plausible (1)"),
    ("ad_performance_daily", {"rate_date": "2026-01-30"},
     "critical: expect_rates_to_be_recent (1)"),
    ("exchange_rates", {"rate_date": "2026-01-23"},
     "critical: expect_rates_to_be_recent (1)"),
    ("exchange_rates", {"rate_date": "2026-02-01", "is_rate_carried_forward": False},
     "critical: expect_rates_to_be_recent (1)"),
    ("exchange_rates", {"is_rate_carried_forward": False},
     "critical: expect_rates_to_be_recent (1)"),
    ("ad_restatements", {"difference": 2},
     "critical: expect_restatements_to_be_differences (1)"),
    ("platform_claims", {"claimed_conversions": -1},
     "warning: expect_claims_to_be_nonnegative (1)"),
    ("platform_claims_monthly", {"claimed_conversions": -1},
     "warning: expect_claims_to_be_nonnegative (1)"),
    ("data_trust", {"rows_loaded": 5},
     "critical: expect_delivered_rows_to_be_accounted (1)"),
    ("data_trust", {"lines_unaccounted": 1},
     "critical: expect_delivered_lines_to_be_accounted (1)"),
    ("data_trust", {"conversions_that_differ": 1},
     "critical: expect_conversions_to_be_reconciled (1)"),
    ("unmapped_sources", {"touchpoints": 2},
     "warning: expect_sources_to_be_mapped (1)"),
    ("model_error", {"worst_error": 1.1}, "critical: expect_model_errors_to_be_shares (1)"),
    ("model_error", {"worst_error": 0.05}, "critical: expect_model_errors_to_be_shares (1)"),
    ("model_error_by_channel", {"bias": -0.2},
     "critical: expect_biases_to_be_consistent (1)"),
    ("cost_monthly", {"cost": -0.01}, "warning: expect_costs_to_be_nonnegative (1)"),
    ("acquisition_cost", {"paid_cac": None, "paid_cac_low": None, "paid_cac_high": None},
     "critical: expect_figures_to_be_explained (1)"),
    ("acquisition_cost", {"paid_cac_low": 101}, "critical: expect_intervals_to_be_ordered (1)"),
    ("acquisition_cost_range", {"least_paid_cac": 101},
     "critical: expect_figures_to_be_ranged (1)"),
    ("acquisition_cost_range", {"most_paid_cac": None},
     "critical: expect_figures_to_be_ranged (1)"),
    ("blended_acquisition_cost", {"blended_cac_high": 99},
     "critical: expect_intervals_to_be_ordered (1)"),
    ("blended_acquisition_cost", {"cac_payback_months": None},
     "critical: expect_figures_to_be_explained (1)"),
    ("cost_per_stage", {"grade": "A"}, "critical: expect_grades_to_be_known (1)"),
    ("return_on_spend", {"null_reason": "no_cost"},
     "critical: expect_figures_to_be_explained (1)"),
    ("return_on_spend_range", {"most_attributed_revenue": -0.1},
     "critical: expect_figures_to_be_ranged (1)"),
    ("return_on_spend_range", {"least_roas": 1.1}, "critical: expect_figures_to_be_ranged (1)"),
    ("return_change", {"mix_change": 0.3}, "critical: expect_changes_to_be_whole (1)"),
    ("pipeline_velocity", {"lost": 9}, "critical: expect_closed_opportunities_to_be_counted (1)"),
    ("pipeline_velocity", {"stale_opportunities": 3},
     "critical: expect_closed_opportunities_to_be_counted (1)"),
    ("pipeline_velocity", {"pipeline_velocity_low": 101},
     "critical: expect_intervals_to_be_ordered (1)"),
    ("pipeline_velocity", {"null_reason": "too_few_cases"},
     "critical: expect_figures_to_be_explained (1)"),
    ("pipeline_velocity", {"grade_reason": None}, "critical: expect_grades_to_be_known (1)"),
    ("win_rate_change", {"own_change": 0.2}, "critical: expect_mix_changes_to_be_whole (1)"),
    ("sourced_revenue_quarterly", {"sourced_opportunity_share_high": 0.4},
     "critical: expect_intervals_to_be_ordered (1)"),
    ("influenced_revenue_quarterly", {"influenced_share": None},
     "critical: expect_figures_to_be_explained (1)"),
    ("attribution_coverage_quarterly", {"revenue": 99},
     "critical: expect_coverage_to_be_reconciled (1)"),
    ("opportunity_evidence", {"evidence_grade": "D"},
     "critical: expect_evidence_to_be_graded (1)"),
    ("opportunity_evidence", {"credited_touchpoints": 0},
     "critical: expect_evidence_to_be_graded (1)"),
    ("funnel_conversion", {"converted_in_window": 6},
     "critical: expect_conversions_to_be_narrowing (1)"),
    ("funnel_conversion", {"converted": 11},
     "critical: expect_conversions_to_be_narrowing (1)"),
    ("funnel_conversion", {"inferred": 11},
     "critical: expect_conversions_to_be_narrowing (1)"),
    ("funnel_conversion", {"stage_conversion_low": 0.41},
     "critical: expect_intervals_to_be_ordered (1)"),
    ("funnel_conversion", {"null_reason": "too_few_cases"},
     "critical: expect_figures_to_be_explained (1)"),
    ("funnel_conversion", {"grade": "A"}, "critical: expect_grades_to_be_known (1)"),
    ("stage_durations", {"waiting": 3}, "critical: expect_waits_to_be_accounted (1)"),
    ("stage_durations", {"median_days_to_next_stage": None},
     "critical: expect_figures_to_be_explained (1)"),
    ("stage_survival", {"lost": 10}, "critical: expect_survival_to_be_plausible (1)"),
    ("stage_survival", {"share_reached": 0.3}, "critical: expect_survival_to_be_plausible (1)"),
    ("stage_survival", {"share_waiting_high": 0.7},
     "critical: expect_intervals_to_be_ordered (1)"),
    ("stage_history", {"left_at": "2026-01-01 09:00"},
     "critical: expect_stays_to_be_ordered (1)"),
    ("stage_history", {"is_current": False}, "critical: expect_stages_to_be_exclusive (1)"),
    ("customers", {"is_churned": False}, "critical: expect_churn_to_be_dated (1)"),
    ("customers", {"churned_date": None}, "critical: expect_churn_to_be_dated (1)"),
    ("margin_by_cohort", {"observed_customers": 41},
     "critical: expect_observed_customers_to_be_counted (1)"),
    ("margin_by_origin", {"observed_customers": 0},
     "critical: expect_observed_customers_to_be_counted (1)"),
    ("margin_by_origin", {"age_months": -1},
     "critical: expect_observed_customers_to_be_counted (1)"),
    ("lifetime_value", {"renewals_made": 41}, "critical: expect_renewals_to_be_due (1)"),
    ("lifetime_value", {"renewals_made": -1}, "critical: expect_renewals_to_be_due (1)"),
    ("lifetime_value", {"renewal_rate_low": 1.01},
     "critical: expect_intervals_to_be_ordered (1)"),
    ("lifetime_value", {"purchase_independence_high": -0.1},
     "critical: expect_intervals_to_be_ordered (1)"),
    ("lifetime_value", {"expected_lifetime_value": None},
     "critical: expect_figures_to_be_explained (1)"),
    ("margin_by_cohort", {"null_reason": "too_few_cases"},
     "critical: expect_figures_to_be_explained (1)"),
    ("margin_by_origin", {"grade": "E"}, "critical: expect_grades_to_be_known (1)"),
    ("margin_by_origin", {"grade_reason": None}, "critical: expect_grades_to_be_known (1)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "broken", "failure"),
    BROKEN,
    ids=[f"{table} {' '.join(broken)}" for table, broken, _ in BROKEN],
)
def test_a_broken_row_fails_exactly_its_rule(
    database: Path, table: str, broken: dict, failure: str
) -> None:
    add(database, table, broken)
    assert failures(database, table) == [failure]


@pytest.mark.parametrize(
    ("weights", "broken"),
    [
        ((0.3, 0.7), []),
        ((0.3, 0.7 + 1e-12), []),
        ((0.3, 0.69), ["critical: expect_weights_to_be_whole (1)"]),
        ((-0.1, 1.1), ["critical: expect_weights_to_be_shares (2)"]),
        ((None, 1.0), ["critical: expect_weights_to_be_shares (1)"]),
    ],
    ids=["whole", "whole but for rounding", "not whole", "no shares", "missing"],
)
def test_weights_are_shares_of_one_whole(
    database: Path, weights: tuple[float, float], broken: list[str]
) -> None:
    first, second = weights
    add(
        database,
        "attribution_touchpoints",
        {"weight": first, "booked_credit": 33.33},
        {"weight": second, "booked_credit": 66.67, "touchpoint_id": "t2"},
        {"conversion_id": "closed_won:o2"},
    )
    assert failures(database, "attribution_touchpoints") == broken


def test_a_conversion_has_one_value(database: Path) -> None:
    half = {"weight": 0.5, "booked_credit": 50}
    other_value = {"touchpoint_id": "t2", "conversion_value": 99}
    add(database, "attribution_touchpoints", half, {**half, **other_value})
    assert failures(database, "attribution_touchpoints") == [
        "critical: expect_booked_credits_to_be_reconciled (1)"
    ]


def test_a_group_is_reported_by_what_its_rows_share(database: Path) -> None:
    add(database, "attribution_touchpoints", {"booked_credit": 1})
    [outcome] = outcomes(database, "attribution_touchpoints")
    assert outcome.findings[0].keys == (
        {
            "attribution_model": "linear",
            "model_version": 1,
            "conversion_type": "closed_won",
            "conversion_id": "closed_won:o1",
        },
    )


@pytest.mark.parametrize(
    ("credit", "broken"),
    [(100, []), (99.99, ["warning: expect_models_to_be_reconciled (1)"])],
    ids=["the same total", "another total"],
)
def test_models_share_out_the_same_value(database: Path, credit: float, broken: list[str]) -> None:
    add(
        database,
        "attribution_by_channel",
        {"booked_credit": 60},
        {"booked_credit": 40, "channel": "email"},
        {"booked_credit": credit, "attribution_model": "first_touch"},
    )
    assert failures(database, "attribution_by_channel") == broken


@pytest.mark.parametrize("table", GOOD)
def test_a_key_that_two_rows_share_is_found(database: Path, table: str) -> None:
    add(database, table, {}, {})
    assert "critical: expect_key_to_be_unique (2)" in failures(database, table)


def test_a_missing_part_of_a_key_counts_as_a_value(database: Path) -> None:
    unallocated = {"ad_group_id": None, "account_id": None}
    add(database, "ad_performance_daily", unallocated, {**unallocated, "ad_id": "5"}, unallocated)
    assert failures(database, "ad_performance_daily") == ["critical: expect_key_to_be_unique (2)"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("name", "anna@acme.example"),
        ("name", "Meeting with Anna <anna.b+x@mail.acme.example>"),
        ("name", "anna%40acme.example"),
        ("name", "https://anna:secret@acme.example/"),
        ("name", "https://acme.example/thanks?email=anna"),
        ("name", "https://acme.example/unsubscribe?x8fkq"),
        ("name", "/thanks?first_name=Anna"),
        ("domain", "anna@acme.example"),
    ],
)
def test_personal_text_is_found_in_any_column_and_never_repeated(
    database: Path, column: str, text: str
) -> None:
    add(database, "accounts", {}, {"account_id": "a2", column: text})
    [outcome] = outcomes(database, "accounts")
    [finding] = outcome.findings
    assert finding.expectation == "expect_published_text_to_be_impersonal"
    assert finding.keys == ({"account_id": "a2"},)
    assert text not in repr(outcome)
    assert not outcome.passed


def test_personal_text_in_a_key_is_found_and_withheld(database: Path) -> None:
    add(database, "touchpoints", {"touchpoint_id": "mail:anna@acme.example"})
    [outcome] = outcomes(database, "touchpoints")
    assert [finding.keys for finding in outcome.findings] == [({"touchpoint_id": "withheld"},)]


def test_data_docs_show_rules_and_results_without_values_or_network(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    add(database, "accounts", {"name": "anna@acme.example", "account_id": "mail:a@b.example"})
    target = tmp_path / "docs"
    index = build_data_docs(database, target)
    assert index == target / "index.html"
    assert "published.accounts" in index.read_text()
    assert (target / "expectations" / "hubspot" / "contacts.html").exists()
    [page] = target.glob("validations/published/accounts/**/*.html")
    assert "looks like an e-mail address" in page.read_text()
    assert len(list(target.glob("validations/published/*"))) == len(GOOD)
    pages = "".join(path.read_text() for path in target.rglob("*.html"))
    assert "anna@acme" not in pages
    assert "a@b" not in pages
    assert "raised an exception" not in pages


def test_data_docs_can_be_built_again_and_without_any_published_table(tmp_path: Path) -> None:
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    for _ in range(2):
        assert build_data_docs(empty, tmp_path / "docs", contracts=[]).exists()
    duckdb.connect(str(empty)).close()
