"""The landing folder: which files lie there, which are new, and have they stopped growing."""

import hashlib
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest.contract import Contract, Table
from ingest.disk import sync
from ingest.faults import point
from ingest.ledger import OPEN
from ingest.warehouse import Warehouse

_CHUNK = 1 << 20


@dataclass(frozen=True)
class LandingFile:
    """One file as it was seen: which table it is for, its size in bytes and its clock.

    ``as_of`` is the export's date where the table's contract finds one in the name.
    """

    source: str
    table_name: str
    file_name: str
    size_bytes: int
    modified_ns: int
    as_of: str | None


def sight(landing: Path, contracts: Sequence[Contract]) -> list[LandingFile]:
    """Return every file that a contract asks for, ordered by name.

    Folders, symbolic links and names that end in ``.part`` or ``.tmp`` are no deliveries.
    """
    found = [
        LandingFile(
            source=contract.source,
            table_name=table.name,
            file_name=path.relative_to(landing).as_posix(),
            size_bytes=stat.st_size,
            modified_ns=stat.st_mtime_ns,
            as_of=export_date(table, path.name),
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
    packed = [] if table.format == "parquet" else landing.glob(f"{table.files}.gz")
    paths = [*landing.glob(table.files), *packed]
    return [
        (path, path.stat())
        for path in paths
        if path.is_file()
        and not path.is_symlink()
        and path.resolve().is_relative_to(landing.resolve())
    ]


def unmatched(landing: Path, contracts: Sequence[Contract]) -> list[str]:
    """Return the files below the landing folder that no contract asks for, by name."""
    wanted = {file.file_name for file in sight(landing, contracts)}
    lying = {path.relative_to(landing).as_posix() for path in landing.rglob("*") if path.is_file()}
    return sorted(name for name in lying - wanted if not name.rpartition("/")[2].startswith("."))


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


def register(
    warehouse: Warehouse, connection: DuckDBPyConnection, files: Sequence[LandingFile]
) -> dict[str, int]:
    """Copy each file into the store under its content's hash and enter it into the ledger.

    A content that its table was offered before is entered as ``duplicate``, except an export
    of everything for another date: what was true before can become true again. Older files
    come first; what decides between two versions later is the ledger's order.

    Returns:
        The number of files entered, by state.
    """
    for leftover in warehouse.store.glob("*.part"):  # of a process that was killed
        leftover.unlink()
    entered: dict[str, int] = {}
    for file in sorted(files, key=lambda file: (file.modified_ns, file.file_name)):
        sha256 = _store(warehouse, file)
        [(seen,)] = connection.execute(
            """
            select count(*) from state.load_ledger
            where sha256 = ? and source = ? and table_name = ? and status <> 'replaced'
                and as_of is not distinct from ?
            """,
            [sha256, file.source, file.table_name, file.as_of],
        ).fetchall()
        status = "duplicate" if seen else "pending"
        connection.execute(
            """
            insert into state.load_ledger (
                file_sequence, source, table_name, file_name, sha256, size_bytes, modified_ns,
                as_of, status, first_seen_at
            ) values (nextval('state.file_sequence'), ?, ?, ?, ?, ?, ?, ?, ?, now()::timestamp)
            """,
            [
                *[file.source, file.table_name, file.file_name, sha256],
                *[file.size_bytes, file.modified_ns, file.as_of, status],
            ],
        )
        point("ledger.entered")
        entered[status] = entered.get(status, 0) + 1
    return entered


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


def stored_path(store: Path, sha256: str, file_name: str) -> Path:
    """Path in the store: the offered name never reaches a path or a statement."""
    suffix = ".gz" if file_name.endswith(".gz") else ""
    return store / sha256[:2] / f"{sha256}{suffix}"


def _store(warehouse: Warehouse, file: LandingFile) -> str:
    warehouse.store.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = warehouse.store / f"{os.getpid()}.part"
    digest = hashlib.sha256()
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        (warehouse.landing / file.file_name).open("rb") as source,
        os.fdopen(descriptor, "wb") as copy,
    ):
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        point("store.written")
        os.fsync(copy.fileno())
    point("store.synced")
    target = stored_path(warehouse.store, digest.hexdigest(), file.file_name)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    partial.replace(target)
    sync(target.parent)
    point("store.renamed")
    return digest.hexdigest()
