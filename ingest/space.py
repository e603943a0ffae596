"""Is there room on the disk for what is about to be loaded?"""

import shutil
from collections.abc import Sequence

from ingest.errors import HomeError
from ingest.landing import LandingFile
from ingest.warehouse import Warehouse

# A file is in the store, in incoming, in raw and for a while in the log of changes.
_COPIES = 4
# Text shrinks to about a tenth when it is packed.
_UNPACKED = 10
# Models are made anew while the old ones stand, and the snapshot is a copy of its own.
_DATABASES = 2
_RESERVE = 64 << 20

# How the system, DuckDB and SQLite say that the disk is full, or that a file may not grow.
_FULL = (
    "No space left on device",
    "File too large",
    "Disk quota exceeded",
    "database or disk is full",
    "disk I/O error",
)


def require_space(warehouse: Warehouse, files: Sequence[LandingFile]) -> None:
    """Make sure that the home's disk has room for new ``files`` and for what is built of them.

    Raises:
        HomeError: it has not; the message says how much is needed and how much is free.
    """
    if not files:
        return
    sizes = [
        file.size_bytes * (_UNPACKED if file.file_name.endswith(".gz") else 1) for file in files
    ]
    database = warehouse.database.stat().st_size if warehouse.database.is_file() else 0
    needed = _COPIES * sum(sizes) + _DATABASES * database + _RESERVE
    free = shutil.disk_usage(warehouse.home).free
    if needed > free:
        raise HomeError(
            f"{len(files)} new files need about {_megabytes(needed)} on the disk of "
            f"{warehouse.home}, which has {_megabytes(free)}: free some, or keep fewer snapshots "
            "(SCALEHOUSE_KEEP_SNAPSHOTS); nothing was loaded"
        )


def is_full_disk(message: str) -> bool:
    """Whether an error's ``message`` means that the disk has no more room."""
    return any(sign in message for sign in _FULL)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
