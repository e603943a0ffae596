"""Visits to the website: who came on which device by which ad, and sent which form."""

from dataclasses import replace

import numpy as np
import pandas as pd

from simulator.campaigns import Programme
from simulator.company import CHANNEL, CHANNELS, DAY, REGIONS
from simulator.people import NOBODY, Population
from simulator.period import Period, at_office_hours
from simulator.streams import Streams

_OFFLINE = [CHANNEL[name] for name in ("webinar", "event", "sales")]
_ANONYMOUS_MIX = {
    "organic_search": 0.42,
    "direct": 0.20,
    "paid_search": 0.18,
    "paid_social": 0.12,
    "performance_max": 0.04,
    "referral": 0.03,
    "retargeting": 0.01,
}
_FORM_RATES = np.array([channel.form_rate for channel in CHANNELS])


def draw_sessions(
    streams: Streams,
    period: Period,
    population: Population,
    programme: Programme,
    touches: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per visit, ordered by time.

    ``touch`` is the row of ``touches`` that it is (or NOBODY), ``form_draw`` says under which
    of their records a person sends the form of that visit.
    """
    visits = touches[~touches["channel"].isin(_OFFLINE)]
    known = _of_people(streams, population, visits)
    devices = population.devices
    unknown = _of_strangers(streams, period, programme, devices[devices["person"] == NOBODY])
    sessions = pd.concat([known, unknown], ignore_index=True)
    rng = streams.named("sessions")
    count = len(sessions)
    sessions = sessions.assign(
        ad=programme.pick_ads(rng, sessions["campaign"].to_numpy(), sessions["region"].to_numpy()),
        pages=1 + np.minimum(rng.poisson(0.6, count), 5),
        has_form=(rng.random(count) < _FORM_RATES[sessions["channel"]])
        & (sessions["person"] != NOBODY).to_numpy(),
        form_draw=rng.random(count),
        mark_draw=rng.random(count),
    )
    sessions = sessions.sort_values(["happened_at", "device"], kind="stable", ignore_index=True)
    sessions = sessions.assign(session=np.arange(count))
    return _recognised(streams, sessions, len(devices), population.scenario.recognised_rates)


def _of_people(streams: Streams, population: Population, visits: pd.DataFrame) -> pd.DataFrame:
    rng = streams.named("devices used")
    person = visits["person"].to_numpy()
    counts = population.people["device_count"].to_numpy()
    first = np.cumsum(counts) - counts
    # the first device is used most
    place = (rng.random(len(person)) ** 2 * counts[person]).astype(np.int64)
    return pd.DataFrame(
        {
            "touch": visits.index,
            "person": person,
            "device": first[person] + place,
            "region": population.accounts["region"].to_numpy()[visits["account"]],
            "happened_at": visits["happened_at"].to_numpy(),
            "channel": visits["channel"].to_numpy(),
            "campaign": visits["campaign"].to_numpy(),
        }
    )


def _of_strangers(
    streams: Streams, period: Period, programme: Programme, devices: pd.DataFrame
) -> pd.DataFrame:
    rng = streams.named("anonymous sessions")
    counts = 1 + rng.poisson(0.4, len(devices))
    row = np.repeat(np.arange(len(devices)), counts)
    mix = [CHANNEL[name] for name in _ANONYMOUS_MIX]
    channel = rng.choice(mix, size=len(row), p=list(_ANONYMOUS_MIX.values()))
    start = devices["seen_at"].to_numpy()[row]
    at = at_office_hours(rng, start + (rng.random(len(row)) ** 2 * 60 * DAY).astype(np.int64))
    campaign = np.full(len(row), -1)
    for number in mix:
        here = channel == number
        campaign[here] = programme.pick_campaigns(rng, number, np.minimum(at, period.end - 1)[here])
    sessions = pd.DataFrame(
        {
            "touch": NOBODY,
            "person": NOBODY,
            "device": devices["device"].to_numpy()[row],
            "region": rng.choice(len(REGIONS), size=len(row), p=[r.share for r in REGIONS]),
            "happened_at": at,
            "channel": channel,
            "campaign": campaign,
        }
    )
    return sessions[
        (sessions["happened_at"] >= period.start) & (sessions["happened_at"] < period.end)
    ]


def _recognised(
    streams: Streams, sessions: pd.DataFrame, devices: int, rates: tuple[float, float]
) -> pd.DataFrame:
    """Mark the visits that carry the contact's number: after a form, or by an e-mail's link."""
    rng = streams.named("recognised")
    forms = sessions[sessions["has_form"]]
    form_at = np.full(devices, np.iinfo(np.int64).max)
    np.minimum.at(form_at, forms["device"].to_numpy(), forms["happened_at"].to_numpy())
    draw = rng.random(len(sessions))
    form_rate, mail_rate = rates
    is_later = sessions["happened_at"].to_numpy() >= form_at[sessions["device"]]
    after_form = is_later & (draw < form_rate)
    by_mail = (sessions["channel"] == CHANNEL["email"]).to_numpy() & (draw < mail_rate)
    return sessions.assign(
        is_recognised=(after_form | by_mail) & (sessions["person"] != NOBODY).to_numpy()
    )


def known_by_forms(population: Population, sessions: pd.DataFrame) -> Population:
    """Return the population with people known from the first form under their main record."""
    forms = sessions[sessions["has_form"] & (sessions["form_record"] == sessions["person"])]
    known_at = population.people["known_at"].to_numpy().copy()
    np.minimum.at(known_at, forms["person"].to_numpy(), forms["happened_at"].to_numpy())
    return replace(population, people=population.people.assign(known_at=known_at))
