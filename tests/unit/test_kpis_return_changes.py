"""How a KPI changes at an unchanged mix of channels: as the statistics do it, and the edges."""

from collections.abc import Iterator
from dataclasses import astuple

import duckdb
import pytest

from analytics.standardisation import compare_at_base_mix
from tests.support.kpi_costs import company, credit, rows, sell, spend, win

Connection = duckdb.DuckDBPyConnection
SECOND = "period_start = '2026-04-01'"


@pytest.fixture
def connection() -> Iterator[Connection]:
    with duckdb.connect() as connection:
        company(connection)
        yield connection


def two_quarters(connection: Connection) -> None:
    """Sell by four channels; display comes, e-mail is free, video brings nothing."""
    sell(connection)
    for number, (date, shares) in enumerate([
        ("2026-03-02", {"paid_search": 0.2, "paid_social": 0.8}),
        ("2026-05-02", {"paid_search": 0.7, "paid_social": 0.3}),
        ("2026-05-03", {"paid_search": 0.6, "paid_social": 0.2, "display": 0.2}),
        ("2026-05-04", {"paid_search": 0.9, "email": 0.1}),
    ]):  # fmt: skip
        win(connection, f"v{number}", date, 3_000 + 100 * number, **shares)
    spend(connection, "2026-05", paid_search=300, paid_social=190, display=20, paid_video=50)


@pytest.mark.parametrize(
    ("kpi", "numerators", "denominators"),
    [
        ("roas", ((2_600, 2_400, 0, 0), (7_060, 1_570, 640, 0)),
         ((400, 60, 0, 0), (300, 190, 20, 50))),
        ("paid_cac", ((400, 60, 0, 0), (300, 190, 20, 50)),
         ((2.2, 0.8, 0, 0), (2.2, 0.5, 0.2, 0))),
    ],
)  # fmt: skip
def test_a_change_is_split_as_direct_standardisation_does(
    connection: Connection, kpi: str, numerators: tuple, denominators: tuple
) -> None:
    two_quarters(connection)
    known = compare_at_base_mix((numerators[0], denominators[0]), (numerators[1], denominators[1]))
    columns = "base, now, now_at_base_mix, own_change, mix_change, coverage"
    assert rows(connection, "return_change", columns, f"{SECOND} and kpi = '{kpi}'") == [
        pytest.approx(astuple(known), rel=1e-9)
    ]


def test_a_change_of_roi_is_that_of_margin_by_cost(connection: Connection) -> None:
    # half of revenue is margin, and cost is media: roi is roas / 2 - 1, its changes half of those
    two_quarters(connection)
    columns = "base, now, now_at_base_mix, own_change, mix_change"
    [roi, roas] = rows(
        connection, "return_change", columns, SECOND + " and kpi in ('roas', 'marketing_roi')"
    )
    assert roi == pytest.approx(
        [*(figure / 2 - 1 for figure in roas[:3]), roas[3] / 2, roas[4] / 2]
    )


def test_a_quarter_full_of_refunds_has_a_change_like_any_other(connection: Connection) -> None:
    two_quarters(connection)
    for number in range(4):
        credit(connection, f"r{number}:w{number}", "2026-05-09", -9_000, paid_search=1)
    win(connection, "new", "2026-05-06", 9_000, display=1)
    # now search -28,940 / 300 and social 1,570 / 190, at the base's media of 400 and 60
    at_base_mix = (400 * -28_940 / 300 + 60 * 1_570 / 190) / 460
    [(base, now, mixed, coverage, reason)] = rows(
        connection, "return_change", "base, now, now_at_base_mix, coverage, null_reason",
        SECOND + " and kpi = 'roas'",
    )  # fmt: skip
    assert (base, now, mixed) == pytest.approx((5_000 / 460, -27_370 / 490, at_base_mix))
    # display's 9,640 are new, beside 5,000 before and 28,940 and 1,570 now, whatever their sign
    assert (coverage, reason) == (pytest.approx(35_510 / 45_150), None)


def test_without_a_common_channel_there_is_no_change_to_split(connection: Connection) -> None:
    sell(connection)
    spend(connection, "2026-05", display=10)
    for number in range(3):
        win(connection, f"d{number}", "2026-05-02", 1_000, display=1)
    columns = "kpi, own_change, coverage, null_reason"
    assert rows(connection, "return_change", columns, SECOND + " and kpi <> 'marketing_roi'") == [
        (kpi, None, 0, "no_common_channel") for kpi in ("paid_cac", "roas")
    ]
