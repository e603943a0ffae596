"""Money that a reader can check: currencies, rates, restated days and what platforms claim."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.codegen import counted_actions
from tests.support.ads import add, add_ads, empty_tables, spend_facts
from tests.support.dbt_sql import build

RATES = "int_exchange_rates__unioned"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        empty_tables(connection)
        yield connection


def test_c30_dollars_and_yen_are_converted_before_they_are_added(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add(
        connection, RATES,
        {"currency": "USD", "units_per_euro": 1.25}, {"currency": "JPY", "units_per_euro": 160},
    )  # fmt: skip
    add_ads(
        connection,
        {"ad_id": "us", "currency": "USD", "spend": 100},
        {"ad_id": "jp", "currency": "JPY", "spend": 100},
    )
    assert spend_facts(connection, "currency, spend, spend_reporting") == [
        ("JPY", Decimal(100), Decimal("0.625")),
        ("USD", Decimal(100), Decimal(80)),
    ]


def test_c31_a_report_without_currency_takes_that_of_its_account(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add(connection, RATES, {"currency": "USD", "units_per_euro": 1.25})
    add(connection, "int_ads__accounts_unioned", {"account_id": "berlin", "currency": "USD"})
    add_ads(connection, {"currency": None, "spend": 100})
    assert spend_facts(connection, "currency, spend_reporting") == [("USD", Decimal(80))]


def test_c31_spend_whose_currency_nobody_knows_stops_the_build_and_says_so(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add_ads(connection, {"currency": None, "spend": 100})
    with pytest.raises(duckdb.Error, match="a missing currency to EUR on 2026-01-05"):
        spend_facts(connection, "currency")


def test_c32_spend_says_whose_days_rate_it_took(connection: duckdb.DuckDBPyConnection) -> None:
    add(
        connection, RATES,
        {"currency": "USD", "units_per_euro": 1.25, "rate_date": "2026-01-02"},
        {"currency": "USD", "units_per_euro": 2, "rate_date": "2026-01-05"},
    )  # fmt: skip
    add_ads(
        connection,
        {"currency": "USD", "spend": 100, "report_date": "2026-01-02"},
        {"currency": "USD", "spend": 100, "report_date": "2026-01-04"},
        {"currency": "USD", "spend": 100, "report_date": "2026-01-12"},
        {"currency": "EUR", "spend": 100, "report_date": "2026-01-13"},
    )
    columns = "report_date, spend_reporting, rate_date, is_rate_carried_forward"
    assert spend_facts(connection, columns) == [
        (date(2026, 1, 2), Decimal(80), date(2026, 1, 2), False),
        (date(2026, 1, 4), Decimal(80), date(2026, 1, 2), True),
        (date(2026, 1, 12), Decimal(50), date(2026, 1, 5), True),
        (date(2026, 1, 13), Decimal(100), None, False),
    ]


def test_c32_a_day_whose_last_rate_is_eight_days_old_stops_the_build(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add(connection, RATES, {"currency": "USD", "units_per_euro": 1.25})
    add_ads(connection, {"currency": "USD", "spend": 100, "report_date": "2026-01-13"})
    with pytest.raises(duckdb.Error, match="no exchange rate from USD to EUR on 2026-01-13"):
        spend_facts(connection, "currency")


def test_c32_a_won_amount_takes_the_rate_of_its_close_date_and_every_rate_is_published(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    add(
        connection, RATES,
        {"currency": "USD", "units_per_euro": 1.25, "rate_date": "2026-01-02"},
        {"currency": "USD", "units_per_euro": 2, "rate_date": "2026-01-05"},
    )  # fmt: skip
    connection.execute(
        """
        create table int_opportunities__unioned as select
            'crm' as source_system, 'o' as opportunity_id, 'r' as account_record_id,
            'Won' as stage, 'web' as lead_source, null::varchar as campaign_record_id,
            null::varchar as merged_into_record_id, 'USD' as currency, true as is_closed,
            true as is_won, false as is_deleted,
            100::decimal(18, 2) as amount, timestamp '2026-01-05 12:00' as created_at,
            date '2026-01-04' as close_date;
        create table int_opportunity_history__unioned as select
            'crm' as source_system, 'o' as opportunity_id, 'h' as change_id,
            100::decimal(18, 2) as amount, timestamp '2026-01-05' as changed_at where false;
        create table int_account_records__matched as select
            'crm' as source_system, 'r' as record_id, 'acme' as account_id;
        """
    )
    spend_facts(connection, "1")
    build(
        connection,
        ["int_opportunities__dated", "int_opportunities__valued", "fct_exchange_rates_daily"],
    )
    assert connection.execute(
        "select amount_reporting, rate_date, created_amount_reporting, created_rate_date "
        "from int_opportunities__valued"
    ).fetchall() == [(Decimal(80), date(2026, 1, 2), Decimal(50), date(2026, 1, 5))]
    assert connection.execute(
        "select currency, report_date, units_per_euro, rate_date, is_rate_carried_forward "
        "from fct_exchange_rates_daily order by all"
    ).fetchall() == [
        ("EUR", date(2026, 1, 4), Decimal(1), date(2026, 1, 4), False),
        ("EUR", date(2026, 1, 5), Decimal(1), date(2026, 1, 5), False),
        ("USD", date(2026, 1, 4), Decimal("1.25"), date(2026, 1, 2), True),
        ("USD", date(2026, 1, 5), Decimal(2), date(2026, 1, 5), False),
    ]


RAW_GOOGLE = (
    "customer_id varchar default 'berlin', campaign_id varchar default '1', "
    "campaign_name varchar default 'brand', ad_group_id varchar default 'group', "
    "ad_id varchar default 'ad', segments_date date default '2026-01-05', "
    "impressions bigint default 10, clicks bigint default 1, cost_micros bigint, "
    "conversions decimal(18, 6), _file_sequence bigint, _line bigint default 2"
)


def restatements(connection: duckdb.DuckDBPyConnection, *deliveries: dict) -> list[tuple]:
    """Deliver rows of Google ads, each with its file's number; return the ledger."""
    connection.execute(f"create table ad_daily ({RAW_GOOGLE})")
    add(connection, "ad_daily", *deliveries)
    build(connection, ["stg_google_ads__ad_daily"])
    for other in (
        "linkedin_ads__creative_daily", "meta_ads__ad_daily", "microsoft_ads__ad_daily",
        "google_ads__campaign_daily",
    ):  # fmt: skip
        connection.execute(f"create table stg_{other} as from stg_google_ads__ad_daily limit 0")
    build(connection, ["int_ads__report_versions_unioned", "fct_ad_restatements"])
    return connection.execute(
        "select report_date::text, metric, first_value, current_value, difference, versions "
        "from fct_ad_restatements order by all"
    ).fetchall()


