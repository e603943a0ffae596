"""What may be said of a file's content: messages, names and reasons hold no personal value.

Errors of DuckDB and Python quote the value, or the whole line, that they could not read. Logs,
the history of runs and the ledger are kept for months and read by many, so whatever is said
there goes through this module first.
"""

import re

import duckdb

WITHHELD = "withheld"

# An @, or its form in a URL, with a domain behind it; for Python and DuckDB alike.
_EDGE = r"\s@/,;:<>()\[\]\"'=?&|"
ADDRESS = rf"[^{_EDGE}]+(@|%40)[^{_EDGE}]+\.[a-zA-Z]{{2,}}"
# What gives personal text away in published tables: an address, or a URL's query.
PERSONAL_TEXT = r"[^\s@/](@|%40)[^\s@/]+\.[a-zA-Z]|\?[^\s=?&]+=|://\S*\?\S"
_PERSONAL = re.compile(
    rf"{ADDRESS}"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"  # IPv4
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F:]*"  # IPv6
    r"|\+\d[\d ()/.-]{6,}\d"  # a phone number in international form
)
# A cell of a data row is never quoted in a message, the name of a column is.
_COLUMN_NAME = re.compile(r"[^\d@+][^@]{0,59}")
_FILE_ENDS = re.compile(r"(\.[a-z]+)?(\.gz)?$")

# DuckDB raises these before it reads a row, or about a file as a whole; dbt, about its own code.
_ABOUT_CODE = re.compile(
    r"\b(Binder|Catalog|Parser|Not implemented|IO|Connection|Compilation|Parsing) Error\b"
)
# The first line says what is wrong; below it, DuckDB repeats the line or the statement.
_ABOUT_VALUES = re.compile(
    r"\b(Conversion|Invalid Input|Constraint|Out of Range|Mismatch Type|Invalid Type) Error: "
)
_REPEATED = re.compile(r"\s*\b(Input|Original Line):.*", re.DOTALL)
_QUOTED = re.compile(r"\".*\"|'.*'", re.DOTALL)


def is_personal(text: str) -> bool:
    """Whether ``text`` holds what looks like an address, a phone number or a network address."""
    return bool(_PERSONAL.search(text))


def is_column_name(text: str) -> bool:
    """Whether ``text`` looks like the name of a column, and not like a value."""
    return bool(_COLUMN_NAME.fullmatch(text)) and not is_personal(text)


def without_personal_text(value: object) -> object:
    """Return ``value``, or a word in its place if it is text that may name a person."""
    if isinstance(value, str) and re.search(PERSONAL_TEXT, value):
        return WITHHELD
    return value


def without_personal_parts(text: str) -> str:
    """Return ``text`` with a word in place of each address or number that looks personal."""
    return _PERSONAL.sub(WITHHELD, text)


def shown_file_name(name: str) -> str:
    """Return the name by which a file is known: without an e-mail address, if it has one."""
    end = _FILE_ENDS.search(name)
    stem = name[: end.start()] if end else name
    return re.sub(ADDRESS, WITHHELD, stem) + name[len(stem) :]


def scrubbed(message: str) -> str:
    """Return an error's text without the values that DuckDB or Python quote in it."""
    about_values = _ABOUT_VALUES.search(message)
    if about_values:
        first, _, _ = message[about_values.end() :].partition("\n")
        message = message[: about_values.end()] + first
    elif _ABOUT_CODE.search(message):
        return without_personal_parts(message)
    return without_personal_parts(_QUOTED.sub(WITHHELD, _REPEATED.sub("", message)))


def scrubbed_error(error: BaseException) -> str:
    """Return kind and text of an error that none of our own code has worded."""
    text = str(error)
    # an error of the system speaks of paths
    told = without_personal_parts(text) if isinstance(error, OSError) else scrubbed(text)
    return told if isinstance(error, duckdb.Error) else f"{type(error).__qualname__}: {told}"
