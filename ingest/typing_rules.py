"""How text becomes a typed value: exactly, or not at all.

A plain cast would round 3.7 to 4 and read 01/02/2026 as it likes. Each rule here is SQL that
gives null for text that is not what the contract says; the row then goes to quarantine.
"""

import re
from decimal import Decimal

from ingest.contract import DUCKDB_TYPES, Column
from ingest.layout import Layout
from ingest.privacy import quoted

_ISO_DATE = r"\d{4}-\d{2}-\d{2}"
_ISO_INSTANT = _ISO_DATE + r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6}0*)?)?"
_OFFSET = r"(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)"

# Powers of a microsecond, the unit of DuckDB's timestamps.
_EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}

# By how many minutes a zone's clock is put back: an hour, in Lord Howe half, in Troll two.
_SHIFTS = (30, 60, 120)

# A space that parts thousands may be one that does not break the line, wide or narrow.
_SPACES = "[ \u00a0\u202f]"


def without_nulls(text: str, null_tokens: tuple[str, ...]) -> str:
    """SQL that gives null for the texts by which a source says that it has nothing."""
    tokens = ", ".join(quoted(token) for token in ("", *null_tokens))
    return f"case when {text} not in ({tokens}) then {text} end"


def typed(column: Column, text: str, layout: Layout) -> str:
    """SQL that reads the SQL expression ``text`` as the column's type, null where it is not."""
    form = layout.date_format(column.type, column.format)
    if column.type == "date":
        return _date(form, text)
    if column.type == "timestamp":
        return _timestamp(form, text, layout.time_zone)
    if column.type == "boolean":
        return _guarded(f"lower({text})", "true|false|1|0", f"lower({text}) in ('true', '1')")
    if column.type == "string":
        return text
    return _number(column, text, layout)


def _number(column: Column, text: str, layout: Layout) -> str:
    """Read a number whose thousands are parted as the layout says, or not at all."""
    parting = _SPACES if layout.thousands == " " else re.escape(layout.thousands)
    whole = rf"(\d+|[1-9]\d{{0,2}}({parting}\d{{3}})+)" if parting else r"\d+"
    point = re.escape(layout.decimal_point)
    factor = layout.factors.get(column.name, Decimal(1))
    pattern = {
        "integer": rf"[+-]?{whole}" + (rf"({point}\d{{0,6}})?" if factor != 1 else ""),
        "decimal": rf"[+-]?({whole}({point}\d{{0,6}}0*)?|{point}\d{{1,6}}0*)",
        "float": rf"[+-]?({whole}({point}\d*)?|{point}\d+)([eE][+-]?\d+)?",
    }[column.type]
    plain = _plain(text, parting, layout.decimal_point)
    kind = DUCKDB_TYPES[column.type]
    if column.type == "float":
        value = f"(try_cast({plain} as double) * {factor})"
        return _guarded(text, pattern, f"case when isfinite({value}) then {value} end")
    if factor == 1:
        return _guarded(text, pattern, f"try_cast({plain} as {kind})")
    product = f"try_cast({plain} as decimal(24,6)) * {factor}::decimal(13,6)"
    exact = f"case when ({product}) = try_cast(({product}) as {kind}) then ({product})::{kind} end"
    return _guarded(text, pattern, exact)


def _plain(text: str, parting: str, point: str) -> str:
    unparted = f"regexp_replace({text}, {quoted(parting)}, '', 'g')" if parting else text
    return unparted if point == "." else f"replace({unparted}, {quoted(point)}, '.')"


def _date(form: str, text: str) -> str:
    if form == "iso":
        return _guarded(text, _ISO_DATE, _in_our_era(f"try_cast({text} as date)"))
    return f"{_by_pattern(form, text)}::date"


def _timestamp(form: str, text: str, zone: str) -> str:
    if form in _EPOCHS:
        micros = f"make_timestamp(try_cast({text} as bigint) * {_EPOCHS[form]})"
        # 16 digits of microseconds reach the year 2286; more would be another unit
        return _guarded(text, rf"\d{{1,{17 - len(str(_EPOCHS[form]))}}}", micros)
    if form == "iso":
        instant = f"timezone('UTC', try_cast({text} as timestamptz))"
        with_offset = _guarded(text, _ISO_INSTANT + _OFFSET, instant)
        local = _guarded(text, _ISO_INSTANT, f"try_cast({text} as timestamp)")
        return _in_our_era(f"coalesce({with_offset}, {_from_zone(local, zone)})")
    return _from_zone(_by_pattern(form, text), zone)


def _by_pattern(form: str, text: str) -> str:
    """Read by a strptime pattern; text that the pattern would write otherwise is none of it."""
    value = f"try_strptime({text}, {quoted(form)})"
    is_same = f"strftime({value}, {quoted(form)}) = {text}"
    return _in_our_era(f"case when {is_same} then {value} end")


def _in_our_era(value: str) -> str:
    """Take a year 0 for no date; databases write it where they have none."""
    return f"case when year({value}) between 1 and 9999 then {value} end"


def _from_zone(local: str, zone: str) -> str:
    """Take a local time for an instant in UTC; one that the clock skips or shows twice is none."""
    if zone == "UTC":
        return local
    name = quoted(zone)
    instant = f"timezone('UTC', timezone({name}, {local}))"
    shown = f"timezone({name}, timezone('UTC', {{}}))"
    others = " and ".join(
        f"{shown.format(f'({instant} {sign} interval {minutes} minutes)')} <> {local}"
        for sign in "+-"
        for minutes in _SHIFTS
    )
    is_one = f"{shown.format(instant)} = {local} and {others}"
    return f"case when {is_one} then {instant} end"


def _guarded(text: str, pattern: str, value: str) -> str:
    return f"case when regexp_full_match({text}, {quoted(pattern)}) then {value} end"
