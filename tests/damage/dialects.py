"""Damage to how a text file is written: delimiters, line ends, quotes."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from tests.damage.exports import Export
from tests.damage.registry import TEXT, Draw, a_row, cell_becomes, harmless, seen, unseen


@seen("csv")
def another_delimiter(export: Export, draw: Draw) -> Export | None:
    return replace(export, delimiter=draw(st.sampled_from([";", "\t", "|", "\x01"])))


@harmless(*TEXT)
def lines_end_in_crlf(export: Export, _: Draw) -> Export | None:
    return replace(export, newline="\r\n")


@seen(*TEXT)
def lines_end_in_cr(export: Export, _: Draw) -> Export | None:
    return replace(export, newline="\r")


@harmless(*TEXT)
def lines_end_in_both_ways(export: Export, draw: Draw) -> Export | None:
    every = draw(st.integers(2, 5))
    if export.newline != "\n":
        return None
    return export.then(
        "records",
        lambda records: [
            record + "\r" if at % every == 0 and at < len(records) - 1 else record
            for at, record in enumerate(records)
        ],
    )


@harmless(*TEXT)
def no_line_end_at_the_end(export: Export, _: Draw) -> Export | None:
    return replace(export, ends_with_newline=False)


@harmless("csv", balance="quotes")
def all_cells_quoted(export: Export, _: Draw) -> Export | None:
    return replace(export, quotes_all=True)


@seen("csv", balance="quotes")
def single_quotes(export: Export, _: Draw) -> Export | None:
    def requote(records: list[str]) -> list[str]:
        return [record.replace('"', "'") for record in records]

    return replace(export, quotes_all=True).then("records", requote)


def _in_a_record(
    export: Export, draw: Draw, change: Callable[[list[str], int], list[str] | None]
) -> Export | None:
    """Change the plain cells of one record; ``change`` gets them and a place among them."""
    row = a_row(export, draw)
    if row is None or not export.header:
        return None
    cells = list(export.rows[row])
    full = [at for at, cell in enumerate(cells) if cell]
    if not full or any(mark in cell for cell in cells for mark in '",\r\n'):
        return None
    changed = change(cells, draw(st.sampled_from(full)))
    if changed is None:
        return None
    # the row stands as a mark until it is written: its quotes must not be mended
    mark = f"\0{len(export.steps)}:{row}\0"
    text = export.delimiter.join(changed)

    def write(records: list[str]) -> list[str]:
        return [record.replace(f'"{mark}"', mark).replace(mark, text) for record in records]

    return export.with_row(row, (mark,)).then("records", write)


@seen("csv", balance="quotes")
def quote_never_closed(export: Export, draw: Draw) -> Export | None:
    return _in_a_record(
        export, draw, lambda cells, at: [*cells[:at], '"' + cells[at], *cells[at + 1 :]]
    )


@unseen('a quote inside a text is a text: 5" x', "csv")
def quote_inside_a_cell(export: Export, draw: Draw) -> Export | None:
    return _in_a_record(
        export, draw, lambda cells, at: [*cells[:at], cells[at] + '"', *cells[at + 1 :]]
    )


@seen("csv", balance="quotes")
def text_after_a_closing_quote(export: Export, draw: Draw) -> Export | None:
    after = draw(st.sampled_from(["x", " ", '"']))
    return _in_a_record(
        export, draw, lambda cells, at: [*cells[:at], f'"{cells[at]}"{after}', *cells[at + 1 :]]
    )


@unseen("the space and the quotes are part of the text", "csv")
def space_before_a_quote(export: Export, draw: Draw) -> Export | None:
    space = draw(st.sampled_from([" ", "  ", "\t"]))
    return _in_a_record(
        export, draw, lambda cells, at: [*cells[:at], f'{space}"{cells[at]}"', *cells[at + 1 :]]
    )


@seen("csv", balance="quotes")
def quotes_escaped_by_a_backslash(export: Export, draw: Draw) -> Export | None:
    return _in_a_record(
        export,
        draw,
        lambda cells, at: [*cells[:at], f'"{cells[at]} \\"big\\" x"', *cells[at + 1 :]],
    )


@seen("csv", balance="quotes")
def line_breaks_in_a_plain_cell(export: Export, draw: Draw) -> Export | None:
    end = draw(st.sampled_from(["\r", "\n", "\r\n"]))

    def broken(cells: list[str], at: int) -> list[str] | None:
        text = cells[at]
        if len(text) < 2 or at in (0, len(cells) - 1):
            return None
        return [*cells[:at], text[:1] + end + text[1:], *cells[at + 1 :]]

    return _in_a_record(export, draw, broken)


@unseen("these end no line of CSV or JSON, so they are text", *TEXT)
def marks_that_end_lines_elsewhere(export: Export, draw: Draw) -> Export | None:
    mark = draw(st.sampled_from(["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"]))
    return cell_becomes(export, draw, ["string"], lambda _, text: text + mark + "x")
