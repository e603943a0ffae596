"""Single dbt models against the traps that hurt users of other systems."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from tests.support.dbt_sql import build, render


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


def table(connection: duckdb.DuckDBPyConnection, name: str, columns: str, *rows: Sequence) -> None:
    connection.execute(f"create table {name} ({columns})")
    for row in rows:
        connection.execute(f"insert into {name} values ({', '.join('?' * len(row))})", list(row))


EVENTS = (
    "visitor_node_key varchar, session_id bigint, has_consent boolean, occurred_at timestamp, "
    "utm_source varchar, utm_medium varchar, utm_campaign varchar, click_id_kind varchar, "
    "referrer_host varchar, page_url varchar"
)


def session(connection: duckdb.DuckDBPyConnection, *events: tuple) -> tuple:
    """Group events (source, medium, campaign, click id, referrer) a minute apart."""
    rows = [
        ["v", 1, True, f"2026-01-01 10:0{minute}", *event, "https://us.example/a"]
        for minute, event in enumerate(events)
    ]
    table(connection, "int_web_events__unioned", EVENTS, *rows)
    build(connection, ["int_web_sessions__grouped"])
    [found] = connection.execute(
        "select origin_source, origin_medium, campaign, click_id_kind "
        "from int_web_sessions__grouped"
    ).fetchall()
    return found


@pytest.mark.parametrize(
    ("events", "origin"),
    [
        ([("google", None, None, None, None), ("LinkedIn", "cpc", "Li-Camp", None, None)],
         ("linkedin", "cpc", "li-camp", None)),
        ([("google", "organic", "(organic)", None, None),
          ("newsletter", "email", "brand-news", None, None)],
         ("google", "organic", None, None)),
        ([(None, None, None, None, None), (None, None, None, None, "partner.example")],
         ("", "", None, None)),
        ([(None, None, None, None, "us.example"), (None, None, None, "gclid", None)],
         ("", "", None, "gclid")),
        ([(None, None, None, None, "partner.example")],
         ("partner.example", "referral", None, None)),
    ],
    ids=[
        "a complete origin outranks half of one", "no campaign of another event",
        "a direct landing stays direct", "our own site is no referrer", "a bare link",
    ],
)  # fmt: skip
def test_a_session_keeps_one_events_origin_whole(
    connection: duckdb.DuckDBPyConnection, events: list[tuple], origin: tuple
) -> None:
    assert session(connection, *events) == origin


RECORDS = (
    "source_system varchar, record_id varchar, synced_record_id varchar, "
    "merged_into_record_id varchar, domain varchar, is_deleted boolean"
)


def test_chains_and_circles_of_account_merges_end_at_one_account(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    table(
        connection,
        "int_account_records__unioned",
        RECORDS,
        ["crm", "A", None, "B", None, True],
        ["crm", "B", None, "C", None, True],
        ["crm", "C", None, None, "c.example", False],
        ["crm", "X", None, "Y", None, True],
        ["crm", "Y", None, "X", None, True],
        ["web", "1", "A", None, None, False],
        ["web", "2", None, None, "c.example", False],
        ["web", "3", None, None, "gmail.com", False],
    )
    table(connection, "int_opportunities__unioned", "source_system varchar", ["crm"])
    table(connection, "free_mail_domains", "domain varchar", ["gmail.com"])
    table(connection, "public_suffixes", "suffix varchar", ["co.uk"])
    build(connection, ["int_account_records__merged", "int_account_records__matched"])
    found = dict(
        connection.execute(
            "select record_id, account_id from int_account_records__matched"
        ).fetchall()
    )
    assert [found[record] for record in ("A", "B", "C", "1", "2")] == ["C"] * 5
    assert found["3"] == "3"
    assert found["X"] == found["Y"] == "X"


def test_a_role_of_a_contact_that_was_merged_away_still_names_its_person(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    table(
        connection, "int_opportunities__valued", "opportunity_id varchar, account_id varchar",
        ["o", "acme"],
    )  # fmt: skip
    table(
        connection,
        "int_opportunity_contacts__unioned",
        "opportunity_id varchar, node_key varchar, rung varchar, role varchar, is_primary boolean, "
        "is_deleted boolean",
        ["o", "loser", "contact_role", None, True, False],
    )
    table(
        connection, "int_identity__nodes_resolved", "node_key varchar, person_id varchar",
        ["loser", "p"], ["winner", "p"],
    )  # fmt: skip
    table(
        connection,
        "int_persons__profiled",
        "person_id varchar, account_id varchar, is_deleted boolean",
        ["p", "acme", False],
        ["stranger", "acme", False],
    )
    build(connection, ["int_buying_groups__considered", "int_buying_groups__resolved"])
    assert connection.execute("from int_buying_groups__resolved").fetchall() == [
        ("o", "p", "contact_role", None, True)
    ]


def converted(
    connection: duckdb.DuckDBPyConnection, amount: str, currency: str, units: str | None
) -> Decimal:
    """Convert an amount by the macro that every amount goes through."""
    macro = "{{ in_reporting_currency('amount', 'currency', 'day', 'own_units', 'eur_units', 2) }}"
    sql = render(f"select {macro} from facts", is_text=True)
    table(
        connection,
        "facts",
        "amount decimal(18, 2), currency varchar, day date, own_units decimal(18, 6), "
        "eur_units decimal(18, 6)",
        [amount, currency, "2026-01-05", units, "1"],
    )
    [(value,)] = connection.execute(sql).fetchall()
    return value


@pytest.mark.parametrize(
    ("amount", "currency", "units", "expected"),
    [
        ("33.30", "USD", "0.8", "41.63"),
        ("0.00", "XXX", None, "0.00"),
        ("12.34", "EUR", None, "12.34"),
        ("-33.30", "USD", "0.8", "-41.63"),
        ("9999999999.99", "USD", "2.000000", "5000000000.00"),
        ("4995.00", "JPY", "999000.000001", "0.00"),
    ],
    ids=[
        "half a cent",
        "nothing needs no rate",
        "our own currency",
        "a negative half cent",
        "half a cent of billions",
        "a trifle below half a cent",
    ],
)
def test_an_amount_is_converted_to_the_cent(
    connection: duckdb.DuckDBPyConnection,
    amount: str,
    currency: str,
    units: str | None,
    expected: str,
) -> None:
    assert converted(connection, amount, currency, units) == Decimal(expected)


def test_a_missing_rate_is_an_error_that_names_day_and_pair(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(duckdb.Error, match="no exchange rate from USD to EUR on 2026-01-05"):
        converted(connection, "1.00", "USD", None)


def test_a_day_without_a_rate_takes_the_last_of_seven_days_and_no_older_one(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    table(
        connection,
        "int_exchange_rates__unioned",
        "currency varchar, units_per_euro decimal(18, 6), rate_date date",
        ["USD", "1.10", "2026-01-02"],
        ["USD", "1.20", "2026-01-05"],
    )
    build(connection, ["int_exchange_rates__daily_filled"])
    filled = connection.execute(
        "select report_date::text, units_per_euro from int_exchange_rates__daily_filled "
        "where currency = 'USD' order by 1"
    ).fetchall()
    assert filled[:4] == [
        ("2026-01-02", Decimal("1.10")),
        ("2026-01-03", Decimal("1.10")),
        ("2026-01-04", Decimal("1.10")),
        ("2026-01-05", Decimal("1.20")),
    ]
    assert filled[-1] == ("2026-01-12", Decimal("1.20"))


def test_the_calendar_has_the_whole_years_of_what_has_happened(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    table(connection, "fct_campaign_channel_daily", "report_date date", ["2024-03-31"])
    table(
        connection,
        "fct_opportunities",
        "is_closed boolean, created_date date, close_date date",
        [True, "2024-01-02", "2025-02-01"],
        [False, "2025-02-01", "2031-01-01"],  # a hope
    )
    table(connection, "dim_accounts", "created_at timestamp", ["2023-12-31 23:59:59"], [None])
    table(connection, "fct_conversions", "converted_date date")
    build(connection, ["dim_days"])
    assert connection.execute(
        "select count(*), count(distinct calendar_date), min(calendar_date), max(calendar_date) "
        "from dim_days"
    ).fetchall() == [(365 + 366 + 365, 1096, date(2023, 1, 1), date(2025, 12, 31))]


def test_the_calendar_of_no_facts_is_empty(connection: duckdb.DuckDBPyConnection) -> None:
    table(connection, "fct_campaign_channel_daily", "report_date date")
    table(connection, "fct_opportunities", "is_closed boolean, created_date date, close_date date")
    table(connection, "dim_accounts", "created_at timestamp")
    table(connection, "fct_conversions", "converted_date date")
    build(connection, ["dim_days"])
    assert connection.execute("from dim_days").fetchall() == []
