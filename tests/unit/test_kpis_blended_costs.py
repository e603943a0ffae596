"""What marketing and sales cost in all, and for a customer: worked by hand, and the edges."""

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from tests.support.ads import add
from tests.support.dbt_sql import build, render
from tests.support.kpi_costs import COSTS, company, rows, sell, spend

Connection = duckdb.DuckDBPyConnection
FEBRUARY = "period = 'month' and period_start = '2026-02-01'"


@pytest.fixture
def connection() -> Iterator[Connection]:
    with duckdb.connect() as connection:
        company(connection)
        yield connection


@pytest.fixture
def sold(connection: Connection) -> Connection:
    sell(connection)
    return connection


def blended(connection: Connection, columns: str) -> list[tuple]:
    add(connection, "int_costs__unioned",
        {"cost_id": "people", "cost_category": "people", "amount": 140},
        {"cost_id": "sales", "cost_category": "people", "team": "sales", "amount": 1_400},
    )  # fmt: skip
    return rows(connection, "blended_acquisition_cost", columns, FEBRUARY + " and lag = 'none'")


def test_blended_cac_and_its_payback_take_all_that_was_paid_and_all_who_came(
    sold: Connection,
) -> None:
    # marketing 460 + 140 = 600, sales 1,400, 4 customers: 150 and 500; a customer is worth 1,000
    # a year, so 1,000 / 12 * 0.5 = 41.67 of margin a month: 500 / 41.67 = 12 months
    assert blended(
        sold,
        "media, marketing_cost, sales_cost, new_customers, blended_cac, fully_loaded_cac, "
        "new_customer_value, margin_share, cac_payback_months, null_reason",
    ) == [
        (460, 600, 1_400, 4, 150, 500, 1_000, Decimal("0.5"), pytest.approx(12), None)
    ]  # fmt: skip


def test_blended_cac_lies_within_what_chance_allows(sold: Connection) -> None:
    # Byar for 4: low 4 * (1 - 1/36 - 1.96 / 6) ** 3 = 1.0761, high 5 * (1 - 1/45 + 1.96 / (3 *
    # sqrt 5)) ** 3 = 10.241
    [(low, high)] = blended(sold, "blended_cac_low, blended_cac_high")
    assert (low, high) == (
        pytest.approx(600 / 10.241, rel=1e-4),
        pytest.approx(600 / 1.0761, rel=1e-4),
    )


@pytest.mark.parametrize(
    ("margin", "reason"),
    [(-0.1, "margin_not_positive"), (0, "margin_not_positive"), (None, "no_margin")],
)
def test_a_margin_that_is_missing_or_not_above_zero_never_pays_back(
    sold: Connection, margin: float | None, reason: str
) -> None:
    sold.execute("update int_margins__filled set margin_share = ?", [margin])
    assert blended(sold, "blended_cac, cac_payback_months, null_reason") == [(150, None, reason)]


def test_a_cost_takes_the_rate_of_its_month_s_first_day(connection: Connection) -> None:
    add(connection, "int_exchange_rates__unioned",
        {"currency": "USD", "units_per_euro": 2, "rate_date": "2026-02-02"})  # fmt: skip
    add(connection, "int_costs__unioned", {"currency": "USD", "amount": 100})
    build(connection, COSTS)
    assert connection.execute("select cost from fct_costs_monthly").fetchall() == [(80,)]
    assert connection.execute(render("assert_costs_are_conserved")).fetchall() == []
    connection.execute("update fct_costs_monthly set cost = cost + 0.01")
    assert len(connection.execute(render("assert_costs_are_conserved")).fetchall()) == 1


def test_a_cost_without_a_rate_within_7_days_stops_the_build_and_names_day_and_pair(
    connection: Connection,
) -> None:
    add(connection, "int_costs__unioned",
        {"currency": "USD", "amount": 100, "cost_month": "2026-03-01"})  # fmt: skip
    with pytest.raises(duckdb.Error, match="from USD to EUR on 2026-03-01"):
        build(connection, COSTS)


def test_media_and_hand_kept_costs_are_in_one_table(connection: Connection) -> None:
    add(connection, "dim_campaigns", {"campaign": "spring", "campaign_type": "Event"})
    spend(connection, "2026-02", paid_search=10)
    add(connection, "int_costs__unioned",
        {"cost_id": "1", "campaign": "spring", "channel": "event", "amount": 5},
        {"cost_id": "2", "campaign": "unheard", "amount": 3},
    )  # fmt: skip
    assert rows(connection, "cost_monthly", "cost_category, channel, campaign_type, cost") == [
        ("agency", "event", "Event", 5), ("agency", None, "none", 3),
        ("media", "paid_search", "none", 10),
    ]  # fmt: skip
