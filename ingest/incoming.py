"""One stored file becomes typed rows that wait for their checks."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest.contract import Column, Table
from ingest.encoding import as_utf8
from ingest.errors import RefusedFileError
from ingest.landing import export_date, stored_path
from ingest.ledger import LedgerEntry
from ingest.privacy import quoted, url_without_query
from ingest.pseudonyms import clear_name, keep_clear_values, make_pseudonyms, pseudonym
from ingest.quarantine import quarantine
from ingest.reading import TEXT_ROWS, Reading, read_text
from ingest.typing_rules import typed
from ingest.warehouse import Warehouse, stored_columns


@dataclass(frozen=True)
class Lines:
    """Where each physical line of a file went; of Parquet, each row."""

    physical: int = 0
    header: int = 0
    blank: int = 0
    loaded: int = 0
    quarantined: int = 0

    @property
    def unaccounted(self) -> int:
        """How many lines went nowhere; anything but 0 is a fault of the reader."""
        return self.physical - self.header - self.blank - self.loaded - self.quarantined


@dataclass(frozen=True)
class FileReport:
    """What reading one file gave; a refused file has a reason and no rows."""

    entry: LedgerEntry
    lines: Lines = field(default_factory=Lines)
    rows_read: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    unknown_columns: tuple[str, ...] = ()
    refusal: str | None = None


def read_into_incoming(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    table: Table,
    entry: LedgerEntry,
    incoming: str,
) -> FileReport:
    """Read one stored file into its incoming table, its bad rows into quarantine and vault.

    A file that cannot be read as its contract says leaves nothing behind but the reason.
    """
    path = stored_path(warehouse.store, entry.sha256, entry.file_name)
    try:
        with as_utf8(path, entry.file_name, table) as readable:
            report = _read(connection, table, entry, incoming, readable)
    except RefusedFileError as error:
        return FileReport(entry, refusal=str(error))
    refusal = _refusal(table, report)
    if refusal is None:
        return report
    connection.execute(f"delete from {incoming} where _file_sequence = ?", [entry.file_sequence])
    return replace(report, rows_loaded=0, refusal=f"{entry.file_name}: {refusal}")


def _read(
    connection: DuckDBPyConnection, table: Table, entry: LedgerEntry, incoming: str, path: Path
) -> FileReport:
    as_of = _as_of(table, entry.file_name)
    reading = read_text(connection, path, entry.file_name, table)
    _type_rows(connection, table)
    make_pseudonyms(connection, table)
    keep_clear_values(connection, table)
    bad_rows = quarantine(connection, table, path, entry, reading)
    rows_loaded = _fill_incoming(connection, table, entry, incoming, as_of)
    return FileReport(
        entry,
        lines=_lines(connection, reading),
        rows_read=rows_loaded + bad_rows,
        rows_loaded=rows_loaded,
        rows_quarantined=bad_rows,
        unknown_columns=tuple(reading.unknown_columns),
    )


def _refusal(table: Table, report: FileReport) -> str | None:
    """Say why a file that was read is not loaded all the same, if it is not."""
    if report.lines.unaccounted:
        return (
            f"{report.lines.unaccounted} of {report.lines.physical} lines are unaccounted for; "
            "nothing of it was loaded, since something would be missing"
        )
    if table.delivery == "full" and report.rows_loaded == 0:
        return (
            "a full export without a row would delete all that its table has; deliver it again, "
            "or withdraw the files before it"
        )
    if report.rows_quarantined > table.quarantine_limit * report.rows_read:
        return (
            f"{report.rows_quarantined} of {report.rows_read} rows cannot be read, more than the "
            f"contract's {table.quarantine_limit:.0%}; see `scalehouse quarantine`"
        )
    return None


def _lines(connection: DuckDBPyConnection, reading: Reading) -> Lines:
    [(loaded, mistyped)] = connection.execute(
        """
        select
            coalesce(sum(_lines) filter (where len(_faults) = 0), 0)::bigint,
            coalesce(sum(_lines) filter (where len(_faults) > 0), 0)::bigint
        from typed_rows
        """
    ).fetchall()
    return Lines(
        physical=reading.physical_lines,
        header=reading.header_lines,
        blank=reading.blank_lines,
        loaded=loaded,
        quarantined=mistyped + sum(fault.lines for fault in reading.faults),
    )


def _as_of(table: Table, file_name: str) -> str | None:
    date = export_date(table, file_name.rpartition("/")[2])
    if table.as_of and date is None:
        raise RefusedFileError(
            f"{file_name}: the name has no date of export ({table.as_of}); rename the file"
        )
    return date


def _type_rows(connection: DuckDBPyConnection, table: Table) -> None:
    """Make ``typed_rows``: each typed value, the clear personal text, and what does not parse.

    ``_faults`` lists the source's names of the columns whose text is not a value of their type.
    """
    connection.execute("drop table if exists typed_rows")
    values = ", ".join(
        f"{typed(column, _quote(column.raw_name))} as {_value(column)}" for column in table.columns
    )
    kept = ", ".join(f"{_value(column)} as {_quote(column.raw_name)}" for column in table.columns)
    clear = "".join(
        f", {_quote(column.raw_name)} as {clear_name(column)}"
        for column in table.columns
        if column.personal
    )
    faults = ", ".join(
        f"case when {_quote(column.raw_name)} is not null and {_value(column)} is null "
        f"then {quoted(column.name)} end"
        for column in table.columns
        if column.type != "string"
    )
    connection.execute(
        f"""
        create temp table typed_rows as
        with valued as (select *, {values} from {TEXT_ROWS})
        select
            _line, _lines, {kept}{clear},
            list_filter([{faults or "null"}]::varchar[], lambda c: c is not null) as _faults
        from valued
        """
    )


def _quote(name: str) -> str:
    return f'"{name}"'


def _value(column: Column) -> str:
    return f'"_value_{column.raw_name}"'


def _clear(column: Column) -> str:
    return f'"_clear_{column.raw_name}"'


def _fill_incoming(
    connection: DuckDBPyConnection,
    table: Table,
    entry: LedgerEntry,
    incoming: str,
    as_of: str | None,
) -> int:
    names = ", ".join(_quote(column.name) for column in stored_columns(table))
    values = ", ".join(_stored_values(table))
    dated = ", ?::date" if as_of else ""
    [(rows,)] = connection.execute(
        f"""
        insert into {incoming} ({names})
        select {values}, ?, _line, ?{dated} from typed_rows where len(_faults) = 0
        """,
        [entry.file_name, entry.file_sequence, *([as_of] if as_of else [])],
    ).fetchall()
    return rows


def _stored_values(table: Table) -> list[str]:
    values = []
    for column in table.columns:
        if column.is_hashed:
            values.append(pseudonym(column))
            if column.personal == "email":
                values.append(pseudonym(column, "domain"))
        elif column.personal == "url":
            values.append(url_without_query(clear_name(column)))
        else:
            values.append(_quote(column.raw_name))
    return values
