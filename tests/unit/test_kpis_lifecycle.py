"""Conversion from stage to stage and the time it takes, worked by hand."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from tests.support.funnel import Funnel

LEADS = "from_stage = 'lead' and breakdown = 'all'"
OPPORTUNITIES = "from_stage = 'opportunity' and breakdown = 'all'"


@pytest.fixture
def funnel() -> Iterator[Funnel]:
    with duckdb.connect() as connection:
        yield Funnel(connection)


def leads(funnel: Funnel, count: int, created_at: str) -> None:
    """So many persons whom nobody has qualified yet."""
    for number in range(count):
        funnel.person(f"{created_at}{number}", created_at)


def test_stage_conversion_counts_those_who_got_there_within_the_window(funnel: Funnel) -> None:
    funnel.person("soon", "2026-01-05", mql_at="2026-01-15")  # 10 days
    funnel.person("in time", "2026-01-05", mql_at="2026-04-05")  # 90 days, those of the window
    funnel.person("late", "2026-01-05", mql_at="2026-04-06")  # 91 days
    funnel.person("never", "2026-01-05")
    found = funnel.build().row(
        "funnel_conversion",
        ["cohort_month", "to_stage", "entered", "converted_in_window", "converted", "inferred",
         "window_days", "stage_conversion", "stage_conversion_low", "stage_conversion_high",
         "p90_days", "is_mature", "is_window_over", "sample_size", "grade", "grade_reason",
         "null_reason"],
        LEADS,
    )  # fmt: skip
    assert found == (
        date(2026, 1, 1), "mql", 4, 2, 3, 0, 90,
        0.5,  # 2 / 4
        # Wilson: (2 + 1.920729) / 7.841459 less and plus 1.959964 * sqrt(1 + 0.960365) / 7.841459
        pytest.approx(0.150039, abs=1e-6), pytest.approx(0.849961, abs=1e-6),
        pytest.approx(90.8),  # of 10, 90 and 91: 0.9 * 2 = 1.8 steps from the first, 90 + 0.8 * 1
        True, True, 4, "D", "sample_size", None,
    )  # fmt: skip


def test_a_conversion_of_fewer_than_three_is_counted_and_not_shown(funnel: Funnel) -> None:
    leads(funnel, 2, "2026-01-05")
    assert funnel.build().row(
        "funnel_conversion",
        ["entered", "stage_conversion", "stage_conversion_low", "stage_conversion_high", "grade",
         "null_reason"],
        LEADS,
    ) == (2, None, None, None, "D", "too_few_cases")  # fmt: skip


@pytest.mark.parametrize(
    ("cohort", "judged"),
    [
        # ends 122 days before the reporting date, as long as nine of ten have needed
        ("2026-08-15", (True, True, "A", None)),
        ("2026-09-15", (False, True, "C", "coverage")),  # 92 days, the window's 90 are over
        ("2026-11-15", (False, False, "D", "coverage")),  # 31 days
    ],
    ids=["mature", "immature", "immature and its window open"],
)
def test_an_immature_cohort_keeps_its_figure_and_is_graded_down(
    funnel: Funnel, cohort: str, judged: tuple
) -> None:
    for person in ("a", "b", "c"):
        funnel.person(person, "2026-01-01", mql_at="2026-05-03")  # 122 days
    leads(funnel, 100, cohort)
    found = funnel.build().row(
        "funnel_conversion",
        ["stage_conversion", "is_mature", "is_window_over", "grade", "grade_reason"],
        f"{LEADS} and entered = 100",
    )
    assert found == (0, *judged)


def test_where_nobody_has_converted_no_cohort_is_mature(funnel: Funnel) -> None:
    leads(funnel, 3, "2024-01-05")
    assert funnel.build().row("funnel_conversion", ["p90_days", "is_mature"], LEADS) == (
        None, False
    )  # fmt: skip


def test_a_breakdown_by_channel_rests_on_touchpoints_too(funnel: Funnel) -> None:
    funnel.connection.execute("update fct_input_quality set good_row_share = 0.98 "
                              "where area = 'touchpoints'")  # fmt: skip
    for number in range(100):
        funnel.person(f"p{number}", "2026-01-05", mql_at="2026-01-05 01:00")
        funnel.touchpoint(f"p{number}", "event", "2026-01-01")
    funnel.build()
    graded = "select breakdown, grade, grade_reason from"
    for table in ("funnel_conversion", "stage_durations"):
        assert funnel.rows(
            f"{graded} {table} where from_stage = 'lead' and breakdown in ('all', 'channel')"
            " order by 1"
        ) == [("all", "A", None), ("channel", "C", "quality")]


def test_the_month_is_that_of_the_reporting_time_zone(funnel: Funnel) -> None:
    leads(funnel, 1, "2026-01-31 23:30")  # half past midnight in Berlin
    assert funnel.build().row("funnel_conversion", ["cohort_month"], LEADS) == (date(2026, 2, 1),)


def test_persons_are_sorted_by_what_first_brought_them(funnel: Funnel) -> None:
    funnel.add("int_accounts__unified", account_id="acme", industry="Energy")
    funnel.add("dim_campaigns", campaign="fair", campaign_type="Conference")
    for person, account in (("a", "acme"), ("b", None), ("c", None)):
        funnel.person(person, "2026-01-05", account_id=account)
    funnel.touchpoint("a", "sales_call", "2026-01-01", is_sales=True, campaign="fair")
    funnel.touchpoint("a", "referral", "2026-01-02")
    funnel.touchpoint("a", "event", "2026-01-03", campaign="fair")
    funnel.touchpoint("b", "email", "2026-01-02", campaign="mailing nobody described")
    funnel.opportunity("later", "a", created_at="2026-03-01", lead_source="Web")
    funnel.opportunity("first", "a", created_at="2026-02-01", lead_source="Partner")
    funnel.build()
    assert funnel.rows(
        "select breakdown, breakdown_value, entered from funnel_conversion "
        "where from_stage = 'lead' order by all"
    ) == [
        ("all", "all", 3),
        ("campaign_type", "Conference", 1),
        ("campaign_type", "none", 1),
        ("campaign_type", "unknown", 1),
        ("channel", "email", 1),
        ("channel", "referral", 1),
        ("channel", "unattributed", 1),
        ("segment", "Energy", 1),
        ("segment", "unknown", 2),
    ]
    # a lead source is an opportunity's
    assert funnel.rows(
        "select from_stage, breakdown_value from funnel_conversion where breakdown = 'source'"
    ) == [("opportunity", "Partner")]


def test_who_is_still_waiting_counts_with_the_days_so_far(funnel: Funnel) -> None:
    funnel.person("a", "2026-01-01", mql_at="2026-01-11")  # 10 days
    funnel.person("b", "2026-01-01", mql_at="2026-01-10 01:00")  # 9 days and an hour: the 10th
    funnel.person("c", "2026-01-01", mql_at="2026-02-10")  # 40 days
    funnel.person("d", "2026-12-11 12:00")  # open for 20 days
    funnel.person("e", "2026-12-01 12:00")  # open for 30 days
    funnel.build()
    assert funnel.row(
        "stage_durations",
        ["entered", "converted", "lost", "waiting", "inferred", "days_in_stage",
         "days_in_stage_p90", "median_days_to_next_stage", "p90_days_to_next_stage",
         "sample_size", "null_reason"],
        LEADS,
    ) == (
        5, 3, 0, 2, 0,
        10,  # of 9.04, 10 and 40
        pytest.approx(34),  # 10 + 0.8 * (40 - 10)
        # after 10 days 2 of 5 had gone on; after 40, of the one left in sight, all
        40, 40, 5, None,
    )  # fmt: skip
    assert funnel.rows(
        "select wait_days, at_risk, reached, lost, round(share_waiting, 9), "
        "round(share_reached, 9), share_waiting_low < 0.6, share_waiting_high > 0.6, null_reason "
        f"from stage_survival where {LEADS} order by 1"
    ) == [
        (10, 5, 2, 0, 0.6, 0.4, True, True, None),
        (40, 1, 1, 0, None, None, None, None, "too_few_cases"),
    ]


def test_half_and_nine_of_ten_are_reached_on_the_first_day_with_so_many(funnel: Funnel) -> None:
    # of ten one a day; rounded, the shares of the first five add up to a little less than a half
    for day in range(1, 11):
        funnel.person(f"p{day}", "2026-01-01", mql_at=f"2026-01-{day + 1}")
    assert funnel.build().row(
        "stage_durations", ["median_days_to_next_stage", "p90_days_to_next_stage"], LEADS
    ) == (5, 9)


def test_who_is_only_inferred_to_have_been_in_a_stage_has_not_waited_there(funnel: Funnel) -> None:
    for number in range(4):
        funnel.person(f"recorded{number}", "2026-01-01", mql_at="2026-02-01", sql_at="2026-02-11")
        funnel.person(f"inferred{number}", "2026-01-01", sql_at="2026-02-11")
    assert funnel.build().row(
        "stage_durations",
        ["entered", "inferred", "sample_size", "days_in_stage", "median_days_to_next_stage"],
        "from_stage = 'mql' and breakdown = 'all'",
    ) == (8, 4, 4, 10, 10)


def test_a_loss_is_no_open_wait(funnel: Funnel) -> None:
    for person, created_at, outcome in (
        ("a", "2026-01-01 12:00", {"is_won": True, "close_date": "2026-01-10"}),  # the 10th day
        ("b", "2026-01-01 12:00", {"is_won": False, "close_date": "2026-01-20"}),  # the 20th
        ("c", "2026-01-01 12:00", {"is_won": True, "close_date": "2026-01-30"}),  # the 30th
        ("d", "2026-11-21 12:00", {"is_closed": False, "close_date": "2027-02-01"}),  # 40 days
        ("e", "2026-11-11 12:00", {"is_closed": False, "close_date": "2027-02-01"}),  # 50 days
    ):
        funnel.person(person, created_at)
        funnel.opportunity(person, person, created_at=created_at, **{"is_closed": True, **outcome})
    funnel.build()
    assert funnel.row(
        "stage_durations",
        ["entered", "converted", "lost", "waiting", "median_days_to_next_stage", "null_reason"],
        OPPORTUNITIES,
    ) == (5, 2, 1, 2, None, "half_not_reached")
    # 1/5 won; the loss leaves 3/5 open; of the three in sight one is won: 1/5 + 3/5 * 1/3
    assert funnel.rows(
        "select wait_days, at_risk, reached, lost, round(share_waiting, 9), "
        f"round(share_reached, 9) from stage_survival where {OPPORTUNITIES} order by 1"
    ) == [(10, 5, 1, 0, 0.8, 0.2), (20, 4, 0, 1, 0.6, 0.2), (30, 3, 1, 0, 0.4, 0.4)]


def test_who_has_another_opportunity_is_not_lost(funnel: Funnel) -> None:
    funnel.person("a", "2026-01-01")
    lost = {"is_closed": True, "close_date": "2026-02-01"}
    funnel.opportunity("lost", "a", created_at="2026-01-01", **lost)
    funnel.opportunity("open", "a", created_at="2026-03-01")
    assert funnel.build().row("stage_durations", ["lost", "waiting"], OPPORTUNITIES) == (0, 1)
