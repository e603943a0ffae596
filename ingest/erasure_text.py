"""Rewrite a stored CSV or JSON lines file without a person, everything else byte for byte."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice, tee
from pathlib import Path
from typing import BinaryIO

from ingest.contract import Column, Table
from ingest.erasure import Erasure, ErasureError
from ingest.erasure_json import erased_line
from ingest.errors import RefusedFileError
from ingest.headers import Header
from ingest.layout import Layout
from ingest.preflight import encoding_by_mark
from ingest.records import Record, split_csv
from ingest.text_headers import csv_header, encoding_of

_MARK_BYTES = {"utf-8-sig": 3, "utf-16": 2}


def rewrite_text(source: Path, target: Path, file_name: str, table: Table, erasure: Erasure) -> int:
    """Write the text file ``source`` to ``target`` without the person; plain or gzip alike.

    Returns:
        The number of records that have changed.

    Raises:
        ErasureError: the archive is damaged; such a file was refused and can be removed.
    """
    changed = 0
    try:
        header, encoding = _header(source, file_name, table)
        with _both(source, target) as (file, out):
            codec = _copy_mark(file, out, encoding)
            # bytes that are none of the encoding stay as they are
            errors = "surrogatepass" if codec.startswith("utf-16") else "surrogateescape"
            lines = io.TextIOWrapper(file, codec, errors, newline="\n")
            for before, after in _records(lines, table, header, erasure):
                changed += before != after
                out.write(after.encode(codec, errors))
    except (RefusedFileError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ErasureError(f"{file_name}: the archive is damaged; remove the file") from error
    return changed


@contextmanager
def _both(source: Path, target: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a file and its copy, both packed if the file is."""
    with target.open("wb") as out:
        if source.suffix != ".gz":
            with source.open("rb") as file:
                yield file, out
            return
        with (
            gzip.open(source, "rb") as packed,
            gzip.GzipFile("", "wb", fileobj=out, mtime=0) as repacked,
        ):
            yield packed, repacked


def _header(source: Path, file_name: str, table: Table) -> tuple[Header | None, str]:
    """Return the header, None if the file has none that is known, and the encoding."""
    if table.format == "csv":
        try:
            return csv_header(source, file_name, table)
        except RefusedFileError:
            pass
    return None, encoding_of(source, file_name, table)


def _copy_mark(file: BinaryIO, out: BinaryIO, encoding: str) -> str:
    """Copy the mark at the start, if there is one; return the encoding of what follows."""
    start = file.read(3)
    by_mark = encoding_by_mark(start)
    size = _MARK_BYTES.get(by_mark or "", 0)
    out.write(start[:size])
    file.seek(size)
    if by_mark == "utf-16":
        return "utf-16-le" if start.startswith(b"\xff") else "utf-16-be"
    return "utf-8" if by_mark else encoding


def _records(
    lines: Iterable[str], table: Table, header: Header | None, erasure: Erasure
) -> Iterator[tuple[str, str]]:
    """Yield the text of each record as it is and as it shall be."""
    if table.format == "jsonl":
        for line in lines:
            yield line, erased_line(line, table, erasure)
        return
    layout = header.layout if header else table.native
    first = header.line + header.lines if header else 1
    parsed, raw = tee(lines)
    for record in split_csv(parsed, layout):
        before = "".join(islice(raw, record.lines))
        if record.line < first:
            yield before, erasure.cut(before)
        elif record.fault:
            yield before, erasure.cut_record(before)
        else:
            columns = _columns(record, table, header)
            erased = erasure.cells(record.cells, columns)
            yield before, before if erased is None else _csv_text(erased, before, layout)


def _columns(record: Record, table: Table, header: Header | None) -> dict[int, Column]:
    """Return the columns by place; none in a record of which nobody can tell."""
    if header is None:
        return {}
    width = len(header.cells)
    may_be_short = header.layout.short_rows and len(record.cells) < width
    if len(record.cells) != width and not may_be_short:
        return {}
    return {at: table.column(name) for name, at in header.positions.items()}


def _csv_text(cells: list[str], before: str, layout: Layout) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=layout.delimiter, quotechar=layout.quote).writerow(cells)
    return text.getvalue().removesuffix("\r\n") + before[len(before.rstrip("\r\n")) :]
