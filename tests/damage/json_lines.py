"""Damage to JSON lines: objects that are none, keys that are twice, values of another shape."""

import json
import re
from collections.abc import Callable

from hypothesis import strategies as st

from ingest.contract import Column
from tests.damage.exports import Export
from tests.damage.registry import Draw, a_cell, a_row, harmless, seen, unseen

WHOLE = re.compile(r"-?(0|[1-9]\d*)")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


def _line(
    export: Export, draw: Draw, change: Callable[[str], str], row: int | None = None
) -> Export | None:
    """Change the text of one line."""
    row = a_row(export, draw) if row is None else row
    if row is None or not isinstance(export.rows[row], dict):
        return None
    mark = f"{len(export.steps)}:{row}"
    original = json.dumps(export.rows[row], separators=(",", ":"), ensure_ascii=False)
    written = json.dumps({"changed": mark}, separators=(",", ":"))

    def write(records: list[str]) -> list[str]:
        return [
            record.replace(written, change(original)) if written in record else record
            for record in records
        ]

    return export.with_row(row, {"changed": mark}).then("records", write)


def _written(
    export: Export,
    draw: Draw,
    types: tuple[str, ...],
    change: Callable[[str], str],
    wanted: Callable[[Column, str], bool] | None = None,
) -> Export | None:
    """Write the text of one value, quotes and all, in another way."""
    found = a_cell(export, draw, *types, wanted=wanted)
    if found is None:
        return None
    row, column, text = found
    key = re.split(r"[.\[]", column.path or column.name)[-1].rstrip("]")
    value = json.dumps(text, ensure_ascii=False)
    pair = f'"{key}":{value}'
    return _line(
        export,
        draw,
        lambda line: (
            line.replace(pair, f'"{key}":{change(value)}')
            if pair in line
            else line.replace(value, change(value))
        ),
        row,
    )


