"""What customers cost: each KPI worked by hand, and the cases in which there is no answer."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.support.ads import add
from tests.support.kpi_costs import company, credit, rows, sell, spend, win

Connection = duckdb.DuckDBPyConnection
FEBRUARY = "period = 'month' and period_start = '2026-02-01'"
MEDIA = FEBRUARY + " and lag = 'none' and breakdown_value = "


@pytest.fixture
def connection() -> Iterator[Connection]:
    with duckdb.connect() as connection:
        company(connection)
        yield connection


@pytest.fixture
def sold(connection: Connection) -> Connection:
    sell(connection)
    return connection


def test_paid_cac_is_spend_by_credited_customers_within_what_chance_allows(
    sold: Connection,
) -> None:
    # 400 / (4 * 0.5) = 200. Byar for 2: low 2 * (1 - 1/18 - 1.96 / (3 * sqrt 2)) ** 3 = 0.22463,
    # high 3 * (1 - 1/27 + 1.96 / (3 * sqrt 3)) ** 3 = 7.2209
    found = rows(
        sold, "acquisition_cost",
        "credited_customers, customers, paid_cac, paid_cac_low, paid_cac_high, sample_size, "
        "null_reason", MEDIA + "'paid_search'",
    )  # fmt: skip
    assert found == [
        (
            2,
            4,
            200,
            pytest.approx(400 / 7.2209, rel=1e-4),
            pytest.approx(400 / 0.22463, rel=1e-4),
            4,
            None,
        )
    ]


def test_all_paid_channels_together_count_a_customer_once(sold: Connection) -> None:
    # a fifth customer of both: 2.5 of search and 0.5 of social, 5 customers; 460 / 3
    win(sold, "w5", "2026-02-20", 1_000, paid_search=0.5, paid_social=0.5)
    assert rows(
        sold, "acquisition_cost", "credited_customers, customers, paid_cac", MEDIA + "'all'"
    ) == [(3, 5, pytest.approx(460 / 3))]


def test_a_campaign_type_stands_behind_its_channel(sold: Connection) -> None:
    add(sold, "dim_campaigns", {"campaign": "spring", "campaign_type": "Search"})
    add(sold, "fct_ad_performance_daily", {"campaign": "spring", "spend_reporting": 30})
    sold.execute(
        "update fct_attribution_credits set campaign = 'spring' where conversion_id <> 'w3'"
    )
    assert rows(
        sold, "acquisition_cost", "breakdown_value, customers, paid_cac, null_reason",
        FEBRUARY + " and lag = 'none' and breakdown_value like 'paid_search: %'",
    ) == [
        ("paid_search: Search", 3, 20, None),
        ("paid_search: none", 1, None, "too_few_cases"),
    ]  # fmt: skip


def test_lagged_spend_is_that_of_as_many_months_before_as_a_win_takes(sold: Connection) -> None:
    # 61 days / 30.4375 = 2.004, so 2 months: April's customers take the 400 of February, and
    # those of the quarter what was spent from February to April
    for number in range(3):
        win(sold, f"a{number}", "2026-04-20", 1_000, paid_search=1)
    spend(sold, "2026-04", paid_search=900)
    assert rows(
        sold, "acquisition_cost", "period, lag, lag_months, paid_cac",
        "period_start = '2026-04-01' and breakdown_value = 'paid_search'",
    ) == [
        ("month", "median_cycle", 2, pytest.approx(400 / 3)),
        ("month", "none", 0, 300),
        ("quarter", "median_cycle", 2, pytest.approx(1_300 / 3)),
        ("quarter", "none", 0, 300),
    ]  # fmt: skip


def test_a_lagged_period_that_is_not_over_takes_no_spend_of_months_to_come(
    sold: Connection,
) -> None:
    # June's spend leads to August's customers, and nobody knows of August yet
    spend(sold, "2026-06", paid_search=900)
    assert rows(
        sold, "acquisition_cost_range", "lag, spend",
        "period = 'year' and breakdown_value = 'paid_search'",
    ) == [("median_cycle", 400), ("none", 1_300)]  # fmt: skip
    columns = "lag, media"
    assert rows(sold, "blended_acquisition_cost", columns, "period = 'year'") == [
        ("median_cycle", 460), ("none", 1_360),
    ]  # fmt: skip


def test_a_few_parts_of_customers_may_as_well_be_none(connection: Connection) -> None:
    # three of 0.1: 30 / 0.3 = 100, and Byar's lower bound is below 0
    spend(connection, "2026-02", paid_search=30)
    for number in range(3):
        win(connection, f"w{number}", "2026-02-10", 1_000, paid_search=0.1, email=0.9)
    assert rows(connection, "acquisition_cost", "paid_cac, paid_cac_high", MEDIA + "'all'") == [
        (pytest.approx(100), None)
    ]


def test_one_customer_has_no_cac_but_its_spend_is_shown(connection: Connection) -> None:
    win(connection, "w", "2026-02-10", 1_000, paid_search=1)
    spend(connection, "2026-02", paid_search=400)
    for table, figure in (
        ("acquisition_cost", "paid_cac, paid_cac_low, paid_cac_high"),
        ("acquisition_cost_range", "least_paid_cac, median_paid_cac, most_paid_cac"),
        ("blended_acquisition_cost", "blended_cac, new_customer_value, cac_payback_months"),
    ):
        where = FEBRUARY + " and lag = 'none'"
        where += "" if table.startswith("blended") else " and breakdown = 'all'"
        assert rows(connection, table, f"{figure}, sample_size, null_reason", where) == [
            (None, None, None, 1, "too_few_cases")
        ]
    assert rows(connection, "cost_monthly", "channel, cost") == [("paid_search", 400)]


def test_a_month_without_spend_or_without_customers_has_its_row_and_the_reason(
    sold: Connection,
) -> None:
    for number in range(3):
        win(sold, f"m{number}", "2026-03-20", 1_000, paid_search=1)
    spend(sold, "2026-05", paid_search=10)
    assert rows(
        sold, "acquisition_cost", "month(period_start), paid_cac, null_reason",
        "period = 'month' and lag = 'none' and breakdown_value = 'paid_search'",
    ) == [
        (1, None, "no_spend"), (2, 200, None), (3, None, "no_spend"), (4, None, "no_spend"),
        (5, None, "no_new_customers"), (6, None, "no_spend"),
    ]  # fmt: skip


def test_only_the_first_win_of_a_customer_acquires_it_and_a_refund_does_not_lose_it(
    sold: Connection,
) -> None:
    credit(sold, "again", "2026-02-11", 500, paid_search=1)
    credit(sold, "refund:w0", "2026-02-12", -1_000, paid_search=0.5, email=0.5)
    assert rows(
        sold, "acquisition_cost", "credited_customers, customers", MEDIA + "'paid_search'"
    ) == [(2, 4)]


def test_the_range_names_the_models_at_its_ends(sold: Connection) -> None:
    # first: 4 customers of search, 400 / 4; linear: 200; last: two, so no figure
    for model, weights in (("first", [1, 1, 1, 1]), ("last", [1, 1, 0, 0])):
        add(sold, "attribution_models",
            {"attribution_model": model, "conversion_type": "closed_won"})  # fmt: skip
        for number, weight in enumerate(weights):
            share = {"conversion_id": f"w{number}", "weight": weight}
            add(sold, "fct_attribution_credits", {"attribution_model": model, **share})
    assert rows(
        sold, "acquisition_cost_range",
        "spend, customers, attribution_models, least_paid_cac, median_paid_cac, most_paid_cac, "
        "least_model, most_model", MEDIA + "'paid_search'",
    ) == [(400, 4, 2, 100, 150, 200, "first", "linear")]  # fmt: skip


def test_cost_per_stage_is_spend_by_the_credits_of_each_stage(sold: Connection) -> None:
    # search: 5 leads of 0.8, 4 qualified of 0.5, 2 opportunities: 400 / 4, 400 / 2, too few
    for kind, cases, weight in (("lead_created", 5, 0.8), ("mql", 4, 0.5),
                                ("opportunity_created", 2, 1)):  # fmt: skip
        for number in range(cases):
            share = {"conversion_id": f"{kind}{number}", "weight": weight}
            add(sold, "fct_attribution_credits", {"conversion_type": kind, **share})
    columns = "cost_per_lead, cost_per_mql, cost_per_opportunity, sample_size, null_reason"
    where = FEBRUARY + " and breakdown = 'channel'"
    assert rows(sold, "cost_per_stage", f"breakdown_value, {columns}", where) == [
        ("paid_search", pytest.approx(100), 200, None, 5, None),
        ("paid_social", None, None, None, 0, "no_leads"),
    ]
    # three opportunities: 400 / 3
    add(sold, "fct_attribution_credits",
        {"conversion_type": "opportunity_created", "conversion_id": "third"})  # fmt: skip
    assert rows(
        sold,
        "cost_per_stage",
        "cost_per_opportunity",
        where + " and breakdown_value like '%search'",
    ) == [(pytest.approx(400 / 3),)]


def test_a_model_that_shares_out_no_leads_has_none_to_pay_for(sold: Connection) -> None:
    add(sold, "attribution_models",
        {"attribution_model": "markov", "conversion_type": "opportunity_created"})  # fmt: skip
    assert rows(
        sold, "cost_per_stage",
        "credited_leads, credited_mqls, credited_opportunities, cost_per_lead, null_reason",
        FEBRUARY + " and attribution_model = 'markov' and breakdown = 'all'",
    ) == [(None, None, 0, None, "model_without_leads")]  # fmt: skip


def test_what_is_not_delivered_has_no_freshness_and_grade_d(sold: Connection) -> None:
    sold.execute("delete from fct_input_quality where area = 'ads'")
    for number in range(4, 40):
        win(sold, f"w{number}", "2026-02-10", 1_000, paid_search=1)
    assert rows(sold, "acquisition_cost", "grade, grade_reason", MEDIA + "'all'") == [
        ("D", "freshness")
    ]


def test_coverage_is_the_share_of_new_customers_that_the_model_attributes(sold: Connection) -> None:
    win(sold, "w4", "2026-02-20", 1_000, unattributed=1)
    rows(sold, "acquisition_cost", "grade")
    assert sold.execute(
        f"select distinct coverage from fct_paid_acquisitions where {FEBRUARY} "
        "and conversion_type = 'closed_won'"
    ).fetchall() == [(0.8,)]
