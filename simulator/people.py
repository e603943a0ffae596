"""The accounts, the people who work there, and the devices that they browse with."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulator.company import (
    DAY,
    EXPANSION_RATE,
    GROUP_SIZES,
    LEAD_FIRST_RATE,
    REGIONS,
)
from simulator.names import (
    COMPANY_FORMS,
    COMPANY_STEMS,
    COMPANY_TRADES,
    FIRST_NAMES,
    FREE_MAIL_DOMAINS,
    JOB_TITLES,
    LAST_NAMES,
)
from simulator.period import Period, at_office_hours
from simulator.scenarios import TYPICAL, Scenario
from simulator.streams import Streams

_FREE_MAIL_RATE = 0.06
_SHARED_MAILBOX_RATE = 0.06
_STRANGERS_PER_CONTACT = 1.2
_VISITOR_NUMBERS = (100_000_000, 2_147_483_647)
NOBODY = -1
_MEDIAN_AMOUNT = 42_000


@dataclass(frozen=True)
class Population:
    """Everybody: one row per account, per person and per device, numbered from 0.

    The devices of strangers come last; their person is NOBODY. ``scenario`` says how they are
    met and recorded.
    """

    accounts: pd.DataFrame
    people: pd.DataFrame
    devices: pd.DataFrame
    scenario: Scenario = TYPICAL


def populate(
    streams: Streams, period: Period, contacts: int, scenario: Scenario = TYPICAL
) -> Population:
    """Draw accounts with buying groups of 1 to 7 people, ``contacts`` people in all."""
    accounts = _accounts(streams, period, contacts, scenario.cycle_days)
    people = _people(streams, period, accounts, scenario.device_chances)
    devices = _devices(streams, people, scenario.no_consent_rate)
    strangers = _strangers(streams, period, len(devices), contacts, scenario.no_consent_rate)
    return Population(
        accounts, people, pd.concat([devices, strangers], ignore_index=True), scenario
    )


def _accounts(
    streams: Streams, period: Period, contacts: int, cycle_days: tuple[int, int]
) -> pd.DataFrame:
    rng = streams.named("accounts")
    sizes = rng.choice(np.arange(1, 8), size=contacts, p=GROUP_SIZES)
    count = int(np.searchsorted(np.cumsum(sizes), contacts)) + 1
    sizes = sizes[:count]
    sizes[-1] -= sizes.sum() - contacts
    region = rng.choice(len(REGIONS), size=count, p=[region.share for region in REGIONS])
    employees = np.exp(rng.normal(5.4, 1.2, count)).astype(np.int64) + 5
    size_effect = (employees / 220.0) ** 0.25
    names = _company_names(rng.permutation(count), region)
    return names.assign(
        account=np.arange(count),
        size=sizes,
        region=region,
        region_name=[REGIONS[number].name for number in region],
        currency=[REGIONS[number].currency for number in region],
        country=_countries(rng, region),
        employees=employees,
        revenue=employees * rng.integers(90, 260, count) * 1000,
        reach_at=period.start + (rng.random(count) * (period.days - 45) * DAY).astype(np.int64),
        cycle=((cycle_days[0] + np.ptp(cycle_days) * rng.beta(2, 2.2, count)) * DAY).astype(
            np.int64
        ),
        # drawn once and kept in every counterfactual
        need_share=rng.random(count),
        threshold=rng.exponential(1.0, count),
        opening_lag=rng.integers(1, 12, count) * DAY + rng.integers(0, DAY // 3, count),
        win_draw=rng.random(count),
        amount=np.round(np.exp(rng.normal(np.log(_MEDIAN_AMOUNT), 0.7, count)) * size_effect, -2),
        expands=rng.random(count) < EXPANSION_RATE,
        is_lead_first=rng.random(count) < LEAD_FIRST_RATE,
        has_shared_mailbox=rng.random(count) < _SHARED_MAILBOX_RATE,
    )


def _company_names(order: np.ndarray, region: np.ndarray) -> pd.DataFrame:
    """Give every account a name and domain of its own; the order only mixes them up."""
    stems, trades = len(COMPANY_STEMS), len(COMPANY_TRADES)
    rows = []
    for number, place in zip(order.tolist(), region.tolist(), strict=True):
        forms = COMPANY_FORMS[REGIONS[place].currency]
        stem = COMPANY_STEMS[number % stems]
        trade, industry = COMPANY_TRADES[number // stems % trades]
        repeat = number // (stems * trades)
        again = f" {repeat + 1}" if repeat else ""
        domain = f"{stem}-{trade}{again}.example".lower().replace(" ", "-")
        rows.append((f"{stem} {trade}{again}{forms[number % len(forms)]}", domain, industry))
    return pd.DataFrame(rows, columns=["name", "domain", "industry"])


def _countries(rng: np.random.Generator, region: np.ndarray) -> np.ndarray:
    draws = rng.random(len(region))
    countries = np.empty(len(region), dtype=object)
    for number, market in enumerate(REGIONS):
        here = region == number
        # the first country of a market is the largest
        choice = (draws[here] ** 1.6 * len(market.countries)).astype(int)
        countries[here] = np.array(market.countries, dtype=object)[choice]
    return countries


def _people(
    streams: Streams, period: Period, accounts: pd.DataFrame, device_chances: tuple[float, ...]
) -> pd.DataFrame:
    rng = streams.named("people")
    account = np.repeat(accounts["account"].to_numpy(), accounts["size"])
    count = len(account)
    first_of_account = np.cumsum(accounts["size"].to_numpy()) - accounts["size"].to_numpy()
    ordinal = np.arange(count) - first_of_account[account]
    reach_at = accounts["reach_at"].to_numpy()[account]
    until = np.minimum(reach_at + accounts["cycle"].to_numpy()[account], period.end)
    delay = np.where(ordinal == 0, 0.0, rng.random(count) * 0.6)
    joins_at = reach_at + (delay * (until - reach_at)).astype(np.int64)
    wait = (rng.random(count) * 0.3 * (until - joins_at)).astype(np.int64)
    known_at = at_office_hours(rng, joins_at + wait)
    people = pd.DataFrame(
        {
            "person": np.arange(count),
            "account": account,
            "ordinal": ordinal,
            "joins_at": joins_at,
            "until": until,
            "activity": rng.gamma(2.0, 0.5, count),
            # known by name at the latest then, by an import or to sales, if not by a form
            "known_at": np.minimum(known_at, period.end - 1),
            "is_opted_out": rng.random(count) < 0.04,
            "uses_free_mail": rng.random(count) < _FREE_MAIL_RATE,
            "title": np.array(JOB_TITLES, dtype=object)[rng.integers(0, len(JOB_TITLES), count)],
            "phone": rng.integers(1_000_000, 9_999_999, count),
            "device_count": rng.choice(
                np.arange(1, len(device_chances) + 1), size=count, p=device_chances
            ),
        }
    )
    # colleagues differ in their last name, so that no two of a domain share an address
    last = (rng.integers(0, len(LAST_NAMES), len(accounts))[account] + ordinal) % len(LAST_NAMES)
    first = rng.integers(0, len(FIRST_NAMES), count)
    return _with_addresses(people, first, last, accounts["domain"].to_numpy()[account])


def _with_addresses(
    people: pd.DataFrame, first: np.ndarray, last: np.ndarray, domain: np.ndarray
) -> pd.DataFrame:
    first_names, last_names = np.array(FIRST_NAMES, object), np.array(LAST_NAMES, object)
    local = first_names[first, 1] + "." + last_names[last, 1]
    number = people["person"].to_numpy()
    free_domain = np.array(FREE_MAIL_DOMAINS, object)[number % len(FREE_MAIL_DOMAINS)]
    private = local + number.astype(str).astype(object) + "@" + free_domain
    return people.assign(
        first_name=first_names[first, 0],
        last_name=last_names[last, 0],
        private_email=private,
        email=np.where(people["uses_free_mail"], private, local + "@" + domain),
    )


def _devices(streams: Streams, people: pd.DataFrame, no_consent_rate: float) -> pd.DataFrame:
    rng = streams.named("devices")
    person = np.repeat(people["person"].to_numpy(), people["device_count"])
    count = len(person)
    return pd.DataFrame(
        {
            "device": np.arange(count),
            "person": person,
            "visitor_number": rng.integers(*_VISITOR_NUMBERS, count),
            "seen_at": people["joins_at"].to_numpy()[person],
            "has_consent": rng.random(count) >= no_consent_rate,
            "category": rng.choice(3, size=count, p=[0.78, 0.18, 0.04]),
        }
    )


def _strangers(
    streams: Streams, period: Period, first: int, contacts: int, no_consent_rate: float
) -> pd.DataFrame:
    """Devices of visitors who never say who they are, numbered from ``first``."""
    rng = streams.named("strangers")
    count = int(contacts * _STRANGERS_PER_CONTACT)
    return pd.DataFrame(
        {
            "device": first + np.arange(count),
            "person": NOBODY,
            "visitor_number": rng.integers(*_VISITOR_NUMBERS, count),
            "seen_at": period.start
            + (rng.random(count) * (period.end - period.start)).astype(np.int64),
            "has_consent": rng.random(count) >= no_consent_rate,
            "category": rng.choice(3, size=count, p=[0.6, 0.35, 0.05]),
        }
    )
