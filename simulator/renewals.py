"""What customers are billed: their first contracts, expansions, and yearly renewals until they go.

Whether a customer renews is decided as in the shifted-beta-geometric model: each has a chance
to leave of their own, drawn from a beta distribution, and meets it once a year, see
https://doi.org/10.1002/dir.20074 (Fader and Hardie, How to project customer retention).
"""

import numpy as np
import pandas as pd

from simulator.company import DAY, NEVER
from simulator.period import Period
from simulator.streams import Streams

# A fifth of all customers leave in the first year, of those who stay fewer each year.
CHURN_ALPHA, CHURN_BETA = 0.8, 3.2
_PRICE_RISE = 1.04
_YEARS = 12
# Accounting made out some invoices wrongly at first, and books them again.
_WRONG_RATE, _WRONG_FACTOR = 0.06, 1.1


def draw_customers(
    streams: Streams,
    accounts: pd.DataFrame,
    opportunities: pd.DataFrame,
    credit_notes: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per account that has bought for money, ordered by account.

    Columns: ``account``, ``currency``, ``starts_on`` (day since 1970, from which years are
    counted), ``churn_probability`` (of each year), ``years`` (that the customer stays, 1 or
    more, as if nothing were given back), ``yearly_amount`` (what the first renewal is reckoned
    from: all that was sold and not given back in full) and ``is_cancelled`` (nothing is left).
    """
    rng = streams.named("renewals")
    chance = rng.beta(CHURN_ALPHA, CHURN_BETA, len(accounts))
    leaves = rng.random((len(accounts), _YEARS)) < chance[:, None]
    years = np.where(leaves.any(axis=1), leaves.argmax(axis=1) + 1, _YEARS + 1)
    habits = pd.DataFrame({"churn_probability": chance, "years": years})

    sold = _sold(opportunities)
    taken_back = credit_notes.loc[credit_notes["is_full"], "opportunity"]
    sold = sold.assign(kept=sold["amount"].where(~sold["opportunity"].isin(taken_back), 0.0))
    customers = sold.groupby("account", as_index=False).agg(
        currency=("currency", "first"),
        starts_on=("closes_at", "min"),
        yearly_amount=("kept", "sum"),
    )
    drawn = habits.iloc[customers["account"]].reset_index(drop=True)
    return customers.join(drawn).assign(
        starts_on=customers["starts_on"] // DAY,
        yearly_amount=np.round(customers["yearly_amount"], 2),
        is_cancelled=customers["yearly_amount"] <= 0,
    )


def draw_invoices(
    streams: Streams, period: Period, customers: pd.DataFrame, opportunities: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per invoice and churn that begins within the period, ordered by day.

    Columns: ``invoice``, ``account``, ``opportunity`` (-1 for none), ``kind``, ``currency``,
    ``starts_on``, ``ends_on`` (days since 1970, the last one included), ``amount`` and
    ``first_amount`` (as first booked). An expansion is billed for its own year, and is part of
    the account's renewal from the next anniversary on.
    """
    rows = pd.concat([_contracts(opportunities), *_anniversaries(customers)], ignore_index=True)
    rows = rows[rows["starts_on"] < period.end // DAY]
    rows = rows.sort_values(["starts_on", "account", "opportunity"], ignore_index=True)
    is_wrong = streams.named("invoices").random(len(rows)) < _WRONG_RATE
    factor = np.where(is_wrong & (rows["kind"] != "churn"), _WRONG_FACTOR, 1.0)
    return rows.assign(
        invoice=np.arange(len(rows)), first_amount=np.round(rows["amount"] * factor, 2)
    )


def _sold(opportunities: pd.DataFrame) -> pd.DataFrame:
    won = opportunities[opportunities["is_won"] & (opportunities["amount"] > 0)]
    return won.sort_values(["account", "closes_at", "opportunity"], ignore_index=True)


def _contracts(opportunities: pd.DataFrame) -> pd.DataFrame:
    """Each sale is billed for a year; an account's first one is new, the others expand it."""
    sold = _sold(opportunities)
    starts_on = sold["closes_at"] // DAY
    return pd.DataFrame(
        {
            "account": sold["account"],
            "opportunity": sold["opportunity"],
            "kind": np.where(sold.groupby("account").cumcount() == 0, "new", "expansion"),
            "currency": sold["currency"],
            "starts_on": starts_on,
            "ends_on": _years_later(starts_on, 1) - 1,
            "amount": sold["amount"],
        }
    )


def _anniversaries(customers: pd.DataFrame) -> list[pd.DataFrame]:
    """A renewal a year while the customer stays, and the year in which it went away."""
    years = np.where(customers["is_cancelled"], 1, customers["years"])
    parts = []
    for year in range(1, _YEARS + 1):
        here = customers[years >= year]
        renews = years[years >= year] > year
        starts_on = _years_later(here["starts_on"], year)
        parts.append(
            pd.DataFrame(
                {
                    "account": here["account"],
                    "opportunity": NEVER,
                    "kind": np.where(renews, "renewal", "churn"),
                    "currency": here["currency"],
                    "starts_on": starts_on,
                    "ends_on": _years_later(here["starts_on"], year + 1) - 1,
                    "amount": np.where(
                        renews, np.round(here["yearly_amount"] * _PRICE_RISE**year, 2), 0.0
                    ),
                }
            )
        )
    return parts


def _years_later(days: pd.Series, years: int) -> np.ndarray:
    """Return the same calendar day ``years`` on; of a leap day the first of March."""
    dates = np.asarray(days, dtype="datetime64[D]")
    months = dates.astype("datetime64[M]")
    later = (months + 12 * years).astype("datetime64[D]") + (dates - months)
    return later.astype(np.int64)
