"""The journey rules and the weight formula a second time, from their definition, one by one.

Plain Python over plain frames, written without a look at the models of the warehouse: where the
two disagree, one of them has misread the definition.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from math import floor, fsum
from typing import NamedTuple

import pandas as pd

REMAINDER_DIGITS = 6
CENTS, MILLIONTHS = 100, 1_000_000


class Credit(NamedTuple):
    """What one touchpoint gets of one conversion, or loses by a refund, under one model row."""

    attribution_model: str
    model_version: int
    conversion_id: str
    touchpoint_id: str
    weight: float
    credit: float
    booked_credit: Decimal


class Evidence:
    """What there is to share out and whom to: plain rows, found by the key they hang on.

    The frames are named after, and have the columns of, the seed ``attribution_models`` and the
    models ``int_conversions__unioned``, ``int_conversions__groups_resolved``,
    ``int_opportunities__valued``, ``int_touchpoints__classified`` and
    ``int_channel_weights__assigned``.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        """Sort the frames' rows by what they hang on."""
        self.models = rows_by(frames["attribution_models"], "conversion_type")
        touchpoints = frames["int_touchpoints__classified"]
        self.touchpoints_of = rows_by(
            touchpoints.assign(occurred_second=touchpoints.occurred_at.dt.floor("s")), "person_id"
        )
        groups = rows_by(frames["int_conversions__groups_resolved"], "conversion_id")
        self.persons_of = defaultdict(set)
        for conversion_id, rows in groups.items():
            self.persons_of[conversion_id] = {row.person_id for row in rows}
        is_refund = frames["int_conversions__unioned"].reversed_conversion_id.notna()
        conversions = frames["int_conversions__unioned"][~is_refund]
        self.conversions = list(conversions.itertuples())
        self.conversions_of = rows_by(conversions, "person_id")
        refunds = frames["int_conversions__unioned"][is_refund]
        self.refunds_of = rows_by(
            refunds.sort_values(["converted_at", "conversion_id"]), "reversed_conversion_id"
        )
        self.opportunities = rows_by(frames["int_opportunities__valued"], "opportunity_id")
        self.channel_weights = defaultdict(dict)
        for row in frames["int_channel_weights__assigned"].itertuples():
            key = (row.attribution_model, row.model_version, row.conversion_id)
            self.channel_weights[key][row.channel] = row.channel_weight

    def models_valid_for(self, conversion: tuple) -> list[tuple]:
        """Return each model's row with the last ``valid_from`` on or before the conversion."""
        latest = {}
        for row in sorted(self.models[conversion.conversion_type], key=lambda row: row.valid_from):
            if row.valid_from <= conversion.converted_date:
                latest[row.attribution_model] = row
        return list(latest.values())

    def milestones_of(self, conversion: tuple) -> list[tuple]:
        """Return (kind, instant) of all that the group's persons and the opportunity reached."""
        reached = [
            (other.conversion_type, other.converted_at)
            for person in self.persons_of[conversion.conversion_id]
            for other in self.conversions_of[person]
        ]
        reached += [
            ("opportunity_created", opportunity.created_at)
            for opportunity in self.opportunities[conversion.opportunity_id]
        ]
        return [(kind, at) for kind, at in reached if at <= conversion.converted_at]


def all_credits(frames: Mapping[str, pd.DataFrame]) -> Iterator[Credit]:
    """Credit every conversion under every row that is valid for it; empty journeys give nothing."""
    evidence = Evidence(frames)
    for conversion in evidence.conversions:
        touched = [
            touchpoint
            for person in evidence.persons_of[conversion.conversion_id]
            for touchpoint in evidence.touchpoints_of[person]
        ]
        steps = [conversion, *evidence.refunds_of[conversion.conversion_id]]
        milestones = evidence.milestones_of(conversion)
        journeys = {}
        for model in evidence.models_valid_for(conversion):
            rules = (
                model.lookback_days, model.include_sales, model.include_impressions_and_opens,
                model.direct_policy, model.fold_same_day,
            )  # fmt: skip
            if rules not in journeys:
                journeys[rules] = journey_of(model, conversion, touched)
            fit = (model.attribution_model, model.version, conversion.conversion_id)
            weights = weights_of(
                model, conversion, journeys[rules], milestones, evidence.channel_weights[fit]
            )
            yield from credits_of_steps(model, steps, journeys[rules], weights)


def rows_by(frame: pd.DataFrame, column: str) -> defaultdict[str, list]:
    found = defaultdict(list)
    for row in frame.itertuples():
        found[getattr(row, column)].append(row)
    return found


