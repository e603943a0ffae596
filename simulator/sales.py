"""What sales does once there is somebody to talk to: calls, e-mails and meetings."""

import numpy as np
import pandas as pd

from simulator.company import CHANNEL, DAY, NEVER
from simulator.journeys import COLUMNS
from simulator.period import Period, at_office_hours
from simulator.streams import Streams

_TASKS_PER_CONTACT, _TASKS_PER_LEAD, _MEETINGS_PER_CONTACT = 2.2, 0.9, 0.8


def draw_tasks(
    streams: Streams, period: Period, people: pd.DataFrame, opportunities: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per task, ordered by time; ``opportunity`` is NEVER for those on leads."""
    rng = streams.named("tasks")
    contacts = _on_opportunities(people, opportunities, period)
    leads = people[people["lead_created_at"] > NEVER].assign(
        opportunity=NEVER,
        begins_at=lambda rows: rows["lead_created_at"],
        ends_at=lambda rows: np.minimum(
            rows["lead_created_at"] + 30 * DAY,
            rows["converted_at"].where(rows["converted_at"] > NEVER, period.end),
        ),
    )
    parts = [
        _spread(rng, rows, rate)
        for rows, rate in ((contacts, _TASKS_PER_CONTACT), (leads, _TASKS_PER_LEAD))
    ]
    tasks = pd.concat(parts, ignore_index=True)
    tasks = tasks[tasks["happened_at"] < period.end]
    tasks = tasks.sort_values(["happened_at", "person"], kind="stable", ignore_index=True)
    count = len(tasks)
    return tasks.assign(
        task=np.arange(count),
        is_call=rng.random(count) < 0.45,
        is_done=rng.random(count) < 0.92,
        seconds=rng.integers(20, 1800, count),
    )


def draw_meetings(
    streams: Streams, period: Period, people: pd.DataFrame, opportunities: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per meeting, ordered by time."""
    rng = streams.named("meetings")
    contacts = _on_opportunities(people, opportunities, period)
    meetings = _spread(rng, contacts, _MEETINGS_PER_CONTACT)
    meetings = meetings[meetings["happened_at"] < period.end - DAY]
    meetings = meetings.sort_values(["happened_at", "person"], kind="stable", ignore_index=True)
    count = len(meetings)
    return meetings.assign(
        meeting=np.arange(count),
        booked_at=meetings["happened_at"] - rng.integers(DAY, 10 * DAY, count),
        minutes=rng.choice([30, 45, 60], size=count),
        outcome=rng.choice(4, size=count, p=[0.84, 0.07, 0.05, 0.04]),
    )


def sales_touches(
    people: pd.DataFrame, tasks: pd.DataFrame, meetings: pd.DataFrame
) -> pd.DataFrame:
    """Return the tasks that were done and the meetings that took place as touchpoints."""
    done = tasks[tasks["is_done"]]
    held = meetings[meetings["outcome"] == 0]
    touches = pd.concat(
        [
            done[["person", "happened_at"]].assign(task=done["task"], meeting=NEVER),
            held[["person", "happened_at"]].assign(task=NEVER, meeting=held["meeting"]),
        ],
        ignore_index=True,
    )
    touches = touches.assign(channel=CHANNEL["sales"], campaign=-1, happening=-1)
    touches["account"] = people["account"].to_numpy()[touches["person"]]
    return touches[[*COLUMNS, "task", "meeting"]]


def _on_opportunities(
    people: pd.DataFrame, opportunities: pd.DataFrame, period: Period
) -> pd.DataFrame:
    contacts = people[people["contact_created_at"] > NEVER]
    pairs = opportunities[["opportunity", "account", "opened_at", "closes_at"]].merge(
        contacts, on="account"
    )
    return pairs.assign(
        begins_at=np.maximum(pairs["opened_at"], pairs["contact_created_at"]),
        ends_at=np.minimum(pairs["closes_at"], period.end),
    )


def _spread(rng: np.random.Generator, rows: pd.DataFrame, rate: float) -> pd.DataFrame:
    """Draw a Poisson number of instants between ``begins_at`` and ``ends_at`` of each row."""
    rows = rows[rows["ends_at"] > rows["begins_at"]]
    counts = rng.poisson(rate, len(rows))
    row = np.repeat(np.arange(len(rows)), counts)
    begins, ends = rows["begins_at"].to_numpy()[row], rows["ends_at"].to_numpy()[row]
    at = begins + (rng.random(len(row)) * (ends - begins)).astype(np.int64)
    return pd.DataFrame(
        {
            "person": rows["person"].to_numpy()[row],
            "opportunity": rows["opportunity"].to_numpy()[row],
            "happened_at": np.maximum(at_office_hours(rng, at), begins),
        }
    )
