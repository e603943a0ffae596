"""Read one stored file into text: one row a record, one text column a contract column.

DuckDB reads, with nothing left to its sniffer. Then the counts must add up to the physical
lines; where they do not, :mod:`ingest.records` reads the file again, line by line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.contract import Column, Table
from ingest.preflight import Preflight, check_header, inspect, unknown_columns
from ingest.privacy import quoted
from ingest.records import Record, split_csv, split_json_lines

# The longest record that is still believed to be one, in bytes.
MAX_LINE_BYTES = 16 << 20
_BATCH = 50_000
_NO_NULL = "\\x00"

TEXT_ROWS = "text_rows"


@dataclass(frozen=True)
class Reading:
    """What was read: physical lines, lines before the first record, faulty records.

    The good records are in the temporary table ``text_rows``: ``_line`` and the contract's
    columns, all text, null where the file has nothing.
    """

    physical_lines: int
    header_lines: int
    unknown_columns: list[str]
    faults: list[Record] = field(default_factory=list)


def read_text(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, table: Table
) -> Reading:
    """Fill the temporary table ``text_rows`` from the stored file at ``path``.

    Raises:
        RefusedFileError: the bytes or the header are not what the contract says.
    """
    connection.execute(f"drop table if exists {TEXT_ROWS}")
    connection.execute("drop table if exists cells")
    if table.format == "parquet":
        return _read_parquet(connection, path, file_name, table)
    facts = inspect(path, file_name, table)
    header = facts.header or ("line",)
    header_lines = 1 if facts.header else 0
    faults: list[Record] = []
    if not (facts.is_even and _read_fast(connection, path, table, facts)):
        faults = _read_exactly(connection, path, table, header)
    if table.format == "jsonl":
        faults += _open_json(connection, table)
    else:
        _choose_columns(connection, table, header)
    return Reading(facts.lines, header_lines, unknown_columns(facts.header, table), faults)


def _read_fast(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    table: Table,
    facts: Preflight,
) -> bool:
    """Read with DuckDB into ``cells``; tell whether every physical line is accounted for."""
    header_lines = 1 if facts.header else 0
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(facts.header) or 1))
    # a JSON line is one cell: a delimiter that text does not contain, and no quotes
    delimiter, quote = ("\x01", "") if table.format == "jsonl" else (table.delimiter, '"')
    connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    connection.execute(
        f"""
        create temp table cells as
        select * from read_csv(
            {quoted(str(path))}, columns = {{{columns}}}, auto_detect = false,
            header = {header_lines == 1}, delim = {quoted(delimiter)}, quote = '{quote}',
            escape = '{quote}', nullstr = '{_NO_NULL}', compression = {quoted(_compression(path))},
            store_rejects = true, rejects_limit = 0, max_line_size = {MAX_LINE_BYTES},
            buffer_size = {4 * MAX_LINE_BYTES}
        )
        """
    )
    [(rejects,)] = connection.execute("select count(*) from reject_errors").fetchall()
    [(rows,)] = connection.execute("select count(*) from cells").fetchall()
    if rejects == 0 and rows + header_lines == facts.lines:
        connection.execute(
            f"alter table cells rename to numbered_cells; "
            f"create temp view cells as select rowid + {header_lines + 1} as _line, * "
            "from numbered_cells"
        )
        return True
    connection.execute("drop table cells")
    return False


def _compression(path: Path) -> str:
    return "gzip" if path.suffix == ".gz" else "none"


def _read_exactly(
    connection: duckdb.DuckDBPyConnection, path: Path, table: Table, header: tuple[str, ...]
) -> list[Record]:
    """Read line by line into ``cells``; return the records that have a fault."""
    names = [f"c{position}" for position in range(len(header))]
    schema = pa.schema([("_line", pa.int64()), *((name, pa.string()) for name in names)])
    records = (
        split_json_lines(path)
        if table.format == "jsonl"
        else split_csv(path, len(header), table.delimiter)
    )
    faults: list[Record] = []
    connection.register("no_cells", schema.empty_table())
    connection.execute("create temp table cells as select * from no_cells")
    connection.unregister("no_cells")
    for batch in _batches(records):
        faults += [record for record in batch if record.fault]
        good = [record for record in batch if not record.fault]
        columns = [
            [record.line for record in good],
            *([record.cells[at] for record in good] for at in range(len(names))),
        ]
        connection.register("batch", pa.table(columns, schema=schema))
        connection.execute("insert into cells select * from batch")
        connection.unregister("batch")
    return faults


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(records, _BATCH)):
        yield batch


def _choose_columns(
    connection: duckdb.DuckDBPyConnection, table: Table, header: tuple[str, ...]
) -> None:
    chosen = ", ".join(
        f'{_without_nulls(f"c{header.index(column.name)}", table)} as "{column.raw_name}"'
        for column in table.columns
    )
    connection.execute(f"create temp table {TEXT_ROWS} as select _line, {chosen} from cells")


def _without_nulls(text: str, table: Table) -> str:
    tokens = ", ".join(quoted(token) for token in ("", *table.null_tokens))
    return f"case when {text} not in ({tokens}) then {text} end"


def _open_json(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Record]:
    """Take the contract's columns out of each line; return the lines that are no JSON object."""
    broken = connection.execute(
        """
        select _line from cells
        where not json_valid(c0) or json_type(case when json_valid(c0) then c0 end) <> 'OBJECT'
        order by 1
        """
    ).fetchall()
    plain = [column for column in table.columns if "[" not in (column.path or "")]
    paths = ", ".join(quoted(f"$.{column.path or column.name}") for column in plain)
    values = {
        column.raw_name: f"plain[{position}]" for position, column in enumerate(plain, start=1)
    }
    lists = sorted({_list_of(column)[0] for column in table.columns if column not in plain})
    for column in table.columns:
        if column not in plain:
            name, key = _list_of(column)
            values[column.raw_name] = f'"{name}"[{quoted(key)}]'
    maps = "".join(f', {_pairs(name)} as "{name}"' for name in lists)
    chosen = ", ".join(
        f'{_without_nulls(values[column.raw_name], table)} as "{column.raw_name}"'
        for column in table.columns
    )
    connection.execute(
        f"""
        create temp table {TEXT_ROWS} as
        with opened as (
            select _line, json_extract_string(c0, [{paths}]) as plain{maps}
            from cells
            where json_valid(c0) and json_type(case when json_valid(c0) then c0 end) = 'OBJECT'
        )
        select _line, {chosen} from opened
        """
    )
    return [Record(line, 1, (), "not a JSON object") for (line,) in broken]


