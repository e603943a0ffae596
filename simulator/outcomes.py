"""What touchpoints do: which buying groups open an opportunity, and which of them buy.

The model of readiness is additive. The n-th touchpoint of a channel within a group adds
``saturation * (1 - saturation)^(n - 1)`` of the channel's effect, and half as much again if
the channel is one of consideration and the group has met one of awareness before. A group
opens when its readiness passes a threshold drawn once, and buys when its log-odds at the end
of its cycle pass a draw made once. So "the same company without channel c" is the same
arithmetic over the touchpoints that remain, and a difference is an effect, not luck.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.company import (
    CHANNEL,
    CHANNELS,
    NEVER,
    OPENING_SHARE,
    OPENS_ANYWAY,
    ORDER_BONUS,
    WINS_ANYWAY,
)
from simulator.period import Period

_IS_AWARENESS = np.array([channel.stage == "awareness" for channel in CHANNELS])
_IS_CONSIDERATION = np.array([channel.stage == "consideration" for channel in CHANNELS])
_OPENS = np.array([channel.opens for channel in CHANNELS])
_WINS = np.array([channel.wins for channel in CHANNELS])
_SATURATION = np.array([channel.saturation for channel in CHANNELS])


@dataclass(frozen=True)
class Outcomes:
    """What became of every account, by account number; ``opened_at`` may be NEVER.

    ``opening_push`` and ``winning_push`` say for each touchpoint what it added.
    """

    opened_at: np.ndarray
    would_win: np.ndarray
    opening_push: np.ndarray
    winning_push: np.ndarray


def decide(accounts: pd.DataFrame, touches: pd.DataFrame, period: Period) -> Outcomes:
    """Return the outcomes that follow from these touchpoints, ordered by account and time."""
    account, at = touches["account"].to_numpy(), touches["happened_at"].to_numpy()
    share = _shares(touches)
    channel = touches["channel"].to_numpy()
    opening_push, winning_push = _OPENS[channel] * share, _WINS[channel] * share

    reach_at, cycle = accounts["reach_at"].to_numpy(), accounts["cycle"].to_numpy()
    crossed_at = _crossings(accounts, account, at, opening_push)
    opened_at = crossed_at + accounts["opening_lag"].to_numpy()
    opens = (
        (crossed_at != NEVER)
        & (crossed_at <= reach_at + (OPENING_SHARE * cycle).astype(np.int64))
        & (opened_at < period.end)
    )
    in_time = at <= (reach_at + cycle)[account]
    odds = np.bincount(account[in_time], winning_push[in_time], minlength=len(accounts))
    chance = 1 / (1 + np.exp(-(WINS_ANYWAY + odds)))
    return Outcomes(
        opened_at=np.where(opens, opened_at, NEVER),
        would_win=opens & (accounts["win_draw"].to_numpy() < chance),
        opening_push=np.where(at <= crossed_at[account], opening_push, 0.0),
        winning_push=np.where(in_time, winning_push, 0.0),
    )


def _shares(touches: pd.DataFrame) -> np.ndarray:
    """Return which share of its channel's effect each touchpoint adds."""
    account, at = touches["account"].to_numpy(), touches["happened_at"].to_numpy()
    channel = touches["channel"].to_numpy()
    group = account * len(CHANNELS) + channel
    order = np.argsort(group, kind="stable")
    sorted_group = group[order]
    place = np.arange(len(group)) - np.searchsorted(sorted_group, sorted_group)
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = place
    aware_at = np.full(account.max(initial=-1) + 1, np.iinfo(np.int64).max)
    is_aware = _IS_AWARENESS[channel]
    np.minimum.at(aware_at, account[is_aware], at[is_aware])
    bonus = np.where(_IS_CONSIDERATION[channel] & (aware_at[account] < at), ORDER_BONUS, 1.0)
    return bonus * _SATURATION[channel] * (1 - _SATURATION[channel]) ** rank


def _crossings(
    accounts: pd.DataFrame, account: np.ndarray, at: np.ndarray, push: np.ndarray
) -> np.ndarray:
    """Return when each account's readiness first reached its threshold, or NEVER.

    A need of its own is one more push, at an instant that no channel moves.
    """
    need_at = accounts["reach_at"] + (accounts["need_share"] * accounts["cycle"]).astype(np.int64)
    all_accounts = np.concatenate([account, accounts["account"]])
    all_at = np.concatenate([at, need_at])
    all_pushes = np.concatenate([push, np.full(len(accounts), OPENS_ANYWAY)])
    order = np.lexsort([all_at, all_accounts])
    all_accounts, all_at = all_accounts[order], all_at[order]
    total = np.cumsum(all_pushes[order])
    starts = np.searchsorted(all_accounts, accounts["account"].to_numpy())
    before = np.concatenate([[0.0], total])[starts]
    crosses = total - before[all_accounts] >= accounts["threshold"].to_numpy()[all_accounts]
    crossed_at = np.full(len(accounts), NEVER)
    # written from the last to the first, so that the first crossing stays
    rows = np.flatnonzero(crosses)[::-1]
    crossed_at[all_accounts[rows]] = all_at[rows]
    return crossed_at


def won_amounts(opportunities: pd.DataFrame, outcomes: Outcomes) -> tuple[float, float]:
    """Return how many of the opportunities are won under ``outcomes``, and their sum in EUR.

    An expansion needs the first sale; whether it then succeeds was drawn beforehand.
    """
    account = opportunities["account"].to_numpy()
    wins = outcomes.would_win[account] & opportunities["is_won"].to_numpy()
    return float(wins.sum()), float(opportunities["amount_eur"].to_numpy()[wins].sum())


def channel_effects(
    accounts: pd.DataFrame,
    touches: pd.DataFrame,
    opportunities: pd.DataFrame,
    period: Period,
) -> pd.DataFrame:
    """Return one row per channel: what would be lost without it (wins, EUR, shares).

    ``share`` is of all won revenue. The shares need not add up to 1: some groups buy anyway,
    and where two channels are both needed each of them is the loss of the whole.
    """
    wins, revenue = won_amounts(opportunities, decide(accounts, touches, period))
    rows = []
    for channel in CHANNELS:
        rest = touches[touches["channel"] != CHANNEL[channel.name]]
        kept, kept_revenue = won_amounts(opportunities, decide(accounts, rest, period))
        rows.append(
            (
                channel.name,
                wins - kept,
                round(revenue - kept_revenue, 2),
                (revenue - kept_revenue) / revenue if revenue else 0.0,
                (wins - kept) / wins if wins else 0.0,
            )
        )
    columns = ["channel", "conversions_lost", "revenue_lost_eur", "share", "conversions_share"]
    return pd.DataFrame(rows, columns=columns)
