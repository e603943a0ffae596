"""What customers cost and what spend returns against a second coding, from the landing files."""

import pytest

from tests.oracle import kpis_costs, kpis_returns
from tests.oracle.acquisitions import Paid, find_paid
from tests.oracle.books import Books, open_books
from tests.oracle.kpis_return_change import return_change
from tests.oracle.kpis_returns import Returns, find_returns
from tests.oracle.landing import Landing
from tests.support.second_coding import Both, unlike

PERIOD = ["period", "period_start"]
CELL = ["breakdown", "breakdown_value"]


@pytest.fixture(scope="session")
def books(both: Both) -> Books:
    return open_books(both.second, Landing(both.published.landing))


@pytest.fixture(scope="session")
def paid(both: Both, books: Books) -> Paid:
    return find_paid(both.second, books)


@pytest.fixture(scope="session")
def returns(both: Both, books: Books) -> Returns:
    return find_returns(both.second, books)


def test_monthly_costs_are_the_same(both: Both, books: Books) -> None:
    found = both.table("cost_monthly")
    keys = ["cost_month", "cost_category", "team", "channel", "campaign_type"]
    assert unlike(found, kpis_costs.cost_monthly(books), keys) == []
    assert {*found.team} == {"marketing", "sales"}
    assert {True, False} == {*found.channel.isna()}


def test_paid_acquisition_costs_are_the_same(both: Both, books: Books, paid: Paid) -> None:
    found = both.table("acquisition_cost")
    expected = kpis_costs.acquisition_cost(books, paid)
    keys = [*PERIOD, "attribution_model", "lag", *CELL]
    assert unlike(found, expected, keys) == []
    assert {"no_spend", "no_new_customers", "too_few_cases", None} == {*found.null_reason}
    shown = found[found.null_reason.isna()]
    assert {*shown.lag} == {"none", "median_cycle"}
    assert {*shown.breakdown} == {"all", "channel", "campaign_type"}
    assert (shown.paid_cac_low < shown.paid_cac).all()


def test_ranges_of_the_acquisition_cost_are_the_same(both: Both, books: Books, paid: Paid) -> None:
    found = both.table("acquisition_cost_range")
    expected = kpis_costs.acquisition_cost_range(books, paid)
    assert unlike(found, expected, [*PERIOD, "lag", *CELL]) == []
    assert (found.least_paid_cac < found.most_paid_cac).any()


def test_costs_per_stage_are_the_same(both: Both, books: Books, paid: Paid) -> None:
    found = both.table("cost_per_stage")
    expected = kpis_costs.cost_per_stage(books, paid)
    assert unlike(found, expected, [*PERIOD, "attribution_model", *CELL]) == []
    assert {"model_without_leads", "no_leads", None} <= {*found.null_reason}
    assert {*found[found.cost_per_opportunity.notna()].breakdown} >= {"all", "channel"}


def test_blended_acquisition_costs_are_the_same(both: Both, books: Books) -> None:
    found = both.table("blended_acquisition_cost")
    expected = kpis_costs.blended_acquisition_cost(both.second, books)
    assert unlike(found, expected, [*PERIOD, "lag"]) == []
    paid_back = found[found.cac_payback_months.notna()]
    assert {*paid_back.lag} == {"none", "median_cycle"}
    assert found.margin_share.nunique() > 1


def test_returns_on_spend_are_the_same(both: Both, returns: Returns) -> None:
    found = both.table("return_on_spend")
    expected = kpis_returns.return_on_spend(returns)
    keys = ["period_start", "attribution_model", "basis", *CELL]
    assert unlike(found, expected, keys) == []
    assert {*found[found.roas.notna()].basis} == {"sale_date", "touch_date"}
    assert (found.attributed_revenue < 0).any()  # more was refunded than won


def test_ranges_of_the_return_are_the_same(both: Both, returns: Returns) -> None:
    found = both.table("return_on_spend_range")
    expected = kpis_returns.return_on_spend_range(returns)
    assert unlike(found, expected, ["period_start", "basis", *CELL]) == []
    assert (found.least_marketing_roi < found.most_marketing_roi).any()


def test_changes_of_the_return_are_the_same(
    both: Both, books: Books, paid: Paid, returns: Returns
) -> None:
    found = both.table("return_change")
    expected = return_change(books, paid, returns)
    assert unlike(found, expected, ["period_start", "attribution_model", "kpi"]) == []
    # two quarters running with three wins of paid channels are in one of the companies alone
    assert "marketing_roi" in {*found[found.mix_change.notna()].kpi}
    assert found.coverage.max() == 1
