"""The whole company a second time: from its landing files to credits, as pandas frames."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd

from tests.oracle.accounts import find_accounts
from tests.oracle.channel_weights import CHANNEL_WEIGHTS, assigned_weights
from tests.oracle.credits import journey_frames, share_out, what_is_beyond
from tests.oracle.days import reporting_day
from tests.oracle.frames import frame
from tests.oracle.groups import find_groups
from tests.oracle.identity import find_identity
from tests.oracle.inputs import find_campaigns, find_inputs
from tests.oracle.landing import Landing, Row
from tests.oracle.money import Rates, read_rates
from tests.oracle.opportunities import find_sales
from tests.oracle.records import find_records
from tests.oracle.spend import find_spend
from tests.oracle.touches import find_touches
from tests.oracle.touchpoints import find_touchpoints
from tests.oracle.website import find_website

PERSON_CONVERSIONS = {"lead_created": "created_at", "mql": "mql_at", "sql": "sql_at"}


@dataclass(frozen=True)
class Company:
    """What the KPIs are computed from; ``tests.oracle.frames`` has the columns and types.

    ``persons`` and ``accounts`` have the deleted ones too, ``opportunities`` have not.
    ``node_persons`` gives the person of each record, address and browser: kind, own_id, person.
    ``credits`` has one row per attribution model, conversion and touchpoint, or one with channel
    ``unattributed`` and its reason; ``weight`` and ``credit`` are doubles, ``booked_credit`` and
    ``conversion_value`` Decimals. ``spend`` has one row per day, channel and campaign,
    ``spend_reporting`` and ``platform_conversions`` are Decimals.
    """

    rates: Rates
    persons: pd.DataFrame
    node_persons: pd.DataFrame
    accounts: pd.DataFrame
    opportunities: pd.DataFrame
    opportunity_history: pd.DataFrame
    groups: pd.DataFrame
    touchpoints: pd.DataFrame
    conversions: pd.DataFrame
    credits: pd.DataFrame
    spend: pd.DataFrame
    costs: pd.DataFrame
    margins: pd.DataFrame
    invoices: pd.DataFrame
    targets: pd.DataFrame
    benchmarks: pd.DataFrame
    campaigns: pd.DataFrame


def company(folder: Path) -> Company:
    """Read a landing folder and compute all that the warehouse does before any KPI."""
    landing = Landing(folder)
    rates, accounts = read_rates(landing), find_accounts(landing)
    sales = find_sales(landing, accounts, rates)
    touches, site = find_touches(landing), find_website(landing)
    identity = find_identity(find_records(landing, accounts), touches, site)
    groups = find_groups(landing, sales.opportunities, identity)
    touchpoints = find_touchpoints(touches, site, identity)
    conversions = [*_of_persons(identity.persons), *sales.conversions]
    beyond = what_is_beyond(touchpoints, groups, accounts, identity, site)
    journeys = journey_frames(conversions, groups, sales.opportunities, touchpoints)
    weights = assigned_weights(journeys, groups.rows, identity.persons)
    spend = find_spend(landing, rates)
    rows = {
        "persons": identity.persons,
        "accounts": accounts.rows,
        "opportunities": sales.opportunities,
        "opportunity_history": sales.history,
        "groups": groups.rows,
        "touchpoints": touchpoints,
        "conversions": conversions,
        "campaigns": find_campaigns(landing, set(spend.campaign)),
        **find_inputs(landing, accounts),
    }
    return Company(
        rates=rates,
        spend=spend,
        node_persons=pd.DataFrame(
            [(*node, label) for node, label in identity.label_of.items()],
            columns=["kind", "own_id", "person"],
        ),
        credits=share_out(journeys | {CHANNEL_WEIGHTS: weights}, beyond),
        **{name: frame(found, name) for name, found in rows.items()},
    )


def _of_persons(persons: list[Row]) -> list[Row]:
    """A person that was deleted converts to nothing; each stage counts 1 at its first instant."""
    return [
        {
            "conversion_id": f"{kind}:{row['person']}",
            "conversion_type": kind,
            "person": row["person"],
            "account_id": row["account_id"],
            "conversion_value": Decimal(1),
            "converted_at": row[instant],
            "converted_date": reporting_day(row[instant]),
        }
        for kind, instant in PERSON_CONVERSIONS.items()
        for row in persons
        if row[instant] is not None and not row["is_deleted"]
    ]
