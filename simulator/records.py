"""Which records stand for whom: HubSpot contacts, their duplicates, Salesforce leads, contacts."""

import numpy as np
import pandas as pd

from simulator.company import CHANNEL, DAY, NEVER
from simulator.people import Population
from simulator.period import Period
from simulator.streams import Streams

_MERGED_RATE, _CHAIN_RATE, _DUPLICATE_RATE = 0.04, 0.3, 0.025
_SHARED_USE, _OTHER_RECORD_USE = 0.3, 0.5
# Later than anything: sums with it stay later, and do not overflow.
_LATE = 1 << 40

MAIN, MERGED, MERGED_TWICE, DUPLICATE, SHARED = range(5)


def draw_hubspot_records(streams: Streams, population: Population) -> pd.DataFrame:
    """Return one row per HubSpot contact that ever was; main ones bear their person's number.

    ``kind`` is MAIN, MERGED (into the main one), MERGED_TWICE (into the merged one),
    DUPLICATE (of the main one, never merged) or SHARED (a mailbox of the account, nobody's).
    """
    rng = streams.named("hubspot records")
    people, accounts = population.people, population.accounts
    draw = rng.random(len(people))
    merged = people[draw < _MERGED_RATE]
    chained = people[draw < _MERGED_RATE * _CHAIN_RATE]
    doubled = people[(draw >= _MERGED_RATE) & (draw < _MERGED_RATE + _DUPLICATE_RATE)]
    shared = accounts[accounts["has_shared_mailbox"]]
    parts = [
        _records(people, MAIN, people["email"]),
        _records(merged, MERGED, merged["private_email"]),
        _records(chained, MERGED_TWICE, "old." + chained["private_email"]),
        _records(doubled, DUPLICATE, doubled["private_email"]),
        pd.DataFrame(
            {
                "person": -1,
                "account": shared["account"],
                "kind": SHARED,
                "email": "info@" + shared["domain"],
                "begins_at": shared["reach_at"] + DAY,
            }
        ),
    ]
    records = pd.concat(parts, ignore_index=True)
    return records.assign(
        record=np.arange(len(records)), hubspot_id=51_000_401 + np.arange(len(records)) * 37
    )


def _records(people: pd.DataFrame, kind: int, email: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person": people["person"],
            "account": people["account"],
            "kind": kind,
            "email": email,
            "begins_at": people["known_at"],
        }
    )


def form_records(
    sessions: pd.DataFrame, population: Population, records: pd.DataFrame
) -> pd.Series:
    """Return for each session the record under which a form would be sent, -1 for strangers."""
    person = sessions["person"].to_numpy()
    account = population.people["account"].to_numpy()[person]
    draw = sessions["form_draw"].to_numpy()
    chosen = person.copy()
    shared = _by_owner(records, "account", SHARED, len(population.accounts))[account]
    chosen = np.where((shared >= 0) & (draw < _SHARED_USE), shared, chosen)
    for kind, least in ((MERGED, 0.0), (DUPLICATE, 0.0), (MERGED_TWICE, 0.25)):
        other = _by_owner(records, "person", kind, len(population.people))[person]
        uses = (other >= 0) & (draw >= least) & (draw < _OTHER_RECORD_USE)
        chosen = np.where(uses, other, chosen)
    return pd.Series(np.where(person >= 0, chosen, -1), index=sessions.index)


def _by_owner(records: pd.DataFrame, owner: str, kind: int, count: int) -> np.ndarray:
    here = records[records["kind"] == kind]
    numbers = np.full(count, -1)
    numbers[here[owner]] = here["record"]
    return numbers


def draw_lifecycles(
    streams: Streams,
    period: Period,
    population: Population,
    opportunities: pd.DataFrame,
    touches: pd.DataFrame,
) -> pd.DataFrame:
    """Return the people with the instants of their records, NEVER where there is none.

    HubSpot: ``created_at``, ``lead_at``, ``mql_at``, ``sql_at``, ``opportunity_at``,
    ``customer_at`` in this order; Salesforce: ``lead_created_at``, ``converted_at``,
    ``contact_created_at``.
    """
    people = population.people
    count, account = len(people), people["account"].to_numpy()
    dated = touches[touches["channel"].isin([CHANNEL["webinar"], CHANNEL["event"]])]
    first = opportunities[opportunities["kind"] == 0]
    opened_at = _by_account(first, "opened_at", len(population.accounts))[account]
    won_at = _by_account(first[first["is_won"]], "closes_at", len(population.accounts))[account]

    created_at = np.minimum(people["known_at"].to_numpy(), _earliest(dated, count))
    lead_at, mql_at, sql_at = _qualifications(streams, created_at, opened_at, touches)
    opportunity_at = _after(opened_at, sql_at, 0)
    instants = {
        "created_at": created_at,
        "lead_at": lead_at,
        "mql_at": mql_at,
        "sql_at": sql_at,
        "opportunity_at": opportunity_at,
        "customer_at": _after(won_at, opportunity_at, 0),
        **_crm_instants(streams, population, opened_at, mql_at, _earliest(dated, count, "event")),
    }
    return people.assign(
        **{name: np.where(at < period.end, at, NEVER) for name, at in instants.items()},
    )


