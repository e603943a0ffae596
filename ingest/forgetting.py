"""Finish what an erasure has begun: nothing of the person stays in files, raw and vault.

Each step can be done again: whatever a crash cuts off, the next run does before it loads a file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest.contract import Contract
from ingest.disk import sync
from ingest.erased_people import mark_cleaned, search_for
from ingest.erasure_search import Search, mentions
from ingest.faults import point
from ingest.landing import LandingFile, sight, unknown
from ingest.reconciliation import reconcile
from ingest.rewriting import clear_unfinished, put_back, rewrite, rewrite_or_empty, without_name
from ingest.scrubbing import shown_file_name
from ingest.storing import ChangedError, clear_drafts, stored_path
from ingest.vault_cleaning import clean_vault
from ingest.warehouse import Warehouse, incoming_table


@dataclass(frozen=True)
class Cleaning:
    """What an erasure changed: files of the ledger, files of the landing folder.

    ``left`` are files of the landing folder that still have somebody and that only their sender
    or an operator can take away.
    """

    stored: int
    landed: int
    left: tuple[str, ...]


def finish_erasures(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    contracts: Sequence[Contract],
    say: Callable[[str], None] = lambda _: None,
) -> Cleaning | None:
    """Take everybody out whose erasure has begun; None if there is nobody.

    Raises:
        ErasureError: a loaded file cannot be rewritten.
        HomeError: what is to be loaded again cannot be.
    """
    search = search_for(warehouse, connection, uncleaned=True)
    if search is None:
        return None
    clear_drafts(warehouse.store)
    stored = _rewrite_store(warehouse, connection, contracts, search)
    landed, left = _rewrite_landing(warehouse, connection, contracts, search)
    _remove_unused(warehouse, connection)
    reconcile(warehouse, connection, contracts, say)
    for contract in contracts:
        for table in contract.tables:
            connection.execute(f"delete from {incoming_table(contract.source, table)}")
    connection.execute("delete from incoming.quarantine")
    clean_vault(warehouse, connection, contracts)
    mark_cleaned(connection, search)
    return Cleaning(stored, landed, tuple(left))


def _rewrite_store(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    contracts: Sequence[Contract],
    search: Search,
) -> int:
    tables = {
        (contract.source, table.name): table for contract in contracts for table in contract.tables
    }
    rows = connection.execute(
        """
        select file_sequence, source, table_name, file_name, coalesce(stored_sha256, sha256), status
        from state.load_ledger order by file_sequence
        """
    ).fetchall()
    rewritten: dict[tuple[Path, str, str], str | None] = {}
    changed = 0
    for sequence, source, table_name, file_name, sha256, status in rows:
        path = stored_path(warehouse.store, sha256, file_name)
        place = (path, source, table_name)
        if not path.is_file():
            continue
        if place not in rewritten:
            table = tables.get((source, table_name))
            erase = rewrite if status == "loaded" else rewrite_or_empty
            rewritten[place] = erase(warehouse.store, path, file_name, table, search)
        if rewritten[place]:
            connection.execute(
                "update state.load_ledger set stored_sha256 = ? where file_sequence = ?",
                [rewritten[place], sequence],
            )
            point("erasure.ledger_updated")
            changed += 1
    connection.execute("checkpoint state")
    return changed


def _rewrite_landing(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    contracts: Sequence[Contract],
    search: Search,
) -> tuple[int, list[str]]:
    """Rewrite what lies there and is in the ledger; the rest is rewritten when it is entered."""
    clear_unfinished(warehouse.landing)
    seen = sight(warehouse.landing, contracts)
    new = set(unknown(connection, seen))
    changed, left = 0, []
    for file in seen:
        if file in new:
            continue
        try:
            now = _rewritten(warehouse, file, search)
        except (ChangedError, OSError):
            left.append(file.file_name)
            continue
        if now != file:
            changed += 1
            connection.execute(
                """
                update state.load_ledger set size_bytes = ?
                where (source, table_name, file_name, size_bytes, modified_ns) = (?, ?, ?, ?, ?)
                """,
                [now.size_bytes, *_seen(file)],
            )
            point("erasure.landing_updated")
    wanted = {file.path for file in sight(warehouse.landing, contracts)}
    return changed, left + list(_others(warehouse.landing, wanted, search))


def _rewritten(warehouse: Warehouse, file: LandingFile, search: Search) -> LandingFile:
    now = without_name(file, search)
    sha256 = rewrite_or_empty(warehouse.store, now.path, now.file_name, now.table, search)
    if sha256:
        now = put_back(now, stored_path(warehouse.store, sha256, now.file_name))
    if search.in_text(now.path.name):
        raise ChangedError
    return now


def _seen(file: LandingFile) -> list[object]:
    return [file.source, file.table_name, file.file_name, file.size_bytes, file.modified_ns]


def _others(landing: Path, wanted: set[Path], search: Search) -> Iterator[str]:
    """Yield the files that no contract asks for and that have somebody in content or name."""
    for path in sorted(landing.rglob("*")):
        if path.is_file() and path not in wanted:
            name = path.relative_to(landing).as_posix()
            found = [*search.in_text(name), *search.in_file(path, path.name, None)]
            is_here = (mentions(path, path.name, None, each) or each.is_in(name) for each in found)
            if any(is_here):
                yield shown_file_name(name.encode(errors="backslashreplace").decode())


def _remove_unused(warehouse: Warehouse, connection: DuckDBPyConnection) -> None:
    """Remove every stored file that the ledger does not know (any more)."""
    rows = connection.execute(
        "select coalesce(stored_sha256, sha256), file_name from state.load_ledger"
    ).fetchall()
    known = {stored_path(warehouse.store, *row) for row in rows}
    for path in warehouse.store.glob("*/*"):
        if path not in known:
            path.unlink()
            point("erasure.removed")
    for folder in warehouse.store.iterdir():
        if folder.is_dir():
            sync(folder)
