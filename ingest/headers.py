"""Find a file's header, and with it the layout that the file is written in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from ingest.contract import Table
from ingest.errors import RefusedFileError
from ingest.layout import Layout
from ingest.records import Record
from ingest.scrubbing import is_column_name, is_personal

# A line that has no such share of a layout's names may be a row of data: no cell of it is shown.
_HEADER_SHARE = 1 / 3
_OTHER_DELIMITERS = ",;\t|"
_REMEDY = "Export it with the column, or mend the contract, and put the file back"


@dataclass(frozen=True)
class Header:
    """Where a file's header stands, and which of the contract's columns are where.

    ``line`` is its first line, from 1, and ``lines`` how many it spans; ``cells`` its names as
    written, ``positions`` the places of the contract's columns among them, ``constants`` the
    values of columns that stand in a name. ``unknown`` are the places of all other cells.
    """

    layout: Layout
    cells: tuple[str, ...]
    positions: dict[str, int]
    constants: dict[str, str]
    unknown: dict[str, int]
    line: int = 1
    lines: int = 1


@dataclass(frozen=True)
class _Fit:
    """How well a record fits a layout's names; it is a header if nothing is ``missing``."""

    layout: Layout
    record: Record
    positions: dict[str, int]
    constants: dict[str, str]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]


def find_header(
    candidates: Iterable[tuple[Layout, Sequence[Record]]], file_name: str, table: Table
) -> Header:
    """Return the one header among the first records, as each layout would read them.

    Raises:
        RefusedFileError: none has every name of a layout once, or two layouts fit.
    """
    optional = frozenset(column.name for column in table.columns if column.optional)
    tried: list[_Fit] = []
    for layout, records in candidates:
        read = [record for record in records if not (record.is_blank or record.fault)]
        fits = [_fit(layout, record, optional) for record in read]
        tried += fits
    found: dict[str, _Fit] = {}
    for fit in tried:
        if not fit.missing and not fit.doubled:
            found.setdefault(fit.layout.name, fit)
    if not found:
        raise RefusedFileError(_what_is_wrong(tried, file_name, table))
    if len(found) > 1:
        raise RefusedFileError(
            f"{file_name}: the header fits the layouts {' and '.join(found)} alike; "
            "mend the contract so that their names differ"
        )
    [fit] = found.values()
    return Header(
        layout=fit.layout,
        cells=_names(fit.record),
        positions=fit.positions,
        constants=fit.layout.constants | fit.constants,
        unknown=_unknown(fit, table),
        line=fit.record.line,
        lines=fit.record.lines,
    )


def header_of(names: Sequence[str], file_name: str, table: Table) -> Header:
    """Return the header of a file that has nothing but names, such as Parquet."""
    return find_header([(table.native, [Record(1, 1, tuple(names))])], file_name, table)


def _names(record: Record) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in record.cells)


def _fit(layout: Layout, record: Record, optional: frozenset[str]) -> _Fit:
    positions: dict[str, int] = {}
    constants: dict[str, str] = {}
    missing, doubled = [], []
    names = _names(record)
    for column in layout.headers:
        said = {at: layout.matches(column, name) for at, name in enumerate(names)}
        places = [at for at, values in said.items() if values is not None]
        if not places:
            if column not in optional:
                missing.append(column)
            continue
        positions[column] = places[0]
        values = said[places[0]] or {}
        contradicts = any(constants.get(name, value) != value for name, value in values.items())
        if len(places) > 1 or contradicts:
            doubled.append(column)
        constants |= values
    return _Fit(layout, record, positions, constants, tuple(missing), tuple(doubled))


def _unknown(fit: _Fit, table: Table) -> dict[str, int]:
    """Return the places of the cells that no column of the contract takes, by a name each.

    So are cells without a name, or with one that is personal: there may be something below.
    """
    known = set(fit.positions.values())
    names = _names(fit.record)
    unknown: dict[str, int] = {}
    for at, name in enumerate(names):
        if at in known or name in table.ignored:
            continue
        shown = "" if is_personal(name) else name
        is_label = shown and names.count(name) == 1
        label = shown if is_label else f"{shown} (column {at + 1})".strip()
        while label in unknown:  # a name may look like the label of another
            label = f"{label} (column {at + 1})"
        unknown[label] = at
    return unknown


def _what_is_wrong(tried: Sequence[_Fit], file_name: str, table: Table) -> str:
    best = max(tried, key=lambda fit: len(fit.positions), default=None)
    # one name may be a value that happens to be the same; a header has many of them
    if best is None or not best.positions:
        return f"{file_name}, line 1: {_no_header(tried, table)}"
    if 3 * len(best.positions) < len(best.layout.headers):
        return (
            f"{file_name}, line {best.record.line}: column "
            f"{best.layout.headers[best.missing[0]]!r} is missing, and so are most others; this "
            f"may be a row of data. {_REMEDY}"
        )
    where = f"{file_name}, line {best.record.line}"
    if best.doubled:
        name = best.layout.headers[best.doubled[0]]
        return (
            f"{where}: column {name!r} is there twice, or contradicts another; "
            "export it again with one of each"
        )
    return f"{where}: {_missing(best)}"


def _no_header(tried: Sequence[_Fit], table: Table) -> str:
    wanted = list(table.native.headers.values())
    searched = max(layout.preamble_lines for layout in (table.native, *table.layouts)) + 1
    hint = next(filter(None, (_other_delimiter(fit, wanted) for fit in tried)), "")
    return (
        f"column {wanted[0]!r} is missing, and so is every other: no header in the first "
        f"{'line' if searched == 1 else f'{searched} lines'}{hint}. {_REMEDY}"
    )


def _other_delimiter(fit: _Fit, wanted: Sequence[str]) -> str:
    if len(fit.record.cells) != 1:
        return ""
    [text] = fit.record.cells
    for sign in _OTHER_DELIMITERS:
        if len({name.strip(' "') for name in text.split(sign)} & set(wanted)) > len(wanted) / 2:
            return (
                f" (it seems to be parted by {sign!r}, where the contract says "
                f"{fit.layout.delimiter!r})"
            )
    return ""


def _missing(fit: _Fit) -> str:
    wanted = fit.layout.headers[fit.missing[0]]
    # a name that belongs to another column of the contract cannot be the missing one
    taken = set(fit.positions.values())
    is_header = len(taken) >= _HEADER_SHARE * len(fit.layout.headers)
    names = _names(fit.record) if is_header else ()
    free = [name for at, name in enumerate(names) if at not in taken and is_column_name(name)]
    nearest = process.extractOne(wanted, free, score_cutoff=50)
    hint = (
        f"the nearest is {nearest[0]!r} (column {names.index(nearest[0]) + 1})"
        if nearest
        else f"the file has {', '.join(filter(is_column_name, names))}"[:300]
        if is_header
        else "the line may be a row of data"
    )
    return f"column {wanted!r} is missing; {hint}. {_REMEDY}"
