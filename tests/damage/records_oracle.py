"""A second reader, slow and plain: which records a CSV file holds, and where each begins."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.contract import Column, Table
from tests.damage.typing_oracle import is_fault, read_cell

LONGEST_RECORD = 200  # lines
LINE_END = re.compile(r"\r*(\n|\Z)")
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class UnreadableError(Exception):
    """The bytes are no such file at all."""


@dataclass
class Reading:
    """What a file holds: its physical lines, the good records by line, the lines of bad ones.

    A good record maps each column of the contract to its value; ``unknown`` has the texts of
    the columns that the contract does not know. ``spans`` says how many lines a record
    has, ``text`` has the lines themselves.
    """

    lines: int = 0
    text: list[str] = field(default_factory=list)
    header_lines: int = 0
    blank_lines: int = 0
    good: dict[int, dict[str, Any]] = field(default_factory=dict)
    unknown: dict[int, dict[str, str]] = field(default_factory=dict)
    spans: dict[int, int] = field(default_factory=dict)
    bad: list[int] = field(default_factory=list)


def text_lines(table: Table, data: bytes, *, gzipped: bool) -> list[str]:
    """Return the physical lines of a text file, each with its line end."""
    try:
        plain = gzip.decompress(data) if gzipped else data
        encoding = next((e for mark, e in MARKS.items() if plain.startswith(mark)), table.encoding)
        text = plain.decode(encoding)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UnreadableError(str(error)) from error
    lines = text.split("\n")
    ended = [line + "\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended


def delimited(table: Table, lines: list[str]) -> Reading:
    """Read CSV, with the header at the top."""
    reading = Reading(lines=len(lines), text=lines)
    records = _records(lines, table.delimiter)
    try:
        _, span, header = next(records)
    except StopIteration:
        raise UnreadableError("no header") from None
    names = [name.strip() for name in header or ()]
    places = {column.name: place(column, names) for column in table.columns}
    reading.header_lines = span
    known = set(places.values())
    unknown = {at: name or f"(column {at + 1})" for at, name in enumerate(names) if at not in known}
    for line, span, cells in records:
        reading.spans[line] = span
        if cells is not None and not any(cells):
            reading.blank_lines += span
        elif cells is None or not _is_row(cells, names):
            reading.bad.append(line)
        else:
            texts = {name: cells[at] for name, at in places.items()}
            keep(reading, table, line, texts)
            reading.unknown[line] = {name: cells[at] for at, name in unknown.items()}
    return reading


def _is_row(cells: tuple[str, ...], names: list[str]) -> bool:
    is_header = [cell.strip() for cell in cells] == names
    return len(cells) == len(names) and are_texts(cells) and not is_header


def are_texts(cells: Iterable[str | None]) -> bool:
    """Whether no cell has a NUL or, behind a file's start, a byte order mark in it."""
    return not any("\0" in cell or "\ufeff" in cell for cell in cells if cell)


def place(column: Column, names: list[str]) -> int:
    """Where a column stands in the header: under its name, letter for letter."""
    places = [at for at, name in enumerate(names) if name == column.name]
    if len(places) != 1:
        raise UnreadableError(f"{len(places)} columns {column.name}")
    return places[0]


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, int, tuple[str, ...] | None]]:
    """Yield the first line, the number of lines and the cells; () is blank, None is broken.

    After a record that is broken, reading goes on with the next line.
    """
    at = 0
    while at < len(lines):
        if not lines[at].strip("\r\n"):
            cells, span = (), 1
        else:
            text = "".join(lines[at : at + LONGEST_RECORD])
            cells, end = _cells(text, delimiter)
            span = 1 if cells is None else text[:end].count("\n") + (not text[:end].endswith("\n"))
        yield at + 1, span, cells
        at += span


def _cells(text: str, delimiter: str) -> tuple[tuple[str, ...] | None, int]:
    """The cells of the record that ``text`` begins with, and where it ends."""
    cells: list[str] = []
    at = 0
    while True:
        if text.startswith('"', at):
            cell, at = _quoted(text, at + 1)
        else:
            end = min(found for mark in (delimiter, "\n", "\r", "")
                      if (found := text.find(mark, at) if mark else len(text)) >= 0)  # fmt: skip
            cell, at = text[at:end], end
        if cell is None:
            return None, 0
        cells.append(cell)
        if text.startswith(delimiter, at):
            at += 1
        elif line_end := LINE_END.match(text, at):
            return tuple(cells), line_end.end()
        else:
            return None, 0


def _quoted(text: str, at: int) -> tuple[str | None, int]:
    cell = ""
    while (end := text.find('"', at)) >= 0:
        cell += text[at:end]
        if not text.startswith('""', end):
            return cell, end + 1
        cell, at = cell + '"', end + 2
    return None, 0


def keep(reading: Reading, table: Table, line: int, texts: dict[str, str | None]) -> None:
    values = {column.name: read_cell(table, column, texts[column.name]) for column in table.columns}
    if any(is_fault(value) for value in values.values()):
        reading.bad.append(line)
    else:
        reading.good[line] = values
