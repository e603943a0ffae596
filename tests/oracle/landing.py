"""What the landing files say now, read a second time by other code than the loader and staging.

Of the contracts only the YAML is shared: which columns there are, what they hold, and how a file
is delivered. Files have their source's own names of columns; downloaded reports, workbooks and
packed files, which the sample company has none of, are not read.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.oracle.days import utc

Row = dict[str, Any]

ROOT = Path(__file__).parents[2]
EPOCH = datetime(1970, 1, 1)
EPOCH_UNITS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
CAPITALS_TELL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
SALESFORCE_IDS = re.compile(r"^(\w*Id|salesforce\w+id|opportunity_id|account_id)$")


@dataclass(frozen=True)
class Landing:
    """A landing folder. A row is a dict by the source's names; what is missing is None.

    Text and ids are text, decimals Decimal, instants datetime in UTC without a zone, dates date.
    """

    folder: Path

    def current(self, source: str, table: str) -> list[Row]:
        """Return the rows that count: of full exports the last one's, else each key's version."""
        contract = _contract(source)[table]
        rows = list(self._rows(source, contract))
        if contract["delivery"] == "full":
            last = max((row["_as_of"] for row in rows), default=None)
            return [row for row in rows if row["_as_of"] == last]
        return _latest(rows, contract["key"], contract.get("version_by"))

    def last_known(self, source: str, table: str) -> list[Row]:
        """Return each key's row of the last full export that has it."""
        contract = _contract(source)[table]
        return _latest(self._rows(source, contract), contract["key"], "_as_of")

    def _rows(self, source: str, contract: Row) -> Iterator[Row]:
        paths = self.folder.glob(contract["files"])
        for path in sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name)):
            as_of = contract.get("as_of")
            stamp = re.search(as_of, path.name).group(1) if as_of else None
            for texts in _texts(path, contract):
                row = _typed(source, contract, texts)
                if row is not None:
                    yield row | {"_as_of": stamp}


@cache
def _contract(source: str) -> dict[str, Row]:
    path = ROOT / "ingest" / "contracts" / f"{source}.yml"
    return {table["name"]: table for table in yaml.safe_load(path.read_text())["tables"]}


def allowed(source: str, table: str, name: str) -> frozenset[str]:
    """Return the values in lower case that the contract allows a column to have."""
    columns = {column["name"]: column for column in _contract(source)[table]["columns"]}
    return frozenset(value.lower() for value in columns[name]["allowed"])


def _latest(rows: Iterator[Row] | list[Row], key: list[str], version_by: str | None) -> list[Row]:
    """Return one row a key: the highest version, the last delivered among equal ones."""
    found: dict[tuple, Row] = {}
    for row in rows:
        name = tuple(row[column] for column in key)
        known = found.get(name)
        if known is None or _version(row, version_by) >= _version(known, version_by):
            found[name] = row
    return list(found.values())


def _version(row: Row, version_by: str | None) -> tuple:
    value = row[version_by] if version_by else None
    return () if value is None else (value,)


def _texts(path: Path, contract: Row) -> Iterator[Row]:
    """Yield the file's rows as text by column."""
    if path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as file:
            for line in file:
                found = json.loads(line)
                yield {
                    column["name"]: _at(found, column.get("path", column["name"]))
                    for column in contract["columns"]
                }
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def _at(found: Any, path: str) -> str | None:
    """Return what lies at ``device.category`` or, in a list of pairs, ``event_params[name]``."""
    pairs = re.fullmatch(r"(\w+)\[(\w+)\]", path)
    if pairs:
        for pair in found.get(pairs[1]) or []:
            if pair["key"] == pairs[2]:
                return next((str(value) for value in pair["value"].values()), None)
        return None
    for name in path.split("."):
        found = (found or {}).get(name)
    return None if found is None else str(found)


def _typed(source: str, contract: Row, texts: Row) -> Row | None:
    """Read each text as its column's type; None for a row that the contract does not let in."""
    nothing = {"", *contract.get("null_tokens", [])}
    row: Row = {}
    for column in contract["columns"]:
        name, text = column["name"], texts.get(column["name"])
        value = None if text is None or text in nothing else _value(column, text)
        if value is None and not column.get("nullable"):
            return None
        is_salesforce = source in {"salesforce", "finance"} or name.startswith("salesforce")
        if value is not None and is_salesforce and SALESFORCE_IDS.match(name):
            value = long_id(value)
        row[name] = value
    return row


def _value(column: Row, text: str) -> Any:
    kind, form = column["type"], column.get("format", "iso")
    if kind == "timestamp" and form in EPOCH_UNITS:
        return EPOCH + timedelta(microseconds=int(text) * EPOCH_UNITS[form])
    if kind == "date" and form != "iso":
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
    return READERS[kind](text)


READERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "decimal": Decimal,
    "float": float,
    "boolean": lambda text: text.lower() in {"true", "1"},
    "date": date.fromisoformat,
    "timestamp": lambda text: utc(datetime.fromisoformat(text)),
}


def long_id(short: str) -> str:
    """Return a Salesforce id with the 3 characters that tell its capitals from small letters."""
    if len(short) != 15:
        return short
    tails = (
        sum(1 << place for place in range(5) if "A" <= short[start + place] <= "Z")
        for start in (0, 5, 10)
    )
    return short + "".join(CAPITALS_TELL[tail] for tail in tails)


@cache
def seed(name: str) -> list[dict[str, str | None]]:
    """Return the rows of a seed, which are settings, as text; None for an empty field."""
    with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: text or None for key, text in row.items()} for row in csv.DictReader(file)]
