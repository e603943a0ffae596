"""The landing folder: which files lie there, which are new, and have they stopped growing."""

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest.contract import Contract, Table
from ingest.faults import point
from ingest.ledger import OPEN
from ingest.scrubbing import shown_file_name


@dataclass(frozen=True)
class LandingFile:
    """One file as it was seen: which table it is for, its size in bytes and its clock.

    ``as_of`` is the export's date where the table's contract finds one in the name.
    ``file_name`` is the path below the landing folder, which the ledger and everybody after it
    know the file by; an e-mail address in it is withheld. ``path`` is where it lies.
    """

    source: str
    table_name: str
    file_name: str
    size_bytes: int
    modified_ns: int
    as_of: str | None
    path: Path
    table: Table = field(compare=False, repr=False)


def sight(landing: Path, contracts: Sequence[Contract]) -> list[LandingFile]:
    """Return every file that a contract asks for, ordered by name.

    Folders, symbolic links and names that end in ``.part`` or ``.tmp`` are no deliveries.
    """
    found = [
        LandingFile(
            source=contract.source,
            table_name=table.name,
            file_name=shown_file_name(path.relative_to(landing).as_posix()),
            size_bytes=stat.st_size,
            modified_ns=stat.st_mtime_ns,
            as_of=export_date(table, path.name),
            path=path,
            table=table,
        )
        for contract in contracts
        for table in contract.tables
        for path, stat in _matching(landing, table)
    ]
    return sorted(found, key=lambda file: (file.file_name, file.source, file.table_name))


def export_date(table: Table, file_name: str) -> str | None:
    """Return the date that the contract's ``as_of`` finds in a name, None without one."""
    match = re.search(table.as_of, file_name) if table.as_of else None
    return match.group(match.lastindex or 0) if match else None


def _matching(landing: Path, table: Table) -> list[tuple[Path, os.stat_result]]:
    paths = [path for pattern in table.globs for path in landing.glob(pattern)]
    return [
        (path, path.stat())
        for path in paths
        if path.is_file()
        and not path.is_symlink()
        and _is_text(path.name)
        and path.resolve().is_relative_to(landing.resolve())
    ]


def _is_text(name: str) -> bool:
    """Whether a name is UTF-8; the ledger can hold no other."""
    return name.encode(errors="replace").decode() == name


def unmatched(landing: Path, contracts: Sequence[Contract]) -> list[str]:
    """Return the files below the landing folder that no contract asks for, by name."""
    wanted = {file.path for file in sight(landing, contracts)}
    lying = {path for path in landing.rglob("*") if path.is_file()}
    names = (
        path.relative_to(landing).as_posix()
        for path in lying - wanted
        if not path.name.startswith(".")
    )
    return sorted(
        shown_file_name(name.encode(errors="backslashreplace").decode()) for name in names
    )


def unknown(connection: DuckDBPyConnection, files: Sequence[LandingFile]) -> list[LandingFile]:
    """Return those of ``files`` that the ledger has not seen with this size and clock."""
    known = set(
        connection.execute(
            "select source, table_name, file_name, size_bytes, modified_ns from state.load_ledger"
        ).fetchall()
    )
    return [
        file
        for file in files
        if (file.source, file.table_name, file.file_name, file.size_bytes, file.modified_ns)
        not in known
    ]


def settled(
    landing: Path, contracts: Sequence[Contract], candidates: Sequence[LandingFile], seconds: float
) -> list[LandingFile]:
    """Return the candidates that a second sighting, ``seconds`` later, finds unchanged."""
    if not candidates:
        return []
    time.sleep(seconds)
    again = set(sight(landing, contracts))
    return [file for file in candidates if file in again]


def close_replaced(connection: DuckDBPyConnection, files: Sequence[LandingFile]) -> int:
    """Mark refused and held files as replaced that no longer lie there as they were.

    Returns:
        The number of files marked.
    """
    lying = {(file.file_name, file.size_bytes, file.modified_ns) for file in files}
    open_files = connection.execute(
        """
        select file_sequence, file_name, size_bytes, modified_ns from state.load_ledger
        where list_contains(?, status)
        """,
        [list(OPEN)],
    ).fetchall()
    gone = [sequence for sequence, *seen in open_files if tuple(seen) not in lying]
    for sequence in gone:
        connection.execute(
            "update state.load_ledger set status = 'replaced' where file_sequence = ?", [sequence]
        )
        point("ledger.closed")
    return len(gone)
