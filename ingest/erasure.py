"""A person who asks to be forgotten leaves the stored files, and every other byte stays.

A record is the person's if an e-mail column has the address, however it is typed, or if the
address stands anywhere in it and no e-mail column has another one. The address becomes a random
token, the same in every file, so that what belonged together still does and every count stays;
names, numbers, texts and cells that no contract describes are emptied. In a record of somebody
else only the address goes. Line ends within a cell stay, so that lines keep their numbers.
"""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import quote

import idna

from ingest.contract import Column
from ingest.errors import ScalehouseError
from ingest.normalising import normal_form

# The domain of a token where the person's own would tell who it was.
NO_DOMAIN = "erased.invalid"

# Kinds that say who a person is; ids say nothing by themselves, and a URL loses the address.
_EMPTIED = ("name", "phone", "ip", "text")
_EMAIL = Column(name="email", type="string", description="-", personal="email")
_PLAIN_LETTERS = re.compile(r"[a-z0-9]+")
_WORDS = re.compile(r"\w+")
_LINE_ENDS = re.compile(r"\r?\n")

# What stands before and after an address that is not part of a longer one. A sign that JSON or a
# URL has escaped ends in a letter or digit, too.
_BEFORE = r"(?:(?<![\w.+-])|(?<=%[0-9a-f]{2})|(?<=\\u[0-9a-f]{4})|(?<=\\[bfnrt]))"
_AFTER = r"(?![\w-]|\.\w)"
_AT = r"(@|%40|\\u0040)"


class ErasureError(ScalehouseError):
    """A person cannot be erased: the address is none, or a file cannot be rewritten."""


@dataclass(frozen=True)
class Erasure:
    """The normal form of a person's address, and the token that stands for it from now on."""

    address: str
    token: str

    @classmethod
    def of(cls, address: str, token: str | None = None) -> "Erasure":
        """Draw a token for a person, unless they have one.

        Raises:
            ErasureError: it is no address.
        """
        normal, domain = normal_form(_EMAIL, address)
        if domain is None:
            raise ErasureError("this is no e-mail address")
        return cls(normal, token or f"erased-{secrets.token_hex(8)}@{NO_DOMAIN}")

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        local, _, domain = self.address.rpartition("@")
        domains = {domain, idna.decode(domain)}
        locals_ = {local, quote(local, safe=""), quote(local, safe="+")}
        spelt = [
            "|".join(re.escape(text) for text in sorted(_with_escapes(texts)))
            for texts in (locals_, domains)
        ]
        return re.compile(f"{_BEFORE}(?:{spelt[0]}){_AT}(?:{spelt[1]}){_AFTER}", re.IGNORECASE)

    @cached_property
    def hint(self) -> str:
        """The longest piece of the address that every spelling of it has."""
        return max(_PLAIN_LETTERS.findall(self.address.rpartition("@")[0]), key=len, default="")

    def is_in(self, text: str) -> bool:
        """Whether the address stands in ``text``, in whatever letter case or escaped."""
        return bool(self._pattern.search(text))

    def cut(self, text: str) -> str:
        """Return ``text`` with the token in place of the address, escaped alike."""
        local, _, domain = self.token.partition("@")
        return self._pattern.sub(lambda found: f"{local}{found[1]}{domain}", text)

    def cut_record(self, text: str) -> str:
        """Return a record that cannot be read, without its words if the address is among them.

        What made it unreadable, such as a quote that does not fit, stays.
        """
        return _WORDS.sub("x", text) if self.is_in(text) else text

    def is_of(self, column: Column | None, cell: str) -> bool:
        """Whether ``cell`` is the address in a column of addresses."""
        return _is_email(column) and _normal(cell) == self.address

    def cells(self, cells: Sequence[str], columns: Mapping[int, Column]) -> list[str] | None:
        """Return the cells of a record without the person, None if it has nothing of theirs.

        ``columns`` are the places of the contract's columns.
        """
        if self.hint not in "".join(cells).lower():  # most records, and the pattern is slow
            return None
        named = [(columns.get(at), cell) for at, cell in enumerate(cells)]
        is_own = any(self.is_of(column, cell) for column, cell in named)
        if not is_own and not any(self.is_in(cell) for cell in cells):
            return None
        is_of_another = not is_own and any(
            _is_email(column) and cell.strip() and not self.is_in(cell) for column, cell in named
        )
        return [self._cell(column, cell, is_own=not is_of_another) for column, cell in named]

    def _cell(self, column: Column | None, cell: str, *, is_own: bool) -> str:
        if self.is_of(column, cell):
            return self.token
        is_personal = column is None or (
            column.personal in _EMPTIED and not _is_allowed(column, cell)
        )
        if not is_own or not is_personal or not cell:
            return self.cut(cell)
        needed = column is not None and not column.nullable
        kept = self.token if needed or (column is None and self.is_in(cell)) else ""
        return kept + "".join(_LINE_ENDS.findall(cell))


def normal_address(text: str) -> str:
    """Return an address in the form that is hashed."""
    return _normal(text)


def _is_email(column: Column | None) -> bool:
    return column is not None and column.personal == "email"


def _is_allowed(column: Column, cell: str) -> bool:
    """Whether the cell is one of the values that tell nothing about a person."""
    return cell.strip().lower() in {value.lower() for value in column.allowed}


@lru_cache(maxsize=100_000)
def _normal(cell: str) -> str:
    return normal_form(_EMAIL, cell)[0]


def _with_escapes(texts: set[str]) -> set[str]:
    """Return ``texts`` also as JSON writes them when it escapes what is not ASCII."""
    return texts | {json.dumps(text)[1:-1] for text in texts}
