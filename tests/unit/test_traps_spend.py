"""Spend that arrives whole, once, at the grain where it was reported."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.support.ads import add, add_ads, empty_tables, spend_facts
from tests.support.dbt_sql import DBT_DIR, build, render

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        empty_tables(connection)
        yield connection


def lost_spend(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    """What the test of the warehouse itself finds of spend that went missing or came twice."""
    return connection.execute(render("assert_spend_is_conserved")).fetchall()


def test_c20_days_of_los_angeles_are_shifted_and_those_of_berlin_and_vienna_are_not(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    zones = {
        "la": "America/Los_Angeles", "berlin": "Europe/Berlin", "vienna": "Europe/Vienna",
        "delhi": "Asia/Kolkata", "odd": "PacificTimeUSCanadaTijuana", "none": None,
    }  # fmt: skip
    for account, zone in zones.items():
        add(connection, "int_ads__accounts_unioned", {"account_id": account, "time_zone": zone})
        add_ads(connection, {"account_id": account, "currency": "EUR"})
    add_ads(connection, {"account_id": "unlisted", "currency": "GBP"})
    facts = spend_facts(connection, "account_id, time_zone, day_comparability")
    assert facts == [
        ("berlin", "Europe/Berlin", "same"),
        ("delhi", "Asia/Kolkata", "shifted"),
        ("la", "America/Los_Angeles", "shifted"),
        ("none", None, "unknown"),
        ("odd", "PacificTimeUSCanadaTijuana", "unknown"),
        ("unlisted", None, "unknown"),
        ("vienna", "Europe/Vienna", "same"),
    ]
    accounts = connection.execute(
        "select account_id, currency, offset_hours_min, offset_hours_max, day_overlap, "
        "round(week_overlap, 3) from dim_ad_accounts order by account_id"
    ).fetchall()
    assert accounts == [
        ("berlin", "EUR", 0, 0, 1, 1),
        ("delhi", "EUR", 3.5, 4.5, 1 - 4.5 / 24, 0.973),
        # clocks change two weeks earlier in spring and one week later in autumn
        ("la", "EUR", -9, -8, 0.625, 0.946),
        ("none", "EUR", None, None, None, None),
        ("odd", "EUR", None, None, None, None),
        ("unlisted", "GBP", None, None, None, None),
        ("vienna", "EUR", 0, 0, 1, 1),
    ]


def test_c33_cents_and_millionths_survive_to_the_mart(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add_ads(
        connection,
        {"ad_id": "a", "currency": "EUR", "spend": "0.01"},
        {"ad_id": "b", "currency": "EUR", "spend": "1999.999999"},
    )
    assert spend_facts(connection, "spend, spend_reporting") == [
        (Decimal("0.01"), Decimal("0.01")),
        (Decimal("1999.999999"), Decimal("1999.999999")),
    ]


def test_c34_36150000_micros_are_36_15(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        create table ad_daily as select 'c' as customer_id, '1' as campaign_id,
        'brand' as campaign_name, 'g' as ad_group_id, 'ad' as ad_id, 1 as impressions,
        1 as clicks, 36150000 as cost_micros, 0 as conversions, date '2026-01-05' as segments_date,
        1 as _file_sequence, 2 as _line
        """
    )
    build(connection, ["stg_google_ads__ad_daily"])
    assert connection.execute("select spend from stg_google_ads__ad_daily").fetchall() == [
        (Decimal("36.15"),)
    ]


@pytest.mark.parametrize("account", ["berlin", None], ids=["account known", "account unknown"])
def test_c35_campaign_spend_that_no_ad_accounts_for_is_unallocated(
    connection: duckdb.DuckDBPyConnection, account: str | None
) -> None:
    campaigns = [
        {"campaign_id": "search", "spend": 100}, {"campaign_id": "pmax", "spend": 50},
    ]  # fmt: skip
    for campaign in campaigns:
        add(
            connection,
            "int_ads__campaign_spend_unioned",
            {"account_id": account, "currency": "EUR", **campaign},
        )
    add_ads(
        connection,
        {"account_id": account, "currency": "EUR", "campaign_id": "search", "spend": 60},
    )
    assert spend_facts(connection, "campaign_id, ad_id, spend, is_unallocated") == [
        ("pmax", "unallocated", 50, True),
        ("search", "ad", 60, False),
        ("search", "unallocated", 40, True),
    ]
    assert lost_spend(connection) == []


def test_c36_spend_is_never_joined_twice(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, "int_exchange_rates__unioned", {"currency": "USD", "units_per_euro": 2})
    add(connection, "int_ads__accounts_unioned", {"account_id": "berlin"}, {"account_id": "la"})
    for name in ("berlin", "la"):
        for platform in ("google_ads", "meta_ads"):
            for ad in ("a", "b"):
                add_ads(
                    connection,
                    {"platform": platform, "account_id": name, "campaign_id": name, "ad_id": ad,
                     "currency": "USD", "spend": 10},
                )  # fmt: skip
    facts = spend_facts(connection, "platform, account_id, ad_id, spend_reporting")
    assert len(set(facts)) == len(facts) == 8
    assert sum(spend for *_, spend in facts) == 40
    assert lost_spend(connection) == []
    connection.execute("insert into fct_ad_performance_daily from fct_ad_performance_daily limit 1")
    assert len(lost_spend(connection)) == 1


