"""Files that must have reached the disk, and names that no other file has."""

import os
from datetime import UTC, datetime
from pathlib import Path


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def utc_stamp() -> str:
    """Return the present moment as a part of a file's name, in UTC and sorted as time is."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S_%fZ}"
