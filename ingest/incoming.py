"""One stored file becomes typed rows that wait for their checks."""

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest.contract import Table
from ingest.errors import RefusedFileError
from ingest.file_reading import read_rows
from ingest.landing import export_date
from ingest.ledger import LedgerEntry
from ingest.privacy import url_without_query, without_address
from ingest.pseudonyms import keep_clear_values, make_pseudonyms, pseudonym
from ingest.quarantine import quarantine
from ingest.reading import Reading
from ingest.rescued import keep_rescued, rescued_json
from ingest.storing import stored_path
from ingest.typed_rows import TYPED_ROWS, clear_name, quote
from ingest.warehouse import Warehouse, stored_columns


@dataclass(frozen=True)
class Lines:
    """Where each physical line of a file went; of Parquet and workbooks, each row."""

    physical: int = 0
    preamble: int = 0
    header: int = 0
    blank: int = 0
    loaded: int = 0
    quarantined: int = 0
    footer: int = 0

    @property
    def unaccounted(self) -> int:
        """How many lines went nowhere; anything but 0 is a fault of the reader."""
        beside_rows = self.preamble + self.header + self.blank + self.footer
        return self.physical - beside_rows - self.loaded - self.quarantined


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
        report = _read(connection, table, entry, incoming, path)
    except RefusedFileError as error:
        return FileReport(entry, refusal=str(error))
    refusal = _refusal(connection, table, report)
    if refusal is None:
        return report
    connection.execute(f"delete from {incoming} where _file_sequence = ?", [entry.file_sequence])
    return replace(report, rows_loaded=0, refusal=f"{entry.file_name}: {refusal}")


def _read(
    connection: DuckDBPyConnection, table: Table, entry: LedgerEntry, incoming: str, path: Path
) -> FileReport:
    as_of = _as_of(table, entry.file_name)
    reading = read_rows(connection, path, entry.file_name, table)
    make_pseudonyms(connection, table)
    keep_clear_values(connection, table)
    unknown = reading.unknown_columns
    if unknown:
        unknown = keep_rescued(connection, TYPED_ROWS, unknown)
    bad_rows = quarantine(connection, table, path, entry, reading)
    rows_loaded = _fill_incoming(connection, table, entry, incoming, as_of)
    return FileReport(
        entry,
        lines=_lines(connection, reading),
        rows_read=rows_loaded + bad_rows,
        rows_loaded=rows_loaded,
        rows_quarantined=bad_rows,
        unknown_columns=unknown,
    )


def _refusal(connection: DuckDBPyConnection, table: Table, report: FileReport) -> str | None:
    """Say why a file that was read is not loaded all the same, if it is not."""
    if report.lines.unaccounted:
        return (
            f"{report.lines.unaccounted} of {report.lines.physical} lines are unaccounted for, "
            "so nothing of it was loaded: deliver it as a plain CSV file, and report the fault"
        )
    if report.rows_quarantined > table.quarantine_limit * report.rows_read:
        return (
            f"{_first_bad_row(connection, report)}; {report.rows_quarantined} of "
            f"{report.rows_read} rows cannot be read, more than the contract's "
            f"{table.quarantine_limit:.0%}. See `scalehouse quarantine`, mend them at the source "
            "and deliver the file again"
        )
    if table.delivery == "full" and report.rows_loaded == 0:
        return (
            "a full export without a row would delete all that its table has; deliver it again, "
            "or withdraw the files before it"
        )
    return None


def _first_bad_row(connection: DuckDBPyConnection, report: FileReport) -> str:
    [(line, column, reason)] = connection.execute(
        """
        select line, column_name, reason from incoming.quarantine
        where file_sequence = ? order by line, column_name limit 1
        """,
        [report.entry.file_sequence],
    ).fetchall()
    where = f"line {line}, column {column!r}" if column else f"line {line}"
    return f"{where}: {reason}"


def _lines(connection: DuckDBPyConnection, reading: Reading) -> Lines:
    [(loaded, mistyped)] = connection.execute(
        f"""
        select
            coalesce(sum(_lines) filter (where len(_faults) = 0), 0)::bigint,
            coalesce(sum(_lines) filter (where len(_faults) > 0), 0)::bigint
        from {TYPED_ROWS}
        """
    ).fetchall()
    return Lines(
        physical=reading.physical_lines,
        preamble=reading.preamble_lines,
        header=reading.header_lines,
        blank=reading.blank_lines,
        footer=reading.footer_lines,
        loaded=loaded,
        quarantined=mistyped + sum(fault.lines for fault in reading.faults),
    )


def _as_of(table: Table, file_name: str) -> str | None:
    date = export_date(table, file_name.rpartition("/")[2])
    if table.as_of and not _is_date(date):
        raise RefusedFileError(
            f"{file_name}: the name has no date of export ({table.as_of}); rename the file"
        )
    return date


def _is_date(text: str | None) -> bool:
    try:
        return text is not None and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _fill_incoming(
    connection: DuckDBPyConnection,
    table: Table,
    entry: LedgerEntry,
    incoming: str,
    as_of: str | None,
) -> int:
    names = ", ".join(quote(column.name) for column in stored_columns(table))
    values = ", ".join(_stored_values(table))
    dated = ", ?::date" if as_of else ""
    [(rows,)] = connection.execute(
        f"""
        insert into {incoming} ({names})
        select {values}, ?, _line, ?, {rescued_json()}{dated}
        from {TYPED_ROWS} where len(_faults) = 0
        """,
        [entry.file_name, entry.file_sequence, *([as_of] if as_of else [])],
    ).fetchall()
    return rows


def _stored_values(table: Table) -> list[str]:
    values = []
    for column in table.columns:
        if column.is_hashed:
            values.append(pseudonym(column))
            if len(column.raw_columns) > 1:
                values.append(pseudonym(column, "legible"))
            if column.personal == "email":
                values.append(pseudonym(column, "is_role"))
        elif column.personal == "url":
            values.append(url_without_query(clear_name(column)))
        elif column.type == "string":
            values.append(without_address(quote(column.raw_name)))
        else:
            values.append(quote(column.raw_name))
    return values
