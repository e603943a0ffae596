"""Daily reference rates of currencies against the euro, as plausible random walks."""

import numpy as np
import pandas as pd

from simulator.company import DAY
from simulator.period import Period
from simulator.streams import Streams

_LEAD_DAYS = 60
# Units of the currency for one euro at the start, and the daily change's standard deviation.
_CURRENCIES = {
    "USD": (1.085, 0.0040),
    "JPY": (161.0, 0.0052),
    "GBP": (0.856, 0.0028),
    "CHF": (0.955, 0.0027),
    "SEK": (11.35, 0.0032),
    "DKK": (7.459, 0.0001),
    "NOK": (11.62, 0.0040),
    "PLN": (4.315, 0.0030),
    "CZK": (25.1, 0.0022),
}
_HOLIDAYS = ("01-01", "05-01", "12-25", "12-26")


def draw_rates(streams: Streams, period: Period) -> pd.DataFrame:
    """Return one row per day with rates, none on weekends and holidays: ``day`` (since 1970)."""
    rng = streams.named("rates")
    days = np.arange(period.start // DAY - _LEAD_DAYS, period.end // DAY)
    holiday = np.isin(
        pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[s]")).strftime("%m-%d"),
        _HOLIDAYS,
    )
    days = days[((days + 3) % 7 < 5) & ~holiday]
    rates = pd.DataFrame({"day": days})
    for code, (start, volatility) in _CURRENCIES.items():
        walk = np.exp(np.cumsum(rng.normal(0, volatility, len(days))))
        rates[code] = np.round(start * walk, 5 if code == "GBP" else 4)
    return rates


def euros(
    rates: pd.DataFrame, amount: np.ndarray, currency: pd.Series, day: np.ndarray
) -> np.ndarray:
    """Return amounts in EUR at the last rate on or before each day."""
    row = np.searchsorted(rates["day"].to_numpy(), day, side="right") - 1
    per_euro = np.ones(len(amount))
    for code in ("USD", "GBP"):
        here = (currency == code).to_numpy()
        per_euro[here] = rates[code].to_numpy()[row[here]]
    return amount / per_euro
