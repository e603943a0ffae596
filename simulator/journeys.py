"""Who meets the company when, and by which channel.

Encounters come first and depend on nothing that happens later; outcomes follow from them.
Harvests come last: they follow from outcomes and cause nothing.
"""

import numpy as np
import pandas as pd

from simulator.campaigns import Programme
from simulator.company import CHANNEL, CHANNELS, DAY, NEVER, YEAR
from simulator.people import Population
from simulator.period import Period, at_office_hours
from simulator.streams import Streams

_FIRST_CHANNELS = ("organic_search", "organic_search", "paid_social", "referral", "performance_max")
_DATED = ("email", "webinar", "event")
_OPEN_RATE, _CLICK_RATE = 0.36, 0.16
_BOUNCE_RATE, _SCAN_RATE = 0.012, 0.015
_NEAR_DAYS = 45

COLUMNS = ["person", "account", "channel", "happened_at", "campaign", "happening"]


def draw_sends(
    streams: Streams, period: Period, population: Population, programme: Programme
) -> pd.DataFrame:
    """Return one row per mailing and recipient, with what the recipient did."""
    rng = streams.named("sends")
    people = population.people
    years = _years(people["known_at"], people["until"])
    rate = CHANNELS[CHANNEL["email"]].yearly_rate * np.where(people["is_opted_out"], 0.2, 1.0)
    person, happening = _attend(
        rng, programme, "email", people[["known_at", "until"]].to_numpy(), rate * years
    )
    mailing = programme.happenings.loc[happening]
    count = len(person)
    sent_at = mailing["happened_at"].to_numpy() + rng.integers(0, 1800, count)
    opened_at = sent_at + 60 + np.exp(rng.normal(8.8, 1.5, count)).astype(np.int64)
    clicked_at = opened_at + rng.integers(5, 240, count)
    activity = people["activity"].to_numpy()[person]
    bounced = rng.random(count) < _BOUNCE_RATE
    opened = (rng.random(count) < _OPEN_RATE * np.sqrt(activity)) & ~bounced
    clicked = opened & (rng.random(count) < _CLICK_RATE * activity)
    sends = pd.DataFrame(
        {
            "person": person,
            "happening": happening,
            "campaign": mailing["campaign"].to_numpy(),
            "sent_at": sent_at,
            "opened_at": np.where(opened, opened_at, NEVER),
            "clicked_at": np.where(clicked, clicked_at, NEVER),
            "is_bounced": bounced,
            "is_scanned": (rng.random(count) < _SCAN_RATE) & ~bounced,
            "is_filtered": rng.random(count) < 0.4,
        }
    )
    last_at = sends[["sent_at", "opened_at", "clicked_at"]].max(axis=1)
    return sends[last_at + 60 < period.end].reset_index(drop=True)


def draw_encounters(
    streams: Streams,
    period: Period,
    population: Population,
    programme: Programme,
    sends: pd.DataFrame,
) -> pd.DataFrame:
    """Return the touchpoints that may cause something, ordered by account and time."""
    clicks = sends[sends["clicked_at"] > NEVER].rename(columns={"clicked_at": "happened_at"})
    parts = [
        clicks[["person", "happened_at", "campaign", "happening"]].assign(channel=CHANNEL["email"])
    ]
    parts.append(_first_contacts(streams, population, programme))
    people = population.people
    for number, channel in enumerate(CHANNELS):
        if not channel.is_causal or channel.name == "email":
            continue
        rng = streams.named(f"encounters {channel.name}")
        rate = channel.yearly_rate * people["activity"].to_numpy()
        windows = people[["joins_at", "until"]].to_numpy()
        means = rate * _years(people["joins_at"], people["until"])
        if channel.name in _DATED:
            person, happening = _attend(rng, programme, channel.name, windows, means)
            met = programme.happenings.loc[happening]
            part = _part(
                person, met["happened_at"].to_numpy(), met["campaign"].to_numpy(), happening
            )
        else:
            person, at = _meet(rng, windows, means, channel.intent)
            campaign = programme.pick_campaigns(rng, number, at)
            part = _part(person, at, campaign, np.full(len(person), -1))
        parts.append(part.assign(channel=number))
    return _ordered(pd.concat(parts), people, period)


