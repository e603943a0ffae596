"""After an erasure was published: whatever older runs left behind goes, too."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from ingest.compaction import compact
from ingest.disk import sync
from ingest.erased_people import mark_published
from ingest.faults import point
from ingest.ledger import is_erasing
from ingest.warehouse import Warehouse
from orchestration.publish import remove_older

# What other commands move aside; below each may be a whole home, or a database with old hashes.
_ASIDE = ("before-restore-*", "warehouse.duckdb*.before-*", "warehouse.duckdb*.corrupt-*")


def purge(warehouse: Warehouse, run_id: str) -> bool:
    """Remove what older runs left if an erasure waits for it; return whether one did.

    Older snapshots, results, data docs and what was moved aside go; working database and state
    are written anew, without what was deleted from them. Call it with the lock held, after the
    whole has been built and published.
    """
    with warehouse.writer() as connection:
        if not is_erasing(connection):
            return False
        [(since,)] = connection.execute("select max(erased_at) from state.erasures").fetchall()
        # the keys of bad rows may be hashes
        connection.execute(
            "update state.check_results set sample_keys = null where run_id <> ?", [run_id]
        )
    remove_older(warehouse.published)
    for folder in warehouse.results.glob("*"):
        if folder.name != run_id:
            _remove(folder)
    _remove(warehouse.home / "data_docs")
    for pattern in _ASIDE:
        for path in warehouse.home.glob(pattern):
            if _is_older(path, since):
                _remove(path)
    point("purge.removed")
    for database in (warehouse.database, warehouse.state):
        compact(database)
        point("purge.compacted")
    with warehouse.writer() as connection:
        mark_published(connection)
    return True


def _is_older(path: Path, since: datetime) -> bool:
    """Whether a path was moved aside before ``since``, so that nobody was erased from it."""
    moved_at = datetime.fromtimestamp(path.stat().st_ctime, UTC)
    return moved_at.replace(tzinfo=None) < since


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    sync(path.parent)
