"""Read a text file line by line, exactly.

The fast reader is DuckDB's; where its counts do not add up, this one decides what each
physical line belongs to. It is the only place where rows pass through Python one by one,
and only those of damaged files and of reports with a preamble or footers.
"""

import csv
import gzip
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from ingest.layout import Layout

# A quoted field may span lines; one that spans more than this was never closed.
MAX_RECORD_LINES = 2000

# Python's own limit for a cell, 128 KiB, is less than what vendors write into one.
csv.field_size_limit(16 << 20)

_BOM = "\ufeff"


@dataclass(frozen=True)
class Record:
    """One record of a file: its first line (from 1), how many lines it spans, and its cells.

    With a ``fault`` the cells are what could be made out. One with neither is a blank line.
    """

    line: int
    lines: int
    cells: tuple[str, ...] = ()
    fault: str | None = None
    is_footer: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the line holds nothing at all."""
        return self.fault is None and not any(self.cells)


def physical_lines(path: Path, encoding: str = "utf-8-sig") -> Iterator[str]:
    """Yield each line of a text file, plain or gzip, with its line end; no BOM."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding=encoding, newline="\n") as file:
        yield from file


def split_csv(lines: Iterable[str], layout: Layout) -> Iterator[Record]:
    """Yield every record of ``lines``, blank lines included; a quote that does not fit is a fault.

    After such a quote, reading goes on with the next line, so that a typing slip costs one
    line and not all that stands before the next quote. At most ``MAX_RECORD_LINES`` lines are
    in memory.
    """
    ahead = iter(lines)
    window = deque(islice(ahead, MAX_RECORD_LINES))
    line = 1
    while window:
        record = _record_at(window, line, layout)
        yield record
        for _ in range(record.lines):
            window.popleft()
        window.extend(islice(ahead, record.lines))
        line += record.lines


def split_json_lines(lines: Iterable[str]) -> Iterator[Record]:
    """Yield each line as a record of one cell, blank lines included."""
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        if not text.strip():
            yield Record(number, 1)
        else:
            yield Record(number, 1, (text,), _bad_character(text))


def checked(
    records: Iterable[Record], header: tuple[str, ...], width: Callable[[int], bool]
) -> Iterator[Record]:
    """Mark the records that cannot be rows below ``header``; ``width`` tells which lengths can.

    A shorter record that is allowed gets empty cells up to the header's width.
    """
    full = len(header)
    for record in records:
        if record.fault or record.is_blank:
            yield record
        elif not width(len(record.cells)):
            fault = f"{len(record.cells)} cells instead of {full}"
            yield replace(record, fault=fault)
        elif tuple(cell.strip() for cell in record.cells) == header:
            yield replace(record, fault="the header once more")
        else:
            yield replace(record, cells=record.cells + ("",) * (full - len(record.cells)))


def with_footers(
    records: Iterable[Record], layout: Layout, keys: tuple[int, ...]
) -> Iterator[Record]:
    """Mark the totals and notes below the last record; ``keys`` are the places of the key.

    A footer begins like one of the layout's patterns and lacks a value of the key, so that a
    campaign called "Total" stays one. Nothing that a record follows is a footer.
    """
    patterns = [re.compile(pattern) for pattern in layout.footers]
    held: list[Record] = []
    for record in records:
        if record.is_blank or _is_footer(record, patterns, layout, keys):
            held.append(record)
            continue
        yield from held
        held = []
        yield record
    for record in held:
        yield record if record.is_blank else replace(record, fault=None, is_footer=True)


def _is_footer(
    record: Record, patterns: list[re.Pattern[str]], layout: Layout, keys: tuple[int, ...]
) -> bool:
    first = next((cell.strip() for cell in record.cells if cell.strip()), "")
    if not any(pattern.fullmatch(first) for pattern in patterns):
        return False
    nothing = {"", *layout.null_tokens}
    values = [record.cells[key].strip() if key < len(record.cells) else "" for key in keys]
    return any(value in nothing or value == first for value in values)


def _record_at(window: deque[str], line: int, layout: Layout) -> Record:
    if not window[0].rstrip("\r\n"):
        return Record(line, 1)
    reader = csv.reader(
        islice(window, MAX_RECORD_LINES),
        delimiter=layout.delimiter,
        quotechar=layout.quote,
        strict=True,
    )
    try:
        cells = next(reader)
    except csv.Error:
        cells = window[0].rstrip("\r\n").split(layout.delimiter)
        return Record(line, 1, tuple(cells), "a quote or line end that does not fit")
    text = "".join(islice(window, reader.line_num))
    return Record(line, reader.line_num, tuple(cells), _bad_character(text))


def _bad_character(text: str) -> str | None:
    if "\0" in text:
        return "a NUL byte"
    return "a byte order mark inside the file" if _BOM in text else None


def text_at(path: Path, wanted: dict[int, int], encoding: str) -> dict[int, str]:
    """Return the raw text of records, by first line; ``wanted`` maps it to a line count."""
    found: dict[int, list[str]] = {}
    open_until: dict[int, int] = {}
    for number, line in enumerate(physical_lines(path, encoding), start=1):
        if number in wanted:
            open_until[number] = number + wanted[number]
            found[number] = []
        for start in [start for start, end in open_until.items() if number < end]:
            found[start].append(line)
        open_until = {start: end for start, end in open_until.items() if number + 1 < end}
    return {start: "".join(lines) for start, lines in found.items()}
