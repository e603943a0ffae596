"""Days and instants: what is the reporting day of an instant, and when does a day end.

Instants are in UTC and carry no zone, as everywhere in the warehouse.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

REPORTING_ZONE = ZoneInfo("Europe/Berlin")


def utc(instant: datetime) -> datetime:
    """Return the instant in UTC without a zone; one that has no zone is in UTC already."""
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant


def reporting_day(instant: datetime) -> date:
    """Return the day that the calendar in the reporting zone shows."""
    return instant.replace(tzinfo=UTC).astimezone(REPORTING_ZONE).date()


def end_of_day(day: date) -> datetime:
    """Return the last microsecond of the day in the reporting zone, which has 23 to 25 hours."""
    midnight = datetime.combine(day + timedelta(days=1), time(), REPORTING_ZONE)
    return utc(midnight) - timedelta(microseconds=1)
