"""Files in other encodings, read as UTF-8. Nothing is guessed: a mark or the contract tells."""

import codecs
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import RefusedFileError
from ingest.preflight import chunks

_UTF8 = ("utf-8", "utf-8-sig")


@contextmanager
def as_utf8(path: Path, file_name: str, encoding: str) -> Iterator[Path]:
    """Give a path under which the stored file can be read as UTF-8 while the block lasts.

    It is the stored file itself where that is UTF-8, else a copy of mode 600 that is removed
    at the end.

    Raises:
        RefusedFileError: a byte is none of ``encoding``, or the archive is damaged.
    """
    if encoding in _UTF8:
        yield path
        return
    copy = path.with_name(f"{path.name.partition('.')[0]}.{os.getpid()}.utf8")
    try:
        _transcode(path, copy, encoding, file_name)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _transcode(path: Path, copy: Path, encoding: str, file_name: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    lines = 0
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
        try:
            for chunk in chunks(path, file_name):
                text = decoder.decode(chunk)
                lines += text.count("\n")
                out.write(text)
            out.write(decoder.decode(b"", final=True))
        except UnicodeDecodeError as error:
            raise RefusedFileError(
                f"{file_name}, after line {lines}: not {encoding}; deliver it again"
            ) from error
