"""The published figures of the pipeline against a second coding in pandas, from landing files."""

import pytest

from tests.oracle import kpis_influence, kpis_pipeline, kpis_sourced
from tests.oracle.figures import find_grounds
from tests.oracle.kpis_win_rate import win_rate_change
from tests.support.second_coding import Both, unlike


def test_pipeline_velocity_is_the_same(both: Both) -> None:
    found = both.table("pipeline_velocity")
    expected = kpis_pipeline.pipeline_velocity(both.second)
    keys = ["period", "period_start", "basis", "breakdown", "breakdown_value"]
    assert unlike(found, expected, keys) == []
    assert {"no_closed_opportunities", "no_won_opportunities", None} <= {*found.null_reason}


def test_the_bounds_of_the_velocity_hold_it(both: Both) -> None:
    found = both.table("pipeline_velocity").dropna(subset="pipeline_velocity_low")
    assert {*found.breakdown} == {"all", "source"}
    assert (found.pipeline_velocity_low <= found.pipeline_velocity).all()
    assert (found.pipeline_velocity_high >= found.pipeline_velocity).all()
    assert (found.pipeline_velocity_high > found.pipeline_velocity_low).any()


def test_other_draws_give_about_the_same_bounds(both: Both) -> None:
    grounds, sales = find_grounds(both.second), kpis_pipeline.find_sales(both.second)
    ever = kpis_pipeline.find_periods(both.second, grounds)[-1]
    cell = kpis_pipeline.count(sales, ever, "period")["all", "all"]
    found = both.published.query(
        """
        select pipeline_velocity_low, pipeline_velocity_high from pipeline_velocity
        where period = 'all' and basis = 'period' and breakdown = 'all'
        """
    )
    assert found == [pytest.approx(kpis_pipeline.drawn_bounds(cell), rel=0.15)]


def test_changes_of_the_win_rate_are_the_same(both: Both) -> None:
    found = both.table("win_rate_change")
    expected = win_rate_change(both.second)
    assert unlike(found, expected, ["period_start", "breakdown"]) == []
    assert found.own_change.notna().any()


def test_sourced_revenue_is_the_same(both: Both) -> None:
    found = both.table("sourced_revenue_quarterly")
    expected = kpis_sourced.sourced_revenue_quarterly(both.second)
    assert unlike(found, expected, ["period_start", "definition"]) == []
    shares = found.groupby("period_start").sourced_share.nunique()
    assert shares.max() > 1  # the definitions do not agree


def test_influenced_revenue_is_the_same(both: Both) -> None:
    found = both.table("influenced_revenue_quarterly")
    expected = kpis_influence.influenced_revenue_quarterly(both.second)
    assert unlike(found, expected, ["period_start", "definition"]) == []
    assert found.influenced_by_chance.notna().sum() > 3


def test_attribution_coverage_is_the_same(both: Both) -> None:
    found = both.table("attribution_coverage_quarterly")
    expected = kpis_sourced.attribution_coverage_quarterly(both.second)
    assert unlike(found, expected, ["period_start", "reason"]) == []


def test_evidence_of_opportunities_is_the_same(both: Both) -> None:
    found = both.table("opportunity_evidence")
    expected = kpis_influence.opportunity_evidence(both.second)
    assert unlike(found, expected, ["opportunity_id"]) == []
    assert {*found.evidence_grade} >= {"A", "C"}
