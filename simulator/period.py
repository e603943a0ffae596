"""The days that the exports cover, and the hours at which people do things."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

from simulator.company import DAY

_WEEKEND_MOVES = 0.8


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter, or the part of it that the period covers (seconds since 1970)."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class Period:
    """All days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def start(self) -> int:
        """First second (since 1970, UTC)."""
        return midnight(self.first)

    @property
    def end(self) -> int:
        """First second that no longer belongs to the period."""
        return midnight(self.last) + DAY

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start) // DAY

    @property
    def quarters(self) -> list[Quarter]:
        """The calendar quarters in order, the first and the last cut to the period."""
        starts, day = [self.first], self.first
        while day < self.last:
            day += timedelta(days=1)
            if day.day == 1 and day.month in (1, 4, 7, 10):
                starts.append(day)
        ends = [*(midnight(day) for day in starts[1:]), self.end]
        return [
            Quarter(f"{day.year}-q{(day.month + 2) // 3}", midnight(day), end)
            for day, end in zip(starts, ends, strict=True)
        ]


def midnight(day: date) -> int:
    """Return the first second of ``day`` in UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def at_office_hours(rng: np.random.Generator, instants: np.ndarray) -> np.ndarray:
    """Move instants to a plausible hour of their day, and most of a weekend's to Monday."""
    days = np.asarray(instants, dtype=np.int64) // DAY
    weekday = (days + 3) % 7  # 1 January 1970 was a Thursday; Monday is 0
    moves = (weekday >= 5) & (rng.random(len(days)) < _WEEKEND_MOVES)
    days = np.where(moves, days + 7 - weekday, days)
    hours = np.clip(rng.normal(12.5, 3.0, len(days)), 0.02, 23.9)
    return days * DAY + (hours * 3600).astype(np.int64)


def utc_offsets(instants: np.ndarray | pd.Series, zone: str) -> np.ndarray:
    """Return by how many seconds the clocks of ``zone`` are ahead of UTC at each instant."""
    seconds = np.asarray(instants, dtype=np.int64)
    local = pd.DatetimeIndex(seconds.astype("datetime64[s]"), tz="UTC").tz_convert(zone)
    return local.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64) - seconds


def local_days(instants: np.ndarray | pd.Series, zone: str) -> np.ndarray:
    """Return the calendar day of each instant in ``zone``, as days since 1970."""
    return (np.asarray(instants, dtype=np.int64) + utc_offsets(instants, zone)) // DAY
