"""Find erased people in a file: by the address as long as it is known, by its keyed hash then.

Once a person is erased, their address is stored nowhere. A file that is sent later is searched
for everything that looks like an address, and each is hashed as raw's addresses are.
"""

import codecs
import hashlib
import hmac
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import duckdb
from python_calamine import CalamineError, CalamineWorkbook

from ingest.contract import Table
from ingest.erasure import Erasure, normal_address
from ingest.errors import RefusedFileError
from ingest.preflight import encoding_by_mark
from ingest.privacy import HASH_HEX_DIGITS, quoted

# No address is longer; what may straddle two pieces of a file is looked at with both.
_OVERLAP = 512
_CHUNK = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS
_AT = re.compile(r"@|%40|\\u0040", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~\\-]+\Z")
_DOMAIN = re.compile(r"[\w.\\-]+")
_STARTS = re.compile(r"%[0-9a-f]{2}|\\u[0-9a-f]{4}|\\[bfnrt]|[^\w.+-]", re.IGNORECASE)
_BROKEN = (RefusedFileError, CalamineError, duckdb.Error, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Person:
    """Somebody who was erased; the address is known only until nothing has it any more."""

    value_hash: str
    token: str
    address: str | None = None

    @property
    def erasure(self) -> Erasure | None:
        """What rewrites files, if the address is known."""
        return Erasure(self.address, self.token) if self.address else None


def address_hash(key: bytes, address: str) -> str:
    """Return the keyed hash that raw has of an address; see :mod:`ingest.privacy`."""
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:HASH_HEX_DIGITS]


@dataclass(frozen=True)
class Search:
    """Looks for ``people``; ``key`` is that of the home's hashes."""

    people: Sequence[Person]
    key: bytes

    def in_file(self, path: Path, file_name: str, table: Table | None) -> list[Erasure]:
        """Return the erasures that a file needs; of a damaged one, as far as it can be read."""
        return self._in_texts(_texts(path, file_name, table))

    def in_text(self, text: str) -> list[Erasure]:
        """Return the erasures that a text needs, such as a file's name."""
        return self._in_texts([text])

    def _in_texts(self, texts: Iterator[str] | Sequence[str]) -> list[Erasure]:
        open_ = {person.value_hash: person for person in self.people}
        seen: set[str] = set()
        found: list[Erasure] = []
        for text in texts:
            lowered = text.lower()
            for person in [person for person in open_.values() if person.erasure]:
                if person.erasure and person.erasure.hint in lowered:
                    found.append(person.erasure)
                    del open_[person.value_hash]
            if not open_:
                break
            if all(person.address for person in open_.values()):
                continue
            for candidate in set(_addresses(text)) - seen:
                seen.add(candidate)
                address = normal_address(candidate)
                person = open_.pop(address_hash(self.key, address), None)
                if person:
                    found.append(Erasure(address, person.token))
        return found


def mentions(path: Path, file_name: str, table: Table | None, erasure: Erasure) -> bool:
    """Whether the address stands in a file, in whatever encoding, as far as it can be read."""
    return any(erasure.is_in(text) for text in _texts(path, file_name, table))


def _texts(path: Path, file_name: str, table: Table | None) -> Iterator[str]:
    """Yield all that a file has as text; pieces overlap, so that no address is cut."""
    readers = {".parquet": (_parquet_texts,), ".xlsx": (_archive_texts, _workbook_texts)}
    for read in readers.get(Path(file_name).suffix, ()):
        with suppress(*_BROKEN):
            yield from read(path)
    if Path(file_name).suffix not in readers:
        with suppress(*_BROKEN):
            yield from _windows(path, table)


def _parquet_texts(path: Path) -> Iterator[str]:
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select to_json(found)::varchar from read_parquet({quoted(str(path))}) as found"
        )
        while batch := rows.fetchmany(10_000):
            yield "\n".join(text for (text,) in batch)


def _archive_texts(path: Path) -> Iterator[str]:
    """Yield the parts of a workbook's archive: comments, links and what else is beside cells."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            yield archive.read(member).decode(errors="replace")


def _workbook_texts(path: Path) -> Iterator[str]:
    with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
        for name in workbook.sheet_names:
            for row in workbook.get_sheet_by_name(name).to_python():
                yield "\t".join(str(value) for value in row)


def _windows(path: Path, table: Table | None) -> Iterator[str]:
    decoders: list[codecs.IncrementalDecoder] = []
    tails: list[str] = []
    for chunk in _unpacked(path):
        if not decoders:
            names = _encodings(table, chunk)
            decoders = [codecs.getincrementaldecoder(name)("replace") for name in names]
            tails = [""] * len(decoders)
        for at, decoder in enumerate(decoders):
            window = tails[at] + decoder.decode(chunk)
            yield window
            tails[at] = window[-_OVERLAP:]


def _unpacked(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, of an archive all that can be unpacked of it, up to any damage."""
    with path.open("rb") as file:
        if path.suffix != ".gz":
            yield from iter(lambda: file.read(_CHUNK), b"")
            return
        archive, packed = zlib.decompressobj(_GZIP), file.read(_CHUNK)
        while packed:
            yield archive.decompress(packed, _CHUNK)
            packed = archive.unconsumed_tail or archive.unused_data
            if archive.eof:  # another one may follow
                archive = zlib.decompressobj(_GZIP)
            packed = packed or file.read(_CHUNK)
        yield archive.flush()


def _encodings(table: Table | None, start: bytes) -> list[str]:
    marked = encoding_by_mark(start)
    if marked:
        return [marked]
    usual = table.encoding if table else "utf-8"
    return [usual, *(["utf-16-le", "utf-16-be"] if b"\0" in start else [])]


def _addresses(text: str) -> Iterator[str]:
    """Yield what may be an address, from every place where one may begin."""
    for at in _AT.finditer(text):
        before = text[max(0, at.start() - _OVERLAP // 4) : at.start()].rstrip('"\\')
        local, domain = _LOCAL.search(before), _DOMAIN.match(text, at.end())
        if not local or not domain:
            continue
        starts = {0, *(sign.end() for sign in _STARTS.finditer(local[0]))}
        for start in starts:
            yield _unescaped(f"{local[0][start:]}@{domain[0].rstrip('.-')}")


def _unescaped(text: str) -> str:
    plain = unquote(text)
    try:
        return json.loads(f'"{plain}"') if "\\" in plain else plain
    except ValueError:
        return plain
