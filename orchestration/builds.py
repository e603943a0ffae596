"""What was built last, and whether another build would be the same."""

from collections.abc import Sequence
from datetime import datetime

import duckdb

from ingest import landing, ledger
from ingest.contract import load_contracts
from ingest.faults import point
from ingest.landing import LandingFile
from ingest.markers import disagreements
from ingest.warehouse import Warehouse
from orchestration.baselines import is_baseline_due
from orchestration.fingerprint import code_fingerprint
from orchestration.history import is_refit_due, remember
from orchestration.publish import CURRENT, Build
from orchestration.resources import Settings


def describe_build(
    connection: duckdb.DuckDBPyConnection, build_id: str, now: datetime, code: str
) -> Build:
    """Return the build that the raw tables as they are and ``code`` make; ``now`` is UTC."""
    sequence, files = ledger.state(connection)
    return Build(build_id, now.replace(tzinfo=None), sequence, f"{files}-{code}")


def begin_run(
    connection: duckdb.DuckDBPyConnection, run_id: str, *, is_raw_restored: bool = False
) -> None:
    """Note that a run has begun to change the warehouse.

    Where raw rows had to be restored, models of any source may be out of step with them: until
    a whole run has published that counts as a stopped run.
    """
    if is_raw_restored:
        connection.execute(
            "insert or ignore into state.runs values "
            "(strftime(now()::timestamp, 'restored %Y-%m-%dT%H:%M:%S.%f'), now()::timestamp, null)"
        )
    connection.execute(
        "insert or ignore into state.runs values (?, now()::timestamp, null)", [run_id]
    )
    point("run.begun")


def stopped_runs(connection: duckdb.DuckDBPyConnection, run_id: str) -> list[str]:
    """Return the runs since the last publish, ``run_id`` aside, that never published."""
    rows = connection.execute(
        """
        select run_id from state.runs
        where published_at is null and run_id <> ? and started_at > coalesce(
            (select max(published_at) from state.runs), timestamp '-infinity'
        )
        """,
        [run_id],
    ).fetchall()
    return [stopped for (stopped,) in rows]


def record_build(connection: duckdb.DuckDBPyConnection, build: Build, run_id: str) -> None:
    """Add a published build to ``state.builds``, with what it found; its run has published."""
    with ledger.transaction(connection):
        connection.execute(
            "update state.runs set published_at = ? where run_id = ?", [build.published_at, run_id]
        )
        connection.execute(
            "insert into state.builds by name select ? as build_id, ? as published_at, "
            "? as ledger_sequence, ? as fingerprint",
            [build.build_id, build.published_at, build.ledger_sequence, build.fingerprint],
        )
        remember(connection)
        point("build.entered")
    point("build.recorded")


def last_build(connection: duckdb.DuckDBPyConnection) -> Build | None:
    """Return the build that was published last, None before the first."""
    rows = connection.execute(
        """
        select build_id, published_at, ledger_sequence, fingerprint
        from state.builds order by published_at desc, build_id desc limit 1
        """
    ).fetchall()
    return Build(*rows[0]) if rows else None


def code_of(build: Build | None) -> str:
    """Return the part of a build's fingerprint that stands for the code."""
    return build.fingerprint.partition("-")[2] if build else "unknown"


def unchanged_build(settings: Settings) -> Build | None:
    """Return the published build if a run now would make the same one, None otherwise.

    That is so if no file of the landing folder is new or gone, none waits to be loaded, neither
    the code nor a setting that models read has changed, and no run since was cut off.
    """
    warehouse = settings.warehouse
    if not warehouse.database.is_file() or not (warehouse.published / CURRENT).exists():
        return None
    files = landing.sight(warehouse.landing, load_contracts())
    with warehouse.reader() as connection:
        try:
            build = last_build(connection)
            has_news = (
                landing.unknown(connection, files)
                or _waits(connection, files)
                or ledger.is_erasing(connection)
                or is_refit_due(connection)
                or is_baseline_due(connection)
                or stopped_runs(connection, run_id="")
                or disagreements(connection)
            )
            _, state = ledger.state(connection)
        except duckdb.CatalogException:  # a run that died before it made its tables
            return None
    is_same = build is not None and build.fingerprint == f"{state}-{code_fingerprint(settings)}"
    return build if is_same and not has_news else None


def unknown_files(
    warehouse: Warehouse, files: Sequence[LandingFile], timeout: float = 5
) -> list[LandingFile]:
    """Return those of ``files`` that the ledger has not seen; all of them before the first run.

    Raises:
        filelock.Timeout: another process kept writing for ``timeout`` seconds.
    """
    if not files or not warehouse.database.is_file():
        return list(files)
    with warehouse.lock().acquire(timeout), warehouse.reader() as connection:
        return landing.unknown(connection, files)


def _waits(connection: duckdb.DuckDBPyConnection, files: Sequence[LandingFile]) -> bool:
    """Whether a file is to be loaded, or one that was left out has been taken away."""
    rows = connection.execute(
        """
        select distinct file_name, status in ('pending', 'accepted') from state.load_ledger
        where status in ('pending', 'accepted', 'refused', 'held')
        """
    ).fetchall()
    lying = {file.file_name for file in files}
    return any(is_due or name not in lying for name, is_due in rows)