@seen("jsonl")
def object_broken(export: Export, draw: Draw) -> Export | None:
    changes: dict[str, Callable[[str], str]] = {
        "end missing": lambda text: text[:-1],
        "half": lambda text: text[: len(text) // 2],
        "start missing": lambda text: text[1:],
        "other quotes": lambda text: text.replace('"', "'"),
        "no colon": lambda text: text.replace(":", "=", 1),
        "a comment": lambda text: "// note\n" + text[:-1],
        "something behind": lambda text: text + "x",
        "two commas": lambda text: text.replace(",", ",,", 1),
    }
    return _line(export, draw, changes[draw(st.sampled_from(sorted(changes)))])


@seen("jsonl")
def object_in_a_list(export: Export, draw: Draw) -> Export | None:
    form = draw(st.sampled_from(["[{}]", "{},", '"{}"', "[]", "null", "1", '"text"', "{{}}{}"]))
    return _line(export, draw, lambda text: form.replace("{}", text, 1))


@seen("jsonl")
def two_objects_on_a_line(export: Export, draw: Draw) -> Export | None:
    between = draw(st.sampled_from(["", " ", ",", "\t"]))
    return _line(export, draw, lambda text: f"{text}{between}{text}")


@seen("jsonl")
def object_over_many_lines(export: Export, draw: Draw) -> Export | None:
    return _line(export, draw, lambda text: json.dumps(json.loads(text), indent=2))


@harmless("jsonl")
def spaces_in_an_object(export: Export, draw: Draw) -> Export | None:
    space = draw(st.sampled_from(["  ", "\t", " "]))
    return _line(export, draw, lambda text: space + json.dumps(json.loads(text)) + space)


@harmless("jsonl")
def comma_after_the_last_pair(export: Export, draw: Draw) -> Export | None:
    return _line(export, draw, lambda text: text[:-1] + ",}")


@harmless("jsonl")
def characters_escaped(export: Export, draw: Draw) -> Export | None:
    return _written(
        export, draw, (), lambda value: "".join(f"\\u{ord(c):04x}" for c in value[1:-1]).join('""'),
        lambda _, text: text.isalnum() and text.isascii(),
    )  # fmt: skip


@harmless("jsonl")
def key_unknown(export: Export, draw: Draw) -> Export | None:
    values = ["1", '"x"', "null", "{}", "[[]]", "[" * 200 + "]" * 200, "1e999"]
    value = draw(st.sampled_from(values))
    return _line(export, draw, lambda text: text[:-1] + f',"new_key":{value}}}')


@harmless("jsonl")
def number_without_quotes(export: Export, draw: Draw) -> Export | None:
    return _written(
        export, draw, (), lambda value: value[1:-1],
        lambda column, text: bool((WHOLE if column.type == "string" else NUMBER).fullmatch(text)),
    )  # fmt: skip


@unseen("every digit counts, whoever reads it", "jsonl")
def number_of_many_digits_without_quotes(export: Export, draw: Draw) -> Export | None:
    number = draw(st.sampled_from(["123456789012.123456", "99999999999.000001", "0.100000"]))
    return _written(export, draw, ("decimal",), lambda _: number)


@unseen("a number in the place of a text is the text of its digits", "jsonl")
def number_for_a_text_without_quotes(export: Export, draw: Draw) -> Export | None:
    number = draw(st.sampled_from(["1.10", "12345678901234567890123", "1E5", "1.0", "7"]))
    return _written(
        export, draw, ("string",), lambda _: number, lambda column, _: not column.personal
    )


@seen("jsonl")
def key_twice(export: Export, draw: Draw) -> Export | None:
    row = a_row(export, draw)
    if row is None or not isinstance(export.rows[row], dict):
        return None
    present = [c.name for c in export.table.columns if c.name in export.rows[row]]
    key = draw(st.sampled_from(present)) if present else None
    twice = f',"{key}":"20200101"}}'
    return _line(export, draw, lambda text: text[:-1] + twice, row) if key else None


@unseen("a key that is absent has no value", "jsonl")
def key_absent(export: Export, draw: Draw) -> Export | None:
    return _object(export, draw, lambda values, key: values.pop(key))


@unseen("a key that is absent has no value", "jsonl")
def key_renamed(export: Export, draw: Draw) -> Export | None:
    new = draw(st.sampled_from(["{}2", "{} ", "X{}"]))
    return _object(
        export, draw, lambda values, key: values.update({new.format(key): values.pop(key)})
    )


@seen("jsonl")
def value_of_another_shape(export: Export, draw: Draw) -> Export | None:
    shape = draw(st.sampled_from(["{}", "[]", '{"a":1}', '["WEB"]', "[null]", "[[1]]"]))
    return _written(export, draw, (), lambda _: shape)


@unseen("what is empty where the contract looks has no value; another shape is seen", "jsonl")
def parent_of_another_shape(export: Export, draw: Draw) -> Export | None:
    shape = draw(st.sampled_from([None, "x", 1, [], {}, [1], [{"key": 1}], [[]], {"key": "a"}]))
    parents = {re.split(r"[.\[]", c.path)[0] for c in export.table.columns if c.path}
    return _object(export, draw, lambda values, key: values.update({key: shape}), parents)


@seen("jsonl")
def nul_as_an_escape(export: Export, draw: Draw) -> Export | None:
    return _written(export, draw, ("string",), lambda value: value[:2] + "\\u0000" + value[2:])


@seen("jsonl")
def half_a_character_as_an_escape(export: Export, draw: Draw) -> Export | None:
    half = draw(st.sampled_from(["\\ud800", "\\udc00", "\\ud800x"]))
    return _written(export, draw, ("string",), lambda value: f'"{half}{value[1:]}')


def _object(
    export: Export,
    draw: Draw,
    change: Callable[[dict, str], object],
    keys: set[str] | None = None,
) -> Export | None:
    """Change one key of a row; any that has a value, or one of ``keys``."""
    row = a_row(export, draw)
    if row is None or not isinstance(export.rows[row], dict):
        return None
    values = json.loads(json.dumps(export.rows[row]))
    there = [key for key, value in values.items() if value and (keys is None or key in keys)]
    if not there:
        return None
    change(values, draw(st.sampled_from(there)))
    return export.with_row(row, values)
