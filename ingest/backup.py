"""A copy of what a home cannot make again: store, state, vault and key, whole or not at all.

A backup folder has one ``store`` for all backups, since a stored file never changes, and for
each backup a folder with the three files and a manifest of everything that belongs to it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from ingest.disk import sync, utc_stamp
from ingest.errors import HomeError
from ingest.faults import point
from ingest.opening import check_state
from ingest.warehouse import Warehouse

MANIFEST = "manifest.json"
STORE = "store"
_UNFINISHED = ".part"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class BackedUpFile:
    """One file of a backup: its path below the home, its size in bytes and its content's hash."""

    path: str
    size_bytes: int
    sha256: str

    @property
    def is_shared(self) -> bool:
        """Whether all backups of a folder share the file."""
        return self.path.startswith(f"{STORE}/")


@dataclass(frozen=True)
class Backup:
    """A finished backup; ``copied`` counts the stored files that the folder did not have."""

    folder: Path
    files: tuple[BackedUpFile, ...]
    copied: int = 0

    @property
    def size_bytes(self) -> int:
        """What its files have in all."""
        return sum(file.size_bytes for file in self.files)

    def source_of(self, file: BackedUpFile) -> Path:
        """Return where the backup keeps ``file``."""
        return (self.folder.parent if file.is_shared else self.folder) / file.path


def back_up(warehouse: Warehouse, directory: Path, keep: int) -> Backup:
    """Copy the home to a new folder below ``directory``; of the older ones the last stay.

    Every stored file is checked against its name as it is copied; those that are there already
    are not copied again.

    Raises:
        HomeError: there is nothing to copy, or a file of the home is damaged.
    """
    if directory.resolve().is_relative_to(warehouse.home.resolve()):
        raise HomeError(f"{directory} is inside the home: what destroys one destroys both")
    finished = directory / utc_stamp()
    partial = finished.with_name(finished.name + _UNFINISHED)
    with warehouse.lock():
        _settle(warehouse)
        _clear_unfinished(directory)
        partial.mkdir(parents=True, mode=0o700)
        stored, copied = _copy_store(warehouse.store, directory / STORE)
        own = [
            copy_file(path, partial / path.name, path.name)
            for path in (warehouse.state, warehouse.vault, warehouse.key_file)
            if path.is_file()
        ]
    files = (*stored, *own)
    manifest = {"files": [asdict(file) for file in files]}
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    for path in (partial / MANIFEST, partial):
        sync(path)
    point("backup.listed")
    partial.rename(finished)
    sync(directory)
    point("backup.renamed")
    for old in sorted(finished_backups(directory))[:-keep]:
        shutil.rmtree(old)
    return Backup(finished, files, copied)


def finished_backups(directory: Path) -> list[Path]:
    """Return the folders of the backups in ``directory``, the oldest first."""
    manifests = directory.glob(f"*/{MANIFEST}")
    return sorted(path.parent for path in manifests if path.parent.suffix != _UNFINISHED)


def copy_file(source: Path, target: Path, name: str, expected: str | None = None) -> BackedUpFile:
    """Copy a file to the disk itself, readable by the owner only; ``name`` is how it is listed.

    Raises:
        HomeError: its content is not what ``expected``, a SHA-256, says.
    """
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(target.name + _UNFINISHED)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as content, os.fdopen(descriptor, "wb") as copy:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    if expected not in (None, digest.hexdigest()):
        partial.unlink()
        raise HomeError(f"{source} is damaged: its content is not what its checksum says")
    partial.replace(target)
    sync(target.parent)
    point("copy.renamed")
    return BackedUpFile(name, size, digest.hexdigest())


def _settle(warehouse: Warehouse) -> None:
    """Bring what a killed process left in logs of changes into the files themselves."""
    if not warehouse.state.is_file():
        raise HomeError(f"{warehouse.home} has nothing to back up: run `scalehouse run` first")
    check_state(warehouse.state)
    for path in (warehouse.state, warehouse.vault):
        if path.is_file():
            with duckdb.connect(str(path)) as connection:
                connection.execute("checkpoint")


def _clear_unfinished(directory: Path) -> None:
    for leftover in directory.glob(f"*Z{_UNFINISHED}"):
        shutil.rmtree(leftover)


def _copy_store(store: Path, target: Path) -> tuple[list[BackedUpFile], int]:
    files, copied = [], 0
    for path in _stored_files(store):
        sha256, size = path.name.partition(".")[0], path.stat().st_size
        name = f"{STORE}/{path.relative_to(store).as_posix()}"
        there = target / path.relative_to(store)
        if not there.is_file() or there.stat().st_size != size:
            copy_file(path, there, name, sha256)
            copied += 1
        files.append(BackedUpFile(name, size, sha256))
    return files, copied


def _stored_files(store: Path) -> Iterator[Path]:
    """Yield every whole file of the store; what is still being written lies in its top folder."""
    yield from sorted(path for path in store.glob("*/*") if path.is_file())
