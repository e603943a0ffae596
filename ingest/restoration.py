"""Bring a home back from a backup: checked to the last byte before anything is put in place."""

import json
import shutil
from pathlib import Path

from ingest.backup import (
    MANIFEST,
    STORE,
    BackedUpFile,
    Backup,
    copy_file,
    finished_backups,
)
from ingest.disk import sync, utc_stamp
from ingest.erased_people import carry_over
from ingest.errors import HomeError
from ingest.faults import point
from ingest.migration import UNFINISHED_RESTORE
from ingest.warehouse import Warehouse


def restore(warehouse: Warehouse, directory: Path, *, replace: bool) -> tuple[Backup, Path | None]:
    """Put the last backup below ``directory`` into the home; the next run rebuilds the database.

    With ``replace`` a home that holds something is moved into a folder of its own first. Who was
    erased from it since the backup is erased again by the next run.

    Returns:
        The backup, and where the home's former files are, None if it had none.

    Raises:
        HomeError: there is no backup, a file of it is missing or damaged, or the home holds
            files and they are not to be replaced. Then the home is as it was.
    """
    with warehouse.lock():
        held = _held(warehouse)
        if held and not replace:
            raise HomeError(
                f"{warehouse.home} holds {', '.join(path.name for path in held)}: restore into an "
                "empty home, or move all that aside with --force"
            )
        backup = last_backup(directory)
        partial = warehouse.home / UNFINISHED_RESTORE
        if partial.exists():
            shutil.rmtree(partial)
        for file in backup.files:
            _copy(backup, file, partial / file.path)
        point("restore.copied")
        if warehouse.state in held:
            carry_over(warehouse.state, partial / warehouse.state.name)
        aside = _move_aside(warehouse, held) if held else None
        point("restore.moved_aside")
        # the state comes last: without it no command mistakes a half restored home for a whole one
        names = sorted({path.name for path in partial.iterdir()} - {warehouse.state.name})
        for name in (*names, warehouse.state.name):
            (partial / name).rename(warehouse.home / name)
            point("restore.placed")
        partial.rmdir()
        sync(warehouse.home)
    return backup, aside


def last_backup(directory: Path) -> Backup:
    """Return the last finished backup below ``directory``.

    Raises:
        HomeError: there is none, or its manifest cannot be read.
    """
    found = finished_backups(directory)
    if not found:
        raise HomeError(f"{directory} has no finished backup: `scalehouse backup` makes one")
    manifest = found[-1] / MANIFEST
    try:
        files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        return Backup(found[-1], tuple(BackedUpFile(**file) for file in files))
    except (ValueError, KeyError, TypeError) as error:
        raise HomeError(
            f"{manifest} is damaged; move its folder away to restore the backup before it"
        ) from error


def _held(warehouse: Warehouse) -> list[Path]:
    """Return what the home holds, the state first: without it nothing runs on the rest."""
    database = warehouse.database
    paths = [
        warehouse.state,
        *sorted(warehouse.home.glob("*.wal")),
        *[database, warehouse.vault, warehouse.key_file, warehouse.home / STORE],
    ]
    return [path for path in paths if path.exists()]


def _copy(backup: Backup, file: BackedUpFile, target: Path) -> None:
    source = backup.source_of(file)
    if not source.is_file():
        raise HomeError(f"the backup lacks {source}; nothing was changed")
    copy_file(source, target, file.path, file.sha256)


def _move_aside(warehouse: Warehouse, held: list[Path]) -> Path:
    aside = warehouse.home / f"before-restore-{utc_stamp()}"
    aside.mkdir(mode=0o700)
    for path in held:
        path.rename(aside / path.name)
    sync(warehouse.home)
    return aside
