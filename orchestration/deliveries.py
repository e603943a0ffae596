"""What the ledger shows of a table's deliveries that no single file can show.

A file that was cut between two records, or that its sender filled with half the rows, is in
order by itself: only the table's own history makes it doubtful.
"""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

# A delivery is doubtful if it has this many times fewer, or more, rows than is usual.
UNUSUAL_TIMES = 4
# The usual is the median of up to so many deliveries before it, of no less than so few.
HISTORY, LEAST_HISTORY = 28, 5


@dataclass(frozen=True)
class UnknownColumns:
    """Columns of a loaded file that its contract does not describe; raw keeps them rescued."""

    file_name: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class UnusualVolume:
    """The newest delivery of a table if it is far from the median of those before it, in rows."""

    file_name: str
    rows: int
    usual_rows: int


def unknown_columns(
    connection: DuckDBPyConnection, source: str | None = None, table_name: str | None = None
) -> list[UnknownColumns]:
    """Return the loaded files, of one table or all, with columns that no contract knows.

    The newest comes first.
    """
    rows = connection.execute(
        """
        select file_name, unknown_columns from state.load_ledger
        where source = coalesce(?, source) and table_name = coalesce(?, table_name)
            and status = 'loaded' and len(unknown_columns) > 0
        order by file_sequence desc
        """,
        [source, table_name],
    ).fetchall()
    return [UnknownColumns(name, tuple(columns)) for name, columns in rows]


def unusual_volume(
    connection: DuckDBPyConnection, source: str, table_name: str
) -> UnusualVolume | None:
    """Return the newest delivery if it has far fewer or more rows than those before it."""
    [(file_name, newest, usual, count)] = connection.execute(
        f"""
        with newest_first as (
            select
                file_name, rows_loaded, row_number() over (order by file_sequence desc) as place
            from state.load_ledger
            where source = ? and table_name = ? and status = 'loaded'
        )
        select
            any_value(file_name) filter (place = 1), any_value(rows_loaded) filter (place = 1),
            median(rows_loaded) filter (place > 1), count(*) filter (place > 1)
        from newest_first where place <= {HISTORY + 1}
        """,
        [source, table_name],
    ).fetchall()
    if count < LEAST_HISTORY or usual / UNUSUAL_TIMES <= newest <= usual * UNUSUAL_TIMES:
        return None
    return UnusualVolume(file_name, newest, round(usual))