def test_c37_spend_without_clicks_source_or_campaign_name_is_kept(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add_ads(
        connection,
        {"ad_id": "bare", "utm_source": None, "click_id_kind": None, "campaign_name": None,
         "currency": "EUR", "spend": 7, "clicks": 0},
        {"ad_id": "no click", "currency": "EUR", "spend": 3, "clicks": 0},
    )  # fmt: skip
    assert spend_facts(connection, "ad_id, campaign, spend") == [
        ("bare", None, 7),
        ("no click", "brand", 3),
    ]
    assert lost_spend(connection) == []


def test_c38_spend_does_not_grow_with_the_touchpoints_beside_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add_ads(connection, {"currency": "EUR", "spend": 7})
    [(channel,)] = spend_facts(connection, "channel")
    connection.execute(
        f"create table fct_touchpoints as select date '2026-01-05' as occurred_date, "
        f"'{channel}' as channel, 'brand' as campaign, null as ineligible_reason from range(3)"
    )
    build(connection, ["fct_campaign_channel_daily", "channel_daily", "campaign_monthly"])
    assert connection.execute("select spend, touchpoints from channel_daily").fetchall() == [(7, 3)]
    assert connection.execute("select spend, touchpoints from campaign_monthly").fetchall() == [
        (7, 3)
    ]


def test_c38_no_table_with_a_row_per_touchpoint_or_model_holds_spend() -> None:
    columns = {
        path.stem: path.read_text()
        for folder in ("attribution", "customers")
        for path in (DBT_DIR / "models" / "published" / folder).glob("*.sql")
    }
    assert {"attribution_touchpoints", "touchpoints"} <= set(columns)
    assert [name for name, sql in columns.items() if re.search(r"\b(spend|cost)", sql)] == []


def test_c63_an_ad_in_two_ad_groups_is_two_rows_and_no_more(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add_ads(
        connection,
        {"ad_group_id": "one", "currency": "EUR", "spend": 4},
        {"ad_group_id": "two", "currency": "EUR", "spend": 6},
    )
    assert spend_facts(connection, "ad_group_id, ad_id, spend") == [
        ("one", "ad", 4),
        ("two", "ad", 6),
    ]


def test_c63_a_campaign_that_the_platform_deleted_keeps_its_name_and_account(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(
        """
        create table campaigns as
        select 'gone' as campaign_id, 'acc' as account_id, 'q1-social' as campaign_group_name,
            date '2026-01-31' as _as_of, 1 as _file_sequence, 2 as _line
        union all select 'kept', 'acc', 'old name', date '2026-01-31', 1, 3
        union all select 'kept', 'acc', 'q2-social', date '2026-02-28', 2, 2;
        """
    )
    build(connection, ["stg_linkedin_ads__campaigns"])
    assert connection.execute(
        "select campaign_id, account_id, campaign_name from stg_linkedin_ads__campaigns "
        "order by all"
    ).fetchall() == [("gone", "acc", "q1-social"), ("kept", "acc", "q2-social")]


def test_the_spend_of_real_google_tables_is_conserved_from_file_to_mart(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    folder = SHARED / "google_ads_fivetran"
    if not folder.is_dir():
        pytest.skip("the real exports are not here")
    files = {
        "ad_daily": ("ad_stats", "ad_id, ad_group", "campaign_id"),
        "campaign_daily": ("campaign_stats", "'-' as ad_id, '-' as ad_group", "id"),
    }
    for table, (name, ad_columns, campaign) in files.items():
        connection.execute(
            f"""
            create table {table} as
            select customer_id, {campaign}::varchar as campaign_id, 'c' as campaign_name, ad_id,
                ad_group_id, date as segments_date, impressions, clicks, cost_micros,
                0 as conversions, 1 as _file_sequence, row_number() over () as _line
            from (
                select customer_id::varchar as customer_id, {campaign}, ad_id::varchar as ad_id,
                    ad_group::varchar as ad_group_id, date, sum(impressions)::bigint as impressions,
                    sum(clicks)::bigint as clicks, sum(cost_micros)::bigint as cost_micros
                from (
                    select * replace (date::date as date), {ad_columns}
                    from read_csv('{folder}/{name}_data.csv')
                )
                group by all
            )
            """
        )
        build(connection, [f"stg_google_ads__{table}"])
    for interface, table in (("performance", "ad_daily"), ("campaign_spend", "campaign_daily")):
        connection.execute(
            f"insert into int_ads__{interface}_unioned by name "
            f"select * exclude (delivered_in, superseded_in) from stg_google_ads__{table}"
        )
    add(connection, "int_ads__accounts_unioned", {"account_id": "2121450128"})
    spend_facts(connection, "1")
    assert lost_spend(connection) == []
    written = connection.execute(
        f"select sum(cost_micros) from read_csv('{folder}/campaign_stats_data.csv')"
    ).fetchall()
    campaigns = connection.execute(
        "select sum(spend) * 1000000 from fct_ad_performance_daily "
        "where campaign_id in (select campaign_id from campaign_daily)"
    ).fetchall()
    assert campaigns == written
