"""How a text file or worksheet is written: what a reader must know beyond the columns.

A table is delivered in its native layout, as a vendor's interface exports it, or in one of
the further layouts that its contract lists: the report that a person downloads, in German,
with a title above it and totals below. The names in a file's header tell which one it is.
"""

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Encoding = Literal["utf-8", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-15"]

# Named by an example: the first sign parts thousands, the second decimals.
NumberFormat = Literal["1234.56", "1234,56", "1,234.56", "1.234,56", "1 234,56", "1'234.56"]

# ``Amount spent ({currency})``: the name in braces is the column that the header's text fills.
_PLACE = re.compile(r"\{([^{}]+)\}")


class Strict(BaseModel):
    """A misspelt key in a contract is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shape(Strict):
    """How the lines of a file are to be read.

    ``encoding`` is for files that carry no mark of UTF-8 or UTF-16. The header is the first
    line with the layout's names, at most ``preamble_lines`` below the first line. ``footers``
    are patterns of the first cell of totals and notes below the last record, which lack a
    value of the key. ``short_rows`` lets a row end before its last columns, if these are
    nullable. ``time_zone`` is that of instants which are written without one.
    """

    delimiter: str = Field(default=",", pattern=r"^[\t -~]$")
    quote: str = Field(default='"', pattern="^[!-~]$")
    encoding: Encoding = "utf-8"
    numbers: NumberFormat = "1234.56"
    time_zone: str = "UTC"
    null_tokens: tuple[str, ...] = ()
    preamble_lines: int = Field(default=0, ge=0, le=100)
    footers: tuple[str, ...] = ()
    short_rows: bool = False

    @field_validator("footers")
    @classmethod
    def _are_patterns(cls, footers: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in footers:
            re.compile(pattern)
        return footers

    @property
    def thousands(self) -> str:
        """The sign that parts thousands, empty for none."""
        return self.numbers[1] if not self.numbers[1].isdigit() else ""

    @property
    def decimal_point(self) -> str:
        """The sign before the decimals."""
        return self.numbers[-3]


class Layout(Shape):
    """One way in which a table is delivered.

    ``headers`` gives for each of the contract's columns that the layout has its name in the
    header; ``factors`` what its numbers are multiplied by (``cost_micros: 1000000`` for money).
    ``constants`` are values that hold for every row without being written, ``removed`` the
    characters that are no part of a column's values here (``customer_id: "-"``). ``dates`` and
    ``timestamps`` are strptime patterns in place of the columns' own formats. A layout with a
    ``sheet`` is an Excel workbook; ``*`` stands for its first sheet.
    """

    name: Identifier
    headers: dict[str, str]
    factors: dict[str, Annotated[Decimal, Field(ge=Decimal("0.000001"), le=1_000_000)]] = {}
    constants: dict[str, str] = {}
    removed: dict[str, str] = {}
    dates: str | None = None
    timestamps: str | None = None
    sheet: str | None = None

    @property
    def captured(self) -> frozenset[str]:
        """The columns whose value stands in another column's header."""
        return frozenset(
            name for header in self.headers.values() for name in _PLACE.findall(header)
        )

    def matches(self, column: str, cell: str) -> dict[str, str] | None:
        """Return what a header's cell says of other columns if it is ``column``, else None."""
        wanted = self.headers[column]
        if not _PLACE.search(wanted):
            return {} if cell == wanted else None
        parts = _PLACE.split(wanted)
        # at even places the text itself, at odd ones the names of columns
        pattern = "".join(
            "(.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
        )
        match = re.fullmatch(pattern, cell)
        return dict(zip(parts[1::2], match.groups(), strict=True)) if match else None

    def date_format(self, column_type: str, column_format: str) -> str:
        """Return the pattern by which a date or timestamp column is read in this layout."""
        own = {"date": self.dates, "timestamp": self.timestamps}.get(column_type)
        return own or column_format
