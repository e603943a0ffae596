"""What a buying group had been through before the first win, and how that is called."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.support.customers import table
from tests.support.dbt_sql import DBT_DIR, attribution_models, build


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """One customer, a, won on 2025-01-31."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        table(
            connection, "int_customers__acquired",
            "customer_id varchar, opportunity_id varchar, acquired_date date",
            ["a", "o1", "2025-01-31"],
        )  # fmt: skip
        yield connection


def engaged(connection: duckdb.DuckDBPyConnection, *touchpoints: tuple) -> tuple:
    """Return the pattern of a's group: of person, channel, instant, is sales, is an open."""
    connection.execute(f"create or replace table attribution_models as {attribution_models()}")
    connection.execute(
        "create or replace table engagement_patterns as "
        f"from read_csv('{DBT_DIR.parent / 'seeds' / 'engagement_patterns.csv'}')"
    )
    table(
        connection, "int_buying_groups__resolved", "opportunity_id varchar, person_id varchar",
        ["o1", "p"], ["o1", "q"], ["o2", "r"],
    )  # fmt: skip
    table(
        connection,
        "int_touchpoints__classified",
        "touchpoint_id varchar, person_id varchar, channel varchar, occurred_at timestamp, "
        "occurred_date date, is_sales boolean, is_impression_or_open boolean",
        *(
            [f"t{number}", person, channel, at, at[:10], is_sales, is_open]
            for number, (person, channel, at, is_sales, is_open) in enumerate(touchpoints)
        ),
    )
    build(connection, ["int_customers__engaged"])
    [found] = connection.execute(
        "select engagement_pattern, touchpoints, channels, days_since_last_touchpoint "
        "from int_customers__engaged"
    ).fetchall()
    return found


def some(count: int, channels: int, last: str = "2025-01-31 20:00") -> list[tuple]:
    return [("p", f"channel {n % channels}", last, False, False) for n in range(count)]


@pytest.mark.parametrize(
    ("touchpoints", "found"),
    [
        ([], ("none", 0, 0, None)),
        (some(1, 1), ("single", 1, 1, 0)),
        (some(5, 4, "2025-01-01 12:00"), ("light_active", 5, 4, 30)),
        (some(5, 4, "2024-12-31 12:00"), ("light_quiet", 5, 4, 31)),
        (some(6, 4, "2025-01-01 12:00"), ("broad_active", 6, 4, 30)),
        (some(6, 4, "2024-12-31 12:00"), ("broad_quiet", 6, 4, 31)),
        (some(6, 3), ("deep_active", 6, 3, 0)),
        (some(6, 3, "2024-12-31 12:00"), ("deep_quiet", 6, 3, 31)),
        ([*some(1, 1), ("q", "email", "2025-01-30 12:00", False, False)],
         ("light_active", 2, 2, 0)),
        ([*some(1, 1), ("p", "sales", "2025-01-30 12:00", True, False),
          ("p", "email", "2025-01-30 12:00", False, True),
          ("r", "email", "2025-01-30 12:00", False, False),
          ("p", "email", "2025-02-01 12:00", False, False),
          ("p", "email", "2023-08-01 12:00", False, False)], ("single", 1, 1, 0)),
    ],
    ids=[
        "nothing", "one", "few", "few of long ago", "broad", "broad of long ago", "deep",
        "deep of long ago", "two persons of the group", "what does not count",
    ],
)  # fmt: skip
def test_a_pattern_is_the_first_rule_that_fits_the_groups_touchpoints(
    connection: duckdb.DuckDBPyConnection, touchpoints: list, found: tuple
) -> None:
    assert engaged(connection, *touchpoints) == found


def test_who_fits_no_pattern_stands_apart(connection: duckdb.DuckDBPyConnection) -> None:
    engaged(connection)
    connection.execute("delete from engagement_patterns where max_touchpoints <= 1")
    build(connection, ["int_customers__engaged"])
    found = connection.execute("select engagement_pattern from int_customers__engaged").fetchall()
    assert found == [("unmatched",)]
