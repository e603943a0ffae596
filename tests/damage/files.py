"""Damage to the file as a whole: archives, names, copies, and files that are something else."""

import gzip
import io
import zipfile
from dataclasses import replace

from hypothesis import strategies as st

from tests.damage.exports import Export, content
from tests.damage.registry import ANY, TEXT, Draw, harmless, mentioning, seen, unseen

PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body>expired</body></html>\n"


def _packed(export: Export) -> Export:
    return replace(export, gzipped=True, name=f"{export.name}.gz")


def _is_packed(export: Export) -> bool:
    return export.gzipped or export.name.endswith(".gz")


def _instead(export: Export, data: bytes) -> Export:
    return export.then("bytes", lambda _: data)


@harmless(*TEXT)
def gzip_archive(export: Export, _: Draw) -> Export | None:
    return None if _is_packed(export) else _packed(export)


@harmless(*TEXT)
def gzip_archive_of_two_members(export: Export, draw: Draw) -> Export | None:
    share = draw(st.floats(0, 1))

    def split(packed: bytes) -> bytes:
        data = gzip.decompress(packed)
        at = int(len(data) * share)
        return gzip.compress(data[:at], mtime=0) + gzip.compress(data[at:], mtime=0)

    return None if _is_packed(export) else _packed(export).then("packed", split)


@seen(*TEXT)
def gzip_archive_cut(export: Export, draw: Draw) -> Export | None:
    lost = draw(st.sampled_from([1, 4, 8, 40, 200]))
    if _is_packed(export):
        return None
    return mentioning(_packed(export), "gzip").then("packed", lambda data: data[:-lost] or data[:1])


@seen(*TEXT)
def gzip_archive_flipped(export: Export, draw: Draw) -> Export | None:
    share = draw(st.floats(0, 1))
    if _is_packed(export):
        return None

    def flip(data: bytes) -> bytes:
        # behind the header, whose name and time no checksum covers
        at = 10 + int((len(data) - 11) * share)
        return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]

    return mentioning(_packed(export), "gzip").then("packed", flip)


@seen(*TEXT)
def gzip_archive_with_rubbish_behind(export: Export, draw: Draw) -> Export | None:
    rubbish = draw(st.sampled_from([b"x", b"\0\1\2", b"\x1f\x8b"]))
    if _is_packed(export):
        return None
    return mentioning(_packed(export), "gzip").then("packed", lambda data: data + rubbish)


@seen(*TEXT)
def gzip_archive_in_an_archive(export: Export, _: Draw) -> Export | None:
    return None if _is_packed(export) else _packed(export).then("packed", gzip.compress)


@seen(*TEXT)
def named_gz_but_plain(export: Export, _: Draw) -> Export | None:
    if _is_packed(export):
        return None
    return mentioning(replace(export, name=f"{export.name}.gz"), "gzip")


@seen(*ANY)
def archive_named_plain(export: Export, _: Draw) -> Export | None:
    return None if _is_packed(export) else replace(export, gzipped=True)


@harmless(*ANY)
def delivered_twice(export: Export, draw: Draw) -> Export | None:
    copy = draw(st.sampled_from([" (1)", "_copy", "x"]))
    stem, dot, suffix = export.name.rpartition(f".{export.format}")
    return replace(export, copies=(*export.copies, f"{stem}{copy}{dot}{suffix}"))


@harmless(*ANY)
def strange_name(export: Export, draw: Draw) -> Export | None:
    odd = draw(
        st.sampled_from(["'); drop table x; --", "*", "[a]", "ü€", " ", "{{ x }}", "\n", "%s"])
    )
    stem, dot, suffix = export.name.rpartition(f".{export.format}")
    return replace(export, name=f"{stem}{odd}{dot}{suffix}")


@seen(*ANY)
def name_without_its_date(export: Export, draw: Draw) -> Export | None:
    if export.table.as_of is None:
        return None
    word = draw(st.sampled_from(["latest", "2026", "30.09.2026"]))
    suffix = ".gz" * export.name.endswith(".gz")
    return mentioning(replace(export, name=export.table.files.replace("*", word) + suffix), "date")


@seen(*ANY)
def nothing_in_it(export: Export, draw: Draw) -> Export | None:
    return _instead(export, draw(st.sampled_from([b"", b"\n", b"\xef\xbb\xbf", b"\r\n\r\n", b" "])))


@unseen("an export without a row is how a source says that nothing happened", "csv", "parquet")
def header_alone(export: Export, _: Draw) -> Export | None:
    return replace(export, rows=(), touched=frozenset())


@seen(*ANY)
def page_in_place_of_the_file(export: Export, draw: Draw) -> Export | None:
    error = b'{"error":{"code":401,"message":"token expired"}}'
    return _instead(export, draw(st.sampled_from([PAGE, error, error + b"\n", b"Forbidden"])))


@seen(*ANY)
def workbook_in_place_of_the_file(export: Export, _: Draw) -> Export | None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    return _instead(export, sink.getvalue())


@seen("parquet")
def parquet_cut(export: Export, draw: Draw) -> Export | None:
    lost = draw(st.sampled_from([1, 4, 8, 100, 1000]))
    return export.then("bytes", lambda data: data[:-lost])


@seen("parquet")
def parquet_footer_flipped(export: Export, draw: Draw) -> Export | None:
    back = draw(st.integers(1, 8))

    def flip(data: bytes) -> bytes:
        return data[:-back] + bytes([data[-back] ^ 0xFF]) + data[len(data) - back + 1 :]

    return export.then("bytes", flip)


@seen("parquet")
def text_named_parquet(export: Export, _: Draw) -> Export | None:
    plain = replace(export, table=export.table.model_copy(update={"files": "x.csv"}), steps=())
    return _instead(export, content(plain))
