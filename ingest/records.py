"""Read a damaged text file line by line, exactly.

The fast reader is DuckDB's; where its counts do not add up, this one decides what each
physical line belongs to. It is the only place where rows pass through Python one by one,
and only those of files that are damaged.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

# A quoted field may span lines; one that spans more than this was never closed.
MAX_RECORD_LINES = 200

# Python's own limit for a cell, 128 KiB, is less than what vendors write into one.
csv.field_size_limit(16 << 20)


@dataclass(frozen=True)
class Record:
    """One record of a file: its first line (from 1), how many lines it spans, and its cells.

    A record with a ``fault`` has no cells; one with neither is a blank line.
    """

    line: int
    lines: int
    cells: tuple[str, ...] = ()
    fault: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether the line holds nothing at all."""
        return not self.cells and self.fault is None


def physical_lines(path: Path) -> Iterator[str]:
    """Yield each line of a UTF-8 file, plain or gzip, with its line end; no BOM."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="\n") as file:
        yield from file


def split_csv(path: Path, width: int, delimiter: str) -> Iterator[Record]:
    """Yield the header and then every record, blank lines included.

    A record with other than ``width`` cells, a NUL or a quote that does not fit has a fault.
    After a quote that does not fit, reading goes on with the next line, so that a typing slip
    costs one line and not all that stands before the next quote.
    """
    lines = list(physical_lines(path))
    at = 0
    while at < len(lines):
        record = _record_at(lines, at, width, delimiter)
        yield record
        at += record.lines


def split_json_lines(path: Path) -> Iterator[Record]:
    """Yield each line as a record of one cell, blank lines included."""
    for number, line in enumerate(physical_lines(path), start=1):
        text = line.rstrip("\r\n")
        if not text.strip():
            yield Record(number, 1)
        elif "\0" in text:
            yield Record(number, 1, fault="a NUL byte")
        else:
            yield Record(number, 1, (text,))


def _record_at(lines: list[str], at: int, width: int, delimiter: str) -> Record:
    line = at + 1
    if not lines[at].rstrip("\r\n"):
        return Record(line, 1)
    reader = csv.reader(islice(lines, at, at + MAX_RECORD_LINES), delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return Record(line, 1, fault="a quote or line end that does not fit")
    if any("\0" in text for text in lines[at : at + reader.line_num]):
        return Record(line, reader.line_num, fault="a NUL byte")
    if len(cells) != width:
        return Record(line, reader.line_num, fault=f"{len(cells)} cells instead of {width}")
    return Record(line, reader.line_num, tuple(cells))


def text_at(path: Path, wanted: dict[int, int]) -> dict[int, str]:
    """Return the raw text of records, by first line; ``wanted`` maps it to a line count."""
    found: dict[int, list[str]] = {}
    open_until: dict[int, int] = {}
    for number, line in enumerate(physical_lines(path), start=1):
        if number in wanted:
            open_until[number] = number + wanted[number]
            found[number] = []
        for start in [start for start, end in open_until.items() if number < end]:
            found[start].append(line)
        open_until = {start: end for start, end in open_until.items() if number + 1 < end}
    return {start: "".join(lines) for start, lines in found.items()}
