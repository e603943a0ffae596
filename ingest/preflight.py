"""What can be told from a file's bytes before a row of it is read."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import RefusedFileError

_CHUNK = 1 << 20
_BLANK_LINE = re.compile(rb"\n\r?\n")
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

# A text that the fast reader takes for null, so that it takes no other; a file with it is uneven.
NO_NULL = "\x02\x03"

# An archive that holds more than this, and more than so many times its own size, is a bomb.
MAX_UNPACKED_BYTES = 1 << 28
MAX_UNPACKED_TIMES = 200


@dataclass(frozen=True)
class Preflight:
    """What the bytes of a UTF-8 text file say.

    ``lines`` counts physical lines, ``size`` the bytes without a mark at the start, and
    ``line_end_bytes`` those of all line ends; ``quotes`` and ``delimiters`` count signs.
    ``is_even`` means that a fast reader cannot be misled: one kind of line end, no NUL, no
    blank line, no mark inside.
    """

    lines: int
    size: int
    line_end_bytes: int
    quotes: int
    delimiters: int
    is_even: bool


def chunks(path: Path, file_name: str) -> Iterator[bytes]:
    """Yield a file's bytes, unpacked.

    Raises:
        RefusedFileError: the archive is damaged, cut short or a bomb.
    """
    is_packed = path.suffix == ".gz"
    limit = max(MAX_UNPACKED_BYTES, MAX_UNPACKED_TIMES * path.stat().st_size)
    seen = 0
    try:
        with (gzip.open if is_packed else open)(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                seen += len(chunk)
                if is_packed and seen > limit:
                    raise RefusedFileError(
                        f"{file_name}: the archive unpacks to more than {limit >> 20} MiB; "
                        "deliver it unpacked, or in parts"
                    )
                yield chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RefusedFileError(
            f"{file_name}: the gzip archive is damaged or cut short; deliver it again"
        ) from error


def encoding_by_mark(start: bytes) -> str | None:
    """Return the encoding that a file's first bytes name, None without a mark."""
    return next((name for mark, name in _MARKS.items() if start.startswith(mark)), None)


def inspect(path: Path, file_name: str, quote: str = '"', delimiter: str = ",") -> Preflight:
    """Read a UTF-8 file once, to its end, and count what the bytes alone can show.

    Raises:
        RefusedFileError: the file is empty or not UTF-8, or its archive is damaged.
    """
    count = _Count(file_name, quote.encode(), delimiter.encode())
    for chunk in chunks(path, file_name):
        count.add(chunk)
    return count.result()


class _Count:
    """Counts over the chunks of one file; what straddles two chunks is counted once."""

    def __init__(self, file_name: str, quote: bytes, delimiter: bytes) -> None:
        self._file_name, self._quote, self._delimiter = file_name, quote, delimiter
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._lines = self._returns = self._pairs = self._quotes = self._size = 0
        self._marks = self._delimiters = 0
        self._has_nul = self._has_blank = False
        self._has_mark = self._is_within_character = False
        self._tail = b""

    def add(self, chunk: bytes) -> None:
        if not chunk.isascii() or self._is_within_character:
            self._decode(chunk)
        if not self._size:
            self._has_mark = chunk.startswith(codecs.BOM_UTF8)
            self._has_blank = chunk.removeprefix(codecs.BOM_UTF8).startswith((b"\n", b"\r\n"))
        seam = self._tail + chunk
        self._size += len(chunk)
        self._lines += chunk.count(b"\n")
        returns = chunk.count(b"\r")
        if returns or self._tail.endswith(b"\r"):
            self._returns += returns
            self._pairs += seam.count(b"\r\n") - self._tail.count(b"\r\n")
        self._quotes += chunk.count(self._quote)
        self._delimiters += chunk.count(self._delimiter)
        self._has_nul = self._has_nul or b"\0" in chunk or NO_NULL.encode() in seam
        self._has_blank = self._has_blank or bool(_BLANK_LINE.search(seam))
        self._tail = seam[-2:]

    def _decode(self, chunk: bytes) -> None:
        try:
            text = self._decoder.decode(chunk)
        except UnicodeDecodeError as error:
            line = self._lines + chunk[: error.start].count(b"\n") + 1
            raise RefusedFileError(
                f"{self._file_name}, line {line}: not UTF-8; export it again, or name its "
                "encoding in the contract"
            ) from error
        self._marks += text.count("\ufeff")
        self._is_within_character = bool(self._decoder.getstate()[0])

    def result(self) -> Preflight:
        if not self._size:
            raise RefusedFileError(f"{self._file_name}: the file is empty; export it again")
        if self._is_within_character:
            raise RefusedFileError(
                f"{self._file_name}: the file ends in the middle of a character; deliver it again"
            )
        is_whole = self._tail.endswith(b"\n")
        has_one_line_end = self._returns == self._pairs and self._returns in (0, self._lines)
        has_mark_inside = self._marks > self._has_mark
        return Preflight(
            lines=self._lines + (not is_whole),
            size=self._size - len(codecs.BOM_UTF8) * self._has_mark,
            line_end_bytes=self._lines + self._pairs,
            quotes=self._quotes,
            delimiters=self._delimiters,
            is_even=has_one_line_end and not (self._has_nul or self._has_blank or has_mark_inside),
        )
