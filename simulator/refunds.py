"""Credit notes: what some customers were given back of what they had bought."""

import numpy as np
import pandas as pd

from simulator.company import DAY, NEVER
from simulator.period import Period
from simulator.streams import Streams

_REFUND_RATE, _FULL_RATE, _SECOND_RATE, _CORRECTION_RATE = 0.3, 0.35, 0.25, 0.2
_WAIT_DAYS, _SECOND_WAIT_DAYS = (4, 240), (20, 120)


def draw_credit_notes(
    streams: Streams, period: Period, accounts: pd.DataFrame, opportunities: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per credit note issued within the period, ordered by time.

    Columns: ``note``, ``opportunity``, ``amount`` (in the opportunity's currency; the notes of
    an opportunity never exceed it), ``first_amount`` (as first booked), ``issued_at`` and
    ``corrected_at`` (NEVER unless the amount was booked wrongly at first). A sale of nothing
    is never given back.
    """
    won = opportunities[opportunities["is_won"] & (opportunities["amount"] > 0)]
    habits = _habits(streams.named("credit notes"), len(accounts))
    # an account's first sale and its expansion have a row of their own
    notes = won[["opportunity", "amount", "closes_at"]].reset_index(drop=True)
    drawn = habits.iloc[(won["account"] * 2 + won["kind"]).to_numpy()].reset_index(drop=True)
    notes = notes.join(drawn)
    notes = notes[notes["draw"] < _REFUND_RATE]
    is_full = notes["full_draw"] < _FULL_RATE
    notes = notes.assign(
        is_full=is_full,
        issued_at=notes["closes_at"] + notes["wait"],
        amount=np.round(notes["amount"] * np.where(is_full, 1.0, notes["share"]), 2),
    )
    second = notes[~is_full & (notes["second_draw"] < _SECOND_RATE)]
    second = second.assign(
        issued_at=second["issued_at"] + second["second_wait"],
        amount=np.round(second["amount"] * 0.5, 2),
        correction_draw=1.0,
    )
    return _booked(pd.concat([notes, second], ignore_index=True), period)


def _habits(rng: np.random.Generator, accounts: int) -> pd.DataFrame:
    """What is drawn for every account, so that who buys does not shift anybody's numbers."""
    count = 2 * accounts
    return pd.DataFrame(
        {
            "draw": rng.random(count),
            "full_draw": rng.random(count),
            "share": rng.uniform(0.05, 0.5, count),
            "wait": rng.integers(*_WAIT_DAYS, count) * DAY,
            "second_draw": rng.random(count),
            "second_wait": rng.integers(*_SECOND_WAIT_DAYS, count) * DAY,
            "correction_draw": rng.random(count),
            "correction_wait": rng.integers(2, 40, count) * DAY,
        }
    )


def _booked(notes: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Leave out what lies after the period, a correction too: then it was right at once."""
    notes = notes[notes["issued_at"] < period.end]
    corrected_at = notes["issued_at"] + notes["correction_wait"]
    is_corrected = (notes["correction_draw"] < _CORRECTION_RATE) & (corrected_at < period.end)
    notes = notes.assign(
        first_amount=np.round(notes["amount"] * np.where(is_corrected, 0.9, 1.0), 2),
        corrected_at=np.where(is_corrected, corrected_at, NEVER),
    )
    notes = notes.sort_values(["issued_at", "opportunity"], ignore_index=True)
    columns = ["opportunity", "amount", "first_amount", "is_full", "issued_at", "corrected_at"]
    return notes[columns].assign(note=np.arange(len(notes)))