def _first_contacts(streams: Streams, population: Population, programme: Programme) -> pd.DataFrame:
    """The touchpoint by which each account is reached at all: its first member's first."""
    rng = streams.named("first contacts")
    first = population.people[population.people["ordinal"] == 0]
    at = at_office_hours(rng, first["joins_at"].to_numpy())
    channel = rng.choice([CHANNEL[name] for name in _FIRST_CHANNELS], size=len(first))
    campaign = np.full(len(first), -1)
    for number in np.unique(channel):
        here = channel == number
        campaign[here] = programme.pick_campaigns(rng, number, at[here])
    part = _part(first["person"].to_numpy(), at, campaign, np.full(len(first), -1))
    return part.assign(channel=channel)


def draw_harvests(
    streams: Streams,
    period: Period,
    population: Population,
    programme: Programme,
    opportunities: pd.DataFrame,
) -> pd.DataFrame:
    """Return the touchpoints that come because a purchase is near, and those out of habit."""
    people = population.people
    opened = opportunities[opportunities["kind"] == 0].set_index("account")
    near = people[people["account"].isin(opened.index)]
    near_windows = np.column_stack(
        [
            np.maximum(
                near["account"].map(opened["opened_at"]) - _NEAR_DAYS * DAY, near["joins_at"]
            ),
            np.minimum(near["account"].map(opened["closes_at"]), period.end),
        ]
    ).astype(np.int64)
    parts = []
    for number, channel in enumerate(CHANNELS):
        if channel.is_causal or channel.near_rate == 0:
            continue
        rng = streams.named(f"harvests {channel.name}")
        windows = people[["joins_at", "until"]].to_numpy()
        means = channel.yearly_rate * people["activity"] * _years(*windows.T)
        person, at = _meet(rng, windows, means.to_numpy(), channel.intent)
        near_means = channel.near_rate * near["activity"].to_numpy() * _begun(near_windows)
        if channel.name == population.scenario.harvest_channel:
            near_means = near_means * population.scenario.harvest_factor
        index, near_at = _meet(rng, near_windows, near_means, channel.intent)
        person = np.concatenate([person, near["person"].to_numpy()[index]])
        at = np.concatenate([at, near_at])
        campaign = programme.pick_campaigns(rng, number, at)
        parts.append(_part(person, at, campaign, np.full(len(at), -1)).assign(channel=number))
    return _ordered(pd.concat(parts), people, period)


def _years(start: pd.Series | np.ndarray, end: pd.Series | np.ndarray) -> np.ndarray:
    return np.maximum(np.asarray(end) - np.asarray(start), 0) / YEAR


def _begun(windows: np.ndarray) -> np.ndarray:
    return (windows[:, 1] > windows[:, 0]).astype(float)


def _meet(
    rng: np.random.Generator, windows: np.ndarray, means: np.ndarray, intent: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and instants: a Poisson number per window, later ones likelier by intent."""
    counts = rng.poisson(means)
    index = np.repeat(np.arange(len(counts)), counts)
    share = rng.random(len(index)) ** (1 / (1 + intent))
    start, end = windows[index, 0], windows[index, 1]
    return index, at_office_hours(rng, start + (share * (end - start)).astype(np.int64))


def _attend(
    rng: np.random.Generator,
    programme: Programme,
    channel: str,
    windows: np.ndarray,
    means: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of person and happening inside the person's window, each pair once."""
    dated = programme.happenings[programme.happenings["channel"] == CHANNEL[channel]]
    times, numbers = dated["happened_at"].to_numpy(), dated["happening"].to_numpy()
    first, last = np.searchsorted(times, windows[:, 0]), np.searchsorted(times, windows[:, 1])
    counts = np.where(last > first, rng.poisson(means), 0)
    person = np.repeat(np.arange(len(counts)), counts)
    span = (last - first)[person]
    place = first[person] + (rng.random(len(person)) * span).astype(np.int64)
    pairs = np.unique(person * len(programme.happenings) + numbers[place])
    return np.divmod(pairs, len(programme.happenings))


def _part(
    person: np.ndarray, at: np.ndarray, campaign: np.ndarray, happening: np.ndarray
) -> pd.DataFrame:
    return pd.DataFrame(
        {"person": person, "happened_at": at, "campaign": campaign, "happening": happening}
    )


def _ordered(touches: pd.DataFrame, people: pd.DataFrame, period: Period) -> pd.DataFrame:
    touches = touches[touches["happened_at"] < period.end]
    touches = touches.assign(account=people["account"].to_numpy()[touches["person"]])
    order = np.lexsort([touches[name] for name in ("channel", "person", "happened_at", "account")])
    return touches.iloc[order][COLUMNS].reset_index(drop=True)
