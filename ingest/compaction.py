"""Write a database file anew: what was deleted leaves its bytes in the old one."""

import os
from pathlib import Path

import duckdb

from ingest.disk import sync
from ingest.privacy import quoted


def compact(path: Path) -> None:
    """Replace a closed database by a copy with the same tables and views, in one step."""
    partial = path.with_name(f"{path.name}.new")
    for leftover in (partial, partial.with_name(f"{partial.name}.wal")):
        leftover.unlink(missing_ok=True)
    previous = os.umask(0o077)
    try:
        with duckdb.connect() as connection:
            # views name the database that they are in
            connection.execute(f"attach {quoted(str(path))} as {path.stem}")
            connection.execute(f"checkpoint {path.stem}")
            connection.execute(f"attach {quoted(str(partial))} as fresh")
            connection.execute(f"copy from database {path.stem} to fresh")
            connection.execute("checkpoint fresh")
    finally:
        os.umask(previous)
    partial.chmod(path.stat().st_mode & 0o777)
    sync(partial)
    partial.replace(path)
    sync(path.parent)
