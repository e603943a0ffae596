"""Rewrite one stored file, whatever its format, without a person."""

from pathlib import Path

from ingest.contract import Table
from ingest.erasure import Erasure
from ingest.erasure_tables import rewrite_parquet, rewrite_workbook
from ingest.erasure_text import rewrite_text


def rewrite_file(source: Path, target: Path, file_name: str, table: Table, erasure: Erasure) -> int:
    """Write the stored file ``source`` to ``target`` without the person.

    ``file_name`` is the name it was offered under, which tells its format. The copy has as many
    records, at the same lines, and reads as the same values but for those of the person.

    Returns:
        The number of records that have changed; with 0 the copy can be thrown away.

    Raises:
        ErasureError: the file is too damaged to be rewritten.
    """
    if table.format == "parquet":
        return rewrite_parquet(source, target, table, erasure)
    if file_name.endswith(".xlsx"):
        return rewrite_workbook(source, target, file_name, table, erasure)
    return rewrite_text(source, target, file_name, table, erasure)
