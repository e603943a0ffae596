"""Opportunities, what happened to them on the way, and who plays a role in them."""

import numpy as np
import pandas as pd

from simulator.company import (
    DAY,
    EXPANSION_WIN_RATE,
    LOST,
    NEVER,
    REOPENED_STAGE,
    STAGES,
    WON,
)
from simulator.names import ROLES
from simulator.outcomes import Outcomes
from simulator.period import Period, at_office_hours
from simulator.rates import euros
from simulator.streams import Streams

_REOPENED_RATE, _LOWERED_RATE, _ZERO_RATE, _DELETED_RATE = 0.06, 0.03, 0.03, 0.04
_SKIP_RATE = 0.1
_LOWERED_AFTER = 30 * DAY


def draw_opportunities(
    streams: Streams,
    period: Period,
    accounts: pd.DataFrame,
    outcomes: Outcomes,
    rates: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per opportunity: the accounts' first ones and the expansions.

    ``amount`` is the last known one in the account's currency, ``amount_eur`` the same at the
    rate of the day on which it closed, or of the period's last day while it is open.
    """
    hours = streams.named("office hours")
    opened_at = at_office_hours(hours, outcomes.opened_at)
    opened_at = np.where(outcomes.opened_at > NEVER, opened_at, NEVER)
    closes_at = at_office_hours(hours, accounts["reach_at"] + accounts["cycle"])
    habits = _habits(streams, len(accounts))
    base = accounts[["account", "currency", "amount", "expands"]].join(habits)
    first = base.assign(kind=0, opened_at=opened_at, closes_at=closes_at, is_won=outcomes.would_win)
    first = first[(first["opened_at"] > NEVER) & (first["opened_at"] < period.end)]
    later = first[first["is_won"] & first["expands"]].assign(
        kind=1,
        opened_at=lambda rows: rows["closes_at"] + rows["later_opening"],
        closes_at=lambda rows: rows["closes_at"] + rows["later_opening"] + rows["later_cycle"],
        is_won=lambda rows: rows["later_win"],
        amount=lambda rows: np.round(rows["amount"] * 0.5, -2),
        is_reopened=False,
    )
    later = later[later["opened_at"] < period.end]
    return _finished(pd.concat([first, later], ignore_index=True), period, rates)


def _habits(streams: Streams, count: int) -> pd.DataFrame:
    """What is drawn for every account, so that who opens does not shift anybody's numbers."""
    rng = streams.named("opportunities")
    return pd.DataFrame(
        {
            "exit_stage": rng.integers(0, len(STAGES), count),
            "first_factor": np.exp(rng.normal(0.0, 0.25, count)),
            "is_reopened": rng.random(count) < _REOPENED_RATE,
            "is_lowered": rng.random(count) < _LOWERED_RATE,
            "is_zero": rng.random(count) < _ZERO_RATE,
            "is_doubled": rng.random(count) < _DELETED_RATE,
            "role_draw": rng.random(count),
            "later_opening": rng.integers(60, 150, count) * DAY,
            "later_cycle": rng.integers(60, 150, count) * DAY,
            "later_win": rng.random(count) < EXPANSION_WIN_RATE,
        }
    )


def _finished(opportunities: pd.DataFrame, period: Period, rates: pd.DataFrame) -> pd.DataFrame:
    closed = opportunities["closes_at"] < period.end
    won = opportunities["is_won"] & closed
    amount = opportunities["amount"].where(~(opportunities["is_zero"] & won), 0.0)
    lowered = opportunities["is_lowered"] & won
    lowered &= opportunities["closes_at"] + _LOWERED_AFTER < period.end
    amount = np.round(amount * np.where(lowered, 0.8, 1.0), 2)
    day = np.minimum(opportunities["closes_at"], period.end - 1) // DAY
    amount_eur = euros(rates, amount.to_numpy(), opportunities["currency"], day.to_numpy())
    finished = opportunities.assign(
        is_closed=closed,
        is_won=won,
        is_lowered=lowered,
        amount=amount,
        amount_eur=np.round(amount_eur, 2),
    )
    finished = finished.sort_values(["opened_at", "account", "kind"], ignore_index=True)
    return finished.assign(opportunity=np.arange(len(finished)))


def draw_changes(streams: Streams, period: Period, opportunities: pd.DataFrame) -> pd.DataFrame:
    """Return one row per recorded change, ordered by opportunity and time.

    Columns: ``opportunity``, ``at``, ``stage``, ``probability`` (percent), ``amount`` after
    the change (NaN while unknown) and ``closes_on`` (days since 1970).
    """
    rng = streams.named("changes")
    span = (opportunities["closes_at"] - opportunities["opened_at"]).to_numpy()
    parts = []
    for number, (stage, probability, share) in enumerate(STAGES):
        jitter = rng.uniform(-0.05, 0.05, len(span)) if number else 0.0
        skipped = (rng.random(len(span)) < _SKIP_RATE) if number in (1, 2) else False
        lost_before = (
            opportunities["is_closed"]
            & ~opportunities["is_won"]
            & (opportunities["exit_stage"] < number)
        )
        part = _change(opportunities, share + jitter, stage, probability)
        parts.append(part[~(lost_before | skipped)])
    parts += _closings(opportunities)
    changes = pd.concat(parts)
    changes = changes[changes["happened_at"] < period.end]
    changes = changes.sort_values(["opportunity", "happened_at"], kind="stable", ignore_index=True)
    slips = rng.integers(10, 60, len(changes))
    closes_on = changes["closes_at"] // DAY + np.where(changes["is_final"], 0, slips)
    return changes.assign(closes_on=closes_on).drop(columns=["closes_at", "is_final"])


def _change(
    opportunities: pd.DataFrame, share: np.ndarray | float, stage: str, probability: int
) -> pd.DataFrame:
    """One row per opportunity: a stage entered after a share of the time to its close."""
    span = opportunities["closes_at"] - opportunities["opened_at"]
    early = np.asarray(share) < 0.4
    is_final = stage in (WON[0], LOST[0])
    before = opportunities["amount"] / np.where(opportunities["is_lowered"], 0.8, 1.0)
    # a typist's round figure at first, unknown for one in thirty
    guess = np.round(before * opportunities["first_factor"], -2)
    guess = guess.where(opportunities["first_factor"] > 0.62)
    return pd.DataFrame(
        {
            "opportunity": opportunities["opportunity"],
            "happened_at": opportunities["opened_at"] + (span * share).astype(np.int64),
            "stage": stage,
            "probability": probability,
            "amount": np.round(np.where(early, guess, before), 2),
            "closes_at": opportunities["closes_at"],
            "is_final": is_final,
        }
    )


def _closings(opportunities: pd.DataFrame) -> list[pd.DataFrame]:
    """Closing rows, those of a first closing that did not last, and later cuts."""
    won = opportunities[opportunities["is_won"]]
    lost = opportunities[opportunities["is_closed"] & ~opportunities["is_won"]]
    again = won[won["is_reopened"]]
    lowered = won[won["is_lowered"]]
    cut = _change(lowered, 1.0, *WON)
    back, probability, _ = STAGES[REOPENED_STAGE]
    # two of three were lost before they were won, the third was won too early
    early = again["account"] % 3 == 0
    first_closings = [
        _change(rows, 0.88, *outcome).assign(
            closes_at=rows["opened_at"] + (rows["closes_at"] - rows["opened_at"]) * 88 // 100
        )
        for rows, outcome in ((again[early], WON), (again[~early], LOST))
    ]
    return [
        *first_closings,
        _change(again, 0.94, back, probability),
        _change(won, 1.0, *WON),
        _change(lost, 1.0, *LOST),
        cut.assign(happened_at=cut["happened_at"] + _LOWERED_AFTER, amount=lowered["amount"]),
    ]


def assign_roles(
    streams: Streams, opportunities: pd.DataFrame, people: pd.DataFrame, roleless_rate: float
) -> pd.DataFrame:
    """Return one row per contact role: none for some opportunities, two primaries for others.

    ``people`` has ``account``, ``person``, ``ordinal`` and ``contact_created_at``.
    """
    rng = streams.named("roles")
    contacts = people.loc[
        people["contact_created_at"] > NEVER,
        ["account", "person", "ordinal", "contact_created_at"],
    ]
    roles = opportunities[opportunities["role_draw"] >= roleless_rate].merge(contacts, on="account")
    roles = roles[roles["contact_created_at"] <= roles["closes_at"]]
    roles = roles.sort_values(["opportunity", "ordinal"], ignore_index=True)
    place = roles.groupby("opportunity").cumcount()
    two_primaries = roles["role_draw"] >= 0.9
    roles = roles.assign(
        role_number=np.arange(len(roles)),
        role=np.array(ROLES, object)[rng.integers(0, len(ROLES), len(roles))],
        is_primary=(place == 0) | (two_primaries & (place == 1)),
        created_at=np.maximum(roles["opened_at"], roles["contact_created_at"]),
    )
    return roles[["role_number", "opportunity", "person", "role", "is_primary", "created_at"]]
