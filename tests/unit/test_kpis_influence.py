"""Influenced revenue beside what chance would give, worked out by hand."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.support.influence import Q1, created, load_influence, member, rows, three_wins, win
from tests.support.pipeline import insert


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        load_influence(connection)
        yield connection


def test_influence_is_a_touch_of_the_group_in_the_window_and_not_of_sales(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for name in ("open", "responded", "after", "sales", "late", "old", "edge"):
        win(connection, name, "2026-06-01", "1")
        created(connection, name, "2026-05-01")
    for name, *touch in (
        ("open", "2026-05-20", "open"),
        ("responded", "2026-04-30", "response"),
        ("after", "2026-05-20", "response"),
        ("sales", "2026-05-20", "sales"),
        ("late", "2026-06-02", "response"),
        ("old", "2025-12-03", "response"),  # 180.54 days before
        ("edge", "2025-12-04", "response"),  # 179.54 days before
    ):
        member(connection, name, f"p-{name}", tuple(touch))
    found = rows(
        connection,
        """
        select definition, list(opportunity_id order by opportunity_id)
        from int_influence__opportunities_touched where is_influenced group by 1 order by 1
        """,
    )
    assert found == [
        ("after_creation", ["after"]),
        ("any_touch", ["after", "edge", "open", "responded"]),
        ("responded", ["after", "edge", "responded"]),
    ]


def test_influence_stands_beside_what_chance_would_give(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    three_wins(connection)
    member(connection, "a", "p", ("2026-02-01", "response"))
    member(connection, "b", "q", ("2026-02-01", "open"), ("2026-02-02", "open"))
    insert(
        connection,
        "influence_by_chance",
        [Q1, "any_touch", 0.3, 0.18],
        [Q1, "responded", 0.3, 0.18],
    )
    found = rows(
        connection,
        f"""
        select definition, influenced_revenue, influenced_share, influenced_opportunity_share,
            influenced_by_chance, is_above_chance, grade_reason
        from influenced_revenue_quarterly
        where period_start = '{Q1}' and definition <> 'after_creation' order by 1
        """,
    )
    # 0.3 + 2 * 0.18 is 0.66: two of three are more than chance, one is not
    assert found == [
        ("any_touch", 300, 0.3, pytest.approx(2 / 3), 0.3, True, "sample_size"),
        ("responded", 100, 0.1, pytest.approx(1 / 3), 0.3, False, "sample_size"),
    ]


def test_chance_is_asked_for_each_member_with_the_days_that_a_touch_could_count_on(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for name, day in (("a", "2026-05-22"), ("nobody", "2026-06-20")):
        win(connection, name, "2026-06-01", "1")
        created(connection, name, day)
    member(connection, "a", "p", ("2026-03-23", "open"), ("2026-06-25", "response"))
    member(connection, "a", "q", ("2026-06-01", "sales"))
    found = rows(
        connection,
        """
        select definition, opportunity_id, person_id, touches, window_days, observed_days
        from int_influence__touches_counted order by 1, 2, 3
        """,
    )
    # observed are 23 March to 30 June; ten days lie between creation and win, or none
    assert found == [
        (definition, opportunity, person, touches, window, 100)
        for definition, window, touched in (
            ("after_creation", 10, 1), ("any_touch", 180, 2), ("responded", 180, 1),
        )
        for opportunity, person, touches, window in (
            ("a", "p", touched, window), ("a", "q", 0, window),
            ("nobody", None, 0, 0 if definition == "after_creation" else window),
        )
    ]  # fmt: skip


def test_accurately_attributed_is_the_influenced_revenue_with_good_evidence(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for name, amount, credited in (
        ("a", "100", 2), ("b", "300", 1), ("c", "400", "outside_window"), ("d", "200", 2),
    ):  # fmt: skip
        win(connection, name, "2026-03-01", amount, credited)
    for name in "abc":
        member(connection, name, name, ("2026-02-01", "response"))
    [found] = rows(
        connection,
        f"""
        select influenced_revenue, influenced_share, accurately_attributed_share
        from influenced_revenue_quarterly
        where period_start = '{Q1}' and definition = 'any_touch'
        """,
    )
    # of a, b and c, which are influenced, a and b have contact roles and touchpoints
    assert found == (800, 0.8, 0.5)
