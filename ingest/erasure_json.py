"""One JSON line without a person."""

import json
import re
import secrets
from collections.abc import Iterator
from typing import Any

from ingest.contract import Column, Table
from ingest.erasure import Erasure

# Marks the text of a number while a line is open, so that 1.50 stays 1.50.
_NUMBER = f"number-{secrets.token_hex(8)}:"
_NUMBER_TEXT = re.compile(f'"{_NUMBER}([^"]*)"')
# A text in a part that the contract reads, but under no path of it, such as the name of a pair.
_PLAIN = Column(name="plain", type="string", description="-")
_PLACE = re.compile(r"[.\[\]]+")

# Where a text is: in which object or list, and under which key or at which place of it.
Leaf = tuple[Any, Any]


def erased_line(line: str, table: Table, erasure: Erasure) -> str:
    """Return ``line`` without the person; the very same if it has nothing of theirs.

    A line that is no JSON object loses every word if it has the address.
    """
    text = line.rstrip("\r\n")
    try:
        found = json.loads(
            text,
            object_pairs_hook=_first_of_each,
            parse_int=_NUMBER.__add__,
            parse_float=_NUMBER.__add__,
        )
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return erasure.cut_record(line)
    columns = _columns_by_leaf(found, table)
    leaves = list(_leaves(found))
    cells = [holder[key].removeprefix(_NUMBER) for holder, key in leaves]
    known = {at: columns[leaf] for at, leaf in enumerate(_keys(leaves)) if leaf in columns}
    erased = erasure.cells(cells, known)
    if erased is None:
        return erasure.cut(line)
    for (holder, key), before, after in zip(leaves, cells, erased, strict=True):
        if before != after:
            holder[key] = after
    dumped = _NUMBER_TEXT.sub(r"\1", json.dumps(found, separators=(",", ":")))
    return erasure.cut(dumped) + line[len(text) :]


def _first_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object in which the first of equal keys counts, as it does for the reader."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found


def _leaves(holder: Any) -> Iterator[Leaf]:
    """Yield the place of every text and number below ``holder``."""
    for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
        if isinstance(value, str):
            yield holder, key
        elif isinstance(value, dict | list):
            yield from _leaves(value)


def _keys(leaves: list[Leaf]) -> Iterator[tuple[int, Any]]:
    """Yield for each leaf what it can be looked up by."""
    return ((id(holder), key) for holder, key in leaves)


def _columns_by_leaf(found: dict[str, Any], table: Table) -> dict[tuple[int, Any], Column]:
    """Return the column of each leaf that the contract reads, by its key.

    Leaves without a column are in a part of the object that no contract describes.
    """
    paths = {column: _PLACE.split(column.path or column.name) for column in table.columns}
    read = {path[0] for path in paths.values()}
    parts = [({name: part}, name) for name, part in found.items() if name in read]
    plain = [leaf for holder, _ in parts for leaf in _leaves(holder)]
    columns = dict.fromkeys(_keys(plain), _PLAIN)
    columns |= {(id(found), name): _PLAIN for name in read}
    for column, path in paths.items():
        columns |= dict.fromkeys(_keys(list(_at(found, column, path))), column)
    return columns


def _at(found: dict[str, Any], column: Column, path: list[str]) -> Iterator[Leaf]:
    """Yield the places of a column's value; a list of pairs has one for each kind of value."""
    if "[" in (column.path or ""):
        pairs = found.get(path[0])
        for pair in pairs if isinstance(pairs, list) else []:
            if isinstance(pair, dict) and pair.get("key") == path[1]:
                yield from _leaves(pair.get("value") or {})
        return
    holder: Any = found
    for name in path[:-1]:
        holder = holder.get(name) if isinstance(holder, dict) else None
    if isinstance(holder, dict) and isinstance(holder.get(path[-1]), str):
        yield holder, path[-1]