def _qualifications(
    streams: Streams, created_at: np.ndarray, opened_at: np.ndarray, touches: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return when each person became a lead, was qualified by marketing, and by sales."""
    rng = streams.named("lifecycles")
    count = len(created_at)
    lead_at = created_at + rng.integers(60, 2 * DAY, count)
    by_person = touches.sort_values(["person", "happened_at"]).groupby("person")["happened_at"]
    third_at = by_person.nth(2)
    mql_at = np.full(count, _LATE)
    mql_at[touches.loc[third_at.index, "person"]] = third_at
    mql_at = _after(mql_at, lead_at, rng.integers(600, 3 * DAY, count))
    # who is not qualified by marketing until long after sales began skips that stage
    skips = (mql_at > opened_at + 60 * DAY) | (rng.random(count) < 0.05)
    mql_at = np.where(skips, _LATE, mql_at)
    begun_at = _after(opened_at, lead_at, -rng.integers(DAY, 14 * DAY, count))
    without_sale = np.where(rng.random(count) < 0.08, mql_at + 9 * DAY, _LATE)
    sql_at = np.where(opened_at < _LATE, begun_at, without_sale)
    return lead_at, mql_at, np.maximum(sql_at, np.where(mql_at < _LATE, mql_at, lead_at))


def _crm_instants(
    streams: Streams,
    population: Population,
    opened_at: np.ndarray,
    mql_at: np.ndarray,
    event_at: np.ndarray,
) -> dict[str, np.ndarray]:
    """Salesforce gets a person when marketing qualifies them, after an event, or from sales."""
    rng = streams.named("crm")
    people = population.people
    count = len(people)
    is_first = (people["ordinal"] == 0).to_numpy()
    in_crm = (rng.random(count) < population.scenario.in_crm_rate) | is_first
    lead_first = population.accounts["is_lead_first"].to_numpy()[people["account"]]
    synced_at = np.minimum(_after(mql_at, mql_at, 300), _after(event_at, event_at, DAY))
    by_sales = _after(opened_at, opened_at, -rng.integers(DAY, 20 * DAY, count))
    entered_at = np.where(is_first, np.minimum(synced_at, by_sales), synced_at)

    has_lead = lead_first & (entered_at < _LATE)
    has_lead &= (opened_at >= _LATE) | (entered_at <= opened_at + 14 * DAY)
    lead_created_at = np.where(has_lead, entered_at, _LATE)
    converts = has_lead & in_crm & (opened_at < _LATE)
    converted_at = np.where(converts, np.maximum(opened_at, lead_created_at + 3600), _LATE)
    added_at = _after(opened_at, opened_at, rng.integers(0, 20 * DAY, count))
    added_at = np.where(in_crm, added_at, _LATE)
    direct_at = np.where(lead_first, added_at, np.minimum(entered_at, added_at))
    return {
        "lead_created_at": lead_created_at,
        "converted_at": converted_at,
        "contact_created_at": np.where(has_lead, converted_at, direct_at),
    }


def _after(instants: np.ndarray, least: np.ndarray, wait: np.ndarray | int) -> np.ndarray:
    """Return ``wait`` seconds after the later of the two; what is late stays late."""
    return np.where(instants < _LATE, np.maximum(instants, least) + wait, _LATE)


def _earliest(touches: pd.DataFrame, people: int, channel: str | None = None) -> np.ndarray:
    if channel:
        touches = touches[touches["channel"] == CHANNEL[channel]]
    at = np.full(people, _LATE)
    np.minimum.at(at, touches["person"].to_numpy(), touches["happened_at"].to_numpy())
    return at


def _by_account(opportunities: pd.DataFrame, column: str, accounts: int) -> np.ndarray:
    at = np.full(accounts, _LATE)
    at[opportunities["account"]] = opportunities[column]
    return at
