"""Cells that no contract describes are kept, not dropped.

Nobody has said yet whether they are personal, so they are treated as if they were: raw's
``_rescued`` shows plain small numbers, dates and truth values as they are and of any other
text the keyed hash, whose clear text is in the vault. Once the contract describes the column,
its files can be read again from the store.
"""

from collections.abc import Mapping, Sequence

from duckdb import DuckDBPyConnection

from ingest.privacy import keyed_hash, quoted

# The column of a map of name to text while a file is read; in raw it is JSON.
ALIAS = "_rescued"
NOTHING = "null::map(varchar, varchar)"

# Values that name nobody: no telephone number is so short, and no name looks like them.
_HARMLESS = (
    r"-?\d{1,5}([.,]\d{1,6})?|true|false|TRUE|FALSE|"
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
)


def rescued_cells(cells: Mapping[str, str]) -> str:
    """SQL for the map of name to text of those ``cells`` (name to SQL) that hold something."""
    if not cells:
        return NOTHING
    entries = ", ".join(f"row({quoted(name)}, {cell})" for name, cell in cells.items())
    return _map_of(f"list_filter([{entries}], lambda e: e[2] <> '')")


def rescued_fields(keys: Mapping[str, str], text: str) -> str:
    """SQL for the same of top-level ``keys`` (name to key) of a JSON object in the SQL ``text``."""
    entries = ", ".join(
        f"row({quoted(name)}, json_extract_string({text}, {quoted(_pointer(key))}))"
        for name, key in keys.items()
    )
    return _map_of(f"list_filter([{entries}], lambda e: e[2] is not null)")


def _map_of(entries: str) -> str:
    return f"case when len({entries}) > 0 then map_from_entries({entries}) end"


def _pointer(key: str) -> str:
    """JSON pointer (RFC 6901) of a top-level key."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def rescued_json(cells: str = ALIAS) -> str:
    """SQL for what raw holds of the map ``cells``: JSON, null if there is none."""
    shown = (
        f"case when regexp_full_match(e.value, {quoted(_HARMLESS)}) then e.value "
        f"else {keyed_hash('e.value')} end"
    )
    entries = f"list_transform(map_entries({cells}), lambda e: row(e.key, {shown}))"
    return f"case when {cells} is not null then to_json(map_from_entries({entries})) end"


def keep_rescued(
    connection: DuckDBPyConnection, rows: str, names: Sequence[str]
) -> tuple[str, ...]:
    """Add to the vault the clear text of the rescued cells of the table ``rows``.

    Returns:
        Those of ``names`` that are columns: a name of its own, or at least a cell below it.
    """
    connection.execute(
        f"""
        insert into vault.clear_values
        select {keyed_hash("text")}, 'unknown', text
        from (select distinct unnest(map_values({ALIAS})) as text from {rows})
        where not regexp_full_match(text, {quoted(_HARMLESS)})
            and {keyed_hash("text")} not in (select value_hash from vault.clear_values)
        """
    )
    found = connection.execute(f"select distinct unnest(map_keys({ALIAS})) from {rows}").fetchall()
    filled = {name for (name,) in found}
    return tuple(name for name in names if name in filled or not name.startswith("(column "))
