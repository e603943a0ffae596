"""What spend returns: each KPI worked by hand, refunds, and the cases without an answer."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.support.ads import add
from tests.support.kpi_costs import company, credit, rows, sell, spend, win

Connection = duckdb.DuckDBPyConnection
FIRST, SECOND = "period_start = '2026-01-01'", "period_start = '2026-04-01'"
SALE = FIRST + " and basis = 'sale_date' and breakdown_value = "


@pytest.fixture
def connection() -> Iterator[Connection]:
    with duckdb.connect() as connection:
        company(connection)
        yield connection


@pytest.fixture
def sold(connection: Connection) -> Connection:
    """February's 4 wins of 1,000 and its media, an agency for search and an unallocated tool."""
    sell(connection)
    add(
        connection, "int_costs__unioned",
        {"cost_id": "agency", "channel": "paid_search", "amount": 100},
        {"cost_id": "tool", "cost_category": "tools", "amount": 240},
        {"cost_id": "sales", "team": "sales", "channel": "paid_search", "amount": 5_000},
    )  # fmt: skip
    return connection


def test_roas_is_revenue_by_media_and_roi_is_margin_above_cost(sold: Connection) -> None:
    # search: 2,000 / 400 = 5, and (2,000 * 0.5 - 500) / 500 = 1; sales' cost is not marketing's.
    # in all: search's 2,000 / 460, since e-mail's came without an ad, but e-mail's is in
    # (4,000 * 0.5 - 800) / 800 = 1.5, as the tool is
    columns = "attributed_revenue, attributed_margin, roas, marketing_roi, sample_size, null_reason"
    assert rows(sold, "return_on_spend", columns, SALE + "'paid_search'") == [
        (2_000, 1_000, 5, 1, 4, None)
    ]
    assert rows(sold, "return_on_spend", columns, SALE + "'all'") == [
        (4_000, 2_000, pytest.approx(2_000 / 460), 1.5, 4, None)
    ]


def test_a_channel_without_cost_has_revenue_but_no_return_on_it(sold: Connection) -> None:
    columns = "attributed_revenue, roas, marketing_roi, null_reason"
    assert rows(sold, "return_on_spend", columns, SALE + "'email'") == [
        (2_000, None, None, "no_cost")
    ]


def test_a_channel_with_a_cost_that_is_no_spend_has_a_roi_beside_no_roas(sold: Connection) -> None:
    add(sold, "int_costs__unioned", {"cost_id": "mails", "channel": "email", "amount": 400})
    columns = "roas, marketing_roi, null_reason"
    assert rows(sold, "return_on_spend", columns, SALE + "'email'") == [(None, 1.5, None)]


def test_what_no_channel_or_sales_has_earned_is_not_marketings(sold: Connection) -> None:
    win(sold, "w4", "2026-02-11", 1_000, sales=0.5, direct=0.5)
    win(sold, "w5", "2026-02-11", 1_000, unattributed=1)
    add(sold, "int_costs__unioned", {"cost_id": "calls", "channel": "sales", "amount": 1})
    assert rows(
        sold, "return_on_spend", "breakdown_value, attributed_revenue, grade_reason",
        FIRST + " and basis = 'sale_date' and breakdown in ('all', 'channel')",
    ) == [
        ("all", 4_500, "sample_size"), ("direct", 500, "sample_size"),
        ("email", 2_000, "sample_size"), ("paid_search", 2_000, "sample_size"),
        ("paid_social", 0, "sample_size"),
    ]  # fmt: skip
    # 5,000 of 6,000 have a touchpoint
    assert sold.execute(
        "select distinct coverage from fct_returns where basis = 'sale_date' and " + FIRST
    ).fetchall() == [(pytest.approx(5 / 6),)]


def test_below_the_floor_there_is_revenue_but_no_ratio(connection: Connection) -> None:
    win(connection, "w", "2026-02-10", 1_000, paid_search=1)
    spend(connection, "2026-02", paid_search=400)
    columns = "attributed_revenue, roas, marketing_roi, null_reason"
    assert rows(connection, "return_on_spend", columns, SALE + "'all'") == [
        (1_000, None, None, "too_few_cases")
    ]


def test_a_campaign_has_its_media_and_its_costs_on_any_channel(sold: Connection) -> None:
    sold.execute("update fct_attribution_credits set campaign = 'fair' where channel = 'email'")
    add(sold, "fct_ad_performance_daily", {"campaign": "fair", "spend_reporting": 100})
    add(sold, "int_costs__unioned",
        {"cost_id": "stand", "channel": "event", "campaign": "fair", "amount": 300})  # fmt: skip
    # 2,000 / 100, and (2,000 * 0.5 - 400) / 400
    assert rows(
        sold, "return_on_spend", "breakdown_value, roas, marketing_roi",
        FIRST + " and basis = 'sale_date' and breakdown = 'campaign'",
    ) == [("fair", 20, 1.5)]  # fmt: skip