def _list_of(column: Column) -> tuple[str, str]:
    name, _, key = (column.path or "").partition("[")
    return name, key.rstrip("]")


def _pairs(name: str) -> str:
    """SQL for a map of GA4's ``[{key, value: {string_value, int_value, ...}}]``."""
    kinds = ("string_value", "int_value", "float_value", "double_value")
    shape = ", ".join(f'"{kind}": "VARCHAR"' for kind in kinds)
    structure = f'[{{"key": "VARCHAR", "value": {{{shape}}}}}]'
    value = ", ".join(f"p.value.{kind}" for kind in kinds)
    pairs = f"json_transform(json_extract(c0, '$.{name}'), {quoted(structure)})"
    return (
        f"map_from_entries(list_transform(list_filter({pairs}, lambda p: p.key is not null), "
        f"lambda p: row(p.key, coalesce({value}))))"
    )


def _read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, table: Table
) -> Reading:
    source = f"read_parquet({quoted(str(path))}, file_row_number = true)"
    described = connection.execute(f"describe select * from {source}").fetchall()
    header = tuple(row[0] for row in described if row[0] != "file_row_number")
    check_header(header, file_name, table)
    chosen = ", ".join(
        f'{_without_nulls(_as_text(column), table)} as "{column.raw_name}"'
        for column in table.columns
    )
    connection.execute(
        f"create temp table {TEXT_ROWS} as select file_row_number + 1 as _line, {chosen} "
        f"from {source}"
    )
    [(rows,)] = connection.execute(f"select count(*) from {TEXT_ROWS}").fetchall()
    return Reading(rows, 0, unknown_columns(header, table))


def _as_text(column: Column) -> str:
    return 'cast("' + column.name.replace('"', '""') + '" as varchar)'
