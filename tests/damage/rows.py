"""Damage to rows: too short, too long, left out, doubled, totals, notes above and below."""

from dataclasses import replace

from hypothesis import strategies as st

from tests.damage.exports import Export
from tests.damage.registry import ANY, Draw, a_row, harmless, seen, unseen


def _cells(export: Export, draw: Draw) -> tuple[int, tuple] | None:
    """Draw a whole row of cells that no damage has changed yet."""
    row = a_row(export, draw)
    if row is None or len(export.rows[row]) != len(export.header):
        return None
    return row, tuple(export.rows[row])


def _without(export: Export, row: int) -> Export:
    touched = frozenset(at - (at > row) for at in export.touched)
    return replace(export, rows=(*export.rows[:row], *export.rows[row + 1 :]), touched=touched)


@unseen("a row that was never sent leaves no trace", *ANY)
def row_left_out(export: Export, draw: Draw) -> Export | None:
    row = a_row(export, draw)
    return None if row is None else _without(export, row)


@unseen("both are whole rows; staging keeps one of a key", *ANY)
def row_doubled(export: Export, draw: Draw) -> Export | None:
    row = a_row(export, draw)
    if row is None:
        return None
    return replace(export, rows=(*export.rows, export.rows[row]))


@harmless(*ANY)
def rows_in_another_order(export: Export, draw: Draw) -> Export | None:
    if export.touched:
        return None
    return replace(export, rows=tuple(draw(st.permutations(export.rows))))


@seen("csv", balance="width")
def cell_missing(export: Export, draw: Draw) -> Export | None:
    found = _cells(export, draw)
    if found is None or len(found[1]) == 1:
        return None
    row, cells = found
    at = draw(st.integers(0, len(cells) - 1))
    return export.with_row(row, (*cells[:at], *cells[at + 1 :]))


@seen("csv", balance="width")
def cell_too_many(export: Export, draw: Draw) -> Export | None:
    found = _cells(export, draw)
    if found is None:
        return None
    row, cells = found
    at = draw(st.integers(0, len(cells)))
    extra = draw(st.sampled_from(["x", "", " ", "0", "a,b"]))
    return export.with_row(row, (*cells[:at], extra, *cells[at:]))


@seen("csv", balance="width")
def delimiter_after_a_row(export: Export, draw: Draw) -> Export | None:
    found = _cells(export, draw)
    return export.with_row(found[0], (*found[1], "")) if found else None


@seen("csv", balance="width")
def delimiter_after_every_row_but_the_header(export: Export, _: Draw) -> Export | None:
    rows = tuple((*row, "") for row in export.rows)
    return replace(export, rows=rows) if export.header else None


@harmless("csv")
def delimiter_after_every_line(export: Export, _: Draw) -> Export | None:
    rows = tuple((*row, "") for row in export.rows)
    return replace(export, header=(*export.header, ""), rows=rows)


@seen("csv", balance="width")
def delimiter_changes_in_a_row(export: Export, draw: Draw) -> Export | None:
    found = _cells(export, draw)
    if found is None or len(found[1]) == 1:
        return None
    mark = draw(st.sampled_from(";\t|"))
    return export.with_row(found[0], (mark.join(found[1]),))


@unseen("where texts stand next to texts, a shifted row fits", "csv")
def cells_shifted(export: Export, draw: Draw) -> Export | None:
    found = _cells(export, draw)
    if found is None:
        return None
    row, cells = found
    at = draw(st.integers(0, len(cells) - 1))
    return export.with_row(row, (*cells[:at], *cells[at + 1 :], ""))


@unseen("where texts stand next to texts, two swapped cells fit", "csv")
def cells_swapped(export: Export, draw: Draw) -> Export | None:
    found = _cells(export, draw)
    if found is None:
        return None
    row, cells = found
    order = draw(st.permutations(range(len(cells))))
    swapped = list(cells)
    swapped[order[0]], swapped[order[-1]] = swapped[order[-1]], swapped[order[0]]
    return export.with_row(row, tuple(swapped)) if tuple(swapped) != cells else None


@unseen("a row of totals reads as a row unless the table needs what totals lack", "csv")
def row_of_totals(export: Export, draw: Draw) -> Export | None:
    word = draw(st.sampled_from(["Total", "Grand total", "Gesamt", "--"]))
    numbers = {c.name for c in export.table.columns if c.type in ("integer", "decimal")}
    totals = tuple("999" if name in numbers else "" for name in export.header[1:])
    rows = (*export.rows, (word, *totals))
    touched = export.touched | {len(export.rows)}
    return replace(export, rows=rows, touched=touched) if export.header else None


@harmless("csv", "jsonl")
def blank_lines(export: Export, draw: Draw) -> Export | None:
    at = draw(st.integers(1, max(1, len(export.rows))))
    count = draw(st.integers(1, 3))
    return export.then("records", lambda records: [*records[:at], *[""] * count, *records[at:]])


@seen("csv")
def line_of_spaces(export: Export, draw: Draw) -> Export | None:
    at = draw(st.integers(1, max(1, len(export.rows))))
    if len(export.header) == 1:
        return None
    return export.then("records", lambda records: [*records[:at], "   ", *records[at:]])


@seen("csv", "jsonl")
def lines_above_the_header(export: Export, draw: Draw) -> Export | None:
    lines = draw(
        st.sampled_from(
            [
                ("Campaign report",),
                ('"Jan 1, 2026 - Jan 31, 2026"',),
                ("# exported by nobody", "# rows: 40"),
                ("Report", "", ""),
                ("sep=,",),
                ("",),
            ]
        )
    )
    return export.then("records", lambda records: [*lines, *records])


@seen("csv", "jsonl")
def note_at_the_end(export: Export, draw: Draw) -> Export | None:
    notes = ["(40 rows affected)", "Generated by Someone", "-- end --", "}"]
    note = draw(st.sampled_from(notes))
    return export.then("records", lambda records: [*records, note])
