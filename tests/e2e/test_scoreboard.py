"""The scoreboard: figures as their tables have them, against baseline and target."""

import duckdb
import pytest

from tests.support.project import Project

QUOTED = [
    ("win_rate", "pipeline_velocity where basis = 'period' and breakdown = 'all'", "win_rate"),
    ("blended_cac", "blended_acquisition_cost where lag = 'none'", "blended_cac"),
    ("paid_cac", "acquisition_cost_range where lag = 'none' and breakdown = 'all'",
     "median_paid_cac"),
    ("sourced_revenue",
     "sourced_revenue_quarterly where definition = 'first_touch_before_sales'",
     "sourced_revenue"),
    ("attribution_coverage", "attribution_coverage_quarterly", "attribution_coverage"),
    ("marketing_roi", "return_on_spend_range where basis = 'sale_date' and breakdown = 'all'",
     "median_marketing_roi"),
]  # fmt: skip


@pytest.mark.parametrize(("kpi", "table", "column"), QUOTED, ids=[kpi for kpi, _, _ in QUOTED])
def test_the_scoreboard_quotes_what_the_table_says(
    company: Project, kpi: str, table: str, column: str
) -> None:
    period = "true" if "period" not in column_names(company, table) else "period = 'quarter'"
    differences = company.query(
        f"""
        with quoted as (
            select period_start, value from kpis where kpi = '{kpi}' and is_headline
                and breakdown = 'all' and period = 'quarter'
        ),
        published as (
            select distinct period_start, {column} as value from (from {table}) where {period}
        )
        select * from quoted full join published using (period_start)
        where quoted.value is distinct from cast(published.value as double)
        """
    )
    assert differences == []


def column_names(company: Project, table: str) -> set[str]:
    with duckdb.connect(str(company.current.resolve()), read_only=True) as connection:
        return set(connection.sql(f"from {table}").columns)


def test_a_target_is_that_which_was_set_last_for_the_quarter(company: Project) -> None:
    rows = company.query(
        """
        select kpi, breakdown_value, value, target_value, is_target_met, better from kpis
        where target_value is not null
        """
    )
    assert {kpi for kpi, *_ in rows} >= {"win_rate", "blended_cac", "sourced_revenue", "paid_cac"}
    for _, _, value, target, is_met, better in rows:
        if value is None:
            assert is_met is None
        else:
            assert is_met == (value >= target if better == "higher" else value <= target)


def test_every_kpi_of_the_scoreboard_is_in_the_dictionary_and_every_outcome_is_on_it(
    company: Project,
) -> None:
    shown = {kpi for (kpi,) in company.query("select distinct kpi from kpis")}
    outcomes = company.query("select kpi from metric_dictionary where kind = 'outcome'")
    known = {kpi for (kpi,) in company.query("select kpi from metric_dictionary")}
    assert shown <= known
    # of six hundred days nobody has been a customer for twelve months yet
    assert {kpi for (kpi,) in outcomes} - shown <= {"realised_margin"}


def test_a_frozen_quarter_is_what_later_ones_are_compared_with(own_company: Project) -> None:
    [(quarter, start)] = own_company.query(
        """
        select strftime(period_start, '%Y-Q') || quarter(period_start), period_start from kpis
        where kpi = 'win_rate' and period = 'quarter' and breakdown = 'all' and is_complete
            and value is not null
        order by period_start limit 1
        """
    )
    told = own_company.run("baseline", quarter, "--reason", "before the relaunch")
    assert f"KPIs of {quarter} are the baseline of the next run" in told
    own_company.run("run")

    [(frozen, before)] = own_company.query(
        f"""
        select kpi_baseline.baseline_value, value from kpis join kpi_baseline
            using (kpi, variant, breakdown, breakdown_value, period, period_start)
        where kpi = 'win_rate' and breakdown = 'all' and period_start = '{start}'
        """
    )
    assert frozen == before
    rows = own_company.query(
        f"""
        select value, value_low, value_high, baseline_value, change_from_baseline,
            change_from_baseline_low, change_from_baseline_high from kpis
        where kpi = 'win_rate' and period = 'quarter' and breakdown = 'all'
            and period_start > '{start}' and value is not null
        """
    )
    low, high = own_company.query(
        "select baseline_low, baseline_high from kpi_baseline "
        "where kpi = 'win_rate' and breakdown = 'all' "
        "and period = 'quarter'"
    )[0]
    assert rows
    for value, value_low, value_high, baseline, change, change_low, change_high in rows:
        assert baseline == frozen
        assert change == pytest.approx(value - frozen)
        # Newcombe's method 10 for the difference of two shares, from their Wilson bounds
        down = ((value - value_low) ** 2 + (high - frozen) ** 2) ** 0.5
        up = ((value_high - value) ** 2 + (frozen - low) ** 2) ** 0.5
        assert (change_low, change_high) == pytest.approx((change - down, change + up))
    assert own_company.run("run").startswith("nothing new")
