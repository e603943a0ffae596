"""What a customer is expected to bring, by the formulas and for awkward groups."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.support.customers import PAYMENTS, as_of, table
from tests.support.dbt_sql import build

VALUES = {
    "breakdown": ("varchar", "channel"),
    "breakdown_value": ("varchar", "webinar"),
    "customers": ("bigint", 40),
    "billed_customers": ("bigint", 40),
    "first_year_customers": ("bigint", 30),
    "first_year_margin": ("decimal(38, 8)", "30000"),
    "due_customers": ("hugeint", 32),
    "renewals_made": ("hugeint", 30),
    "renewals_due": ("hugeint", 40),
    "is_settled": ("boolean", True),
    "alpha": ("double", 0.8),
    "beta": ("double", 3.2),
    "discounted_tenure": ("double", 3.5),
    "is_purchase_settled": ("boolean", True),
    "purchase_customers": ("bigint", 4),
    "residual_value": ("double", 600.0),
    "correlation": ("double", 0.1),
    "correlation_low": ("double", -0.2),
    "correlation_high": ("double", 0.4),
    "is_plausible": ("boolean", True),
    "horizon_years": ("integer", 5),
    "discount_rate": ("double", 0.1),
    "observed_from": ("date", "2024-01-31"),
    "observed_until": ("date", "2026-01-31"),
}
MARGINS = (
    "breakdown varchar, breakdown_value varchar, cohort_quarter date, age_months integer, "
    "observed_customers bigint, margin decimal(38, 8)"
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        as_of(connection, "2026-01-31")
        table(
            connection, "fct_acquisition_costs_ever",
            "marketing_cost decimal(38, 6), new_customers bigint", ["14000", 20],
        )  # fmt: skip
        table(
            connection, "fct_customer_margins", MARGINS,
            ["channel", "webinar", None, 12, 8, "12000"],
            ["channel", "webinar", None, 24, 2, "9000"],
            ["channel", "webinar", "2024-01-01", 12, 1, "1"],
        )  # fmt: skip
        yield connection


def lifetime_value(connection: duckdb.DuckDBPyConnection, figures: str, **changed: object) -> tuple:
    """Return figures of one group whose measures are as above, but for those changed."""
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in VALUES.items())
    row = {name: value for name, (_, value) in VALUES.items()} | changed
    table(connection, "fct_lifetime_values", columns, list(row.values()))
    build(connection, ["lifetime_value"])
    [found] = connection.execute(f"select {figures} from lifetime_value").fetchall()
    return found


def test_each_figure_is_its_formula(connection: duckdb.DuckDBPyConnection) -> None:
    found = lifetime_value(
        connection,
        "first_year_margin_per_customer, expected_lifetime_value, ltv_to_cac, renewal_rate, "
        "expected_purchase_value, null_reason, sample_size",
    )
    # in this order: 30,000 / 30; 1,000 · 3.5; 3,500 / (14,000 / 20); 30 / 40; 600 / 4
    assert found == (1000, 3500, 5, 0.75, 150, None, 32)


def test_a_renewal_rate_is_within_its_interval_of_wilson(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = lifetime_value(connection, "renewal_rate_low, renewal_rate_high")
    # with z = 1.95996 and n = 40 the centre is (0.75 + z²/80) / (1 + z²/40) = 0.728095, and what
    # lies on either side z √(0.75 · 0.25 / 40 + z²/6400) / (1 + z²/40) = 0.130034
    assert found == pytest.approx((0.598061, 0.858129), abs=2e-6)


def test_with_one_churn_for_all_a_customer_stays_for_one_over_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    # 30,000 / 30 a year, for 1 / (1 - 30/40) = 4 years; while nobody has left there is no end
    assert lifetime_value(connection, "simple_lifetime_value") == (4000,)
    assert lifetime_value(connection, "simple_lifetime_value", renewals_made=40) == (None,)


def test_margins_of_an_age_are_those_of_all_cohorts_together(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = lifetime_value(
        connection,
        "observed_customers_12_months, realised_margin_12_months, observed_customers_24_months, "
        "realised_margin_24_months",
    )
    # 12,000 / 8; two customers are below the floor
    assert found == (8, 1500, 2, None)


def test_a_loss_stays_a_loss_and_is_not_left_out(connection: duckdb.DuckDBPyConnection) -> None:
    found = lifetime_value(
        connection,
        "first_year_margin_per_customer, expected_lifetime_value, ltv_to_cac, null_reason",
        first_year_margin="-30000",
    )
    assert found == (-1000, -3500, -5, None)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"billed_customers": 0, "first_year_customers": 0, "first_year_margin": None,
          "is_settled": False, "discounted_tenure": None, "due_customers": 0}, "no_invoices"),
        ({"first_year_customers": 0, "first_year_margin": None}, "no_margin"),
        ({"due_customers": 0, "is_settled": False, "discounted_tenure": None,
          "renewals_due": 0, "renewals_made": 0}, "no_renewals_due"),
        ({"is_settled": False, "discounted_tenure": None}, "fit_not_settled"),
        ({"due_customers": 2}, "too_few_cases"),
    ],
    ids=["nobody billed", "no margin", "no renewal due", "unsettled", "two customers"],
)  # fmt: skip
def test_what_cannot_be_projected_says_why(
    connection: duckdb.DuckDBPyConnection, changed: dict, reason: str
) -> None:
    found = lifetime_value(
        connection, "expected_lifetime_value, ltv_to_cac, null_reason", **changed
    )
    assert found == (None, None, reason)


def test_without_a_renewal_due_there_is_no_rate(connection: duckdb.DuckDBPyConnection) -> None:
    found = lifetime_value(
        connection, "renewal_rate, renewal_rate_low", renewals_due=0, renewals_made=0
    )
    assert found == (None, None)


def test_without_cost_there_is_no_ratio_to_it(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update fct_acquisition_costs_ever set marketing_cost = 0")
    assert lifetime_value(connection, "expected_lifetime_value, ltv_to_cac") == (3500, None)


def test_a_group_counts_its_customers_and_their_renewals(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    group = "breakdown varchar, breakdown_value varchar, "
    table(
        connection, "int_customers__grouped",
        group + "customer_id varchar, acquired_date date",
        *(["all", "all", name, f"2025-01-0{day}"] for day, name in enumerate("abcd", start=1)),
    )  # fmt: skip
    table(
        connection, "dim_customers",
        "customer_id varchar, is_billed boolean, first_year_margin decimal(28, 8)",
        ["a", True, "100"], ["b", True, "-20"], ["c", True, None], ["d", False, None],
    )  # fmt: skip
    table(
        connection, "int_customer_renewals__counted",
        group + "renewals_made bigint, has_left boolean, customers bigint",
        ["all", "all", 0, False, 1], ["all", "all", 0, True, 1], ["all", "all", 3, True, 2],
    )  # fmt: skip
    table(
        connection, "renewal_fits",
        group + "is_settled boolean, alpha double, beta double, discounted_tenure double",
        ["all", "all", False, None, None, None],
    )  # fmt: skip
    table(
        connection, "purchase_fits",
        group + "is_settled boolean, customers bigint, residual_value double, correlation double, "
        "correlation_low double, correlation_high double, is_plausible boolean",
    )  # fmt: skip
    build(connection, ["fct_lifetime_values"])
    # due are 1 + 2 · (3 + 1), made 2 · 3; one customer has come to no renewal
    assert connection.execute(
        "select customers, billed_customers, first_year_customers, cast(first_year_margin as int), "
        "due_customers, renewals_due, renewals_made, is_settled, is_purchase_settled, "
        "purchase_customers, horizon_years, discount_rate from fct_lifetime_values"
    ).fetchall() == [(4, 3, 2, 80, 3, 9, 6, False, False, 0, 5, 0.1)]


@pytest.mark.parametrize(
    ("payments", "counted"),
    [
        ([], (0, False)),
        ([("churn", "2026-01-01")], (0, True)),
        ([("renewal", "2026-01-01")], (1, False)),
        ([("renewal", "2026-01-01"), ("churn", "2027-01-01")], (1, True)),
        ([("churn", "2026-01-01"), ("renewal", "2027-01-01")], (0, True)),
        ([("churn", "2026-01-01"), ("renewal", "2026-01-01")], (1, False)),
        ([("new", "2026-01-01"), ("expansion", "2026-02-01")], (0, False)),
    ],
    ids=[
        "none is due", "left without any", "renewed", "renewed and left", "left and came back",
        "one of two contracts", "a sale is no renewal",
    ],
)  # fmt: skip
def test_a_customer_has_renewed_until_it_first_left(
    connection: duckdb.DuckDBPyConnection, payments: list, counted: tuple
) -> None:
    table(
        connection, "int_customers__grouped",
        "breakdown varchar, breakdown_value varchar, customer_id varchar", ["all", "all", "a"],
    )  # fmt: skip
    table(
        connection,
        "int_customer_payments__dated",
        PAYMENTS,
        *([f"p{day}{kind}", "a", None, kind, "1", "1", day, 0] for kind, day in payments),
    )
    build(connection, ["int_customer_renewals__counted"])
    assert connection.execute(
        "select renewals_made, has_left, customers from int_customer_renewals__counted"
    ).fetchall() == [(*counted, 1)]
