"""Damage to characters and bytes: encodings, marks, NULs, cuts, lost and flipped bytes."""

import codecs
from dataclasses import replace

from hypothesis import strategies as st

from tests.damage.exports import Export
from tests.damage.registry import TEXT, Draw, a_cell, cell_becomes, harmless, seen, unseen


@harmless(*TEXT)
def mark_of_utf_8(export: Export, _: Draw) -> Export | None:
    return None if export.encoding != "utf-8" else replace(export, mark=codecs.BOM_UTF8)


@harmless(*TEXT, balance="encoding")
def utf_16_with_its_mark(export: Export, draw: Draw) -> Export | None:
    encoding, mark = draw(
        st.sampled_from([("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)])
    )
    return replace(export, encoding=encoding, mark=mark)


@seen(*TEXT)
def utf_16_without_a_mark(export: Export, draw: Draw) -> Export | None:
    return replace(export, encoding=draw(st.sampled_from(["utf-16-le", "utf-16-be"])), mark=b"")


@seen(*TEXT)
def utf_32(export: Export, draw: Draw) -> Export | None:
    return replace(export, encoding=draw(st.sampled_from(["utf-32", "utf-32-be"])), mark=b"")


@seen(*TEXT, balance="encoding")
def windows_characters(export: Export, draw: Draw) -> Export | None:
    found = a_cell(export, draw, "string")
    if found is None:
        return None
    row, column, text = found
    damaged = export.with_cell(row, column, text + draw(st.sampled_from("üéñ€")))
    return replace(damaged, encoding="cp1252", mark=b"")


@unseen("a character read in the wrong encoding is a character", *TEXT)
def characters_read_wrongly_before(export: Export, draw: Draw) -> Export | None:
    found = a_cell(export, draw, "string")
    text = found[2] + "ü€" if found else ""
    wrong = text.encode().decode("cp1252", errors="replace")
    return export.with_cell(found[0], found[1], wrong) if found else None


@unseen("a character that was lost before reads as a character", *TEXT)
def character_lost_before(export: Export, draw: Draw) -> Export | None:
    return cell_becomes(export, draw, ["string"], lambda _, text: text[:-1] + "\ufffd")


@seen(*TEXT, balance="encoding")
def byte_that_is_no_utf_8(export: Export, draw: Draw) -> Export | None:
    wrong = draw(st.sampled_from([b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xc0\x80"]))
    share = draw(st.floats(0, 1))
    return export.then("bytes", lambda data: _inserted(data, _between(data, share), wrong))


@seen(*TEXT)
def mark_in_the_middle(export: Export, draw: Draw) -> Export | None:
    """Two files pasted together, the second with its byte order mark."""
    return cell_becomes(export, draw, ["string"], lambda _, text: "\ufeff" + text)


@seen(*TEXT)
def nul_in_a_cell(export: Export, draw: Draw) -> Export | None:
    return cell_becomes(export, draw, [], lambda _, text: text[:1] + "\0" + text[1:])


@seen(*TEXT)
def nuls_at_the_end(export: Export, draw: Draw) -> Export | None:
    """What a file system leaves after a power cut: blocks that were never written."""
    count = draw(st.sampled_from([1, 16, 512]))
    return export.then("bytes", lambda data: data + b"\0" * count)


@seen(*TEXT)
def end_of_file_mark_of_dos(export: Export, _: Draw) -> Export | None:
    return export.then("bytes", lambda data: data + b"\x1a")


@unseen("what is left may be whole rows, and the last value a shorter value", *TEXT)
def cut_at_a_byte(export: Export, draw: Draw) -> Export | None:
    share = draw(st.floats(0, 1))
    return export.then("bytes", lambda data: data[: int(len(data) * share)])


@unseen("one character became another", *TEXT)
def bits_flipped(export: Export, draw: Draw) -> Export | None:
    share, bit = draw(st.floats(0, 1)), draw(st.integers(0, 7))

    def flip(data: bytes) -> bytes:
        at = min(int(len(data) * share), len(data) - 1)
        return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :] if data else data

    return export.then("bytes", flip)


@unseen("what is left on both sides of the gap can make a row", *TEXT)
def bytes_lost(export: Export, draw: Draw) -> Export | None:
    share, count = draw(st.floats(0, 1)), draw(st.integers(1, 400))

    def lose(data: bytes) -> bytes:
        at = _between(data, share)
        return data[:at] + data[at + count :]

    return export.then("bytes", lose)


@unseen("what came twice can make rows", *TEXT)
def bytes_doubled(export: Export, draw: Draw) -> Export | None:
    share, count = draw(st.floats(0, 1)), draw(st.integers(1, 400))

    def double(data: bytes) -> bytes:
        at = _between(data, share)
        return data[: at + count] + data[at:]

    return export.then("bytes", double)


def _between(data: bytes, share: float) -> int:
    return int(len(data) * share)


def _inserted(data: bytes, at: int, piece: bytes) -> bytes:
    return data[:at] + piece + data[at:]
