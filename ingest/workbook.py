"""Excel workbooks: a sheet's rows as text, as the layout of a CSV file would write them."""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from ingest.contract import Column, Table
from ingest.errors import RefusedFileError
from ingest.headers import Header, find_header
from ingest.layout import Layout
from ingest.preflight import MAX_UNPACKED_BYTES, MAX_UNPACKED_TIMES
from ingest.records import Record

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
Rows = list[list[Cell]]

# Excel keeps 15 significant digits: more would be noise, and a longer id has been rounded.
_DIGITS = ".15g"
_FIRST_TOO_LONG = 10**15

# The reader makes a grid of all cells up to the last one, and shows an error as an empty cell.
_MAX_CELLS = 40_000_000
_ERROR_CELL = re.compile(rb"<c\b[^>]*\bt=\"e\"[^>]*>")
# The reader hangs on a place that is none.
_BAD_REFERENCE = re.compile(rb"<c\b[^>]*\br=\"(?![A-Z]{1,3}[1-9][0-9]{0,6}\")")
_CLAIMED_TEXTS = re.compile(rb"\buniqueCount=\"([0-9]+)\"")
_REFERENCE = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")


def read_workbook(path: Path, file_name: str, table: Table) -> tuple[Header, int, Iterator[Record]]:
    """Return the header of a workbook, its number of rows, and all its rows as records.

    Dates and numbers that Excel knows as such are written by the layout's own rules, so that
    one reading fits them and those that somebody typed as text.

    Raises:
        RefusedFileError: it is no workbook, unpacks to too much, or has no such sheet or header.
    """
    _refuse_what_cannot_be_read(path, file_name)
    layouts = table.layouts_of(workbook=True)
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            sheets = {layout.name: _rows(workbook, layout) for layout in layouts}
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise RefusedFileError(
            f"{file_name}: not a whole Excel workbook; save it as .xlsx and deliver it again"
        ) from error
    candidates = [
        (layout, list(islice(_plain(rows), layout.preamble_lines + 1)))
        for layout in layouts
        if (rows := sheets[layout.name]) is not None
    ]
    if not candidates:
        wanted = " or ".join(sorted({str(layout.sheet) for layout in layouts}))
        raise RefusedFileError(
            f"{file_name}: no sheet {wanted!r}; export it again, or mend the contract"
        )
    header = find_header(candidates, file_name, table)
    rows = sheets[header.layout.name] or []
    return header, len(rows), _records(rows, header, table)


def _refuse_what_cannot_be_read(path: Path, file_name: str) -> None:
    """Look into the archive, for what the reader would not say: too much, or error cells."""
    limit = max(MAX_UNPACKED_BYTES, MAX_UNPACKED_TIMES * path.stat().st_size)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > limit:
                raise RefusedFileError(
                    f"{file_name}: the workbook unpacks to more than {limit >> 20} MiB; "
                    "deliver it as CSV, or in parts"
                )
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _refuse_odd_cells(archive.read(name), file_name)
                if name == "xl/sharedStrings.xml":
                    _refuse_wrong_count(archive.read(name), file_name)
    except (zipfile.BadZipFile, OSError, zlib.error) as error:
        raise RefusedFileError(
            f"{file_name}: not a whole Excel workbook; save it as .xlsx and deliver it again"
        ) from error


def _refuse_wrong_count(texts: bytes, file_name: str) -> None:
    """The reader makes room for as many texts as the file claims to have."""
    claimed = _CLAIMED_TEXTS.search(texts)
    if claimed and int(claimed.group(1)) > len(texts):
        raise RefusedFileError(f"{file_name}: a damaged workbook; save it again as .xlsx")


def _refuse_odd_cells(sheet: bytes, file_name: str) -> None:
    if _BAD_REFERENCE.search(sheet):
        raise RefusedFileError(f"{file_name}: a damaged workbook; save it again as .xlsx")
    if error := _ERROR_CELL.search(sheet):
        place = _REFERENCE.search(error.group())
        where = f", cell {place.group(1).decode()}{place.group(2).decode()}" if place else ""
        raise RefusedFileError(
            f"{file_name}{where}: an error such as #N/A in place of a value; mend the formula and "
            "deliver the workbook again"
        )
    last_row, last_column = 0, 0
    for letters, digits in _REFERENCE.findall(sheet):
        last_row = max(last_row, int(digits))
        last_column = max(last_column, _number_of(letters))
    if last_row * last_column > _MAX_CELLS:
        raise RefusedFileError(
            f"{file_name}: a sheet reaches to row {last_row} and column {last_column}; delete what "
            "stands far off and deliver the workbook again"
        )


def _number_of(letters: bytes) -> int:
    """Number of a column, from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _rows(workbook: CalamineWorkbook, layout: Layout) -> Rows | None:
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
    ]
    name = names[0] if layout.sheet == "*" and names else layout.sheet
    if name not in names:
        return None
    return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _plain(rows: Rows) -> Iterator[Record]:
    for line, row in enumerate(rows, start=1):
        yield Record(line, 1, tuple(str(cell) for cell in row))


def _records(rows: Rows, header: Header, table: Table) -> Iterator[Record]:
    columns = {at: table.column(name) for name, at in header.positions.items()}
    width = len(header.cells)
    for line, row in enumerate(rows, start=1):
        cells = [_text(cell, columns.get(at), header.layout) for at, cell in enumerate(row)]
        yield Record(line, 1, _fitted(cells, width), _fault(row))


def _fault(row: Sequence[Cell]) -> str | None:
    numbers = (cell for cell in row if isinstance(cell, int | float))
    is_rounded = any(abs(number) >= _FIRST_TOO_LONG for number in numbers)
    return "a number of more than 15 digits, which Excel has rounded" if is_rounded else None


def _fitted(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """Cut empty cells beyond the header's last, fill up those that a sheet leaves out."""
    used = max((at for at, cell in enumerate(cells, start=1) if cell), default=0)
    kept = cells[: max(used, min(width, len(cells)))]
    return tuple(kept) + ("",) * (width - len(kept))


def _text(cell: Cell, column: Column | None, layout: Layout) -> str:
    """Return a cell as the layout writes it; a number of seconds for a duration."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _number(cell, column, layout)
    if isinstance(cell, dt.timedelta):
        return format(cell.total_seconds(), _DIGITS)
    if isinstance(cell, dt.date) and column and column.type in {"date", "timestamp"}:
        return _instant(cell, column, layout)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else cell


def _number(number: float, column: Column | None, layout: Layout) -> str:
    text = str(int(number)) if float(number).is_integer() else format(number, _DIGITS)
    has_locale = column is not None and column.type in {"integer", "decimal", "float"}
    return text.replace(".", layout.decimal_point) if has_locale else text


def _instant(value: dt.date, column: Column, layout: Layout) -> str:
    pattern = layout.date_format(column.type, column.format)
    if column.type == "date" and isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if "%" not in pattern:
        return value.isoformat()
    text = value.strftime(pattern)
    # a pattern that would drop the seconds does not fit; what does not fit goes to quarantine
    whole = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    is_same = dt.datetime.strptime(text, pattern) == whole  # noqa: DTZ007 - as Excel has it
    return text if is_same else value.isoformat()
