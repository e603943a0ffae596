"""One run at a time."""

from filelock import FileLock

from ingest.warehouse import Warehouse


def run_lock(warehouse: Warehouse) -> FileLock:
    """Return the lock that a run holds from its first step to its last, re-entrant here.

    The operating system frees it when the process ends, however it ends.
    """
    warehouse.home.mkdir(parents=True, exist_ok=True)
    return FileLock(warehouse.home / "run.lock", is_singleton=True)
