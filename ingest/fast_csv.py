"""Read an even text file with DuckDB, and believe it only if every line and byte is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import duckdb

from ingest.headers import Header
from ingest.preflight import NO_NULL, Preflight
from ingest.privacy import quoted
from ingest.records import physical_lines

# The longest record that is still believed to be one, in bytes.
MAX_LINE_BYTES = 16 << 20

# What each row of a fast reading says of itself: see :func:`adds_up`.
WITNESSES = ("_bytes", "_is_odd")


def can_be_read_fast(header: Header | None, facts: Preflight) -> bool:
    """Whether a file is even, and has nothing above its header and no footers below."""
    return facts.is_even and (header is None or (header.line == 1 and not header.layout.footers))


@contextmanager
def in_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep a file's order while the block lasts, since a row's place tells its line.

    Every later copy has the line as a column. Without the order DuckDB writes a large table
    once; with it the next checkpoint writes it again, in even row groups.
    """
    connection.execute("set preserve_insertion_order = true")
    connection.execute("set max_expression_depth = 100000")  # a condition on each of many columns
    try:
        yield
    finally:
        connection.execute("set preserve_insertion_order = false")


def reader(
    connection: duckdb.DuckDBPyConnection, path: Path, header: Header | None, width: int
) -> str:
    """SQL that reads the cells ``c0``, ``c1``, ...; a JSON line is one, its file has no header."""
    connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(width))
    # a JSON line is one cell: a delimiter that text does not contain, and no quotes
    delimiter, quote = (header.layout.delimiter, header.layout.quote) if header else ("\x01", "")
    packing = "gzip" if path.suffix == ".gz" else "none"
    return f"""
        read_csv(
            {quoted(str(path))}, columns = {{{columns}}}, auto_detect = false, header = false,
            skip = {header.lines if header else 0}, delim = {quoted(delimiter)},
            quote = {quoted(quote)}, escape = {quoted(quote)}, nullstr = '{NO_NULL}',
            compression = '{packing}', store_rejects = true, rejects_limit = 0,
            max_line_size = {MAX_LINE_BYTES}, buffer_size = {4 * MAX_LINE_BYTES}
        )
        """


def witnesses(header: Header, facts: Preflight) -> str:
    """SQL for the columns of ``WITNESSES``: a row's bytes, and whether it is empty or a header."""
    names = [f"c{at}" for at in range(len(header.cells))]
    empty = " and ".join(f"{name} = ''" for name in names)
    again = " and ".join(
        f"trim({name}) = {quoted(cell)}" for name, cell in zip(names, header.cells, strict=True)
    )
    quote = quoted(header.layout.quote)
    unquoted = " + ".join(f"strlen(replace({name}, {quote}, ''))" for name in names)
    return f"{unquoted if facts.quotes else 0} as _bytes, ({empty}) or ({again}) as _is_odd"


def adds_up(
    connection: duckdb.DuckDBPyConnection, rows: str, path: Path, header: Header, facts: Preflight
) -> bool:
    """Whether ``rows``, read with their witnesses, are all lines and bytes of the file.

    DuckDB drops a space before a quote, and a delimiter too many at a row's end. A row that is
    empty, or the header once more, is left to the exact reader.
    """
    if not all_lines_are_there(connection, rows, header.lines, facts):
        return False
    [(count, odd, content)] = connection.execute(
        f"select count(*), count(*) filter (_is_odd), coalesce(sum(_bytes), 0) from {rows}"
    ).fetchall()
    head = "".join(islice(physical_lines(path), header.lines))
    quote, sign = header.layout.quote, header.layout.delimiter
    delimiters = (len(header.cells) - 1) * count
    if facts.quotes == 0:  # then every delimiter parts two cells, and nothing can be dropped
        return odd == 0 and delimiters + head.count(sign) == facts.delimiters
    # a quote within a cell is counted with all quotes of the file, which are twice as many
    body_quotes = facts.quotes - head.count(quote)
    body_ends = facts.line_end_bytes - head.count("\n") - head.count("\r\n")
    body = content + body_quotes + delimiters * len(sign.encode()) + body_ends
    return odd == 0 and body + len(head.encode()) == facts.size


def all_lines_are_there(
    connection: duckdb.DuckDBPyConnection, rows: str, header_lines: int, facts: Preflight
) -> bool:
    """Whether no line was rejected and every physical line is the header or a row."""
    [(rejects,)] = connection.execute("select count(*) from reject_errors").fetchall()
    [(count,)] = connection.execute(f"select count(*) from {rows}").fetchall()
    return rejects == 0 and count + header_lines == facts.lines
