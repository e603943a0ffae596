"""A new file enters store and ledger, without anybody who was erased before."""

from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest.erased_people import search_for
from ingest.erasure_search import Search
from ingest.faults import point
from ingest.landing import LandingFile
from ingest.rewriting import put_back, rewrite_or_empty, without_name
from ingest.storing import (
    ChangedError,
    clear_drafts,
    copy_draft,
    draft,
    keep,
    stored_path,
)
from ingest.warehouse import Warehouse


@dataclass(frozen=True)
class _Entry:
    """A file as it lies there now; the hash of what was offered, and of what is stored."""

    file: LandingFile
    sha256: str
    stored_sha256: str


def register(
    warehouse: Warehouse, connection: DuckDBPyConnection, files: Sequence[LandingFile]
) -> dict[str, int]:
    """Copy each file into the store under its content's hash and enter it into the ledger.

    A content that its table was offered before is entered as ``duplicate``, except an export
    of everything for another date: what was true before can become true again. Older files
    come first; what decides between two versions later is the ledger's order. A file that was
    changed or taken away while it was copied, or may not be read, is left for the next time.
    Whoever was erased leaves the copy and then the landing folder before the file is entered.

    Returns:
        The number of files entered, by state; ``unreadable`` is that of files left.
    """
    clear_drafts(warehouse.store)
    search = search_for(warehouse, connection)
    entered: dict[str, int] = {}
    for file in sorted(files, key=lambda file: (file.modified_ns, file.file_name)):
        try:
            entry = _store(warehouse, file, search)
        except ChangedError:
            status = "unreadable"
        else:
            status = _enter(connection, entry)
            point("ledger.entered")
        entered[status] = entered.get(status, 0) + 1
    return entered


def _enter(connection: DuckDBPyConnection, entry: _Entry) -> str:
    file = entry.file
    [(seen,)] = connection.execute(
        """
        select count(*) from state.load_ledger
        where (list_contains($contents, sha256) or list_contains($contents, stored_sha256))
            and source = $source and table_name = $table and status <> 'replaced'
            and as_of is not distinct from $as_of
        """,
        {
            # a crash may have left a file that was rewritten, but not entered, in its place
            "contents": [entry.sha256, entry.stored_sha256],
            "source": file.source,
            "table": file.table_name,
            "as_of": file.as_of,
        },
    ).fetchall()
    status = "duplicate" if seen else "pending"
    connection.execute(
        """
        insert into state.load_ledger (
            file_sequence, source, table_name, file_name, sha256, stored_sha256, size_bytes,
            modified_ns, as_of, status, first_seen_at
        ) values (nextval('state.file_sequence'), ?, ?, ?, ?, ?, ?, ?, ?, ?, now()::timestamp)
        """,
        [
            *[file.source, file.table_name, file.file_name, entry.sha256],
            entry.stored_sha256 if entry.stored_sha256 != entry.sha256 else None,
            *[file.size_bytes, file.modified_ns, file.as_of, status],
        ],
    )
    return status


def _store(warehouse: Warehouse, file: LandingFile, search: Search | None) -> _Entry:
    partial = draft(warehouse.store, file.file_name)
    sha256 = copy_draft(file.path, file.size_bytes, file.modified_ns, partial)
    stored_sha256, now = sha256, file
    if search:
        stored_sha256 = rewrite_or_empty(
            warehouse.store, partial, file.file_name, file.table, search
        )
        if stored_sha256:
            content = stored_path(warehouse.store, stored_sha256, file.file_name)
            now = put_back(file, content)
        now = without_name(now, search)
    if stored_sha256 in (None, sha256):
        stored_sha256 = sha256
        keep(warehouse.store, partial, sha256, file.file_name)
    return _Entry(now, sha256, stored_sha256)
