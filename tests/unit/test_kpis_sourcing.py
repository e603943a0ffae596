"""Sourced revenue, coverage and its evidence, worked out by hand."""

from collections.abc import Iterator

import duckdb
import pytest

from analytics.intervals import wilson_intervals
from tests.support.influence import Q1, Q2, load_influence, refund, rows, sourced, three_wins, win
from tests.support.pipeline import insert


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        load_influence(connection)
        yield connection


def test_three_definitions_of_sourced_stand_side_by_side(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    three_wins(connection)
    found = rows(
        connection,
        f"""
        select definition, won_revenue, sourced_revenue, sourced_share, sourced_opportunities,
            sample_size, null_reason
        from sourced_revenue_quarterly where period_start = '{Q1}' order by 1
        """,
    )
    # of 1,000: 100 + 200 have a first touch of marketing's, 100 before sales; 100 + 700 the field
    assert found == [
        ("first_touch", 1000, 300, 0.3, 2, 3, None),
        ("first_touch_before_sales", 1000, 100, 0.1, 1, 3, None),
        ("lead_source_field", 1000, 800, 0.8, 2, 3, None),
    ]
    [low], [high] = wilson_intervals([2], [3])
    [bounds] = connection.execute(
        f"""
        select sourced_opportunity_share, sourced_opportunity_share_low,
            sourced_opportunity_share_high
        from sourced_revenue_quarterly
        where period_start = '{Q1}' and definition = 'first_touch'
        """
    ).fetchall()
    assert bounds == pytest.approx((2 / 3, low, high))


def test_a_refund_leaves_the_wins_quarter_and_is_negative_in_its_own(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    three_wins(connection)
    refund(connection, "a", "2026-05-01", "60")
    found = rows(
        connection,
        """
        select period_start::varchar, won_revenue, sourced_revenue, opportunities, null_reason
        from sourced_revenue_quarterly where definition = 'first_touch' order by 1
        """,
    )
    assert found == [(Q1, 1000, 300, 3, None), (Q2, -60, -60, 0, "no_won_opportunities")]
    assert connection.execute(
        "select period_start::varchar, revenue, opportunities from attribution_coverage_quarterly "
        "order by 1"
    ).fetchall() == [(Q1, 1000, 3), (Q2, -60, 0)]


@pytest.mark.parametrize("settled_until", ["2026-01-31", None], ids=["late", "unknown"])
def test_what_reads_touchpoints_is_as_fresh_as_they_are(
    connection: duckdb.DuckDBPyConnection, settled_until: str | None
) -> None:
    for name in "abcdefghij":
        win(connection, name, "2026-03-01", "100")
        sourced(connection, name, "first")
    connection.execute(
        "update fct_input_quality set settled_until = ? where area = 'touchpoints'",
        [settled_until],
    )
    found = rows(
        connection,
        f"""
        select definition, grade, grade_reason from sourced_revenue_quarterly
        where period_start = '{Q1}' order by 1
        """,
    )
    assert found == [
        ("first_touch", "D", "freshness"),
        ("first_touch_before_sales", "D", "freshness"),
        ("lead_source_field", "C", "sample_size"),
    ]


def test_a_quarter_that_refunds_more_than_it_wins_has_no_shares(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    three_wins(connection)
    refund(connection, "c", "2026-03-31", "1000")
    [found] = rows(
        connection,
        f"""
        select won_revenue, sourced_share, null_reason from sourced_revenue_quarterly
        where period_start = '{Q1}' and definition = 'first_touch'
        """,
    )
    assert found == (0, None, "no_won_revenue")


def test_one_won_opportunity_is_too_few_for_a_share(connection: duckdb.DuckDBPyConnection) -> None:
    win(connection, "a", "2026-03-01", "100")
    sourced(connection, "a", "field", "first", "before")
    for table, share in (
        ("sourced_revenue_quarterly", "sourced_share"),
        ("influenced_revenue_quarterly", "influenced_share"),
        ("attribution_coverage_quarterly", "attribution_coverage"),
    ):
        assert rows(
            connection,
            f"select distinct won_revenue, {share}, null_reason, grade from {table} "
            f"where period_start = '{Q1}'",
        ) == [(100, None, "too_few_cases", "D")]


@pytest.mark.parametrize(
    ("rung", "credited", "grade"),
    [
        ("contact_role", 2, "A"), ("contact_role", 1, "B"), ("association", 2, "B"),
        ("association", 1, "C"), ("account", 9, "C"), ("contact_role", "outside_window", "D"),
        (None, "no_buying_group", "D"),
    ],
)  # fmt: skip
def test_evidence_is_graded_by_the_group_and_the_touchpoints(
    connection: duckdb.DuckDBPyConnection, rung: str | None, credited: int | str, grade: str
) -> None:
    win(connection, "a", "2026-03-01", "100", credited)
    refund(connection, "a", "2026-05-01", "40", credited)
    if rung:
        insert(connection, "int_buying_groups__resolved", ["a", "p", rung])
    found = rows(connection, "select converted_date::varchar, won_revenue, evidence_grade "
                 "from opportunity_evidence")  # fmt: skip
    assert found == [("2026-03-01", 60, grade)]


def test_coverage_by_quarter_adds_up_to_the_coverage_of_all_time(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    win(connection, "a", "2026-03-01", "150")
    win(connection, "b", "2026-03-02", "50", "no_touchpoints")
    win(connection, "c", "2026-03-03", "50", "outside_window")
    win(connection, "d", "2026-06-01", "70")
    refund(connection, "d", "2026-07-01", "20")  # after the reporting date
    found = rows(
        connection,
        """
        select period_start::varchar, reason, revenue, share_of_revenue, attribution_coverage
        from attribution_coverage_quarterly order by 1, 2
        """,
    )
    assert found == [
        (Q1, "attributed", 150, 0.6, 0.6),  # 150 of 250
        (Q1, "no_touchpoints", 50, 0.2, 0.6),
        (Q1, "outside_window", 50, 0.2, 0.6),
        (Q2, "attributed", 70, None, None),
        ("2026-07-01", "attributed", -20, None, None),
    ]
    summed = connection.execute(
        "select sum(revenue), sum(revenue) filter (where reason = 'attributed') "
        "from attribution_coverage_quarterly"
    ).fetchall()
    assert summed == connection.execute("from fct_attribution_coverage").fetchall() == [(300, 200)]


def test_a_quarter_to_come_of_which_nothing_is_attributed_has_a_coverage_of_zero(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for opportunity in ("a", "b", "c"):
        win(connection, opportunity, "2026-07-01", "50", "no_touchpoints")
    found = rows(
        connection,
        f"""
        select reason, revenue, attributed_revenue, attribution_coverage, null_reason
        from attribution_coverage_quarterly where period_start > '{Q2}' order by 1
        """,
    )
    assert found == [("attributed", 0, 0, 0, None), ("no_touchpoints", 150, 0, 0, None)]
