"""SQL that takes a contract's columns out of JSON lines, as text."""

import re

from ingest.contract import Column, Table
from ingest.privacy import quoted
from ingest.rescued import ALIAS
from ingest.typing_rules import without_nulls

# DuckDB reads JSON's numbers as binary ones, which have no trailing zeros and few digits. So that
# each digit stays, those that would change are put into quotes first. Where that falls within a
# text, the line is no JSON any more.
_CHANGING = r"-0|-?[0-9]+(\.[0-9]*0|[0-9.]*[eE][0-9+-]+)|-?[0-9][0-9.]{15,}"
_CHANGING_NUMBER = rf"([:\[,]\s*)({_CHANGING})(\s*[,}}\]])"

# Each line with ``_line``, its text ``c0`` and, if it is no object that can be read, ``fault``.
OBJECTS = "objects"


def judged(table: Table, cells: str, line: str) -> str:
    """SELECT each row of ``cells`` as ``OBJECTS`` has it; ``line`` is SQL for its line.

    An object that has a key twice where the contract reads it can be read in two ways.
    """
    parents = ["$", *sorted({_parent(column) for column in table.columns} - {""})]
    paths = ", ".join(quoted(parent) for parent in parents)
    places = range(1, len(parents) + 1)
    doubled = " or ".join(f"len(keys[{at}]) > len(list_distinct(keys[{at}]))" for at in places)
    return f"""
        with objects as ({_objects(cells, line)}),

        looked_into as (
            select
                *, json_keys(object, [{paths}]) as keys, json_type(object, [{paths}]) as kinds
            from objects
        )

        select
            _line, c0,
            case
                when object is null and json_valid(written) and not json_valid(c0)
                    then 'a text with a number like one that would be rounded'
                when object is null then 'not a JSON object'
                when {doubled} then 'a key is there twice'
                when len(list_filter(keys[1], lambda k: contains(k, chr(0)))) > 0
                    then 'a NUL byte in a key'
                when len(list_filter(kinds, lambda k: k not in ('OBJECT', 'NULL'))) > 0
                    or {_misshapen(table)}
                    then 'not of the shape that the contract reads'
            end as fault
        from looked_into
        """


def _objects(cells: str, line: str) -> str:
    """SELECT each row's ``_line``, text as ``written`` and as read, and ``object`` if it is one."""
    # json_type raises on what is not JSON, so it only sees what is
    is_object = "json_type(case when json_valid(c0) then c0 end) = 'OBJECT'"
    return f"""
            select *, case when {is_object} then c0 end as object
            from (
                select
                    {line} as _line, c0 as written,
                    regexp_replace(c0, '{_CHANGING_NUMBER}', '\\1"\\2"\\4', 'g') as c0
                from {cells}
            )
        """


def _misshapen(table: Table) -> str:
    """SQL that tells whether a list of pairs is something else in ``object``."""

    def has(path: str, wrong: str) -> str:
        kinds = f"json_type(object, {quoted(path)})"
        return f"coalesce(len(list_filter({kinds}, lambda t: {wrong})) > 0, false)"

    tests = ["false"]
    for name in sorted({_list_of(c)[0] for c in table.columns if "[" in (c.path or "")}):
        path = f"$.{name}"
        tests += [
            f"coalesce(json_type(object, {quoted(path)}) not in ('ARRAY', 'NULL'), false)",
            has(f"{path}[*]", "t <> 'OBJECT'"),
            has(f"{path}[*].value", "t <> 'OBJECT'"),
            has(f"{path}[*].value.*", "t in ('OBJECT', 'ARRAY')"),
        ]
    return " or ".join(tests)


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

    ``kinds`` are the JSON types of the plain columns, in their order.

    All plain paths are read in one pass over the text, each list of pairs in another.
    """
    plain = _plain(table)
    paths = ", ".join(quoted(f"$.{column.path or column.name}") for column in plain)
    values = {
        column.raw_name: f"plain[{position}]" for position, column in enumerate(plain, start=1)
    }
    paired = [column for column in table.columns if column.raw_name not in values]
    for column in paired:
        name, key = _list_of(column)
        values[column.raw_name] = f'"{name}"[{quoted(key)}]'
    lists = sorted({_list_of(column)[0] for column in paired})
    pairs = "".join(f', {_pairs(name)} as "pairs_{name}"' for name in lists)
    maps = "".join(f""", {_map_of(f'"pairs_{name}"')} as "{name}\"""" for name in lists)
    chosen = ", ".join(
        f'{without_nulls(values[column.raw_name], table.null_tokens)} as "{column.raw_name}"'
        for column in table.columns
    )
    return f"""
        with paired as (
            select
                _line, {rescued} as {ALIAS},
                json_extract_string(c0, [{paths}]) as plain,
                json_type(c0, [{paths}]) as kinds{pairs}
            from {OBJECTS} where fault is null
        ),

        opened as (select *{maps} from paired)

        select _line, 1 as _lines, {ALIAS}, kinds, {chosen} from opened
        """


def no_values(table: Table) -> str:
    """SQL for the list of a row's columns, by source name, that are no single piece of text.

    Those are texts that hold an object or a list, for which ``kinds`` has been opened, or a NUL
    or a byte order mark, which JSON can write as an escape. Other types show it by themselves.
    """
    plain = _plain(table)
    entries = [
        f"case when kinds[{position}] in ('OBJECT', 'ARRAY') then {quoted(column.name)} end"
        for position, column in enumerate(plain, start=1)
        if column.type == "string"
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


def _list_of(column: Column) -> tuple[str, str]:
    name, _, key = (column.path or "").partition("[")
    return name, key.rstrip("]")


_KINDS = ("string_value", "int_value", "float_value", "double_value")


def _pairs(name: str) -> str:
    """SQL for the list of GA4's ``[{key, value: {string_value, int_value, ...}}]``."""
    shape = ", ".join(f'"{kind}": "VARCHAR"' for kind in _KINDS)
    structure = f'[{{"key": "VARCHAR", "value": {{{shape}}}}}]'
    return f"json_transform(json_extract(c0, '$.{name}'), {quoted(structure)})"


def _map_of(pairs: str) -> str:
    """SQL for such a list as a map, which takes a key once: the first counts."""
    value = ", ".join(f"p.value.{kind}" for kind in _KINDS)
    keys = f"list_transform({pairs}, lambda p: p.key)"
    kept = (
        f"list_filter({pairs}, lambda p, i: p.key is not null and list_position({keys}, p.key) = i)"
    )
    return f"map_from_entries(list_transform({kept}, lambda p: row(p.key, coalesce({value}))))"
