"""How text becomes a typed value: exactly, or not at all.

A plain cast would round 3.7 to 4 and read 01/02/2026 as it likes. Each rule here is SQL that
gives null for text that is not what the contract says; the row then goes to quarantine.
"""

from ingest.contract import DUCKDB_TYPES, Column, Table
from ingest.privacy import quoted

_ISO_DATE = r"\d{4}-\d{2}-\d{2}"
_ISO_INSTANT = _ISO_DATE + r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?"
_DECIMAL = r"[+-]?(\d+(\.\d{0,6}0*)?|\.\d{1,6}0*)"
_FLOAT = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"

# Powers of a microsecond, the unit of DuckDB's timestamps.
_EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}


def without_nulls(text: str, table: Table) -> str:
    """SQL that gives null for the texts by which the table's source says that it has nothing."""
    tokens = ", ".join(quoted(token) for token in ("", *table.null_tokens))
    return f"case when {text} not in ({tokens}) then {text} end"


def typed(column: Column, text: str) -> str:
    """SQL that reads the SQL expression ``text`` as the column's type, null where it is not."""
    if column.type == "date":
        return _date(column.format, text)
    if column.type == "timestamp":
        return _timestamp(column.format, text)
    value = {
        "string": text,
        "integer": _guarded(text, r"[+-]?\d+", f"try_cast({text} as bigint)"),
        "decimal": _guarded(text, _DECIMAL, f"try_cast({text} as {DUCKDB_TYPES['decimal']})"),
        "float": _guarded(text, _FLOAT, f"try_cast({text} as double)"),
        "boolean": _guarded(f"lower({text})", "true|false|1|0", f"lower({text}) in ('true', '1')"),
    }
    return value[column.type]


def _date(form: str, text: str) -> str:
    if form == "iso":
        return _guarded(text, _ISO_DATE, f"try_cast({text} as date)")
    return f"try_strptime({text}, {quoted(form)})::date"


def _timestamp(form: str, text: str) -> str:
    if form in _EPOCHS:
        micros = f"make_timestamp(try_cast({text} as bigint) * {_EPOCHS[form]})"
        # 16 digits of microseconds reach the year 2286; more would be another unit
        return _guarded(text, rf"\d{{1,{17 - len(str(_EPOCHS[form]))}}}", micros)
    if form == "iso":
        # a time without zone is UTC, as the connection's zone is
        instant = f"timezone('UTC', try_cast({text} as timestamptz))"
        return _guarded(text, _ISO_INSTANT, instant)
    return f"try_strptime({text}, {quoted(form)})"


def _guarded(text: str, pattern: str, value: str) -> str:
    return f"case when regexp_full_match({text}, '{pattern}') then {value} end"
