"""Erase a person: from the files, then from everything that is made of them."""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.contract import load_contracts
from ingest.damage import set_damaged_aside
from ingest.erased_people import enter_erasure
from ingest.errors import HomeError
from ingest.forgetting import finish_erasures
from ingest.reconciliation import reconcile
from ingest.warehouse import prepare
from orchestration.builds import begin_run
from orchestration.resources import Settings


@dataclass(frozen=True)
class Erased:
    """How many files were rewritten, which still have the person, and why no build came."""

    stored: int
    landed: int
    left: tuple[str, ...]
    failures: tuple[str, ...]


def erase(settings: Settings, address: str, say: Callable[[str], None]) -> Erased:
    """Erase the person with this address and publish; call it with the lock of runs held.

    Raises:
        ErasureError: it is no address, or a loaded file cannot be rewritten.
        HomeError: the home is damaged.
    """
    contracts = load_contracts()
    damage = set_damaged_aside(settings.warehouse)
    if damage:
        say(damage)
    say("rewriting files ...")
    with settings.warehouse.writer() as connection:
        prepare(connection, contracts)
        reconcile(settings.warehouse, connection, contracts, say)
        enter_erasure(settings.warehouse, connection, contracts, address)
        begin_run(connection, "erasure", is_raw_restored=True)
        cleaning = finish_erasures(settings.warehouse, connection, contracts, say)
    if cleaning is None:
        raise HomeError("the erasure was entered and is not there")
    say("loading Dagster, dbt and Great Expectations ...")
    from orchestration.running import run_refresh  # noqa: PLC0415 - Dagster takes seconds to load

    report = run_refresh(settings)
    return Erased(cleaning.stored, cleaning.landed, cleaning.left, report.failures)
