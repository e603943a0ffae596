"""Rewrite one file, whatever its format, without a person, and make sure that they are gone."""

from pathlib import Path

import duckdb
from python_calamine import CalamineError

from ingest.contract import Table
from ingest.erasure import Erasure, ErasureError
from ingest.erasure_search import Search, mentions
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
    try:
        if table.format == "parquet":
            return rewrite_parquet(source, target, table, erasure)
        if file_name.endswith(".xlsx"):
            return rewrite_workbook(source, target, file_name, table, erasure)
        return rewrite_text(source, target, file_name, table, erasure)
    except (duckdb.Error, CalamineError) as error:
        raise ErasureError(f"{file_name} is damaged and cannot be rewritten") from error


def without_people(
    source: Path, target: Path, file_name: str, table: Table | None, search: Search
) -> int:
    """Write ``source`` to ``target`` without anybody whom ``search`` finds there.

    Returns:
        The number of records that have changed; with 0 there is no ``target``.

    Raises:
        ErasureError: somebody is there who cannot be taken out.
    """
    current, changed = source, 0
    for at, erasure in enumerate(search.in_file(source, file_name, table)):
        following = target.with_name(f"{at}-{target.name}")
        try:
            records = _rewritten(current, following, file_name, table, erasure)
            if records:
                changed += records
                current, following = following, current
        finally:
            if following != source:
                following.unlink(missing_ok=True)
    if changed:
        current.replace(target)
    return changed


def _rewritten(
    source: Path, target: Path, file_name: str, table: Table | None, erasure: Erasure
) -> int:
    try:
        changed = rewrite_file(source, target, file_name, table, erasure) if table else 0
    except ErasureError:  # damaged; of no concern if what can be read has nothing of the person
        if mentions(source, file_name, table, erasure):
            raise
        return 0
    if mentions(target if changed else source, file_name, table, erasure):
        raise ErasureError(f"{file_name}: the address stands where it cannot be rewritten")
    return changed
