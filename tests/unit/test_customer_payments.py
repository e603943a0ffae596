"""What customers are billed and buy again: the ground of their value."""

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from tests.support.customers import PAYMENTS, as_of, table
from tests.support.dbt_sql import build

INVOICES = (
    "source_system varchar, invoice_id varchar, account_record_id varchar, opportunity_id varchar, "
    "invoice_kind varchar, currency varchar, amount decimal(18, 2), period_start date"
)
CONVERSIONS = (
    "conversion_id varchar, opportunity_id varchar, conversion_value decimal(18, 2), "
    "converted_date date"
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """One customer, a, won on 2025-01-31, as known on 2026-01-31; a dollar is worth 80 cents."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        as_of(connection, "2026-01-31")
        table(
            connection, "int_customers__acquired",
            "customer_id varchar, opportunity_id varchar, acquired_date date",
            ["a", "o1", "2025-01-31"],
        )  # fmt: skip
        table(
            connection, "int_account_records__matched",
            "source_system varchar, record_id varchar, account_id varchar",
            ["crm", "A", "a"], ["web", "A", "another"], ["crm", "B", "b"],
        )  # fmt: skip
        table(
            connection, "int_margins__filled",
            "margin_share decimal(18, 6), valid_from date, valid_before date",
            ["0.5", "2025-01-01", "2026-01-01"], ["-0.1", "2026-01-01", "9999-12-31"],
        )  # fmt: skip
        connection.execute(
            "create table int_exchange_rates__daily_filled as select currency, units_per_euro, "
            "unnest(generate_series(date '2024-01-01', date '2026-01-31', interval 1 day))::date "
            "as report_date from (values ('EUR', 1.0), ('USD', 1.25)) as rates(currency, "
            "units_per_euro)"
        )
        table(connection, "int_conversions__unioned", CONVERSIONS)
        table(
            connection, "int_opportunities__sourced",
            "opportunity_id varchar, customer_id varchar", ["o1", "a"], ["o2", "a"],
        )  # fmt: skip
        yield connection


def payments(connection: duckdb.DuckDBPyConnection, *invoices: tuple) -> list[tuple]:
    """Return kind, amount, margin and age of what the invoices (of account A) come to."""
    table(
        connection,
        "int_invoices__unioned",
        INVOICES,
        *(["finance", f"i{number}", "A", None, *row] for number, row in enumerate(invoices)),
    )
    build(connection, ["int_customer_payments__dated"])
    return connection.execute(
        "select payment_kind, amount, margin, age_months from int_customer_payments__dated "
        "order by payment_date, payment_id"
    ).fetchall()


def test_an_invoice_counts_in_our_currency_at_the_margin_of_its_first_day(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert payments(
        connection,
        ("new", "USD", "100", "2025-12-31"),
        ("renewal", "EUR", "100", "2026-01-01"),
        ("churn", "EUR", "0", "2026-01-02"),
    ) == [
        # 100 / 1.25 at 50 %; 100 at a loss of 10 %
        ("new", Decimal(80), Decimal(40), 11),
        ("renewal", Decimal(100), Decimal(-10), 12),
        ("churn", Decimal(0), Decimal(0), 12),
    ]


def test_before_the_first_margin_it_is_unknown_but_that_of_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = payments(
        connection, ("new", "EUR", "100", "2024-12-31"), ("churn", "EUR", "0", "2024-12-31")
    )
    assert [row[2] for row in found] == [None, 0]


@pytest.mark.parametrize(
    ("day", "age"),
    [("2024-05-01", 0), ("2025-01-31", 0), ("2025-02-01", 1), ("2025-02-28", 1), ("2025-03-01", 2),
     ("2025-03-31", 2), ("2025-04-01", 3), ("2026-01-31", 12)],
)  # fmt: skip
def test_a_payment_counts_from_the_first_age_that_has_reached_its_day(
    connection: duckdb.DuckDBPyConnection, day: str, age: int
) -> None:
    [found] = payments(connection, ("new", "EUR", "100", day))
    assert found[3] == age


def test_what_begins_after_the_last_day_known_is_not_earned_and_needs_no_rate(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert payments(connection, ("renewal", "USD", "100", "2026-02-01")) == []


def test_an_invoice_without_a_rate_names_day_and_pair(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(duckdb.Error, match="no exchange rate from SEK to EUR on 2025-05-05"):
        payments(connection, ("new", "SEK", "100", "2025-05-05"))


def test_a_credit_note_is_taken_off_on_its_day_and_a_lowered_amount_is_not(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    table(
        connection, "int_conversions__unioned", CONVERSIONS,
        ["closed_won:o1", "o1", "100", "2025-01-31"],
        ["refund:credit_note:n1", "o1", "-30", "2025-06-01"],
        ["refund:lowered:h1", "o1", "-20", "2025-07-01"],
        ["refund:credit_note:n2", "o2", "-10", "2026-02-01"],
    )  # fmt: skip
    assert payments(connection, ("new", "EUR", "100", "2025-01-31")) == [
        ("new", Decimal(100), Decimal(50), 0),
        ("refund", Decimal(-30), Decimal(-15), 5),
    ]


@pytest.mark.parametrize(
    ("rows", "history"),
    [
        # kind, sale, amount, margin, day
        ([("new", "o1", 100, 50, "2025-01-31")], (0, 0, 365, None)),
        ([("new", "o1", 100, 50, "2025-01-31"), ("expansion", "o2", 40, 20, "2025-02-10"),
          ("expansion", "o3", 60, 40, "2025-03-02")], (2, 30, 365, 30.0)),
        ([("new", "o1", 100, 50, "2025-01-31"), ("expansion", "o2", 40, 20, "2025-02-10"),
          ("expansion", "o3", 60, 40, "2025-02-10")], (1, 10, 365, 60.0)),
        ([("new", "o1", 100, 50, "2025-01-31"), ("renewal", None, 100, 50, "2026-01-31")],
         (0, 0, 365, None)),
        ([("new", "o1", 100, 50, "2025-01-31"), ("expansion", "o2", 40, 20, "2025-02-10"),
          ("refund", "o2", -40, -20, "2025-05-01")], (0, 0, 365, None)),
        ([("new", "o1", 100, 50, "2025-01-31"), ("expansion", "o2", 40, 20, "2025-02-10"),
          ("refund", "o2", -30, -15, "2025-05-01")], (1, 10, 365, 5.0)),
        ([("new", "o1", 100, 50, "2025-01-31"), ("expansion", "o2", 40, None, "2025-02-10")],
         (1, 10, 365, None)),
        ([("new", "o1", 100, 50, "2026-01-31")], None),
    ],
    ids=[
        "one purchase", "two repeats", "two of one day are one", "a renewal is none",
        "given back in full", "given back in part", "a margin that is unknown", "not yet observed",
    ],
)  # fmt: skip
def test_a_purchase_is_a_day_on_which_something_new_was_sold(
    connection: duckdb.DuckDBPyConnection, rows: list, history: tuple | None
) -> None:
    table(
        connection, "int_customers__grouped",
        "breakdown varchar, breakdown_value varchar, customer_id varchar", ["all", "all", "a"],
    )  # fmt: skip
    table(
        connection,
        "int_customer_payments__dated",
        PAYMENTS,
        *(
            [f"p{number}", "a", sale, kind, amount, margin, day, 0]
            for number, (kind, sale, amount, margin, day) in enumerate(rows)
        ),
    )
    build(connection, ["int_customer_purchases__counted"])
    found = connection.execute(
        "select repeat_purchases, recency_days, age_days, mean_margin "
        "from int_customer_purchases__counted"
    ).fetchall()
    assert found == ([history] if history else [])
