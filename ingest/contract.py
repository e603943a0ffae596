"""Source contracts: what each export must look like, declared once in YAML.

Raw tables, dbt sources, expectation suites and Dagster assets are all derived
from these objects; nothing else in the repository describes a raw column.
"""

import re
from pathlib import Path
from typing import Literal

import yaml
from phonenumbers import SUPPORTED_REGIONS
from pydantic import Field, model_validator

from ingest.layout import Identifier, Layout, Shape, Strict

CONTRACTS_DIR = Path(__file__).parent / "contracts"

ColumnType = Literal["string", "integer", "decimal", "float", "boolean", "date", "timestamp"]

# Type names are DuckDB's. Six decimals hold micros of a currency and an exchange rate exactly.
DUCKDB_TYPES: dict[ColumnType, str] = {
    "string": "varchar",
    "integer": "bigint",
    "decimal": "decimal(18,6)",
    "float": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}


class RawColumn(Strict):
    """One column of a raw table, after personal data has been replaced."""

    name: str
    data_type: str
    description: str


class Column(Strict):
    """One column of an export, under the name the source gives it.

    ``format`` reads dates and timestamps: ``iso`` (the default), ``epoch_s``,
    ``epoch_ms``, ``epoch_us`` or a strptime pattern. ``path`` says where a JSON line
    holds the value: ``device.category``, or ``event_params[page_location]`` for a list
    of key-value pairs as GA4 exports them. ``min``, ``max`` and ``allowed`` are rules of
    the raw suite, broken with ``severity``; of ``personal: text`` the ``allowed`` values alone
    stay legible, as ``<name>_known``. ``region`` is the country (ISO 3166, two letters)
    whose phone numbers are written without a calling code; without it such a number stays as
    it is typed. The native layout lacks a column that is ``layouts_only``; any file may lack
    one that is ``optional``, such as a field that not every company has set up.
    """

    name: str
    type: ColumnType
    description: str
    format: str = "iso"
    path: str | None = None
    nullable: bool = False
    min: float | None = None
    max: float | None = None
    allowed: tuple[str, ...] = ()
    severity: Literal["critical", "warning"] = "critical"
    personal: Literal["email", "phone", "name", "id", "ip", "text", "url"] | None = None
    region: str | None = None
    layouts_only: bool = False
    optional: bool = False

    @model_validator(mode="after")
    def _is_consistent(self) -> "Column":
        if "%z" in self.format.lower():
            raise ValueError(f"{self.name!r}: iso reads instants with an offset, %z does not")
        if (self.layouts_only or self.optional) and not self.nullable:
            raise ValueError(f"{self.name!r}: layouts_only and optional go with nullable")
        if self.region and (self.personal != "phone" or self.region not in SUPPORTED_REGIONS):
            raise ValueError(f"{self.name!r}: region is for phones, a country such as DE")
        return self

    @property
    def raw_name(self) -> str:
        """Name in the raw table: the source's own in snake case, e.g. ``created_date``."""
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.name)
        return re.sub(r"[^0-9a-zA-Z]+", "_", spaced).strip("_").lower()

    @property
    def is_hashed(self) -> bool:
        """Whether raw holds the value's keyed hash; a URL only loses its query."""
        return self.personal not in (None, "url")

    @property
    def stored_name(self) -> str:
        """Name of the raw column that stands for this one."""
        return f"{self.raw_name}_hash" if self.is_hashed else self.raw_name

    @property
    def raw_columns(self) -> tuple[RawColumn, ...]:
        """The columns that this one becomes in the raw table."""
        if not self.is_hashed:
            data_type = DUCKDB_TYPES[self.type]
            return (
                RawColumn(name=self.raw_name, data_type=data_type, description=self.description),
            )
        hashed = self._part("hash", "Keyed hash (HMAC-SHA-256, 128 bits)")
        if self.personal == "email":
            domain = self._part("domain", "Domain, in lower case,")
            is_role = self._part("is_role", "Whether a team reads it, such as info@,", "boolean")
            return (hashed, domain, is_role)
        if self.personal == "text" and self.allowed:
            return (hashed, self._part("known", "In lower case, if allowed,"))
        return (hashed,)

    def _part(self, suffix: str, what: str, data_type: str = "varchar") -> RawColumn:
        name, description = f"{self.raw_name}_{suffix}", f"{what} of: {self.description}"
        return RawColumn(name=name, data_type=data_type, description=description)


