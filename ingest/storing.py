"""The store: every offered file by its content's hash, written whole or not at all."""

import hashlib
import os
import stat
from pathlib import Path

from ingest.disk import sync
from ingest.faults import point

_CHUNK = 1 << 20


class ChangedError(Exception):
    """A file is no longer the one that was sighted, or may not be read."""


def stored_path(store: Path, sha256: str, file_name: str) -> Path:
    """Path in the store: the offered name never reaches a path or a statement."""
    return store / sha256[:2] / f"{sha256}{_suffix(file_name)}"


def draft(store: Path, file_name: str) -> Path:
    """Path of a file that this process is still writing; its end tells whether it is packed."""
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    return store / f"{os.getpid()}.part{_suffix(file_name)}"


def clear_drafts(store: Path) -> None:
    """Remove what a process that was killed has left."""
    for leftover in store.glob("*.part*"):
        leftover.unlink()


def copy_draft(path: Path, size_bytes: int, modified_ns: int, partial: Path) -> str:
    """Copy a file to ``partial``, readable by the owner only; return its content's hash.

    Raises:
        ChangedError: it has not this size and clock, before or after, or may not be read.
    """
    digest = hashlib.sha256()
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(_opened(path), "rb") as source, os.fdopen(descriptor, "wb") as copy:
        _must_be(source.fileno(), size_bytes, modified_ns)
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        point("store.written")
        os.fsync(copy.fileno())
        _must_be(source.fileno(), size_bytes, modified_ns)
    point("store.synced")
    return digest.hexdigest()


def keep(store: Path, partial: Path, sha256: str, file_name: str) -> Path:
    """Give a finished draft its place in the store."""
    target = stored_path(store, sha256, file_name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial.replace(target)
    sync(target.parent)
    point("store.renamed")
    return target


def keep_rewritten(store: Path, partial: Path, file_name: str) -> str:
    """Do the same with a file that was rewritten; return its content's hash."""
    partial.chmod(0o600)
    sync(partial)
    with partial.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    keep(store, partial, sha256, file_name)
    return sha256


def _suffix(file_name: str) -> str:
    return ".gz" if file_name.endswith(".gz") else ""


def _opened(path: Path) -> int:
    """Open for reading; a link or a pipe in the file's place is not followed or waited for."""
    try:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise ChangedError from error


def _must_be(descriptor: int, size_bytes: int, modified_ns: int) -> None:
    seen = os.fstat(descriptor)
    is_same = (seen.st_size, seen.st_mtime_ns) == (size_bytes, modified_ns)
    if not is_same or not stat.S_ISREG(seen.st_mode):
        raise ChangedError
