"""The whole company, drawn in the order in which one thing leads to another."""

from dataclasses import dataclass

import pandas as pd

from simulator.advertising import draw_ad_days
from simulator.campaigns import Programme, plan
from simulator.costs import draw_costs, margins
from simulator.journeys import draw_encounters, draw_harvests, draw_sends
from simulator.opportunities import assign_roles, draw_changes, draw_opportunities
from simulator.outcomes import Outcomes, channel_effects, decide
from simulator.participation import draw_attendance, draw_members
from simulator.people import Population, populate
from simulator.period import Period
from simulator.planning import draw_benchmarks, draw_targets
from simulator.rates import draw_rates
from simulator.records import draw_hubspot_records, draw_lifecycles, form_records
from simulator.refunds import draw_credit_notes
from simulator.renewals import draw_customers, draw_invoices
from simulator.sales import draw_meetings, draw_tasks, sales_touches
from simulator.scenarios import TYPICAL, Scenario
from simulator.streams import Streams
from simulator.traces import without_traces
from simulator.website import draw_sessions, known_by_forms


@dataclass(frozen=True)
class Company:
    """Everything that happened; rows refer to each other by their numbers.

    ``touches`` has every touchpoint: the encounters (the first rows, see ``outcomes``), the
    harvests and what sales did.
    """

    period: Period
    outcomes: Outcomes
    effects: pd.DataFrame
    frames: dict[str, pd.DataFrame]


def simulate(seed: int, period: Period, contacts: int, scenario: Scenario = TYPICAL) -> Company:
    """Return the company of this seed with ``contacts`` people at its accounts."""
    streams = Streams(seed)
    rates = draw_rates(streams, period)
    population = populate(streams, period, contacts, scenario)
    accounts = population.accounts
    programme = plan(streams, period)

    sends = draw_sends(streams, period, population, programme)
    encounters = draw_encounters(streams, period, population, programme, sends)
    outcomes = decide(accounts, encounters, period)
    opportunities = draw_opportunities(streams, period, accounts, outcomes, rates)
    effects = channel_effects(accounts, encounters, opportunities, period)
    harvests = draw_harvests(streams, period, population, programme, opportunities)
    touches = pd.concat([encounters, harvests], ignore_index=True)

    frames = {
        "accounts": accounts,
        "devices": population.devices,
        "campaigns": programme.campaigns,
        "happenings": programme.happenings,
        "ads": programme.ads,
        "rates": rates,
        "sends": sends,
        "opportunities": opportunities,
        "changes": draw_changes(streams, period, opportunities),
        "credit_notes": draw_credit_notes(streams, period, accounts, opportunities),
    }
    frames |= _recorded(streams, period, population, programme, (touches, opportunities))
    frames |= _kept_by_hand(streams, period, frames)
    if scenario.lost_share:
        frames |= without_traces(streams, scenario.lost_share, frames)
    return Company(period, outcomes, effects, frames)


def _recorded(
    streams: Streams,
    period: Period,
    population: Population,
    programme: Programme,
    happened: tuple[pd.DataFrame, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Return what the touchpoints and opportunities that happened left behind in the systems."""
    touches, opportunities = happened
    sessions = draw_sessions(streams, period, population, programme, touches)
    records = draw_hubspot_records(streams, population)
    sessions = sessions.assign(form_record=form_records(sessions, population, records))
    known = known_by_forms(population, sessions)
    people = draw_lifecycles(streams, period, known, opportunities, touches)
    tasks = draw_tasks(streams, period, people, opportunities)
    meetings = draw_meetings(streams, period, people, opportunities)
    return {
        "touches": pd.concat([touches, sales_touches(people, tasks, meetings)], ignore_index=True),
        "people": people,
        "records": records,
        "sessions": sessions,
        "roles": assign_roles(streams, opportunities, people, population.scenario.roleless_rate),
        "tasks": tasks,
        "meetings": meetings,
        "members": draw_members(streams, period, people, programme, touches),
        "attendance": draw_attendance(streams, touches),
        "ad_days": draw_ad_days(streams, period, programme, sessions),
    }


def _kept_by_hand(
    streams: Streams, period: Period, frames: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return what follows from sales and campaigns in the books of finance and marketing."""
    accounts, campaigns = frames["accounts"], frames["campaigns"]
    opportunities = frames["opportunities"]
    customers = draw_customers(streams, accounts, opportunities, frames["credit_notes"])
    return {
        "customers": customers,
        "invoices": draw_invoices(streams, period, customers, opportunities),
        "costs": draw_costs(streams, period, accounts, campaigns),
        "margins": margins(),
        "targets": draw_targets(streams, period, accounts),
        "benchmarks": draw_benchmarks(streams, period, campaigns),
    }
