"""Damage to the header: columns that are gone, new, renamed, doubled or in another order."""

from dataclasses import replace

from hypothesis import strategies as st

from tests.damage.exports import Export
from tests.damage.registry import Draw, harmless, mentioning, seen, unseen

TABULAR = ("csv", "parquet")


def _reordered(export: Export, order: list[int]) -> Export:
    """The export with only the columns at ``order``; ragged rows stay as they are."""
    width = len(export.header)
    rows = tuple(
        tuple(row[at] for at in order) if len(row) == width else row for row in export.rows
    )
    return replace(export, header=tuple(export.header[at] for at in order), rows=rows)


def _renamed(export: Export, old: str, new: str) -> Export:
    return replace(export, header=tuple(new if name == old else name for name in export.header))


def _a_name(export: Export, draw: Draw) -> str:
    return draw(st.sampled_from([column.name for column in export.table.columns]))


@seen(*TABULAR)
def column_dropped(export: Export, draw: Draw) -> Export | None:
    name = _a_name(export, draw)
    if name not in export.header or len(export.header) == 1:
        return None
    order = [at for at, other in enumerate(export.header) if other != name]
    return mentioning(_reordered(export, order), f"'{name}' is missing")


@seen(*TABULAR)
def column_renamed(export: Export, draw: Draw) -> Export | None:
    name = _a_name(export, draw)
    new = draw(st.sampled_from([f"{name}_2", f"{name} (new)", f"My {name}"]))
    if name not in export.header:
        return None
    return mentioning(_renamed(export, name, new), f"'{name}' is missing", new)


@seen("csv")
def column_renamed_in_another_language(export: Export, draw: Draw) -> Export | None:
    name = _a_name(export, draw)
    new = draw(st.sampled_from(["Größe", "日付", "Дата", "Überschrift, lang"]))
    if name not in export.header:
        return None
    return mentioning(_renamed(export, name, new), f"'{name}' is missing")


@seen("csv")
def column_doubled(export: Export, draw: Draw) -> Export | None:
    name = _a_name(export, draw)
    if name not in export.header:
        return None
    order = [*range(len(export.header)), export.header.index(name)]
    return mentioning(_reordered(export, order), f"'{name}'")


@harmless(*TABULAR)
def columns_reordered(export: Export, draw: Draw) -> Export | None:
    return _reordered(export, draw(st.permutations(range(len(export.header)))))


@harmless(*TABULAR)
def column_unknown(export: Export, draw: Draw) -> Export | None:
    names = ["new_field", "Umsatz (€)", 'x"; drop table raw', "{{ x }}", "_rescued", "c0", "_line"]
    name = draw(st.sampled_from(names))
    if name in export.header:
        return None
    at = draw(st.integers(0, len(export.header)))
    header = (*export.header[:at], name, *export.header[at:])
    rows = tuple((*row[:at], f"value {n}", *row[at:]) for n, row in enumerate(export.rows))
    return replace(export, header=header, rows=rows)


@unseen("both columns hold what they may hold, under the other's name", *TABULAR)
def column_names_swapped(export: Export, draw: Draw) -> Export | None:
    order = draw(st.permutations(range(len(export.header))))
    first, second = order[0], order[-1]
    header = list(export.header)
    header[first], header[second] = header[second], header[first]
    return None if first == second else replace(export, header=tuple(header))


@seen("csv")
def header_in_capitals(export: Export, draw: Draw) -> Export | None:
    style = draw(st.sampled_from([str.upper, str.title, str.swapcase]))
    return replace(export, header=tuple(style(name) for name in export.header))


@harmless("csv")
def header_with_spaces(export: Export, draw: Draw) -> Export | None:
    space = draw(st.sampled_from([" ", "  ", "\t"]))
    return replace(export, header=tuple(f"{space}{name}{space}" for name in export.header))


@seen("csv")
def header_without_a_name(export: Export, draw: Draw) -> Export | None:
    name = _a_name(export, draw)
    if name not in export.header:
        return None
    return mentioning(_renamed(export, name, ""), f"'{name}' is missing")


@seen("csv", balance="header")
def header_left_out(export: Export, _: Draw) -> Export | None:
    return replace(export, header=())


@seen("csv", balance="header")
def header_again_in_the_middle(export: Export, draw: Draw) -> Export | None:
    """Two exports pasted together, the second with its mark and header."""
    if not export.header:
        return None
    at = draw(st.integers(0, len(export.rows)))
    rows = (*export.rows[:at], export.header, *export.rows[at:])
    touched = frozenset(row + (row >= at) for row in export.touched) | {at}
    return replace(export, rows=rows, touched=touched)


@unseen("in a table of texts alone, a row that names types is a row of texts", "csv")
def types_below_the_header(export: Export, draw: Draw) -> Export | None:
    word = draw(st.sampled_from(["text", "(EUR)", "varchar", "Dimension"]))
    rows = (tuple(word for _ in export.header), *export.rows)
    touched = frozenset(row + 1 for row in export.touched) | {0}
    return replace(export, rows=rows, touched=touched) if export.header else None