def test_c24_a_day_delivered_again_with_other_numbers_is_in_the_ledger_with_its_difference(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = restatements(
        connection,
        {"_file_sequence": 1, "cost_micros": 10_000_000, "conversions": 1},
        {"_file_sequence": 1, "cost_micros": 5_000_000, "conversions": 0, "ad_id": "other"},
        {"_file_sequence": 1, "cost_micros": 7_000_000, "segments_date": "2026-01-04"},
        {"_file_sequence": 2, "cost_micros": 7_000_000, "segments_date": "2026-01-04"},
        {"_file_sequence": 2, "cost_micros": 9_000_000, "conversions": 1},
        {"_file_sequence": 3, "cost_micros": 9_000_000, "conversions": 3},
    )
    assert found == [
        ("2026-01-05", "conversions", 1, 3, 2, 2),
        ("2026-01-05", "spend", 15, 14, -1, 2),
    ]


def test_c24_an_ad_that_a_later_delivery_adds_changes_its_day_and_a_repeated_line_does_not(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = restatements(
        connection,
        {"_file_sequence": 1, "cost_micros": 1_000_000, "_line": 2},
        {"_file_sequence": 1, "cost_micros": 2_000_000, "_line": 3},
        {"_file_sequence": 4, "cost_micros": 3_000_000, "ad_id": "late"},
    )
    assert found == [("2026-01-05", "spend", 2, 5, 3, 2)]


def test_c24_a_day_settles_by_the_last_day_delivered_and_not_by_the_clock(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    days = ("2026-01-31", "2026-01-29", "2026-01-28", "2026-01-04", "2026-01-03")
    add_ads(connection, *({"platform": "meta_ads", "currency": "EUR", "report_date": day}
                          for day in days))  # fmt: skip
    add_ads(
        connection, {"platform": "new_ads", "currency": "EUR", "report_date": "2026-01-01"},
    )  # fmt: skip
    columns = "platform, report_date::text, is_spend_settling, is_conversions_settling"
    assert spend_facts(connection, columns) == [
        ("meta_ads", "2026-01-03", False, False),
        ("meta_ads", "2026-01-04", False, True),
        ("meta_ads", "2026-01-28", False, True),
        ("meta_ads", "2026-01-29", True, True),
        ("meta_ads", "2026-01-31", True, True),
        ("new_ads", "2026-01-01", True, True),
    ]


def test_c25_conversions_by_their_own_day_are_never_added_to_those_by_day_of_the_click() -> None:
    seed = Path(__file__).parents[2] / "seeds" / "platform_conversion_actions.csv"
    counted = counted_actions(seed)
    assert counted["google_ads"] == "conversions"
    assert not [action for action in counted.values() if "by_conversion" in action]


def test_c50_platforms_that_claim_the_same_lead_claim_more_than_there_were(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(
        """
        create table fct_ad_performance_daily as
        select 'paid_search' as channel, date '2026-01-05' as report_date,
            1.5 as platform_conversions
        union all select 'paid_social', date '2026-01-09', 1
        union all select 'paid_social', date '2026-02-09', 1;
        create table fct_attribution_credits as
        select 'linear' as attribution_model, 'lead_created' as conversion_type,
            'paid_search' as channel, 0.5 as booked_credit, date '2026-01-10' as converted_date
        union all select 'linear', 'lead_created', 'organic_search', 0.5, date '2026-01-10'
        union all select 'last_touch', 'lead_created', 'paid_search', 1, date '2026-01-10'
        union all select 'linear', 'mql', 'paid_search', 1, date '2026-01-11';
        create table dim_channels as
        select 'paid_search' as channel, true as is_paid
        union all select 'paid_social', true union all select 'organic_search', false;
        create table fct_conversions as
        select 'lead_created' as conversion_type, date '2026-01-10' as converted_date
        union all select 'mql', date '2026-01-11';
        """
    )
    build(connection, ["fct_platform_claims", "platform_claims", "platform_claims_monthly"])
    assert connection.execute("from platform_claims_monthly order by all").fetchall() == [
        (date(2026, 1, 1), Decimal("2.5"), Decimal("0.5"), 1, 2.5, 5.0),
        (date(2026, 2, 1), Decimal(1), 0, 0, None, None),
    ]
    assert connection.execute(
        "select * exclude (report_month) from platform_claims "
        "where report_month = '2026-01-01' order by channel"
    ).fetchall() == [
        ("organic_search", 0, Decimal("0.5"), 0, 0.0),
        ("paid_search", Decimal("1.5"), Decimal("0.5"), 1, 3.0),
        ("paid_social", 1, 0, 0, None),
    ]


def staged_conversions(connection: duckdb.DuckDBPyConnection, model: str, raw: str) -> Decimal:
    """Stage one row of a platform's report and return the conversions that count."""
    connection.execute(raw)
    build(connection, [model])
    [(value,)] = connection.execute(f"select platform_conversions from {model}").fetchall()
    return value


def test_c51_overlapping_kinds_of_metas_actions_are_not_added(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    raw = """
        create table ad_daily as select 'a' as account_id, '1' as campaign_id, 'x' as campaign_name,
        's' as adset_id, 'ad' as ad_id, null as account_currency, 10 as impressions,
        1 as inline_link_clicks, 1 as spend, date '2026-01-05' as date_start, 1 as _file_sequence,
        2 as _line, 3 as actions_lead, 3 as actions_omni_lead,
        2 as actions_offsite_conversion_fb_pixel_lead, 1 as actions_onsite_conversion_lead_grouped
    """
    assert staged_conversions(connection, "stg_meta_ads__ad_daily", raw) == 3


def test_c51_two_actions_of_one_platform_cannot_both_count(tmp_path: Path) -> None:
    seed = tmp_path / "actions.csv"
    seed.write_text("platform,action,counts\nmeta_ads,lead,true\nmeta_ads,omni_lead,true\n")
    with pytest.raises(ValueError, match="two actions of one platform count"):
        counted_actions(seed)


def test_c52_linkedins_total_is_not_added_to_the_clicks_and_views_in_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    raw = """
        create table creative_daily as select '1' as campaign_id, 'ad' as creative_id,
        10 as impressions, 1 as clicks, 1 as landing_page_clicks, 1 as cost_in_local_currency,
        date '2026-01-05' as day, 1 as _file_sequence, 2 as _line,
        5 as external_website_conversions, 3 as external_website_post_click_conversions,
        2 as external_website_post_view_conversions, 1 as one_click_leads
    """
    assert staged_conversions(connection, "stg_linkedin_ads__creative_daily", raw) == 5
