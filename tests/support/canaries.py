"""Values that must be nowhere, and a search of every byte for them in every usual spelling."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import duckdb

LOCAL_PART = "Canary.Grey"
EMAIL = f"{LOCAL_PART}@hidden-nest.example"
FIRST_NAME, LAST_NAME = "Tweetelina", "Quillfedér"
PHONE = "+49 30 77123456"
IP = "203.0.113.77"
SECRET = "correct-horse-canary-staple"  # noqa: S105 - a canary

PERSONAL = {
    "e-mail": (LOCAL_PART, f"{LOCAL_PART}%40", LOCAL_PART.replace(".", "_")),
    "name": (FIRST_NAME, LAST_NAME),
    "phone": (PHONE, "493077123456", "30 77123456"),
    "network address": (IP,),
    "secret of the environment": (SECRET,),
}


def spellings(canary: str) -> set[bytes]:
    """Return the lower-case bytes by which ``canary`` is found, whatever wrote it."""
    texts = {canary, json.dumps(canary)[1:-1], quote(canary), canary.replace("\\", "\\\\")}
    encoded = {text.lower().encode(code) for text in texts for code in ("utf-8", "utf-16-le")}
    return encoded | {canary.lower().encode("latin-1"), canary.upper().encode("utf-8").lower()}


def key_spellings(key_file: Path) -> set[bytes]:
    """Return the lower-case bytes by which the key of the hashes is found."""
    text = key_file.read_text(encoding="ascii")
    return {text.encode(), bytes.fromhex(text).lower(), text.encode("utf-16-le")}


def hits(named: Iterable[tuple[str, bytes]], key_file: Path) -> list[str]:
    """Return which canary is in which of the ``named`` contents."""
    wanted = {
        kind: set().union(*(spellings(text) for text in texts)) for kind, texts in PERSONAL.items()
    }
    wanted["key of the hashes"] = key_spellings(key_file)
    return [
        f"{name}: {kind}"
        for name, content in named
        for lowered in [content.lower()]
        for kind, needles in wanted.items()
        if any(needle in lowered for needle in needles)
    ]


def files(folders: Iterable[Path], leave_out: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every file below ``folders``, except what begins as ``leave_out``."""
    kept_out = tuple(str(path) for path in leave_out)
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not str(path).startswith(kept_out):
                yield str(path.relative_to(folder.parent)), path.name.encode() + path.read_bytes()


def tables(databases: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content, as text, of every table: what a database compresses is found, too."""
    for database in databases:
        with duckdb.connect(str(database), read_only=True) as connection:
            found = connection.execute(
                'select format(\'"{}"."{}"\', schema_name, table_name) from duckdb_tables()'
            ).fetchall()
            for (table,) in found:
                rows = connection.execute(f"select concat_ws(chr(10), columns(*)) from {table}")
                text = "\n".join(cell for row in rows.fetchall() for cell in row if cell)
                yield f"{database.name} {table}", text.encode()
