"""A seeded crowd of persons, their touchpoints and conversions: the awkward cases are common."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pandas as pd

CHANNELS = ("paid_search", "direct", "direct", "email", "webinar", "referral", "sales")
CAMPAIGNS = (None, None, "spring", "autumn")
KINDS = ((10, 10), (10, 10), (20, 20), (30, 30), (21, 20), (60, 60), (71, 70))
REPORTING_ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2025, 1, 1)
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Crowd:
    """Frames with the columns of the warehouse's models of these names."""

    int_conversions__unioned: pd.DataFrame
    int_conversions__groups_resolved: pd.DataFrame
    int_opportunities__valued: pd.DataFrame
    int_touchpoints__classified: pd.DataFrame


def reporting_day(instant: datetime) -> datetime:
    """The day in the reporting time zone, as a date at midnight."""
    local = instant.replace(tzinfo=UTC).astimezone(REPORTING_ZONE)
    return datetime(local.year, local.month, local.day)


def random_crowd(seed: int, persons: int, opportunities: int) -> Crowd:
    """Draw a crowd; about two conversions a person and nine in five opportunities."""
    random = Random(seed)  # noqa: S311 - a test's dice
    people = [f"p{at:05}" for at in range(persons)]
    anchors = {person: START + timedelta(seconds=random.randrange(300 * DAY_SECONDS))
               for person in people}  # fmt: skip
    touchpoints = [one for person in people for one in _touched(random, person, anchors[person])]
    conversions, groups, opened = [], [], []
    for person in people:
        converted = list(_person_conversions(random, person, anchors[person]))
        conversions += converted
        groups += [(conversion[0], person) for conversion in converted]
    for at in range(opportunities):
        name = f"o{at:05}"
        group = random.sample(people, random.choice([0, 1, 1, 2, 3]))
        created_at = anchors[random.choice(group or people)] + _days(random, 0, 200)
        opened.append((name, created_at))
        converted = list(_opportunity_conversions(random, name, created_at))
        conversions += converted
        groups += [(conversion[0], person) for conversion in converted for person in group]
        conversions += _refunds(random, converted)
    return Crowd(
        pd.DataFrame(conversions, columns=[
            "conversion_id", "conversion_type", "person_id", "opportunity_id",
            "conversion_value", "is_money", "converted_at", "converted_date",
            "reversed_conversion_id"]),
        pd.DataFrame(groups, columns=["conversion_id", "person_id"]),
        pd.DataFrame(opened, columns=["opportunity_id", "created_at"]),
        pd.DataFrame(touchpoints, columns=[
            "touchpoint_id", "person_id", "channel", "campaign", "touchpoint_priority",
            "source_rank", "is_sales", "is_impression_or_open", "occurred_at", "occurred_date"]),
    )  # fmt: skip


def _days(random: Random, low: int, high: int) -> timedelta:
    """Whole seconds, often whole days, so that milestones and edges of windows are met."""
    if random.random() < 0.3:
        return timedelta(days=random.randint(low, high))
    return timedelta(seconds=random.randint(low * DAY_SECONDS, high * DAY_SECONDS))


def _touched(random: Random, person: str, anchor: datetime) -> list[tuple]:
    found = []
    occurred_at = anchor
    for _ in range(random.choice([0, 1, 2, 3, 4, 6, 8, 12])):
        near = random.random()
        if near < 0.2:  # the same second, or within it
            occurred_at += timedelta(microseconds=random.choice([0, 0, 250_000]))
        elif near < 0.4:  # the same day or the one beside it
            occurred_at += timedelta(hours=random.randint(-4, 4))
        else:
            occurred_at = anchor + random.choice(
                [_days(random, -700, 0), *[_days(random, -170, 30)] * 3,
                 -timedelta(days=180), -timedelta(days=548), timedelta()]
            )  # fmt: skip
        priority, rank = random.choice(KINDS)
        found.append((
            f"{random.getrandbits(64):016x}", person, random.choice(CHANNELS),
            random.choice(CAMPAIGNS), priority, rank, priority >= 60, priority == 21,
            occurred_at, reporting_day(occurred_at),
        ))  # fmt: skip
    return found


def _person_conversions(random: Random, person: str, anchor: datetime) -> list[tuple]:
    found = []
    converted_at = anchor
    for kind, chance in (("lead_created", 0.9), ("mql", 0.7), ("sql", 0.5)):
        converted_at += random.choice([timedelta(), _days(random, 0, 60)])
        if random.random() < chance:
            found.append((
                f"{kind}:{person}", kind, person, None, Decimal(1), False, converted_at,
                reporting_day(converted_at), None,
            ))  # fmt: skip
    return found


def _opportunity_conversions(random: Random, name: str, created_at: datetime) -> list[tuple]:
    won_at = reporting_day(created_at + _days(random, 0, 250)) + timedelta(hours=21, minutes=59)
    return [
        (f"{kind}:{name}", kind, None, name, _value(random), True, at, reporting_day(at), None)
        for kind, at, chance in (
            ("opportunity_created", created_at, 0.95), ("closed_won", max(won_at, created_at), 0.85)
        )
        if random.random() < chance
    ]  # fmt: skip


def _refunds(random: Random, converted: list[tuple]) -> list[tuple]:
    """Take some wins back: whole at once, or in up to three steps of any size."""
    found = []
    for conversion_id, kind, _, opportunity, value, _, won_at, *_ in converted:
        if kind == "closed_won" and value > 0 and random.random() < 0.3:
            parts = random.choice([[1], [Decimal("0.5")], [random.random() for _ in range(3)]])
            for at, part in enumerate(parts):
                refunded = -(value * Decimal(part) / len(parts)).quantize(Decimal("0.01"))
                refunded_at = won_at + timedelta(days=random.randint(0, 40))
                found.append((
                    f"refund{at}:{opportunity}", kind, None, opportunity, refunded, True,
                    refunded_at, reporting_day(refunded_at), conversion_id,
                ))  # fmt: skip
    return found


def _value(random: Random) -> Decimal:
    cents = random.choice([0, 1, 2, 100, 10_000, random.randrange(10**5), random.randrange(10**9)])
    return Decimal(cents * random.choice([1, 1, 1, -1])) / 100
