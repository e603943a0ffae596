"""Credit notes: whom they are given to, for how much and when."""

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from simulator.company import DAY
from simulator.generation import generate
from simulator.period import Period
from simulator.refunds import draw_credit_notes
from simulator.streams import Streams

PERIOD = Period(date(2024, 10, 1), date(2026, 9, 30))
ACCOUNTS = pd.DataFrame({"account": range(600)})


def sales(**changed: object) -> pd.DataFrame:
    """A first sale of 1,000 to every account, closed on the period's first day."""
    sale = {"kind": 0, "is_won": True, "amount": 1000.0, "closes_at": PERIOD.start}
    return ACCOUNTS.assign(**sale, opportunity=range(600)).assign(**changed)


def notes(opportunities: pd.DataFrame) -> pd.DataFrame:
    return draw_credit_notes(Streams(7), PERIOD, ACCOUNTS, opportunities)


def test_some_sales_are_given_back_in_part_and_some_in_full() -> None:
    given = notes(sales()).groupby("opportunity")["amount"].agg(["sum", "size"])
    assert 120 < len(given) < 240
    assert given["sum"].max() == 1000
    assert (given["sum"] < 1000).sum() > (given["sum"] == 1000).sum() > 20
    assert (given["size"] == 2).sum() > 5


def test_notes_follow_the_sale_by_days_to_months() -> None:
    days = (notes(sales())["issued_at"] - PERIOD.start) / DAY
    assert days.min() >= 4
    assert 200 < days.max() <= 360


@pytest.mark.parametrize(
    "changed", [{"amount": 0.0}, {"is_won": False}], ids=["sale of nothing", "lost"]
)
def test_nothing_is_given_back_of_what_brought_nothing(changed: dict[str, object]) -> None:
    assert len(notes(sales(**changed))) == 0


def test_what_would_be_issued_after_the_period_is_left_out() -> None:
    late = notes(sales(closes_at=PERIOD.end - 100 * DAY))
    assert 0 < len(late) < len(notes(sales()))
    assert late[["issued_at", "corrected_at"]].max(axis=None) < PERIOD.end


def test_who_buys_does_not_change_what_others_are_given() -> None:
    columns = ["opportunity", "amount", "issued_at"]
    fewer = notes(sales().iloc[::2])[columns]
    both = notes(sales())[columns]
    kept = both[both["opportunity"] % 2 == 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(fewer, kept)


def test_a_corrected_note_comes_again_and_its_last_amount_is_the_true_one(tmp_path: Path) -> None:
    generate(tmp_path, seed=7, contacts=1500, days=900)
    [export] = (tmp_path / "landing" / "finance").glob("credit_notes_*.csv")
    booked = pd.read_csv(export)
    truth = duckdb.sql(
        f"""
        select refund_id, opportunity_id, r.amount::double as amount, o.amount::double as sold,
            r.currency, o.currency as sold_in, refunded_date >= closed_at::date as is_later
        from '{tmp_path}/truth/refunds.parquet' r
        join '{tmp_path}/truth/opportunities.parquet' o using (opportunity_id)
        where is_won
        order by refund_id
        """
    ).df()
    last = booked.groupby("credit_note_id").last()
    assert len(booked) > len(last) == len(truth)
    assert last["amount"].tolist() == truth["amount"].tolist()
    assert last["opportunity_id"].tolist() == truth["opportunity_id"].tolist()
    assert (truth["currency"] == truth["sold_in"]).all()
    assert truth["is_later"].all()
    assert (truth["amount"] > 0).all()
    given = truth.groupby("opportunity_id").agg({"amount": "sum", "sold": "first"})
    assert (given["amount"] <= given["sold"]).all()
