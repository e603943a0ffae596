"""SQL that takes a contract's columns out of JSON lines, as text."""

import re

from ingest.contract import Column, Table
from ingest.privacy import quoted
from ingest.rescued import ALIAS
from ingest.typing_rules import without_nulls

# DuckDB reads JSON's numbers as binary ones, which have no trailing zeros and few digits. So that
# each digit stays, those that would change are put into quotes first. Where that falls within a
# text, the line is no JSON any more.
_CHANGING = r"-?[0-9]+(\.[0-9]*0|[0-9.]*[eE][0-9+-]+)|-?[0-9][0-9.]{15,}"
_CHANGING_NUMBER = rf"([:\[,]\s*)({_CHANGING})(\s*[,}}\]])"

# Each line with ``_line``, its text ``c0`` and, if it is no object that can be read, ``fault``.
OBJECTS = "objects"


def judged(table: Table, cells: str, line: str) -> str:
    """SELECT each row of ``cells`` as ``OBJECTS`` has it; ``line`` is SQL for its line.

    An object that has a key twice where the contract reads it can be read in two ways.
    """
    # json_type raises on what is not JSON, so it only sees what is
    is_object = "json_type(case when json_valid(c0) then c0 end) is not distinct from 'OBJECT'"
    checked = f"case when {is_object} then c0 end"
    keys = [
        f"json_keys({checked}, {quoted(parent)})" if parent else f"json_keys({checked})"
        for parent in sorted({_parent(column) for column in table.columns})
    ]
    doubled = " or ".join(f"len({names}) > len(list_distinct({names}))" for names in keys)
    return f"""
        with lines as (
            select
                {line} as _line, c0 as written,
                regexp_replace(c0, '{_CHANGING_NUMBER}', '\\1"\\2"\\4', 'g') as c0
            from {cells}
        )
        select
            _line, c0,
            case
                when json_valid(written) and not json_valid(c0)
                    then 'a text with a number like one that would be rounded'
                when not ({is_object}) then 'not a JSON object'
                when {doubled} then 'a key is there twice'
            end as fault
        from lines
        """


def _parent(column: Column) -> str:
    path = (column.path or column.name).partition("[")[0]
    return "$." + path.rpartition(".")[0] if "." in path else ""


def unknown_keys(table: Table) -> str:
    """SELECT the top-level keys in ``OBJECTS`` that the contract neither reads nor ignores."""
    paths = (column.path or column.name for column in table.columns)
    known = {*table.ignored, *(re.split(r"[.\[]", path, maxsplit=1)[0] for path in paths)}
    names = ", ".join(quoted(name) for name in sorted(known))
    return f"""
        select distinct key
        from (select unnest(json_keys(c0)) as key from {OBJECTS} where fault is null)
        where key not in ({names}) order by 1
        """


def opened(table: Table, rescued: str) -> str:
    """SELECT ``_line``, ``_lines`` (always 1), ``rescued`` and the columns of each JSON object.

    ``kinds`` are the JSON types of the plain columns, then of those in lists of pairs.

    All plain paths are read in one pass over the text, each list of pairs in another.
    """
    plain = _plain(table)
    paths = ", ".join(quoted(f"$.{column.path or column.name}") for column in plain)
    values = {
        column.raw_name: f"plain[{position}]" for position, column in enumerate(plain, start=1)
    }
    paired = {column.raw_name: _list_of(column) for column in _paired(table)}
    found = {name: f'"{of}"[{quoted(key)}]' for name, (of, key) in paired.items()}
    values |= {name: f"json_extract_string({value}, '$')" for name, value in found.items()}
    kinds = ", ".join(f"json_type({value})" for value in found.values())
    lists = sorted({of for of, _ in paired.values()})
    maps = "".join(f', {_pairs(name)} as "{name}"' for name in lists)
    chosen = ", ".join(
        f'{without_nulls(values[column.raw_name], table.null_tokens)} as "{column.raw_name}"'
        for column in table.columns
    )
    return f"""
        with opened as (
            select
                _line, {rescued} as {ALIAS},
                json_extract_string(c0, [{paths}]) as plain,
                json_type(c0, [{paths}]) as kinds{maps}
            from {OBJECTS} where fault is null
        )
        select _line, 1 as _lines, {ALIAS}, kinds || [{kinds}]::varchar[] as kinds, {chosen}
        from opened
        """


def no_values(table: Table) -> str:
    """SQL for the list of a row's columns, by source name, that are no single piece of text.

    Those hold an object or a list, for which ``kinds`` has been opened, or a NUL or a byte
    order mark, which JSON can write as an escape.
    """
    entries = [
        f"case when kinds[{position}] in ('OBJECT', 'ARRAY') then {quoted(column.name)} end"
        for position, column in enumerate(_plain(table) + _paired(table), start=1)
    ]
    return f"[{', '.join([*entries, *bad_texts(table)])}]::varchar[]"


def bad_texts(table: Table) -> list[str]:
    """SQL for the name of each text column of a row that holds a NUL or a byte order mark."""
    return [
        f"case when regexp_matches(\"{column.raw_name}\", '[\\x00\\x{{FEFF}}]') "
        f"then {quoted(column.name)} end"
        for column in table.columns
        if column.type == "string"
    ]


def _plain(table: Table) -> list[Column]:
    return [column for column in table.columns if "[" not in (column.path or "")]


def _paired(table: Table) -> list[Column]:
    return [column for column in table.columns if "[" in (column.path or "")]


def _list_of(column: Column) -> tuple[str, str]:
    name, _, key = (column.path or "").partition("[")
    return name, key.rstrip("]")


def _pairs(name: str) -> str:
    """SQL for a map of GA4's ``[{key, value: {string_value, int_value, ...}}]``."""
    kinds = ("string_value", "int_value", "float_value", "double_value")
    shape = ", ".join(f'"{kind}": "JSON"' for kind in kinds)
    structure = f'[{{"key": "VARCHAR", "value": {{{shape}}}}}]'
    value = ", ".join(f"p.value.{kind}" for kind in kinds)
    pairs = f"json_transform(json_extract(c0, '$.{name}'), {quoted(structure)})"
    # a map takes a key once; of a key that is there twice, the first counts
    keys = f"list_transform({pairs}, lambda p: p.key)"
    kept = (
        f"list_filter({pairs}, lambda p, i: p.key is not null and list_position({keys}, p.key) = i)"
    )
    return f"map_from_entries(list_transform({kept}, lambda p: row(p.key, coalesce({value}))))"
