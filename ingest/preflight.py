"""What can be told from a file's bytes before a row of it is read."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process

from ingest.contract import Table
from ingest.errors import RefusedFileError

_CHUNK = 1 << 20
_BLANK_LINE = re.compile(rb"\n\r?\n")
_BOM = codecs.BOM_UTF8


@dataclass(frozen=True)
class Preflight:
    """What the bytes of a text file say.

    ``lines`` counts physical lines; ``header`` has the column names in the file's order and
    is empty for JSON lines; ``is_even`` means that a fast reader cannot be misled: one kind of
    line end, no NUL, no blank line.
    """

    lines: int
    header: tuple[str, ...]
    is_even: bool


def inspect(path: Path, file_name: str, table: Table) -> Preflight:
    """Read ``path`` once, to its end, and check what the bytes alone can show.

    Raises:
        RefusedFileError: the file is empty, truncated or not UTF-8, or its header does not
            have every column of the contract exactly once.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = returns = pairs = nuls = 0
    has_blank = False
    first, tail = b"", b""
    for chunk in _chunks(path, file_name):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            line = lines + chunk[: error.start].count(b"\n") + 1
            raise RefusedFileError(
                f"{file_name}, line {line}: not UTF-8; export it again, or name its encoding "
                "in the contract"
            ) from error
        if not first:
            first = chunk
            has_blank = chunk.startswith((b"\n", b"\r\n"))
        seam = tail[-1:] + chunk
        lines += chunk.count(b"\n")
        returns += chunk.count(b"\r")
        pairs += seam.count(b"\r\n")
        nuls += chunk.count(b"\0")
        has_blank = has_blank or bool(_BLANK_LINE.search(tail + chunk))
        tail = (tail + chunk)[-2:]
    if not first:
        raise RefusedFileError(f"{file_name}: the file is empty; export it again")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise RefusedFileError(
            f"{file_name}: the file ends in the middle of a character; deliver it again"
        ) from error
    total = lines + (not tail.endswith(b"\n"))
    header = _header(first, file_name, table) if table.format == "csv" else ()
    is_even = nuls == 0 and not has_blank and returns == pairs and returns in (0, lines)
    return Preflight(lines=total, header=header, is_even=is_even)


def _chunks(path: Path, file_name: str) -> Iterator[bytes]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RefusedFileError(
            f"{file_name}: the gzip archive is damaged or cut short; deliver it again"
        ) from error


def _header(first: bytes, file_name: str, table: Table) -> tuple[str, ...]:
    text = first.removeprefix(_BOM).decode("utf-8", errors="ignore")
    if "\r" in text.partition("\n")[0].rstrip("\r"):
        raise RefusedFileError(
            f"{file_name}, line 1: lines end in a bare carriage return; export with LF or CRLF"
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=table.delimiter)
    header = tuple(name.strip() for name in next(reader))
    check_header(header, file_name, table)
    return header


def check_header(header: tuple[str, ...], file_name: str, table: Table) -> None:
    """Hold a header to the contract; columns that the contract does not know are no fault.

    Raises:
        RefusedFileError: a column is missing or there twice.
    """
    wanted = [column.name for column in table.columns]
    for name in wanted:
        if header.count(name) > 1:
            raise RefusedFileError(f"{file_name}, line 1: column {name!r} is there twice")
        if name not in header:
            raise RefusedFileError(f"{file_name}, line 1: {_missing(name, header, wanted)}")


def _missing(name: str, header: tuple[str, ...], wanted: list[str]) -> str:
    # a name that belongs to another column of the contract cannot be the missing one
    free = [other for other in header if other and other not in wanted]
    nearest = process.extractOne(name, free, score_cutoff=50)
    hint = (
        f"the nearest is {nearest[0]!r} (column {header.index(nearest[0]) + 1})"
        if nearest
        else f"the file has {', '.join(filter(None, header))[:300]}"
    )
    return (
        f"column {name!r} is missing; {hint}. Export it with the column, "
        "or mend the contract, and put the file back"
    )


def unknown_columns(header: tuple[str, ...], table: Table) -> list[str]:
    """Return the header's columns that the contract does not know; they are not loaded."""
    wanted = {column.name for column in table.columns}
    return [name for name in header if name and name not in wanted]
