"""The channel weights that each conversion takes under the data-driven models.

A month is fitted once a conversion of a later month is known, on the journeys of the lookback
that ends with it; as nothing was frozen before, every fit is made of what is known today.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from statistics import fmean

import pandas as pd

from tests.oracle.days import end_of_day
from tests.oracle.fitting import Journeys, removal_effects, shapley_values
from tests.oracle.landing import Row, seed
from tests.support.weights_oracle import Evidence, journey_of

FITS = {"markov": removal_effects, "shapley": shapley_values}
CHANNEL_WEIGHTS = "int_channel_weights__assigned"
WEIGHT_COLUMNS = [
    "attribution_model",
    "model_version",
    "conversion_id",
    "channel",
    "channel_weight",
]


class Units:
    """Those who may convert: each opportunity's group, and who is in no group for himself."""

    def __init__(
        self, frames: dict[str, pd.DataFrame], groups: list[Row], persons: list[Row]
    ) -> None:
        """Take the persons that are not deleted, and their touchpoints."""
        self.evidence = Evidence(frames)
        self.members: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in groups:
            self.members["opportunity", row["opportunity_id"]].add(row["person"])
        grouped = {row["person"] for row in groups}
        for row in persons:
            if row["person"] not in grouped and not row["is_deleted"]:
                self.members["person", row["person"]].add(row["person"])

    def journeys(self, model: tuple, until: datetime) -> Journeys:
        """Count the journeys of the lookback up to ``until``, by their channels in order."""
        since = until - timedelta(days=model.lookback_days)
        found: Journeys = defaultdict(lambda: [0, 0])
        converted = set()
        for conversion in self.evidence.conversions:
            if conversion.conversion_type != model.conversion_type:
                continue
            if conversion.converted_at <= until:
                converted.add(("opportunity", conversion.opportunity_id))
            if since <= conversion.converted_at <= until:
                touched = self._touched(self.evidence.persons_of[conversion.conversion_id])
                self._count(found, journey_of(model, conversion, touched), 0)
        end = _End(pd.Timestamp(until))
        for unit, persons in self.members.items():
            if unit not in converted:
                self._count(found, journey_of(model, end, self._touched(persons)), 1)
        return found

    def _touched(self, persons: set[str]) -> list[tuple]:
        return [one for person in persons for one in self.evidence.touchpoints_of[person]]

    def _count(self, found: Journeys, journey: list[tuple], place: int) -> None:
        if journey:
            found[tuple(one.channel for one in journey)][place] += 1


class _End:
    """The end of a fit, which closes the journeys of those who have not converted."""

    def __init__(self, converted_at: pd.Timestamp) -> None:
        self.converted_at = converted_at


def assigned_weights(
    frames: dict[str, pd.DataFrame], groups: list[Row], persons: list[Row]
) -> pd.DataFrame:
    """Return one row per data-driven model, conversion and channel, with the channel's weight."""
    units = Units(frames, groups, persons)
    models = frames["attribution_models"]
    rows = []
    for model in models[models.channel_weights != "none"].itertuples():
        conversions = [
            conversion
            for conversion in units.evidence.conversions
            if conversion.conversion_type == model.conversion_type
        ]
        fits = _fits(units, model, _closed_months(frames, conversions))
        for conversion in conversions:
            weights = _weights_for(fits, _month(conversion.converted_date))
            rows += [
                (model.attribution_model, model.version, conversion.conversion_id, *weight)
                for weight in weights.items()
            ]
    return pd.DataFrame(rows, columns=WEIGHT_COLUMNS)


def _month(day: datetime) -> pd.Period:
    return pd.Period(day, "M")


def _closed_months(frames: dict[str, pd.DataFrame], conversions: list[tuple]) -> list[pd.Period]:
    """Months with a conversion and before that of the last one of any type.

    A close date closes no month, since it is typed in and may lie in the future.
    """
    known = frames["int_conversions__unioned"]
    last = _month(known[known.conversion_type != "closed_won"].converted_date.max())
    months = {_month(conversion.converted_date) for conversion in conversions}
    return sorted(month for month in months if month < last)


def _fits(units: Units, model: tuple, months: list[pd.Period]) -> dict[pd.Period, dict[str, float]]:
    """Fit each month; a channel that the fit has not seen takes the mean weight."""
    fits = {}
    for month in months:
        journeys = units.journeys(model, end_of_day(month.end_time.date()))
        seen = FITS[model.channel_weights](journeys)
        mean = fmean(seen.values())
        fits[month] = {row["channel"]: seen.get(row["channel"], mean) for row in seed("channels")}
    return fits


def _weights_for(fits: dict[pd.Period, dict[str, float]], month: pd.Period) -> dict[str, float]:
    """Return the fit of the last month before ``month``, or the first one of all."""
    before = [fitted for fitted in fits if fitted < month]
    chosen = max(before, default=min(fits, default=None))
    return fits[chosen] if chosen is not None else {}
