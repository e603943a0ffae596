"""Open a text file as far as its header: which encoding, which layout."""

import codecs
import io
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from ingest.contract import Table
from ingest.errors import RefusedFileError
from ingest.headers import Header, find_header
from ingest.layout import Layout
from ingest.preflight import chunks, encoding_by_mark
from ingest.records import Record, split_csv

# A header, and what may stand above it, is within the first so many bytes.
_HEAD_BYTES = 1 << 20
_MARK_BYTES = codecs.BOM_UTF8 + codecs.BOM_UTF16


def csv_header(path: Path, file_name: str, table: Table) -> tuple[Header, str]:
    """Find the header of a CSV file, as it lies in the store, and the file's encoding.

    A mark at the start decides on the encoding, else the layout whose names are found.

    Raises:
        RefusedFileError: no layout of the contract fits, or the bytes are of no encoding that
            the contract names.
    """
    start = b"".join(islice(chunks(path, file_name), 1))[:_HEAD_BYTES]
    mark = encoding_by_mark(start)
    if not start.strip(_MARK_BYTES):
        raise RefusedFileError(f"{file_name}: the file is empty; export it again")
    candidates, undecodable = [], set()
    for layout in table.layouts_of(workbook=False):
        encoding = mark or layout.encoding
        # a byte that does not fit may stand far below the header: the preflight says where
        text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(start)
        records = _first_records(text, layout, file_name)
        if any("\ufffd" in cell for record in records for cell in record.cells):
            undecodable.add(encoding)
        candidates.append((layout, records))
    try:
        header = find_header(candidates, file_name, table)
    except RefusedFileError:
        if len(undecodable) < len({mark or layout.encoding for layout, _ in candidates}):
            raise
        raise RefusedFileError(_not_decodable(start, undecodable, file_name)) from None
    return header, mark or header.layout.encoding


def encoding_of(path: Path, file_name: str, table: Table) -> str:
    """Return the encoding of a text file without a header: by its mark, else by contract."""
    start = b"".join(islice(chunks(path, file_name), 1))
    return encoding_by_mark(start) or table.encoding


def _first_records(text: str, layout: Layout, file_name: str) -> list[Record]:
    if "\r" in text.partition("\n")[0].rstrip("\r"):
        raise RefusedFileError(
            f"{file_name}, line 1: lines end in a bare carriage return; export with LF or CRLF"
        )
    lines = io.StringIO(text, newline="\n")
    return list(islice(split_csv(lines, layout), layout.preamble_lines + 1))


def _not_decodable(start: bytes, encodings: set[str], file_name: str) -> str:
    guess = from_bytes(start[: 1 << 14]).best()
    hint = f" (it may be {guess.encoding.replace('_', '-')})" if guess else ""
    tried = " or ".join(sorted(encoding.upper() for encoding in encodings))
    return (
        f"{file_name}, line 1: not {tried}{hint}; export it again, or name its encoding "
        "in the contract"
    )
