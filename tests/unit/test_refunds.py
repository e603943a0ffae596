"""What is taken back of a win: a negative conversion of its own day, worked out by hand."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from tests.support.dbt_sql import attribution_models, build
from tests.support.journeys import JOURNEY_MODELS, frames_of, load_inputs

OPPORTUNITIES = (
    "source_system varchar, opportunity_id varchar, stage varchar, currency varchar, "
    "is_won boolean, is_deleted boolean, amount decimal(18, 2), valued_date date, "
    "units_per_euro decimal(18, 6), reporting_units_per_euro decimal(18, 6), exchange_rate double"
)
HISTORY = (
    "source_system varchar, change_id varchar, opportunity_id varchar, stage varchar, "
    "is_deleted boolean, amount decimal(18, 2), changed_at timestamp"
)
REFUNDS = (
    "source_system varchar, refund_id varchar, opportunity_id varchar, currency varchar, "
    "amount decimal(18, 2), refunded_date date"
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for name, columns in (
            ("int_opportunities__valued", OPPORTUNITIES),
            ("int_opportunity_history__unioned", HISTORY),
            ("int_refunds__unioned", REFUNDS),
        ):
            connection.execute(f"create table {name} ({columns})")
        yield connection


def won(connection: duckdb.DuckDBPyConnection, amount: str, currency: str = "EUR") -> None:
    """One won opportunity; a dollar was worth 80 cents on the day it closed."""
    connection.execute(
        "insert into int_opportunities__valued values "
        "('crm', 'o1', 'Won', ?, true, false, ?, '2026-03-31', 1.25, 1, ?)",
        [currency, amount, 0.8 if currency == "USD" else 1.0],
    )


def changed(connection: duckdb.DuckDBPyConnection, *changes: tuple[str, str, str]) -> None:
    for number, (day, stage, amount) in enumerate(changes):
        connection.execute(
            "insert into int_opportunity_history__unioned values ('crm', ?, 'o1', ?, false, ?, ?)",
            [f"h{number}", stage, amount, f"{day} 12:00"],
        )


def credit_note(
    connection: duckdb.DuckDBPyConnection, name: str, day: str, amount: str, opportunity: str = "o1"
) -> None:
    connection.execute(
        "insert into int_refunds__unioned values ('finance', ?, ?, 'EUR', ?, ?)",
        [name, opportunity, amount, day],
    )


def steps(connection: duckdb.DuckDBPyConnection) -> list[tuple[str | None, str | None, Decimal]]:
    """Return what each step took back, when, and what it adds to the value."""
    build(connection, ["int_opportunities__reversed", "int_opportunities__netted"])
    return connection.execute(
        "select refund_id, refunded_date::varchar, value_change "
        "from int_opportunities__netted order by step"
    ).fetchall()


def test_a_win_without_refund_is_worth_what_the_crm_says(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    won(connection, "100.00")
    assert steps(connection) == [(None, None, Decimal("100.00"))]


def test_c39_credit_notes_are_taken_off_in_their_order_at_the_rate_of_the_win(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    won(connection, "100.00", "USD")
    credit_note(connection, "late", "2026-07-01", "33.33")
    credit_note(connection, "early", "2026-05-01", "33.33")
    credit_note(connection, "of another", "2026-05-01", "9.00", "o2")
    # 80.00 was won; 66.67 USD are 53.34 EUR (53.336), 33.34 USD are 26.67 EUR (26.672)
    assert steps(connection) == [
        (None, None, Decimal("80.00")),
        ("credit_note:early", "2026-05-01", Decimal("-26.66")),
        ("credit_note:late", "2026-07-01", Decimal("-26.67")),
    ]


def test_an_amount_lowered_after_the_win_is_a_refund_of_that_day(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    won(connection, "80.00")
    changed(
        connection,
        ("2026-01-01", "Open", "120.00"),
        ("2026-02-01", "Open", "100.00"),
        ("2026-03-31", "Won", "100.00"),
        ("2026-04-30", "Won", "80.00"),
    )
    assert steps(connection) == [
        (None, None, Decimal("100.00")),
        ("lowered:h3", "2026-04-30", Decimal("-20.00")),
    ]


def test_what_was_lowered_before_the_last_win_and_what_was_raised_are_no_refunds(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    won(connection, "90.00")
    changed(
        connection,
        ("2026-01-01", "Won", "100.00"),
        ("2026-01-02", "Won", "70.00"),
        ("2026-02-01", "Open", "70.00"),
        ("2026-03-31", "Won", "60.00"),
        ("2026-04-01", "Won", "90.00"),
    )
    assert steps(connection) == [(None, None, Decimal("90.00"))]


def test_what_was_raised_again_was_taken_back_by_as_much_as_stayed_away(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    won(connection, "80.00")
    changed(
        connection,
        ("2026-03-31", "Won", "100.00"),
        ("2026-04-30", "Won", "10.00"),
        ("2026-05-01", "Won", "80.00"),
    )
    assert steps(connection) == [
        (None, None, Decimal("100.00")),
        ("lowered:h1", "2026-04-30", Decimal("-20.00")),
    ]


def booked(values: Sequence[str]) -> dict[str, list[Decimal]]:
    """Share a win and its refunds out among three touchpoints; cents by conversion, in order."""
    touched = [(channel, timedelta(days=9 - at)) for at, channel in enumerate("ABC")]
    frames = frames_of({"win": (touched, Decimal(values[0]))})
    [win] = frames["int_conversions__unioned"].to_dict("records")
    refunds = [
        win | {"conversion_id": f"refund{at}", "reversed_conversion_id": "win",
               "conversion_value": Decimal(value),
               "converted_at": datetime(2026, 7, at, 12),
               "converted_date": pd.Timestamp(2026, 7, at)}
        for at, value in enumerate(values[1:], 1)
    ]  # fmt: skip
    frames["int_conversions__unioned"] = pd.DataFrame(
        [{"reversed_conversion_id": None} | win, *refunds]
    )
    with duckdb.connect() as connection:
        models = "conversion_type = 'closed_won' and attribution_model = 'linear'"
        load_inputs(connection, frames, attribution_models(models))
        build(connection, JOURNEY_MODELS)
        rows = connection.execute(
            "select conversion_id, list(booked_credit order by touch_position) "
            "from int_attribution__credits_booked group by all order by 1 desc"
        ).fetchall()
    return dict(rows)


def test_c39_a_full_refund_books_the_negative_of_what_was_booked() -> None:
    found = booked(["100.00", "-100.00"])
    assert found["win"] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert found["refund1"] == [-credit for credit in found["win"]]


def test_a_partial_refund_books_the_difference_of_the_cumulative_roundings() -> None:
    found = booked(["100.00", "-50.00", "-50.00"])
    # 50.00 is left as 16.67, 16.67, 16.66; then nothing
    assert found["refund1"] == [Decimal("-16.67"), Decimal("-16.66"), Decimal("-16.67")]
    assert found["refund2"] == [Decimal("-16.67"), Decimal("-16.67"), Decimal("-16.66")]


def test_what_is_left_is_converted_as_one_amount(connection: duckdb.DuckDBPyConnection) -> None:
    won(connection, "10.00", "USD")
    changed(connection, ("2026-03-31", "Won", "10.01"), ("2026-05-02", "Won", "10.00"))
    credit_note(connection, "n1", "2026-04-05", "0.03")
    steps(connection)
    for column in (
        "account_id varchar", "amount_reporting decimal(18, 2)", "rate_date date",
        "created_amount_reporting decimal(18, 2)", "created_rate_date date", "close_date date",
        "is_created_amount_inferred boolean", "is_closed boolean", "lead_source varchar",
        "created_at timestamp", "created_date date",
    ):  # fmt: skip
        connection.execute(f"alter table int_opportunities__valued add column {column}")
    connection.execute("create table int_buying_groups__resolved (opportunity_id text, rung text)")
    build(connection, ["fct_opportunities"])
    # 10.00 less 0.03 dollars at 0.80 is 7.976, whereas 10.01 and 0.03 one by one make 7.97
    assert connection.execute("select net_amount_reporting from fct_opportunities").fetchall() == [
        (Decimal("7.98"),)
    ]
