"""The second reader's part for JSON lines and Parquet."""

import io
import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import Column, Table
from tests.damage.records_oracle import Reading, UnreadableError, are_texts, keep, place

# texts, and commas after the last pair or item: DuckDB's reader allows them, and loses nothing
COMMA_TOO_MANY = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[]}])')


def json_lines(table: Table, lines: list[str]) -> Reading:
    """Read a JSON object a line."""
    reading = Reading(lines=len(lines), text=lines)
    for line, text in enumerate(lines, start=1):
        reading.spans[line] = 1
        if not text.strip():
            reading.blank_lines += 1
            continue
        try:
            values = json.loads(
                COMMA_TOO_MANY.sub(r"\1", text),
                object_pairs_hook=_Object,
                parse_int=_Number,
                parse_float=_Number,
                parse_constant=_no_constant,
            )
            texts = {column.name: _found(values, column) for column in table.columns}
        except (ValueError, RecursionError):
            reading.bad.append(line)
            continue
        if "\0" in text or not are_texts(texts.values()):
            reading.bad.append(line)
        else:
            keep(reading, table, line, texts)
    return reading


class _NoValueError(ValueError):
    """A line or a value in it that can be read in no way, or in two."""


class _Number(str):
    """The digits of a JSON number as they stand in the file."""

    __slots__ = ()


class _Object(dict):
    """A JSON object that knows whether a key was there twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.is_doubled = len(self) < len(pairs)


def _no_constant(name: str) -> None:
    raise _NoValueError(name)


def _found(values: Any, column: Column) -> str | None:
    """The text at a column's path; nothing where the path leads nowhere."""
    if not isinstance(values, dict):
        raise _NoValueError("no object")
    path, _, key = (column.path or column.name).partition("[")
    value = values
    for part in path.split("."):
        if isinstance(value, _Object) and value.is_doubled:
            raise _NoValueError(f"a key twice beside {part}")
        if value is not None and not isinstance(value, dict):
            raise _NoValueError(f"{part} is looked for in what is no object")
        value = value.get(part) if value else None
    if key:
        value = _paired(value, key.rstrip("]"))
    if isinstance(value, dict | list):
        raise _NoValueError(f"{column.name} is no single value")
    if isinstance(value, bool):
        return str(value).lower()
    if value is not None:
        value.encode()  # half a character is none
    return value


# Where GA4 writes a value; under any other name it is none.
KINDS = ("string_value", "int_value", "float_value", "double_value")


def _paired(pairs: Any, key: str) -> Any:
    if pairs is None:
        return None
    if not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
        raise _NoValueError("no list of pairs")
    for pair in pairs:
        values = pair.get("value", {})
        if not isinstance(values, dict) or any(
            isinstance(value, dict | list) for value in values.values()
        ):
            raise _NoValueError("a pair without a single value")
    for pair in pairs:
        if pair.get("key") == key:
            found = [pair.get("value", {}).get(kind) for kind in KINDS]
            return next((value for value in found if value is not None), None)
    return None


def parquet(table: Table, data: bytes) -> Reading:
    """Read Parquet, a row a line."""
    try:
        rows = pq.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError(str(error)) from error
    reading = Reading(lines=rows.num_rows)
    places = {column.name: place(column, rows.column_names) for column in table.columns}
    unknown = [n for at, n in enumerate(rows.column_names) if at not in places.values()]
    for line, row in enumerate(rows.to_pylist(), start=1):
        texts = {name: _as_text(row[rows.column_names[at]]) for name, at in places.items()}
        reading.spans[line] = 1
        reading.unknown[line] = {name: _as_text(row[name]) or "" for name in unknown}
        if not are_texts(texts.values()):
            reading.bad.append(line)
        else:
            keep(reading, table, line, texts)
    return reading


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | Decimal | int):
        return str(value)
    return value if value is None or isinstance(value, str) else repr(value)
