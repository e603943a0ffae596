"""Files in other encodings, read as UTF-8. Nothing is guessed: a mark or the contract tells."""

import codecs
import gzip
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.contract import Table
from ingest.errors import RefusedFileError

_CHUNK = 1 << 20
_MARKS = {codecs.BOM_UTF8: None, codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@contextmanager
def as_utf8(path: Path, file_name: str, table: Table) -> Iterator[Path]:
    """Give a path under which the stored file can be read as UTF-8 while the block lasts.

    A byte order mark of UTF-16 decides; without one the contract's ``encoding``. Where that is
    UTF-8 it is the stored file itself, else a copy of mode 600 that is removed at the end.

    Raises:
        RefusedFileError: a byte is none of the declared encoding.
    """
    encoding = None if table.format == "parquet" else _encoding(path, table)
    if encoding is None:
        yield path
        return
    copy = path.with_name(f"{path.name.partition('.')[0]}.{os.getpid()}.utf8")
    try:
        _transcode(path, copy, encoding, file_name)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _encoding(path: Path, table: Table) -> str | None:
    """Return the encoding to read with, None for UTF-8."""
    try:
        with _opened(path) as file:
            start = file.read(3)
    except (EOFError, OSError):
        return None  # the preflight says what is wrong with the archive
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    return None if table.encoding == "utf-8" else table.encoding


def _opened(path: Path) -> io.BufferedIOBase:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _transcode(path: Path, copy: Path, encoding: str, file_name: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    lines = 0
    with _opened(path) as source, os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
        try:
            while chunk := source.read(_CHUNK):
                text = decoder.decode(chunk)
                lines += text.count("\n")
                out.write(text)
            out.write(decoder.decode(b"", final=True))
        except UnicodeDecodeError as error:
            raise RefusedFileError(
                f"{file_name}, after line {lines}: not {encoding}; deliver it again"
            ) from error
        except EOFError as error:
            raise RefusedFileError(
                f"{file_name}: the gzip archive is damaged or cut short; deliver it again"
            ) from error
