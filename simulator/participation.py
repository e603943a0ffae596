"""Events and webinars: who was invited in Salesforce, and who sat in Zoom's room."""

import numpy as np
import pandas as pd

from simulator.campaigns import Programme
from simulator.company import CHANNEL, DAY, NEVER
from simulator.period import Period
from simulator.streams import Streams

_INVITED_PER_PERSON = 0.012
_REJOIN_RATE, _DIAL_IN_RATE = 0.15, 0.02


def draw_members(
    streams: Streams,
    period: Period,
    people: pd.DataFrame,
    programme: Programme,
    touches: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per campaign member; ``touch`` is NEVER for who did not respond.

    ``by_lead`` says that the member was added as a lead, which stays after its conversion.
    """
    rng = streams.named("members")
    met = touches[touches["channel"].isin([CHANNEL["webinar"], CHANNEL["event"]])]
    came = met[["person", "campaign", "channel", "happened_at"]].assign(touch=met.index)
    members = pd.concat([came, _invited(rng, people, programme)], ignore_index=True)
    # who came is listed first and so is kept, not doubled as a mere guest
    members = members.drop_duplicates(["person", "campaign"])
    records = people[["person", "lead_created_at", "converted_at", "contact_created_at"]]
    members = members.merge(records, on="person")
    first_record = _first(members["lead_created_at"], members["contact_created_at"])
    added_at = members["happened_at"] - rng.integers(3 * DAY, 14 * DAY, len(members))
    late = first_record > added_at
    added_at = added_at.where(~late, np.maximum(first_record, members["happened_at"] + DAY))
    in_crm = (first_record > NEVER) & (first_record <= members["happened_at"] + 3 * DAY)
    members = members.assign(
        added_at=added_at,
        by_lead=(members["lead_created_at"] > NEVER)
        & ((members["converted_at"] == NEVER) | (added_at < members["converted_at"])),
    )
    members = members[in_crm & (added_at < period.end)]
    members = members.sort_values(["added_at", "person"], kind="stable", ignore_index=True)
    return members.assign(member=np.arange(len(members)))


def _invited(rng: np.random.Generator, people: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    dated = programme.happenings[programme.happenings["channel"] != CHANNEL["email"]]
    share = rng.poisson(_INVITED_PER_PERSON * len(people), len(dated))
    row = np.repeat(np.arange(len(dated)), share)
    return pd.DataFrame(
        {
            "person": rng.integers(0, len(people), len(row)),
            "campaign": dated["campaign"].to_numpy()[row],
            "channel": dated["channel"].to_numpy()[row],
            "happened_at": dated["happened_at"].to_numpy()[row],
            "touch": NEVER,
        }
    )


def _first(one: pd.Series, other: pd.Series) -> pd.Series:
    """Return the earlier of two instants, either of which may be NEVER."""
    return np.minimum(one, other).where((one > NEVER) & (other > NEVER), np.maximum(one, other))


def draw_attendance(streams: Streams, touches: pd.DataFrame) -> pd.DataFrame:
    """Return one row per stay in a webinar's room; who drops out and returns has two."""
    rng = streams.named("attendance")
    came = touches[touches["channel"] == CHANNEL["webinar"]]
    count = len(came)
    joined_at = came["happened_at"].to_numpy() + rng.integers(-240, 900, count)
    stays = pd.DataFrame(
        {
            "touch": came.index,
            "person": came["person"].to_numpy(),
            "campaign": came["campaign"].to_numpy(),
            "joined_at": joined_at,
            "left_at": joined_at + rng.integers(600, 3300, count),
            "dials_in": rng.random(count) < _DIAL_IN_RATE,
        }
    )
    back = stays[rng.random(count) < _REJOIN_RATE]
    again_at = back["left_at"] + rng.integers(20, 300, len(back))
    again = back.assign(joined_at=again_at, left_at=again_at + rng.integers(300, 1200, len(back)))
    stays = pd.concat([stays, again], ignore_index=True)
    stays = stays.sort_values(["joined_at", "person"], kind="stable", ignore_index=True)
    return stays.assign(stay=np.arange(len(stays)))