def credits_of_steps(
    model: tuple, steps: list[tuple], journey: list[tuple], weights: list[float]
) -> Iterator[Credit]:
    """Share out a conversion, then what each of its refunds leaves, less what was left before."""
    value, before = Decimal(0), [Decimal(0)] * len(journey)
    for step in steps:
        value += step.conversion_value
        booked = book(value, weights, CENTS if step.is_money else MILLIONTHS)
        for touchpoint, weight, now, earlier in zip(journey, weights, booked, before, strict=True):
            yield Credit(
                model.attribution_model, model.version, step.conversion_id,
                touchpoint.touchpoint_id, weight, float(step.conversion_value) * weight,
                now - earlier,
            )  # fmt: skip
        before = booked


def journey_of(model: tuple, conversion: tuple, touched: list[tuple]) -> list[tuple]:
    opens_at = conversion.converted_at - timedelta(days=model.lookback_days)
    journey = sorted(
        (
            touchpoint
            for touchpoint in touched
            if opens_at <= touchpoint.occurred_at
            and happened_by(touchpoint, conversion.converted_at)
            and (model.include_sales or not touchpoint.is_sales)
            and (model.include_impressions_and_opens or not touchpoint.is_impression_or_open)
        ),
        key=lambda one: (
            one.occurred_at, one.touchpoint_priority, one.source_rank, one.touchpoint_id,
        ),
    )  # fmt: skip
    if model.direct_policy == "ignore_unless_only":
        journey = [one for one in journey if one.channel != "direct"] or journey
    if model.fold_same_day:
        firsts = {}
        for one in journey:
            campaign = one.campaign if pd.notna(one.campaign) else None
            day = (one.person_id, one.channel, campaign, one.occurred_date)
            firsts.setdefault(day, one)
        journey = list(firsts.values())
    return journey


def happened_by(touchpoint: tuple, instant: pd.Timestamp) -> bool:
    """A CRM keeps whole seconds, so what happened within its second was not after it."""
    return touchpoint.occurred_second <= instant


def weights_of(
    model: tuple,
    conversion: tuple,
    journey: list[tuple],
    milestones: list[tuple],
    channel_weights: dict[str, float],
) -> list[float]:
    if not journey:
        return []
    anchored = defaultdict(list)
    for position, weight in anchors(model, conversion, journey, milestones):
        if weight > 0:
            anchored[position].append(weight)
    middles = middle_shares(model, conversion, journey, set(anchored), channel_weights)
    raw = [
        fsum([*anchored[position], model.weight_middle * middles.get(position, 0)])
        for position in range(len(journey))
    ]
    total = fsum(raw)
    return [one / total for one in raw] if total else [1 / len(journey)] * len(journey)


def anchors(
    model: tuple, conversion: tuple, journey: list[tuple], milestones: list[tuple]
) -> Iterator[tuple[int, float]]:
    """Give each touchpoint that the row names, by its position, with the weight of the name."""

    def last_by(instant: pd.Timestamp) -> list[int]:
        return [at for at, one in enumerate(journey) if happened_by(one, instant)][-1:]

    yield 0, model.weight_first
    yield len(journey) - 1, model.weight_last
    for kind, weight in (
        ("lead_created", model.weight_lead_creation),
        ("opportunity_created", model.weight_opportunity_creation),
    ):
        instants = [at for milestone, at in milestones if milestone == kind]
        for position in last_by(min(instants)) if instants else []:
            yield position, weight
    stages = {
        position
        for kind, at in milestones
        if kind != conversion.conversion_type
        for position in last_by(at)
    }
    for position in stages:
        yield position, model.weight_stage_conversions / len(stages)


def middle_shares(
    model: tuple,
    conversion: tuple,
    journey: list[tuple],
    anchored: set[int],
    channel_weights: dict[str, float],
) -> dict[int, float]:
    """Share 1 out among the touchpoints without an anchor; nothing where they count nothing."""
    ages = {
        position: max((conversion.converted_at - one.occurred_at).total_seconds(), 0)
        for position, one in enumerate(journey)
        if position not in anchored
    }
    youngest = min(ages.values(), default=0)
    middles = {}
    for position, age in ages.items():
        middles[position] = 1.0
        if pd.notna(model.half_life_days):
            half_life = model.half_life_days * 86_400
            middles[position] = 2 ** (-(age - youngest) / half_life)
        middles[position] *= channel_weights.get(journey[position].channel, 1)
    total = fsum(middles.values())
    return {position: middle / total for position, middle in middles.items()} if total else {}


def book(value: Decimal, weights: list[float], unit: int) -> list[Decimal]:
    """Share a value out in whole units by largest remainder, the sign aside."""
    units = int(abs(value) * unit)
    ideal = [units * weight for weight in weights]
    whole = [floor(one) for one in ideal]
    remainders = [
        (-round(one - low, REMAINDER_DIGITS), position)
        for position, (one, low) in enumerate(zip(ideal, whole, strict=True))
    ]
    for _, position in sorted(remainders)[: max(units - sum(whole), 0)]:
        whole[position] += 1
    return [Decimal(-one if value < 0 else one) / unit for one in whole]
