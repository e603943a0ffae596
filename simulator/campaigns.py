"""The campaigns of every quarter, their dates, and the ads that run for them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.company import AD_ACCOUNTS, CHANNEL, DAY, LINES, PERFORMANCE_MAX, REGIONS
from simulator.period import Period
from simulator.streams import Streams

_PLANNED_QUARTERS = 1
_NO_AD = -1


@dataclass(frozen=True)
class Programme:
    """One row per campaign, per happening (mailing, webinar, event) and per ad.

    Campaign numbers are ``quarter * len(LINES) + line``. ``choices`` lists the ads that a
    person in a region can click for a campaign, see :meth:`pick_ads`.
    """

    quarter_starts: np.ndarray
    campaigns: pd.DataFrame
    happenings: pd.DataFrame
    ads: pd.DataFrame
    choices: pd.DataFrame

    def pick_campaigns(
        self, rng: np.random.Generator, channel: int, instants: np.ndarray
    ) -> np.ndarray:
        """Return for each instant a campaign of the channel that ran then, or -1."""
        lines = [i for i, line in enumerate(LINES) if CHANNEL[line.channel] == channel]
        if not lines:
            return np.full(len(instants), _NO_AD)
        quarter = np.searchsorted(self.quarter_starts, instants, side="right") - 1
        return quarter * len(LINES) + rng.choice(lines, size=len(instants))

    def pick_ads(
        self, rng: np.random.Generator, campaign: np.ndarray, region: np.ndarray
    ) -> np.ndarray:
        """Return for each click an ad of the campaign that is shown in the region, or -1."""
        slots = np.zeros(len(self.campaigns) * len(REGIONS) + 1, dtype=np.int64)
        slot = self.choices["campaign"].to_numpy() * len(REGIONS) + self.choices["region"]
        np.add.at(slots, slot.to_numpy() + 1, 1)
        first = np.cumsum(slots)
        wanted = np.where(campaign >= 0, campaign * len(REGIONS) + region, 0)
        count = np.where(campaign >= 0, first[wanted + 1] - first[wanted], 0)
        place = first[wanted] + (rng.random(len(wanted)) * count).astype(np.int64)
        ads = self.choices["ad"].to_numpy()
        return np.where(count > 0, ads[np.minimum(place, len(ads) - 1)], _NO_AD)


def plan(streams: Streams, period: Period) -> Programme:
    """Draw every quarter's campaigns; those of the quarter after the period are only planned."""
    campaigns = _campaigns(streams, period)
    ads = _ads(campaigns)
    return Programme(
        quarter_starts=np.array([quarter.start for quarter in period.quarters]),
        campaigns=campaigns,
        happenings=_happenings(streams, campaigns),
        ads=ads,
        choices=_choices(ads),
    )


def _campaigns(streams: Streams, period: Period) -> pd.DataFrame:
    rng = streams.named("campaigns")
    spans = [(q.label, q.start, q.end) for q in period.quarters]
    year, number = spans[-1][0].split("-q")
    following = f"{year}-q{int(number) + 1}" if number < "4" else f"{int(year) + 1}-q1"
    spans.append((following, period.end, period.end + 90 * DAY))
    campaigns = pd.DataFrame(
        [
            (f"{label}-{line.slug}", number, line.slug, line.channel, start, end)
            for label, start, end in spans
            for number, line in enumerate(LINES)
        ],
        columns=["code", "line", "slug", "channel", "starts_at", "ends_at"],
    )
    count = len(campaigns)
    slips = np.where(rng.random(count) < 0.3, rng.integers(1, 15, count), 0) * DAY
    return campaigns.assign(
        campaign=np.arange(count),
        is_launched=campaigns["starts_at"] < period.end,
        committed_at=campaigns["starts_at"] - slips,
        concept_at=campaigns["starts_at"] - rng.integers(20, 75, count) * DAY + 9 * 3600,
        budget=np.round(
            np.array([line.budget for line in LINES])[campaigns["line"]]
            * rng.uniform(0.8, 1.3, count),
            -2,
        ),
        region=rng.choice([*(region.name for region in REGIONS), "all"], size=count),
        type=np.array([line.type for line in LINES], object)[campaigns["line"]],
        owner=np.array([line.owner for line in LINES], object)[campaigns["line"]],
    )


def _happenings(streams: Streams, campaigns: pd.DataFrame) -> pd.DataFrame:
    """Spread each campaign's mailings, webinar or event evenly over its quarter."""
    rng = streams.named("happenings")
    launched = campaigns[campaigns["is_launched"]]
    counts = np.array([line.happenings for line in LINES])[launched["line"]]
    rows = launched.loc[launched.index.repeat(counts)]
    place = np.concatenate([np.arange(count) for count in counts]) + 1
    share = place / (np.repeat(counts, counts) + 1)
    days = (rows["starts_at"] + share * (rows["ends_at"] - rows["starts_at"])) // DAY
    weekday = (days.astype(np.int64) + 3) % 7
    # on a working day, webinars and mailings alike
    days = days.astype(np.int64) - np.where(weekday > 4, weekday - 4, 0)
    at = np.maximum(days * DAY, rows["starts_at"]) + rng.choice([8, 9, 13, 14], len(rows)) * 3600
    happenings = pd.DataFrame(
        {"campaign": rows["campaign"], "channel": rows["channel"].map(CHANNEL), "happened_at": at}
    )
    happenings = happenings.sort_values(
        ["happened_at", "campaign"], kind="stable", ignore_index=True
    )
    return happenings.assign(happening=np.arange(len(happenings)))


def _ads(campaigns: pd.DataFrame) -> pd.DataFrame:
    """One row per ad; Performance Max has one that stands for the whole campaign."""
    rows = [
        (campaign, line, place, account, number)
        for campaign, line, launched in campaigns[["campaign", "line", "is_launched"]].itertuples(
            index=False
        )
        if launched
        for place, account in enumerate(LINES[line].accounts)
        for number in range(LINES[line].ads)
    ]
    ads = pd.DataFrame(rows, columns=["campaign", "line", "place", "account", "number"])
    group = ads["campaign"] * 10 + ads["place"]
    return ads.assign(
        ad=np.arange(len(ads)),
        platform=[AD_ACCOUNTS[account].platform for account in ads["account"]],
        is_whole_campaign=[LINES[line].slug == PERFORMANCE_MAX for line in ads["line"]],
        platform_campaign_id=20_100_000_000 + group * 7919,
        ad_group_id=150_300_000_000 + group * 6151,
        ad_id=680_400_000_000 + np.arange(len(ads)) * 4099,
    )


def _choices(ads: pd.DataFrame) -> pd.DataFrame:
    """Which ads are shown where: each region has its accounts, or the platform's first."""
    homes = {"EUR": {0, 2, 3}, "USD": {1, 2, 3}, "GBP": {5, 2, 4}}
    rows = []
    for campaign, shown in ads.groupby("campaign", sort=True):
        for number, region in enumerate(REGIONS):
            here = shown[shown["account"].isin(homes[region.currency])]
            here = here if len(here) else shown[shown["place"] == 0]
            rows += [(campaign, number, ad) for ad in here["ad"]]
    return pd.DataFrame(rows, columns=["campaign", "region", "ad"])
