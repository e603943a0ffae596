"""Take people out of one file of the store or of the landing folder, whole or not at all."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

from ingest.contract import Table
from ingest.disk import sync
from ingest.erased_files import without_people
from ingest.erasure import ErasureError
from ingest.erasure_search import Search
from ingest.faults import point
from ingest.landing import LandingFile
from ingest.scrubbing import shown_file_name
from ingest.storing import ChangedError, keep_rewritten

_UNFINISHED = ".erasing.part"


def rewrite(
    store: Path, source: Path, file_name: str, table: Table | None, search: Search
) -> str | None:
    """Write ``source``, without the people in it, into the store.

    A draft as ``source`` is removed if it was rewritten.

    Returns:
        The hash of the new content; None if nobody is in it.

    Raises:
        ErasureError: somebody is in it whom nobody can take out.
    """
    rewritten = _new_draft(store, source)
    if not without_people(source, rewritten, file_name, table, search):
        return None
    return _kept(store, source, rewritten, file_name)


def rewrite_or_empty(
    store: Path, source: Path, file_name: str, table: Table | None, search: Search
) -> str | None:
    """Do the same; what cannot be rewritten, such as a damaged archive, becomes empty.

    No such file can be loaded, so nothing but the person is lost.
    """
    try:
        return rewrite(store, source, file_name, table, search)
    except ErasureError:
        rewritten = _new_draft(store, source)
        rewritten.write_bytes(b"")
        return _kept(store, source, rewritten, file_name)


def _new_draft(store: Path, source: Path) -> Path:
    return store / f"new-{os.getpid()}.part{'.gz' if source.suffix == '.gz' else ''}"


def _kept(store: Path, source: Path, rewritten: Path, file_name: str) -> str:
    sha256 = keep_rewritten(store, rewritten, file_name)
    if source.parent == store:
        source.unlink()
    point("erasure.stored")
    return sha256


def put_back(file: LandingFile, content: Path) -> LandingFile:
    """Give a landing file the stored ``content``, its clock and its mode as they are.

    Raises:
        ChangedError: it is no longer the file that was sighted.
    """
    partial = file.path.with_name(f".{os.getpid()}{_UNFINISHED}")
    try:
        shutil.copyfile(content, partial)
        shutil.copymode(file.path, partial)
        os.utime(partial, ns=(file.modified_ns, file.modified_ns))
        sync(partial)
        seen = file.path.lstat()
        if (seen.st_size, seen.st_mtime_ns) != (file.size_bytes, file.modified_ns):
            raise ChangedError
        partial.replace(file.path)
    finally:
        partial.unlink(missing_ok=True)
    sync(file.path.parent)
    point("erasure.put_back")
    return replace(file, size_bytes=file.path.stat().st_size)


def without_name(file: LandingFile, search: Search) -> LandingFile:
    """Rename a landing file whose name has somebody's address; the ledger knows it without."""
    if not search.in_text(file.path.name):
        return file
    path = file.path.with_name(shown_file_name(file.path.name))
    if path.exists():
        return file
    file.path.rename(path)
    sync(path.parent)
    return replace(file, path=path)


def clear_unfinished(landing: Path) -> None:
    """Remove what a process that was killed has left in the landing folder."""
    for leftover in landing.rglob(f".*{_UNFINISHED}"):
        leftover.unlink()
