"""Make the working database again from store and state, beside the old one, and swap them."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.contract import Contract, load_contracts
from ingest.damage import set_damaged_aside
from ingest.disk import sync, utc_stamp
from ingest.faults import point
from ingest.opening import check_state
from ingest.reconciliation import reconcile
from ingest.warehouse import SchemaDriftError, Warehouse, prepare
from orchestration.builds import begin_run
from orchestration.comparison import TableDifference, compare
from orchestration.errors import PipelineError
from orchestration.resources import Settings

_WORKSPACE = "rebuild"


@dataclass(frozen=True)
class Rebuild:
    """A rebuilt database and how it differs from the old one; no table if there was none."""

    warehouse: Warehouse
    tables: tuple[TableDifference, ...]

    @property
    def differing(self) -> list[TableDifference]:
        """The tables that are not the same as before."""
        return [table for table in self.tables if not table.is_equal]


def rebuild(settings: Settings, say: Callable[[str], None]) -> Rebuild:
    """Load every loaded file from the store into a new database, build and check everything.

    Nothing is published, and the old database stays until :func:`swap`. Call it with the lock of
    runs held.

    Raises:
        PipelineError: nothing was ever loaded, or a model or a critical check fails.
        HomeError: state, store or key is damaged or incomplete.
    """
    from orchestration.running import run_models  # noqa: PLC0415 - Dagster takes seconds to load

    home = settings.warehouse
    if not home.state.is_file() and not home.database.is_file():
        raise PipelineError(f"{home.home} has nothing to rebuild: run `scalehouse run` first")
    contracts = load_contracts()
    damage = set_damaged_aside(home)
    if damage:
        say(damage)
    if home.database.is_file():
        _settle(home, contracts)
    check_state(home.state)
    new = replace(home, workspace=home.home / _WORKSPACE)
    _clear(new)
    with new.writer() as connection:
        prepare(connection, contracts)
        reconcile(new, connection, contracts, say)
    report = run_models(settings, new)
    if not report.has_succeeded:
        raise PipelineError(
            "the rebuild failed, the old database stays:\n" + "\n".join(report.failures)
        )
    if damage or not home.database.is_file():
        return Rebuild(new, ())
    with home.lock():
        return Rebuild(new, tuple(compare(home.database, new.database)))


def swap(settings: Settings, done: Rebuild) -> Path | None:
    """Put the rebuilt database in the old one's place.

    If they differ, the old one is kept beside it, and the next run publishes.

    Returns:
        Where the old database is kept, None if it was the same.
    """
    home, kept = settings.warehouse, None
    with home.lock():
        if done.differing:
            with home.writer() as connection:
                begin_run(connection, f"rebuilt {utc_stamp()}")
            kept = home.database.with_name(f"{home.database.name}.before-{utc_stamp()}")
            home.database.rename(kept)
            point("rebuild.kept")
        # a log beside the old file would be taken for the new one's
        home.database.with_name(f"{home.database.name}.wal").unlink(missing_ok=True)
        done.warehouse.database.replace(home.database)
        point("rebuild.swapped")
        sync(home.home)
        shutil.rmtree(home.home / _WORKSPACE)
    return kept


def _settle(home: Warehouse, contracts: Sequence[Contract]) -> None:
    """Finish in the old database what a crash left, so that it can be compared."""
    with home.writer() as connection:
        try:
            prepare(connection, contracts)
        except SchemaDriftError:  # which is what a rebuild is for
            return
        reconcile(home, connection, contracts)


def _clear(new: Warehouse) -> None:
    workspace = new.database.parent
    if workspace.exists():
        shutil.rmtree(workspace)
    workspace.mkdir(parents=True)
