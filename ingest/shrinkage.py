"""A full export that has lost many rows may be a cut one, and would delete all that it lacks."""

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from ingest.contract import Table
from ingest.incoming import FileReport

_JUDGED = ("pending", "held")


def shrunken(
    connection: DuckDBPyConnection, source: str, table: Table, files: Sequence[FileReport]
) -> dict[int, str]:
    """Say by sequence why a full export of ``files`` is not to be believed.

    Each is compared with the loaded or waiting export of the last date before its own. One
    that somebody accepted is believed.
    """
    if table.delivery != "full":
        return {}
    loaded = connection.execute(
        """
        select as_of, max_by(rows_loaded, file_sequence) from state.load_ledger
        where source = ? and table_name = ? and status = 'loaded' group by as_of
        """,
        [source, table.name],
    ).fetchall()
    rows_by_date: dict[str, int] = dict(loaded)
    doubts = {}
    for file in sorted(files, key=lambda file: (file.entry.as_of or "", file.entry.file_sequence)):
        date = file.entry.as_of or ""
        before = max((day for day in rows_by_date if day < date), default=None)
        usual = rows_by_date[before] if before else 0
        is_judged = file.entry.status in _JUDGED
        if is_judged and file.rows_loaded < usual * (1 - table.shrink_limit):
            doubts[file.entry.file_sequence] = (
                f"{file.entry.file_name}: {file.rows_loaded} rows, where the export of {before} "
                f"had {usual}; deliver it again, or let it in with `scalehouse accept`"
            )
        else:
            rows_by_date[date] = file.rows_loaded
    return doubts
