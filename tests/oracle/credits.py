"""What each touchpoint gets of each conversion, and why a conversion has nobody to share it.

The weights are those of ``tests.support.weights_oracle``, the second coding of the formula.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from tests.oracle.accounts import Accounts, company_domain
from tests.oracle.channel_weights import CHANNEL_WEIGHTS, WEIGHT_COLUMNS
from tests.oracle.frames import frame
from tests.oracle.groups import Groups
from tests.oracle.identity import Identity
from tests.oracle.landing import Row, seed
from tests.oracle.website import Website
from tests.support.weights_oracle import Evidence, all_credits

NUMBERS = [
    "weight_first", "weight_lead_creation", "weight_opportunity_creation",
    "weight_stage_conversions", "weight_last", "weight_middle", "half_life_days",
]  # fmt: skip
FLAGS = ["fold_same_day", "include_sales", "include_impressions_and_opens"]


@dataclass(frozen=True)
class Beyond:
    """What is out of reach.

    Opportunities with people who were deleted, persons who came without consent, and accounts of
    which somebody came whom no CRM knows.
    """

    deleted: set[str]
    refused: set[str]
    anonymous: set[str]


def model_rows() -> pd.DataFrame:
    """Return the attribution models of the seed, typed."""
    rows = pd.DataFrame(seed("attribution_models"))
    rows = rows.astype(dict.fromkeys(NUMBERS, float) | {"version": int, "lookback_days": int})
    for flag in FLAGS:
        rows[flag] = rows[flag] == "true"
    return rows.assign(valid_from=pd.to_datetime(rows.valid_from))


def what_is_beyond(
    touchpoints: list[Row], groups: Groups, accounts: Accounts, identity: Identity, site: Website
) -> Beyond:
    """Find what keeps a conversion from having touchpoints."""
    anonymous = {
        accounts.domains.get(company_domain(row["email_domain"]) or "")
        for row in touchpoints
        if row["ineligible_reason"] is None and not row["is_known_person"]
    }
    refused = {identity.label_of.get(node) for node, _ in site.refused}
    return Beyond(groups.deleted, refused - {None}, anonymous - {None})


def journey_frames(
    conversions: list[Row], groups: Groups, opportunities: list[Row], touchpoints: list[Row]
) -> dict[str, pd.DataFrame]:
    """Return the frames that the second coding of the weights asks for, by their names there."""
    members = defaultdict(list)
    for row in groups.rows:
        members[row["opportunity_id"]].append(row["person"])
    grouped = [
        {"conversion_id": row["conversion_id"], "person_id": person}
        for row in conversions
        if row.get("reversed_conversion_id") is None
        for person in ([row["person"]] if row.get("person") else members[row["opportunity_id"]])
    ]
    counted = [row for row in touchpoints if row["ineligible_reason"] is None]
    money = {"opportunity_created", "closed_won"}
    unioned = frame(conversions, "conversions").rename(columns={"person": "person_id"})
    return {
        "attribution_models": model_rows(),
        "int_conversions__unioned": unioned.assign(is_money=unioned.conversion_type.isin(money)),
        "int_conversions__groups_resolved": pd.DataFrame(grouped),
        "int_opportunities__valued": frame(opportunities, "opportunities"),
        "int_touchpoints__classified": frame(counted, "touchpoints").rename(
            columns={"person": "person_id"}
        ),
        CHANNEL_WEIGHTS: pd.DataFrame(columns=WEIGHT_COLUMNS),
    }


def share_out(frames: dict[str, pd.DataFrame], beyond: Beyond) -> pd.DataFrame:
    """Return ``Company.credits``: one row a model, conversion and touchpoint, or its reason."""
    keys = ["attribution_model", "model_version", "conversion_id"]
    found = pd.DataFrame(all_credits(frames))
    touchpoints = frames["int_touchpoints__classified"]
    found = found.merge(
        touchpoints[["touchpoint_id", "channel", "campaign", "occurred_at"]], on="touchpoint_id"
    )
    shared = set(found[keys].itertuples(index=False, name=None))
    reasons = pd.DataFrame(_unattributed(frames, beyond, shared))
    conversions = frames["int_conversions__unioned"]
    return (
        pd.concat([found, reasons])
        .merge(
            conversions[
                ["conversion_id", "conversion_type", "reversed_conversion_id", "conversion_value",
                 "converted_at", "converted_date"]
            ],
            on="conversion_id",
        )
        .reset_index(drop=True)
    )  # fmt: skip


def _unattributed(
    frames: dict[str, pd.DataFrame], beyond: Beyond, shared: set[tuple]
) -> Iterator[Row]:
    """Yield a row for each conversion and model without a journey, with the first reason."""
    evidence = Evidence(frames)
    for conversion in evidence.conversions:
        for model in evidence.models_valid_for(conversion):
            key = (model.attribution_model, model.version, conversion.conversion_id)
            if key in shared:
                continue
            for step in (conversion, *evidence.refunds_of[conversion.conversion_id]):
                yield {
                    "attribution_model": model.attribution_model,
                    "model_version": model.version,
                    "conversion_id": step.conversion_id,
                    "channel": "unattributed",
                    "weight": 1.0,
                    "credit": float(step.conversion_value),
                    "booked_credit": step.conversion_value,
                    "unattributed_reason": _reason(evidence, conversion, model, beyond),
                }


def _reason(evidence: Evidence, conversion: tuple, model: tuple, beyond: Beyond) -> str:
    persons = evidence.persons_of[conversion.conversion_id]
    touched = [one for person in persons for one in evidence.touchpoints_of[person]]
    if not persons:
        is_deleted = conversion.opportunity_id in beyond.deleted
        return "deleted_records_only" if is_deleted else "no_buying_group"
    if not touched:
        if persons & beyond.refused:
            return "no_consent"
        is_anonymous = conversion.account_id in beyond.anonymous
        return "anonymous_only" if is_anonymous else "no_touchpoints"
    admitted = any(
        (model.include_sales or not one.is_sales)
        and (model.include_impressions_and_opens or not one.is_impression_or_open)
        for one in touched
    )
    return "outside_window" if admitted else "none_eligible"
