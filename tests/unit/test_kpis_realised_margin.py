"""What customers have brought at equal ages, worked out by hand."""

from collections.abc import Iterator, Sequence

import duckdb
import pytest

from tests.support.customers import PAYMENTS, as_of, group_all, table
from tests.support.dbt_sql import build

# on the last day known a is 12 months old, b 11, c 10, and d only one
ACQUIRED = {"a": "2025-01-31", "b": "2025-02-15", "c": "2025-03-31", "d": "2025-12-31"}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        as_of(connection, "2026-01-31")
        yield connection


def margins(
    connection: duckdb.DuckDBPyConnection,
    *payments: tuple[str, str | None, int],
    grain: str = "origin",
    **acquired: str,
) -> dict:
    """Return margin, realised margin, customers, observed ones and reason by age (and cohort).

    Each payment is of a customer, has a margin and the age at which it counts.
    """
    group_all(connection, **(acquired or ACQUIRED))
    table(
        connection,
        "int_customer_payments__dated",
        PAYMENTS,
        *(
            [f"p{number}", customer, None, "new", "1000", margin, "2025-01-01", age]
            for number, (customer, margin, age) in enumerate(payments)
        ),
    )
    build(connection, ["fct_customer_margins", f"margin_by_{grain}"])
    key = "age_months" if grain == "origin" else "(strftime(cohort_quarter, '%Y-%m'), age_months)"
    rows = connection.execute(
        f"select {key}, cast(margin as double), realised_margin, customers, observed_customers, "
        f"null_reason from margin_by_{grain} where breakdown = 'all'"
    ).fetchall()
    return {key: tuple(row) for key, *row in rows}


FOUR: Sequence = [("a", "100", 0), ("b", "200", 0), ("c", "300", 0), ("d", "1000", 0)]


def test_the_margin_of_an_age_is_shared_by_those_who_reached_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = margins(connection, *FOUR, ("a", "50", 12))
    # all four: (100 + 200 + 300 + 1000) / 4
    assert found[1] == (1600, 400, 4, 4, None)
    # d is not yet 2 months old: (100 + 200 + 300) / 3, neither 1600 / 3 nor 600 / 4
    assert found[2] == (600, 200, 4, 3, None)
    assert found[10] == (600, 200, 4, 3, None)


def test_fewer_customers_than_the_floor_have_a_sum_and_no_mean(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = margins(connection, *FOUR, ("a", "50", 12))
    assert found[11] == (300, None, 4, 2, "too_few_cases")
    assert found[12] == (150, None, 4, 1, "too_few_cases")
    assert max(found) == 12


def test_one_customer_has_no_mean(connection: duckdb.DuckDBPyConnection) -> None:
    found = margins(connection, ("a", "100", 0), a="2026-01-31")
    assert found == {0: (100, None, 1, 1, "too_few_cases")}


def test_a_refund_lowers_the_margin_from_its_age_on_and_not_before(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    before = margins(connection, *FOUR)
    found = margins(connection, *FOUR, ("b", "-60", 3))
    assert {age: found[age] for age in range(3)} == {age: before[age] for age in range(3)}
    # without d: (100 + 200 + 300 - 60) / 3
    assert [found[age][1] for age in (3, 4, 10)] == [180, 180, 180]


def test_a_loss_stays_a_loss(connection: duckdb.DuckDBPyConnection) -> None:
    found = margins(connection, ("a", "-30", 0), ("b", "-60", 0), ("c", "-90", 0))
    assert found[2] == (-180, -60, 4, 3, None)


def test_a_payment_without_a_known_margin_leaves_the_sum_unknown(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = margins(connection, *FOUR, ("c", None, 10))
    assert found[9][1:] == (200, 4, 3, None)
    assert found[10] == (None, None, 4, 3, "no_margin")


def test_customers_whom_nobody_has_billed_have_no_margin_rather_than_none(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    margins(connection)
    connection.execute("update dim_customers set is_billed = false")
    build(connection, ["fct_customer_margins", "margin_by_origin"])
    found = connection.execute(
        "select distinct margin, realised_margin, null_reason from margin_by_origin"
    ).fetchall()
    assert found == [(None, None, "no_invoices")]


def test_a_cohort_is_the_quarter_of_the_first_win(connection: duckdb.DuckDBPyConnection) -> None:
    found = margins(connection, *FOUR, grain="cohort")
    assert found["2025-01", 1] == (600, 200, 3, 3, None)
    assert found["2025-10", 1] == (1000, None, 1, 1, "too_few_cases")
    assert ("2025-10", 2) not in found


def test_a_figure_is_graded_by_its_customers_and_by_who_of_them_is_billed(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    hundred = {f"c{number}": "2025-01-31" for number in range(100)}
    margins(connection, ("c0", "100", 0), **hundred)
    grades = "select grade, grade_reason, sample_size from margin_by_origin where age_months = 12"
    assert connection.execute(grades).fetchall() == [("A", None, 100)]
    connection.execute("update dim_customers set is_billed = customer_id < 'c83'")
    build(connection, ["fct_customer_margins", "margin_by_origin"])
    assert connection.execute(grades).fetchall() == [("B", "coverage", 100)]
    # half of the days of a year have settled
    connection.execute("update fct_input_quality set settled_until = '2025-08-01'")
    build(connection, ["margin_by_origin"])
    assert connection.execute(grades).fetchall() == [("C", "freshness", 100)]
    connection.execute("update fct_input_quality set settled_until = null where area = 'invoices'")
    build(connection, ["margin_by_origin"])
    assert connection.execute(grades).fetchall() == [("D", "freshness", 100)]
