"""Digests of the project's own files: has anything changed that a build is made by?"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from orchestration.resources import ROOT, Settings

# What a build is made by: a change to it makes another build, even of the same files.
_FOLDERS = ("analytics", "dbt_project", "expectations", "ingest", "orchestration", "seeds")
_SUFFIXES = (".csv", ".md", ".py", ".sql", ".yml")


def files_digest(root: Path, files: Iterable[Path]) -> str:
    """Digest of the names below ``root`` and the contents of ``files``, in any order."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"\0{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def code_fingerprint(settings: Settings) -> str:
    """Digest of the project's code and of the settings that models read."""
    files = (
        path
        for folder in _FOLDERS
        for suffix in _SUFFIXES
        for path in (ROOT / folder).rglob(f"*{suffix}")
        if "target" not in path.parts
    )
    text = f"{files_digest(ROOT, files)}{settings.dbt_variables}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
