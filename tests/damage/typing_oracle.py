"""What a text means under a contract, read a second time in plain Python."""

import hashlib
import hmac
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from ingest.contract import Column, Table
from ingest.normalising import normal_form
from ingest.privacy import TRACKING_PARAMETERS
from ingest.role_addresses import LIST
from ingest.scrubbing import ADDRESS, WITHHELD

FAULT = object()
ROLES = set(LIST.read_text().split()[1:])
# the separators of Unicode that count as spaces
SPACES = " \u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
AN_ADDRESS = re.compile(ADDRESS, re.ASCII)
EPOCHS = {"epoch_s": (1_000_000, 10), "epoch_ms": (1_000, 13), "epoch_us": (1, 16)}
INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
    r"(?:(Z)|([+-])([0-9]{2}):?([0-9]{2})?)?"
)


def is_fault(value: object) -> bool:
    """Whether a text was not a value of its type."""
    return value is FAULT


def read_cell(table: Table, column: Column, text: str | None) -> Any:
    """The value of a cell: None where the source says that it has nothing, or ``FAULT``."""
    return None if text is None or text in ("", *table.null_tokens) else read_value(column, text)


def read_value(column: Column, text: str | None) -> Any:
    """The value of a text under its column's type, ``FAULT`` if it is none."""
    if text is None:
        return None
    try:
        return _READERS[column.type](column, text)
    except (ValueError, OverflowError):
        return FAULT


def _number(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError(text)
    return text


def _integer(_: Column, text: str) -> int:
    value = int(_number(r"[+-]?[0-9]+", text))
    if not -(2**63) <= value < 2**63:
        raise OverflowError(text)
    return value


def _decimal(_: Column, text: str) -> Decimal:
    value = Decimal(_number(r"[+-]?([0-9]+(\.[0-9]{0,6}0*)?|\.[0-9]{1,6}0*)", text))
    if abs(value) >= 10**12:
        raise OverflowError(text)
    return value


def _float(_: Column, text: str) -> float:
    return float(_number(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", text))


def _boolean(_: Column, text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[_word(text)]


def _word(text: str) -> str:
    return _number("true|false|1|0", text.lower())


def _date(column: Column, text: str) -> date:
    if column.format == "iso":
        return date.fromisoformat(_number("[0-9]{4}-[0-9]{2}-[0-9]{2}", text))
    if column.format == "%Y%m%d":
        _number("[0-9]{8}", text)
    return datetime.strptime(_plain(text), column.format).date()  # noqa: DTZ007 - a day has no zone


def _plain(text: str) -> str:
    return _number(r"[!-~]([ -~]*[!-~])?", text)


def _timestamp(column: Column, text: str) -> datetime:
    if column.format in EPOCHS:
        micros, digits = EPOCHS[column.format]
        value = int(_number(f"[0-9]{{1,{digits}}}", text))
        return datetime(1970, 1, 1) + timedelta(microseconds=value * micros)
    if column.format != "iso":
        return datetime.strptime(_plain(text), column.format)  # noqa: DTZ007 - the source's own clock
    match = INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day, hour, minute, second, fraction, _, sign, hours, minutes = match.groups()
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    local = datetime.combine(
        date.fromisoformat(day),
        datetime(1, 1, 1, int(hour), int(minute), int(second or 0), micros).time(),
        timezone(-offset if sign == "-" else offset),
    )
    return local.astimezone(UTC).replace(tzinfo=None)


_READERS = {
    "string": lambda _, text: text,
    "integer": _integer,
    "decimal": _decimal,
    "float": _float,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
}


def stored(column: Column, value: Any, key: bytes) -> tuple:
    """What the raw columns of ``column`` hold for a value: personal ones its keyed hash.

    So do others for a text with an address in it.
    """
    if not column.personal:
        has_address = isinstance(value, str) and "@" in value and AN_ADDRESS.search(value)
        return (_keyed_hash(key, value.strip(SPACES).lower()) if has_address else value,)
    if value is None:
        return (None,) * len(column.raw_columns)
    if column.personal == "url":
        return (_without_query(value),)
    normalised, domain = value.strip(SPACES), None
    if not normalised:
        return (None,) * len(column.raw_columns)
    if column.personal in {"email", "phone"}:
        # how an address or a number is normalised has tests of its own
        normalised, domain = normal_form(column, value)
    hashed = _keyed_hash(key, normalised)
    if column.allowed:
        plain = value.strip(SPACES).lower()
        return (hashed, plain if plain in {each.lower() for each in column.allowed} else None)
    return (hashed, domain, _is_role(normalised)) if column.personal == "email" else (hashed,)


def _is_role(address: str) -> bool:
    name = re.split("[+]", address.partition("@")[0])[0].rstrip("0123456789")
    return "@" in address and name in ROLES


def _keyed_hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def _without_query(url: str) -> str:
    page, _, query = url.partition("#")[0].partition("?")
    page = AN_ADDRESS.sub(WITHHELD, re.sub("://[^/]*@", "://", page, count=1))
    tracked = re.compile(f"({TRACKING_PARAMETERS})=[^@]*")
    parts = query.partition("?")[0].split("&")
    kept = [part for part in parts if tracked.fullmatch(part) and "%40" not in part]
    return page + ("?" + "&".join(kept) if kept else "")


def breaks_a_rule(column: Column, value: Any) -> bool:
    """Whether the checks after reading hold a file with this value in it."""
    if value is None:
        return not column.nullable
    if column.severity != "critical":
        return False
    return (
        (column.min is not None and value < column.min)
        or (column.max is not None and value > column.max)
        or (bool(column.allowed) and value not in column.allowed)
    )
