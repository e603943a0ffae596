"""The pipeline's velocity and the win rate's change, worked out by hand."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import duckdb
import pytest

from analytics.intervals import share_change_intervals, wilson_intervals
from analytics.standardisation import compare_at_base_mix
from tests.support.pipeline import Opportunity, build_pipeline, insert, load_periods

# Days to close: 30, 40, 89, 90, 40; nine of ten are closed within 89 + 0.6 * (90 - 89) = 89.6.
WORKED = (
    Opportunity("2026-01-01", "2026-01-31", "won", "100", source="Web"),
    Opportunity("2026-01-11", "2026-02-20", "won", "200", source="Event"),
    Opportunity("2026-01-01", "2026-03-31", "lost", source="Event"),
    Opportunity("2025-12-01", "2026-03-01", "lost", source="Web"),
    Opportunity("2026-02-01", "2026-12-24"),
    Opportunity("2026-05-01", "2026-06-10", "won", "600"),
    Opportunity(None, "2026-02-10", "won", "300"),
    Opportunity("2026-01-01", "2026-02-01", "won", "9999", is_deleted=True),
)
COUNTS = "opportunities, open_opportunities, stale_opportunities, won, lost, won_revenue"
FIGURES = "win_rate, average_deal_value, cycle_days, pipeline_velocity"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        load_periods(connection, "2026-01-01", "2026-06-30")
        yield connection


def cell(connection: duckdb.DuckDBPyConnection, columns: str, **key: str) -> tuple:
    """Return columns of the first quarter by period for the company, but for what ``key`` says."""
    where = {"period": "quarter", "start": "2026-01-01", "basis": "period", "value": "all"} | key
    [row] = connection.execute(
        f"""
        select {columns} from pipeline_velocity
        where period = $period and period_start = $start and basis = $basis
            and breakdown_value = $value
        """,
        where,
    ).fetchall()
    return row


def test_by_period_counts_what_was_open_in_it_and_closed_in_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    build_pipeline(connection, WORKED)
    assert cell(connection, COUNTS) == (6, 1, 1, 3, 2, Decimal(600))
    # 3 of 5; 600 ÷ 3; the median of 30 and 40; 6 * 0.6 * 200 ÷ 35
    assert cell(connection, FIGURES) == pytest.approx((0.6, 200, 35, 720 / 35))
    assert cell(connection, "is_complete, is_mature, sample_size, null_reason") == (
        True, None, 5, None,
    )  # fmt: skip


def test_by_cohort_counts_what_was_created_in_it_whenever_it_was_closed(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    late = Opportunity("2026-03-20", "2026-05-09", "lost")  # closed after 50 days
    build_pipeline(connection, [*WORKED, late])
    assert cell(connection, COUNTS, basis="cohort") == (5, 1, 1, 2, 2, Decimal(300))
    # 2 of 4; 300 ÷ 2; the median of 30 and 40; 5 * 0.5 * 150 ÷ 35
    assert cell(connection, FIGURES, basis="cohort") == pytest.approx((0.5, 150, 35, 375 / 35))


def test_a_cohort_is_mature_once_nine_of_ten_have_had_the_time_to_close(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    build_pipeline(connection, WORKED)
    # the quarters ended 91 days and 0 days before the reporting date; 89.6 are asked for
    assert cell(connection, "is_mature", basis="cohort") == (True,)
    assert cell(connection, "is_mature", basis="cohort", start="2026-04-01") == (False,)


def test_all_quarters_together_count_each_opportunity_once(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    build_pipeline(connection, WORKED)
    assert cell(connection, COUNTS, period="all") == (7, 1, 1, 4, 2, Decimal(1200))
    # 4 of 6; 1,200 ÷ 4; the median of 30, 40 and 40; 7 * 2/3 * 300 ÷ 40
    assert cell(connection, FIGURES, period="all") == pytest.approx((2 / 3, 300, 40, 35))


def test_a_breakdown_has_a_row_for_each_value_that_counts_something(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    build_pipeline(connection, WORKED)
    assert cell(connection, COUNTS, value="Event") == (2, 0, 0, 1, 1, Decimal(200))
    assert cell(connection, COUNTS, value="Web") == (4, 1, 1, 2, 1, Decimal(400))
    assert cell(connection, "count(*)", value="Event", start="2026-04-01") == (0,)


def test_a_win_rate_has_wilsons_interval(connection: duckdb.DuckDBPyConnection) -> None:
    build_pipeline(connection, WORKED)
    [low], [high] = wilson_intervals([3], [5])
    found = cell(connection, "win_rate_low, win_rate_high")
    assert found == pytest.approx((low, high))


def test_an_opportunity_without_created_date_counts_where_it_closed_and_has_no_cycle(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    unknown = [Opportunity(None, f"2026-02-0{day}", "won", "50") for day in range(1, 4)]
    build_pipeline(connection, [*unknown, Opportunity(None)])
    assert cell(connection, COUNTS) == (3, 0, 0, 3, 0, Decimal(150))
    assert cell(connection, f"{FIGURES}, null_reason") == (1, 50, None, None, "no_cycle_days")
    assert cell(connection, "opportunities", basis="cohort") == (0,)


def test_a_win_dated_before_its_creation_is_in_the_pipeline_of_the_quarter_that_it_closed_in(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    build_pipeline(connection, [Opportunity("2026-04-02", "2026-03-30", "won", "50")])
    assert cell(connection, "opportunities, won") == (1, 1)
    assert cell(connection, "opportunities, won", start="2026-04-01") == (0, 0)


@pytest.mark.parametrize(
    ("outcomes", "reason", "win_rate"),
    [
        ([], "no_closed_opportunities", None),
        (["open", "open", "open"], "no_closed_opportunities", None),
        (["lost", "lost", "lost"], "no_won_opportunities", 0),
        (["won"], "too_few_cases", None),
        (["won", "lost"], "too_few_cases", None),
        (["won", "lost", "lost"], None, 1 / 3),
    ],
)
def test_what_cannot_be_said_is_null_with_its_reason(
    connection: duckdb.DuckDBPyConnection,
    outcomes: Sequence[str],
    reason: str | None,
    win_rate: float | None,
) -> None:
    build_pipeline(
        connection,
        [Opportunity("2026-01-01", "2026-02-01", outcome, "10") for outcome in outcomes],
    )
    found = cell(connection, "win_rate, null_reason, pipeline_velocity is null, grade")
    assert found == (pytest.approx(win_rate), reason, reason is not None, "D")


def test_an_interval_stands_only_beside_a_velocity(connection: duckdb.DuckDBPyConnection) -> None:
    build_pipeline(connection, WORKED)
    insert(
        connection,
        "pipeline_velocity_intervals",
        ["quarter", "2026-01-01", "period", "all", "all", 1, 40],
        ["quarter", "2026-04-01", "period", "all", "all", 1, 40],
    )
    build_pipeline(connection, [])
    bounds = "pipeline_velocity_low, pipeline_velocity_high"
    assert cell(connection, bounds) == (1, 40)
    assert cell(connection, bounds, start="2026-04-01") == (None, None)  # one case


def test_statistics_are_given_what_was_won_in_an_order_that_stays(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    build_pipeline(connection, WORKED)
    assert connection.execute(
        """
        select opportunities, lost, won_amounts, days_to_win from int_pipeline__outcomes_collected
        where period = 'quarter' and period_start = '2026-01-01' and basis = 'period'
        order by breakdown, breakdown_value
        """
    ).fetchall() == [(6, 2, [100, 200, 300], [30, 40, None]), (4, 1, [100, 300], [30, None])]


# segment → (won, lost) in the first and in the second quarter
MIX = {
    "Energy": ((6, 2), (3, 3)),
    "Education": ((1, 7), (4, 12)),
    "gone": ((2, 1), (0, 0)),
    "new": ((0, 0), (1, 3)),
}


def closed(counts: tuple[int, int], segment: str, day: str) -> list[Opportunity]:
    return [
        Opportunity(day, day, outcome, "1", segment=segment)
        for outcome, count in zip(("won", "lost"), counts, strict=True)
        for _ in range(count)
    ]


def test_a_change_of_the_win_rate_is_split_as_the_statistic_defines(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    build_pipeline(
        connection,
        [
            opportunity
            for segment, quarters in MIX.items()
            for counts, day in zip(quarters, ("2026-02-01", "2026-05-01"), strict=True)
            for opportunity in closed(counts, segment, day)
        ],
    )
    [found] = connection.execute(
        """
        select base_win_rate, now_win_rate, now_at_base_mix, own_change, mix_change, coverage,
            win_rate_before, win_rate, win_rate_change, win_rate_change_low, win_rate_change_high,
            sample_size, null_reason
        from win_rate_change where breakdown = 'segment' and period_start = '2026-04-01'
        """
    ).fetchall()
    before, after = (
        ([quarters[at][0] for quarters in MIX.values()],
         [sum(quarters[at]) for quarters in MIX.values()])
        for at in (0, 1)
    )  # fmt: skip
    expected = compare_at_base_mix(before, after)
    # Energy 3/6 and Education 4/16, weighed 8 to 8 as before: 0.375
    assert expected.now_at_base_mix == pytest.approx(0.375)
    [low], [high] = share_change_intervals(([9], [19]), ([8], [26]))
    assert found[:11] == pytest.approx(
        (expected.base, expected.now, expected.now_at_base_mix, expected.own_change,
         expected.mix_change, expected.coverage, 9 / 19, 8 / 26, 8 / 26 - 9 / 19, low, high)
    )  # fmt: skip
    assert found[11:] == (19, None)


def test_without_a_group_in_both_quarters_a_change_has_no_parts(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    gone, new = closed((2, 2), "gone", "2026-02-01"), closed((1, 3), "new", "2026-05-01")
    build_pipeline(connection, [*gone, *new])
    assert connection.execute(
        """
        select win_rate_change, own_change, mix_change, coverage, null_reason, grade
        from win_rate_change where breakdown = 'segment' and period_start = '2026-04-01'
        """
    ).fetchall() == [(-0.25, None, None, 0, "no_common_group", "D")]
