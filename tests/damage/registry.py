"""Kinds of damage: small functions that change an export, and what may come of them.

- ``harmless``: the file says the same in another way; all of it must load.
- ``seen``: whatever was changed must be refused, quarantined or held by the raw suite.
- ``unseen``: the file reads as well as before, so nobody can tell; ``why`` says in a sentence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from hypothesis import strategies as st

from ingest.contract import Column
from tests.damage.exports import Export

Draw = Callable[[st.SearchStrategy], Any]
Change = Callable[[Export, Draw], Export | None]

TEXT = ("csv", "jsonl")
ANY = ("csv", "jsonl", "parquet")


@dataclass(frozen=True)
class Damage:
    """One kind; ``apply`` returns None where the export has nothing to change.

    Two damages of one ``balance`` may cancel out: a cell too few and one too many in all rows.
    """

    name: str
    apply: Change
    formats: tuple[str, ...]
    effect: Literal["harmless", "seen", "unseen"]
    why: str = ""
    balance: str = ""


DAMAGES: dict[str, Damage] = {}


def harmless(*formats: str, balance: str = "") -> Callable[[Change], Change]:
    """Register a change after which all of the file must load."""
    return _registrar(formats, "harmless", balance=balance)


def seen(*formats: str, balance: str = "") -> Callable[[Change], Change]:
    """Register a change that must never reach raw unnoticed."""
    return _registrar(formats, "seen", balance=balance)


def unseen(why: str, *formats: str) -> Callable[[Change], Change]:
    """Register a change that leaves a file as valid as before, and why."""
    return _registrar(formats, "unseen", why=why)


def _registrar(formats: tuple[str, ...], effect: Any, **facts: str) -> Callable[[Change], Change]:
    def register(change: Change) -> Change:
        name = change.__name__.replace("_", " ")
        assert name not in DAMAGES
        DAMAGES[name] = Damage(name, change, formats, effect, **facts)
        return change

    return register


def a_row(export: Export, draw: Draw) -> int | None:
    """Draw a row that no damage has changed yet."""
    free = [row for row in range(len(export.rows)) if row not in export.touched]
    return draw(st.sampled_from(free)) if free else None


def a_cell(
    export: Export, draw: Draw, *types: str, wanted: Callable[[Column, str], bool] | None = None
) -> tuple[int, Column, str] | None:
    """Draw a row and a column of one of ``types`` in it that holds a text, and that text."""
    row = a_row(export, draw)
    if row is None:
        return None
    cells = [
        (column, text)
        for column in export.table.columns
        if (not types or column.type in types)
        and (text := export.cell(row, column))
        and text not in export.table.null_tokens
        and (wanted is None or wanted(column, text))
    ]
    return (row, *draw(st.sampled_from(cells))) if cells else None


def cell_becomes(
    export: Export, draw: Draw, types: Sequence[str], text_for: Callable[[Column, str], str | None]
) -> Export | None:
    """Give one cell of one of ``types`` the text that ``text_for`` makes of it."""
    found = a_cell(
        export, draw, *types, wanted=lambda column, text: text_for(column, text) is not None
    )
    if found is None:
        return None
    row, column, text = found
    return export.with_cell(row, column, str(text_for(column, text)))


def mentioning(export: Export, *words: str) -> Export:
    """The export whose refusal must say ``words``."""
    return replace(export, mentions=(*export.mentions, *words))
