"""What the ad platforms report: a row per ad and day, with the clicks that the website saw."""

import numpy as np
import pandas as pd

from simulator.campaigns import Programme
from simulator.company import AD_ACCOUNTS, DAY, LINES
from simulator.period import Period, local_days
from simulator.streams import Streams

_CLAIMED_PER_CLICK = 0.035
_LINKEDIN_RATES = {"EUR": 1.09, "GBP": 1.27}


def draw_ad_days(
    streams: Streams, period: Period, programme: Programme, sessions: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per ad and day (in the account's zone) on which it was shown.

    ``clicks`` are at least the website's; ``spend`` is in the account's currency, rounded to
    cents, and falls due on days without a visit too.
    """
    rng = streams.named("ad days")
    grid = _grid(period, programme)
    seen = _website_clicks(programme, sessions)
    grid = grid.merge(seen, on=["ad", "day"], how="outer")
    grid = grid.sort_values(["day", "ad"], ignore_index=True)
    line = programme.ads["line"].to_numpy()[grid["ad"]]
    account = programme.ads["account"].to_numpy()[grid["ad"]]
    prices = np.array([each.click_price for each in LINES])[line]
    rates = np.array([each.click_rate for each in LINES])[line]
    base = np.array([each.daily_clicks for each in LINES])[line]

    weekend = (grid["day"] + 3) % 7 >= 5
    others = rng.poisson(base * np.where(weekend, 0.3, 1.0))
    clicks = grid["visits"].fillna(0).astype(np.int64) + others
    impressions = clicks + rng.poisson((clicks + base * np.where(weekend, 0.1, 0.5)) / rates)
    spend = clicks * prices * np.exp(rng.normal(0, 0.18, len(grid)))
    claimed = rng.poisson(_CLAIMED_PER_CLICK * clicks) * rng.choice([0.5, 1.0], len(grid))
    currency = np.array([each.currency for each in AD_ACCOUNTS], object)[account]
    days = grid[["ad", "day"]].assign(
        impressions=impressions,
        clicks=clicks,
        spend=np.round(spend, 2),
        spend_usd=np.round(spend * pd.Series(currency).map(_LINKEDIN_RATES).fillna(1.0), 2),
        conversions=claimed,
        other_clicks=rng.poisson(clicks * 0.25),
    )
    return days[impressions > 0].reset_index(drop=True)


def _grid(period: Period, programme: Programme) -> pd.DataFrame:
    """Every ad on every day of its campaign's quarter."""
    ads = programme.ads.merge(
        programme.campaigns[["campaign", "starts_at", "ends_at"]], on="campaign"
    )
    first = np.maximum(ads["starts_at"], period.start).to_numpy() // DAY
    counts = np.minimum(ads["ends_at"], period.end).to_numpy() // DAY - first
    ad = np.repeat(ads["ad"].to_numpy(), counts)
    place = np.arange(len(ad)) - np.repeat(np.cumsum(counts) - counts, counts)
    return pd.DataFrame({"ad": ad, "day": np.repeat(first, counts) + place})


def _website_clicks(programme: Programme, sessions: pd.DataFrame) -> pd.DataFrame:
    clicked = sessions.loc[sessions["ad"] >= 0, ["ad", "happened_at"]]
    account = programme.ads["account"].to_numpy()[clicked["ad"]]
    day = np.zeros(len(clicked), dtype=np.int64)
    for number, each in enumerate(AD_ACCOUNTS):
        here = account == number
        day[here] = local_days(clicked["happened_at"].to_numpy()[here], each.zone)
    counts = clicked.assign(day=day).groupby(["ad", "day"], sort=True).size()
    return counts.rename("visits").reset_index()