class Table(Shape):
    """One kind of export file; each becomes one raw table.

    ``files`` is a glob below the landing folder; a ``.gz`` twin is found by itself, and
    the suffix tells the format (csv, jsonl, parquet). ``delivery`` says what a file is:

    - ``events``: rows are only ever added; a key seen again is the same event.
    - ``upserts``: of one key the highest ``version_by`` counts; the ledger's order breaks ties.
    - ``full``: a file holds everything, a row that is absent was deleted; files are ordered
      by the export's date, which ``as_of`` (a regular expression) finds in the file's name.

    The keys of :class:`~ingest.layout.Shape` describe the native layout, ``layouts`` others.
    ``ignored`` are columns that the source has and nobody wants; any other that the contract
    does not know is kept in ``_rescued``.

    A file with a larger share of unreadable rows than ``quarantine_limit`` is refused whole;
    a full export with fewer than 1 - ``shrink_limit`` of the rows of the one before is held.
    """

    name: Identifier
    description: str
    files: str
    delivery: Literal["events", "upserts", "full"]
    key: tuple[str, ...] = Field(min_length=1)
    version_by: str | None = None
    as_of: str | None = None
    feeds: Identifier | None = None
    quarantine_limit: float = Field(default=0.1, ge=0, le=1)
    shrink_limit: float = Field(default=0.5, ge=0, le=1)
    fresh_within_hours: int = Field(default=48, gt=0)
    columns: tuple[Column, ...] = Field(min_length=1)
    ignored: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()

    @property
    def format(self) -> Literal["csv", "jsonl", "parquet"]:
        """How the files are written, from the suffix of ``files``."""
        return self.files.rpartition(".")[2]  # type: ignore[return-value]

    @property
    def globs(self) -> tuple[str, ...]:
        """Every pattern of a file of this table below the landing folder."""
        packed = () if self.format == "parquet" else (f"{self.files}.gz",)
        has_sheets = any(layout.sheet for layout in self.layouts)
        return (self.files, *packed, *((self.files[:-3] + "xlsx",) if has_sheets else ()))

    @property
    def native(self) -> Layout:
        """The layout with the columns' own names."""
        shape = {name: getattr(self, name) for name in Shape.model_fields}
        headers = {column.name: column.name for column in self.columns if not column.layouts_only}
        return Layout(name="native", headers=headers, **shape)

    def layouts_of(self, *, workbook: bool) -> tuple[Layout, ...]:
        """The layouts that a text file, or else a workbook, of this table can have."""
        layouts = (self.native, *self.layouts)
        return tuple(layout for layout in layouts if (layout.sheet is not None) == workbook)

    @property
    def raw_columns(self) -> tuple[RawColumn, ...]:
        """The raw table's columns in order, without the columns of origin."""
        return tuple(raw for column in self.columns for raw in column.raw_columns)

    def column(self, name: str) -> Column:
        """Return the column that the source calls ``name``."""
        return next(column for column in self.columns if column.name == name)

    @model_validator(mode="after")
    def _is_consistent(self) -> "Table":
        names = [column.name for column in self.columns]
        unknown = {*self.key, *filter(None, [self.version_by])} - set(names)
        if unknown:
            raise ValueError(f"{self.name!r}: key or version_by names unknown {sorted(unknown)}")
        raw_names = [raw.name for raw in self.raw_columns]
        doubled = sorted({name for name in raw_names if raw_names.count(name) > 1})
        if doubled:
            raise ValueError(f"{self.name!r}: two columns are called {doubled} in raw")
        if self.format not in {"csv", "jsonl", "parquet"}:
            raise ValueError(f"{self.name!r}: files must end in .csv, .jsonl or .parquet")
        if self.files.startswith("/") or ".." in Path(self.files).parts:
            raise ValueError(f"{self.name!r}: files must lie below the landing folder")
        if (self.delivery == "full") != (self.as_of is not None):
            raise ValueError(f"{self.name!r}: as_of goes with delivery full, and only with it")
        if self.version_by and self.delivery != "upserts":
            raise ValueError(f"{self.name!r}: version_by goes with delivery upserts")
        if self.layouts and self.format != "csv":
            raise ValueError(f"{self.name!r}: layouts are for csv files and workbooks")
        return self

    @model_validator(mode="after")
    def _layouts_fit(self) -> "Table":
        known = {column.name for column in self.columns}
        needed = {column.name for column in self.columns if not column.nullable}
        for layout in self.layouts:
            given = [*layout.headers, *layout.captured, *layout.constants]
            where = f"{self.name!r}, layout {layout.name!r}"
            if strange := sorted({*given, *layout.factors, *layout.removed} - known):
                raise ValueError(f"{where}: no column is called {strange}")
            if absent := sorted(needed - set(given)):
                raise ValueError(f"{where}: {absent} need a header or a constant, or be nullable")
            if doubled := sorted({name for name in given if given.count(name) > 1}):
                raise ValueError(f"{where}: {doubled} are given twice")
        return self


class Contract(Strict):
    """Everything one source promises to deliver."""

    source: Identifier
    description: str
    owner: str
    tables: tuple[Table, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _table_names_differ(self) -> "Contract":
        names = [table.name for table in self.tables]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.source!r} has two tables of one name")
        return self


def load_contracts(directory: Path = CONTRACTS_DIR) -> list[Contract]:
    """Read every contract in ``directory``, ordered by source.

    Raises:
        pydantic.ValidationError: a contract has an unknown key or a wrong value.
    """
    return [
        Contract.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(directory.glob("*.yml"))
    ]
