"""What a click costs and how much platforms overclaim, worked by hand."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.support.channels import load_seed
from tests.support.dbt_sql import build


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            """
            create table fct_campaign_channel_daily as select 1000 as impressions,
                0 as platform_conversions, 2 as touchpoints, 'brand' as campaign,
                false as is_spend_settling, false as is_conversions_settling, * from (values
                    (date '2026-01-01', 'paid_search', 30.10::decimal(18, 6), 10),
                    (date '2026-01-31', 'paid_search', 9.90::decimal(18, 6), 6),
                    (date '2026-01-31', 'email', 0::decimal(18, 6), 0)
                ) as t (report_date, channel, spend, clicks);
            create table fct_platform_claims as select * from (values
                    (date '2026-01-01', 'paid_search', 9::decimal(18, 6), 6::decimal(18, 6), 1),
                    (date '2026-01-01', 'email', 3::decimal(18, 6), 2::decimal(18, 6), 1),
                    (date '2026-02-01', 'paid_search', 3::decimal(18, 6), 0::decimal(18, 6), 1)
                ) as t (report_month, channel, claimed_conversions, credited_linear,
                    credited_last_touch);
            create table fct_conversions as
                select 'lead_created' as conversion_type, date '2026-01-15' as converted_date
                from range(8);
            """
        )
        load_seed(connection, "channels")
        connection.execute("create table dim_channels as from channels")
        yield connection


def test_a_click_costs_spend_by_clicks_and_no_click_costs_nothing_known(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    build(connection, ["channel_monthly", "channel_daily", "campaign_monthly"])
    for table in ("channel_monthly", "campaign_monthly"):
        # (30.10 + 9.90) / (10 + 6), and not the mean of 3.01 and 1.65
        assert connection.execute(
            f"select channel, spend, cost_per_click from {table} order by channel desc"
        ).fetchall() == [("paid_search", 40, 2.5), ("email", 0, None)]
    daily = connection.execute("select max(cost_per_click) from channel_daily").fetchall()
    assert daily == [(pytest.approx(3.01),)]


def test_claims_are_held_against_the_leads_of_the_crm(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    build(connection, ["platform_claims", "platform_claims_monthly"])
    # 9 / 6, 3 / 2, and nothing to hold 3 against
    assert connection.execute(
        "select overclaim_ratio from platform_claims order by report_month, channel desc"
    ).fetchall() == [(1.5,), (1.5,), (None,)]
    # 12 claims on 8 leads, of which paid channels are credited with 6
    assert connection.execute(
        "select overclaim_ratio, paid_overclaim_ratio from platform_claims_monthly order by all"
    ).fetchall() == [(1.5, 2.0), (None, None)]
