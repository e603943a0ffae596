"""The models of lifetime value against a second coding, over customers old enough to renew.

The sample companies of the whole runs are too young for that. Here both are given the same books.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest

from analytics.customer_lifetimes import expected_purchases, expected_tenure
from analytics.lifetime_value import Horizon
from tests.oracle import kpis_realised_margin
from tests.oracle.customers import Customer, Engagement
from tests.oracle.kpis_lifetime_value import RATE, WEEKS_A_YEAR, YEARS, lifetime_value
from tests.oracle.kpis_realised_margin import Books
from tests.oracle.money import Rates
from tests.oracle.payments import find_payments
from tests.support.customers import as_of, table
from tests.support.dbt_sql import build
from tests.support.second_coding import unlike

CELL = ["breakdown", "breakdown_value"]
FITTED = [
    "alpha", "beta", "discounted_tenure", "expected_lifetime_value", "ltv_to_cac",
    "expected_purchase_value",
]  # fmt: skip
TODAY = pd.Timestamp("2026-09-30")
MARKETING = Decimal(900_000)
CHANNELS, ENGAGED = ("email", "webinar"), (Engagement(9, 2, 3), Engagement(3, 1, 90))
INVOICE = (
    "source_system varchar, invoice_id varchar, account_record_id varchar, opportunity_id varchar, "
    "invoice_kind varchar, currency varchar, amount decimal(18, 2), period_start date"
)
INVOICED = [
    "source_system", "invoice_id", "account_id", "opportunity_id", "invoice_kind", "currency",
    "amount", "period_start",
]  # fmt: skip
FITS = "breakdown varchar, breakdown_value varchar, is_settled boolean, "


def draw_customers(count: int, draws: np.random.Generator) -> list[Customer]:
    found = []
    for number in range(count):
        days, channel = pd.Timedelta(days=int(draws.integers(1, 1_900))), draws.choice(CHANNELS)
        found.append(
            Customer(
                f"a{number}", f"a{number}", f"o{number}", TODAY - days, 1, "Web", "Software",
                str(channel), None, ENGAGED[number % 2],
            )
        )  # fmt: skip
    return found


def draw_books(customers: list[Customer], draws: np.random.Generator) -> tuple[list, list]:
    """Bill a first contract, yearly renewals and further sales; some are given back."""
    invoices, refunds = [], []
    for customer in customers:
        worth, churn = draws.gamma(4.0, 900 / draws.gamma(5.0)), draws.beta(0.8, 3.2)
        billed = [("new", 0, worth)]
        for year in range(1, 6):
            is_over = draws.random() < churn
            billed.append(("churn", 365 * year, 0.0) if is_over else ("renewal", 365 * year, worth))
            if is_over and draws.random() < 0.7:  # the others come back
                break
        rate, stop, at = draws.gamma(1.5) / 200, draws.beta(0.6, 1.8), 0.0
        while (at := at + draws.exponential(1 / rate)) < 1_800:
            billed.append(("expansion", int(at) + 1, draws.gamma(4.0, worth / 8)))
            if draws.random() < stop:
                break
        for number, (kind, days, amount) in enumerate(billed):
            opportunity = customer.opportunity_id if kind == "new" else None
            euros = Decimal(str(round(amount, 2)))
            invoices.append((
                "books", f"{customer.customer_id}.{number}", customer.account_id, opportunity, kind,
                "EUR", euros, customer.acquired_date + pd.Timedelta(days=days),
            ))  # fmt: skip
        if draws.random() < 0.1:
            back, day = -invoices[-len(billed)][6], customer.acquired_date + pd.Timedelta(days=60)
            share = Decimal(1) if draws.random() < 0.5 else Decimal("0.5")
            refunds.append((
                f"refund:credit_note:{customer.customer_id}", customer.opportunity_id,
                (back * share).quantize(Decimal("0.01")), day,
            ))  # fmt: skip
    return invoices, refunds


MARGINS = [("0.6", "2020-01-01", "2025-01-01"), ("0.75", "2025-01-01", "9999-12-31")]


def books_of(customers: list[Customer], invoices: list, refunds: list) -> Books:
    known = SimpleNamespace(
        rates=Rates({}),
        opportunities=pd.DataFrame(
            [(one.opportunity_id, one.account_id) for one in customers],
            columns=["opportunity_id", "account_id"],
        ),
        invoices=pd.DataFrame(invoices, columns=INVOICED),
        conversions=pd.DataFrame(
            refunds,
            columns=["conversion_id", "opportunity_id", "conversion_value", "converted_date"],
        ),
        margins=pd.DataFrame(
            [("all", Decimal(share), pd.Timestamp(day)) for share, day, _ in MARGINS],
            columns=["product_line", "margin_share", "valid_from"],
        ),
    )
    return Books(customers, [], find_payments(known, customers, TODAY), TODAY, TODAY)


def load(
    connection: duckdb.DuckDBPyConnection, customers: list[Customer], invoices: list, refunds: list
) -> None:
    as_of(connection, "2026-09-30")
    table(
        connection, "int_customers__acquired",
        "customer_id varchar, account_id varchar, opportunity_id varchar, acquired_date date, "
        "acquisition_channel varchar, lead_source varchar, segment varchar, first_campaign varchar",
        *((c.customer_id, c.account_id, c.opportunity_id, c.acquired_date, c.channel, c.source,
           c.segment, c.first_campaign) for c in customers),
    )  # fmt: skip
    table(
        connection, "int_customers__engaged",
        "customer_id varchar, engagement_pattern varchar, touchpoints bigint, channels bigint, "
        "days_since_last_touchpoint bigint",
        *((c.customer_id, c.engagement.pattern, *c.engagement) for c in customers),
    )  # fmt: skip
    table(
        connection, "int_account_records__matched",
        "record_id varchar, account_id varchar, source_system varchar",
        *((c.account_id, c.account_id, "crm") for c in customers),
    )  # fmt: skip
    for name, columns in [
        ("int_opportunities__sourced", "opportunity_id varchar, customer_id varchar"),
        ("int_opportunities__valued", "opportunity_id varchar, is_won boolean, is_deleted boolean"),
    ]:
        rest = (lambda c: (c.customer_id,)) if "sourced" in name else (lambda _: (True, False))
        table(connection, name, columns, *((c.opportunity_id, *rest(c)) for c in customers))
    table(connection, "int_invoices__unioned", INVOICE, *invoices)
    table(
        connection, "int_conversions__unioned",
        "conversion_id varchar, opportunity_id varchar, conversion_value decimal(18, 2), "
        "converted_date date", *refunds,
    )  # fmt: skip
    table(
        connection, "int_margins__filled",
        "margin_share decimal(18, 6), valid_from date, valid_before date", *MARGINS,
    )  # fmt: skip
    table(
        connection, "int_exchange_rates__daily_filled",
        "currency varchar, report_date date, units_per_euro decimal(18, 6)",
    )  # fmt: skip
    table(
        connection, "fct_costs_monthly", "team varchar, cost decimal(18, 6)",
        ["marketing", MARKETING - 1], ["marketing", 1], ["sales", 5],
    )  # fmt: skip


def fit(connection: duckdb.DuckDBPyConnection) -> None:
    """Fit each group as the statistics do between two steps of the project."""
    renewals, purchases = [], []
    for group, rows in groups(
        connection, "int_customer_renewals__counted", "renewals_made, has_left, customers"
    ):
        known = expected_tenure(*zip(*rows, strict=True), YEARS, RATE)
        renewals.append((*group, known.is_settled, known.alpha, known.beta,
                         known.discounted_tenure))  # fmt: skip
    for group, rows in groups(
        connection, "int_customer_purchases__counted",
        "repeat_purchases, recency_days / 7, age_days / 7, mean_margin",
    ):  # fmt: skip
        known = expected_purchases(*zip(*rows, strict=True), Horizon(WEEKS_A_YEAR, YEARS, RATE))
        told = known.independence
        tail = (told.correlation, *told.interval, told.is_plausible) if told else (None,) * 4
        purchases.append((*group, known.is_settled, len(rows), known.residual_value, *tail))
    table(connection, "renewal_fits", FITS + "alpha double, beta double, discounted_tenure double",
          *renewals)  # fmt: skip
    table(
        connection, "purchase_fits", FITS + "customers bigint, residual_value double, "
        "correlation double, correlation_low double, correlation_high double, is_plausible boolean",
        *purchases,
    )  # fmt: skip


def groups(
    connection: duckdb.DuckDBPyConnection, model: str, columns: str
) -> Iterator[tuple[tuple, list[tuple]]]:
    rows = connection.sql(f"select {', '.join(CELL)}, {columns} from {model} order by all")
    for group, found in groupby(rows.fetchall(), key=lambda row: row[:2]):
        yield group, [row[2:] for row in found]


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[duckdb.DuckDBPyConnection, Books]]:
    draws = np.random.default_rng(4)
    customers = draw_customers(160, draws)
    invoices, refunds = draw_books(customers, draws)
    with duckdb.connect() as connection:
        load(connection, customers, invoices, refunds)
        build(connection, [
            "int_customers__grouped", "int_customer_payments__dated",
            "int_customer_renewals__counted", "int_customer_purchases__counted",
        ])  # fmt: skip
        fit(connection)
        build(connection, [
            "dim_customers", "fct_customer_margins", "fct_acquisition_costs_ever",
            "fct_lifetime_values", "lifetime_value", "customers", "margin_by_origin",
            "margin_by_cohort",
        ])  # fmt: skip
        yield connection, books_of(customers, invoices, refunds)


def published(connection: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    found = connection.sql(f"from {name}")
    return pd.DataFrame(found.fetchall(), columns=found.columns, dtype=object)


def test_lifetime_values_of_grown_customers_are_the_same(both: tuple) -> None:
    connection, books = both
    found, expected = published(connection, "lifetime_value"), lifetime_value(books, MARKETING)
    assert unlike(found.drop(columns=FITTED), expected.drop(columns=FITTED), CELL) == []
    known, fitted = (frame.set_index(CELL)[FITTED].sort_index() for frame in (found, expected))
    pd.testing.assert_frame_equal(
        known.astype(float), fitted.astype(float), rtol=1e-6, check_index_type=False
    )
    assert known.notna().any().all()


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("customers", ["customer_id"]),
        ("margin_by_origin", [*CELL, "age_months"]),
        ("margin_by_cohort", [*CELL, "cohort_quarter", "age_months"]),
    ],
    ids=["customers", "margin_by_origin", "margin_by_cohort"],
)
def test_margins_of_grown_customers_are_the_same(both: tuple, name: str, keys: list[str]) -> None:
    connection, books = both
    found = published(connection, name)
    assert unlike(found, getattr(kpis_realised_margin, name)(books), keys) == []
    if name != "customers":
        assert found.age_months.max() == 60
