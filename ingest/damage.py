"""A working database that DuckDB refuses is set aside: the store and the state make it again."""

from pathlib import Path

import duckdb

from ingest.disk import sync, utc_stamp
from ingest.faults import point
from ingest.opening import check_state, damage_note, is_damage
from ingest.warehouse import Warehouse


def set_damaged_aside(warehouse: Warehouse) -> str | None:
    """Rename a damaged working database and its log; return what happened, None if all is well.

    The next :func:`ingest.reconciliation.reconcile` fills the new one. What happened is kept in
    ``state.incidents``, too.

    Raises:
        HomeError: the state is damaged, too, or missing; then nothing is moved.
    """
    with warehouse.lock():
        reason = _damage(warehouse.database)
        if reason is None:
            return None
        check_state(warehouse.state)
        aside = _rename(warehouse.database)
        told = f"{warehouse.database} is damaged and was moved to {aside.name}: {reason}"
        with warehouse.writer() as connection:
            connection.execute(
                "insert into state.incidents values (now()::timestamp, 'damaged database', ?)",
                [told],
            )
        return told


def _damage(database: Path) -> str | None:
    if not database.is_file():
        return None
    note = damage_note(database)
    if note.is_file():
        return note.read_text(encoding="utf-8")
    try:
        duckdb.connect(str(database)).close()
    except duckdb.Error as error:
        if is_damage(str(error)):
            return str(error)
        raise
    return None


def _rename(database: Path) -> Path:
    """Move the log first: beside a new database it would be taken for that one's."""
    suffix = f"corrupt-{utc_stamp()}"
    log = database.with_name(f"{database.name}.wal")
    if log.exists():
        log.rename(f"{log}.{suffix}")
        point("damage.log_moved")
    aside = database.with_name(f"{database.name}.{suffix}")
    database.rename(aside)
    damage_note(database).unlink(missing_ok=True)
    sync(database.parent)
    point("damage.moved")
    return aside
