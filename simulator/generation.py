"""The sample company's exports and their truth, written to a folder."""

import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from ingest.contract import load_contracts
from simulator import (
    exports_ads,
    exports_finance,
    exports_hubspot,
    exports_planning,
    exports_salesforce,
    exports_web,
)
from simulator.delivery import Delivery
from simulator.errors import SimulationError
from simulator.period import Period
from simulator.scenarios import TYPICAL, scenario_named
from simulator.simulation import simulate
from simulator.staging import stage
from simulator.truth import write_truth

END_DATE = date(2026, 9, 30)
_LEAST_DAYS = 60
_EXPORTS = (
    *exports_hubspot.EXPORTS,
    *exports_salesforce.EXPORTS,
    *exports_ads.EXPORTS,
    *exports_web.EXPORTS,
    *exports_planning.EXPORTS,
    *exports_finance.EXPORTS,
)


@dataclass(frozen=True)
class GenerationReport:
    """How many rows each file below the landing folder holds, and the seconds it all took."""

    rows: dict[str, int]
    touchpoints: int
    seconds: float


def generate(
    target: Path,
    *,
    seed: int = 7,
    contacts: int = 3000,
    days: int = 900,
    scenario: str = TYPICAL.name,
) -> GenerationReport:
    """Write the exports to ``target/landing`` and what is true of them to ``target/truth``.

    The files are the same, byte for byte, for the same arguments. ``contacts`` counts people,
    ``days`` ends with ``END_DATE``, ``scenario`` is a name of ``simulator.scenarios``.

    Raises:
        SimulationError: there are files at the target already, too few days or contacts, or
            no such scenario.
    """
    started = time.perf_counter()
    if contacts < 1 or days < _LEAST_DAYS:
        raise SimulationError(f"need a contact and {_LEAST_DAYS} days, got {contacts} and {days}")
    chosen = scenario_named(scenario)
    landing, truth = target / "landing", target / "truth"
    if any(folder.is_dir() and any(folder.iterdir()) for folder in (landing, truth)):
        raise SimulationError(f"{target} holds exports already; name an empty folder")

    period = Period(END_DATE - timedelta(days=days - 1), END_DATE)
    company = simulate(seed, period, contacts, chosen)
    with duckdb.connect() as connection:
        stage(connection, company)
        delivery = Delivery(connection, landing, load_contracts(), period)
        for export in _EXPORTS:
            delivery.deliver(export)
        facts = {"seed": seed, "contacts": contacts, "days": days, "end_date": str(END_DATE)}
        facts["scenario"] = chosen.name
        write_truth(connection, company, truth, facts)
    return GenerationReport(
        rows=dict(sorted(delivery.rows.items())),
        touchpoints=len(company.frames["touches"]),
        seconds=time.perf_counter() - started,
    )
