"""SQL that takes a contract's columns out of JSON lines, as text."""

import re

from ingest.contract import Column, Table
from ingest.privacy import quoted
from ingest.rescued import ALIAS
from ingest.typing_rules import without_nulls

# json_type raises on what is not JSON, so it only sees what is.
_IS_OBJECT = "json_valid(c0) and json_type(case when json_valid(c0) then c0 end) = 'OBJECT'"


def broken(cells: str, line: str) -> str:
    """SELECT the ``line`` of each row of ``cells`` whose text ``c0`` is no JSON object."""
    return f"select {line} from {cells} where not ({_IS_OBJECT}) order by 1"


def unknown_keys(table: Table, cells: str) -> str:
    """SELECT the top-level keys in ``cells`` that the contract neither reads nor ignores."""
    paths = (column.path or column.name for column in table.columns)
    known = {*table.ignored, *(re.split(r"[.\[]", path, maxsplit=1)[0] for path in paths)}
    names = ", ".join(quoted(name) for name in sorted(known))
    return f"""
        select distinct key
        from (select unnest(json_keys(case when {_IS_OBJECT} then c0 end)) as key from {cells})
        where key not in ({names}) order by 1
        """


def opened(table: Table, cells: str, line: str, rescued: str) -> str:
    """SELECT ``_line``, ``_lines`` (always 1), ``rescued`` and the columns of each JSON object.

    All plain paths are read in one pass over the text, each list of pairs in another.
    """
    plain = [column for column in table.columns if "[" not in (column.path or "")]
    paths = ", ".join(quoted(f"$.{column.path or column.name}") for column in plain)
    values = {
        column.raw_name: f"plain[{position}]" for position, column in enumerate(plain, start=1)
    }
    paired = [column for column in table.columns if column.raw_name not in values]
    for column in paired:
        name, key = _list_of(column)
        values[column.raw_name] = f'"{name}"[{quoted(key)}]'
    lists = sorted({_list_of(column)[0] for column in paired})
    maps = "".join(f', {_pairs(name)} as "{name}"' for name in lists)
    chosen = ", ".join(
        f'{without_nulls(values[column.raw_name], table.null_tokens)} as "{column.raw_name}"'
        for column in table.columns
    )
    return f"""
        with opened as (
            select
                {line} as _line, {rescued} as {ALIAS},
                json_extract_string(c0, [{paths}]) as plain{maps}
            from {cells} where {_IS_OBJECT}
        )
        select _line, 1 as _lines, {ALIAS}, {chosen} from opened
        """


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
    # a map takes a key once; of a key that is there twice, the first counts
    keys = f"list_transform({pairs}, lambda p: p.key)"
    kept = (
        f"list_filter({pairs}, lambda p, i: p.key is not null and list_position({keys}, p.key) = i)"
    )
    return f"map_from_entries(list_transform({kept}, lambda p: row(p.key, coalesce({value}))))"