def test_a_negative_margin_loses_more_than_the_cost(sold: Connection) -> None:
    # a margin of -200 less a cost of 500, by 500
    sold.execute("update int_margins__filled set margin_share = -0.1")
    assert rows(
        sold, "return_on_spend", "attributed_margin, roas, marketing_roi", SALE + "'paid_search'"
    ) == [(-200, 5, pytest.approx(-1.4))]


def test_a_margin_is_that_of_the_day_and_unknown_where_a_day_has_none(sold: Connection) -> None:
    # all are sold on the tenth and touched on the first, but one on the day of its sale
    sold.execute("update int_margins__filled set valid_from = '2026-02-10'")
    sold.execute(
        "update fct_attribution_credits set occurred_at = '2026-02-10' where conversion_id = 'w0'"
    )
    columns = "basis, attributed_margin, roas, marketing_roi, null_reason"
    where = FIRST + " and breakdown_value = 'paid_search'"
    assert rows(sold, "return_on_spend", columns, where) == [
        ("sale_date", 1_000, 5, 1, None), ("touch_date", None, 5, None, "no_margin"),
    ]  # fmt: skip
    assert rows(sold, "return_on_spend_range", "basis, median_roas, null_reason", where) == [
        ("sale_date", 5, None), ("touch_date", 5, "no_margin"),
    ]  # fmt: skip


def test_a_refund_lowers_the_quarter_it_is_given_in_or_that_of_its_touchpoint(
    sold: Connection,
) -> None:
    # touched in February: by day of touchpoint the first quarter loses 500, 1,500 / 400
    spend(sold, "2026-05", paid_search=100)
    credit(sold, "refund:w0", "2026-05-20", -1_000, paid_search=0.5, email=0.5)
    columns = "basis, period_start::varchar, attributed_revenue, roas, sample_size"
    assert rows(sold, "return_on_spend", columns, "breakdown_value = 'paid_search'") == [
        ("sale_date", "2026-01-01", 2_000, 5, 4), ("sale_date", "2026-04-01", -500, None, 1),
        ("touch_date", "2026-01-01", 1_500, 3.75, 4), ("touch_date", "2026-04-01", 0, None, 0),
    ]  # fmt: skip
    for win_of in ("w1", "w2"):
        credit(sold, f"refund {win_of}:{win_of}", "2026-05-20", -1_000, paid_search=0.5, email=0.5)
    assert rows(
        sold, "return_on_spend", "roas", SECOND + " and basis = 'sale_date' "
        "and breakdown_value = 'paid_search'",
    ) == [(-15,)]  # fmt: skip


def test_a_touchpoint_counts_on_its_day_in_the_reporting_time_zone(sold: Connection) -> None:
    sold.execute("update fct_attribution_credits set occurred_at = '2026-03-31 22:30'")
    where = "basis = 'touch_date' and breakdown = 'all' and attributed_revenue > 0"
    assert rows(sold, "return_on_spend", "period_start::varchar", where) == [("2026-04-01",)]


def test_returns_by_day_of_touchpoint_settle_later_by_as_long_as_a_win_takes(
    sold: Connection,
) -> None:
    # settled on 30 June; two months before, on 30 April, 30 of the second quarter's 91 days were
    for number in range(100):
        credit(sold, f"more{number}", "2026-05-10", 1_000, paid_search=1)
    sold.execute(
        "update fct_attribution_credits set occurred_at = converted_date + interval 9 hour"
    )
    where = SECOND + " and breakdown_value = 'all'"
    assert rows(sold, "return_on_spend", "basis, grade, grade_reason", where) == [
        ("sale_date", "A", None), ("touch_date", "D", "freshness"),
    ]  # fmt: skip


def test_the_range_has_the_models_that_give_nothing_and_names_the_ends(sold: Connection) -> None:
    # first gives search 4,000: roas 10, roi (2,000 - 500) / 500; last gives it nothing
    for model in ("first", "last"):
        add(sold, "attribution_models",
            {"attribution_model": model, "conversion_type": "closed_won"})  # fmt: skip
    sold.execute(
        "insert into fct_attribution_credits select 'first', 'closed_won', conversion_id, null, "
        "channel, null, 1, 1000, occurred_at, converted_date from fct_attribution_credits "
        "where channel = 'paid_search'"
    )
    ends = "least_{0}, median_{0}, most_{0}, least_{0}_model, most_{0}_model"
    columns = ", ".join(
        ends.format(figure) for figure in ("attributed_revenue", "roas", "marketing_roi")
    )
    found = rows(sold, "return_on_spend_range", f"spend, cost, {columns}", SALE + "'paid_search'")
    assert found == [
        (400, 500, 0, 2_000, 4_000, "last", "first", 5, 7.5, 10, "linear", "first",
         1, 2, 3, "linear", "first")
    ]  # fmt: skip
