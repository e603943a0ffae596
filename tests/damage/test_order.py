"""The same files in any order, at once or one by one, and again: the same staged rows."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.contract import Column
from tests.damage.bench import Bench
from tests.damage.exports import Export, Row, content
from tests.damage.shelf import Shelf
from tests.damage.test_damage import RANDOM, STEADY
from tests.support.dbt_sql import render

# of each way of delivery, tables whose staging shows more than the key
# and, where versions decide, a column that a revision may change, with its name in staging
WITH_VERSIONS = {
    "hubspot/companies": ("name", "name"),
    "salesforce/Opportunity_": ("Amount", "amount"),
    "hubspot/contacts": ("associatedcompanyid", "account_record_id"),
}
WITHOUT_A_SHARED_KEY = ("google_ads/ad_daily", "meta_ads/ad_daily")
EVENTS = ("hubspot/form_submissions", "webinar/attendance", "ga4/events")
WHOLE = ("linkedin_ads/campaigns", "ecb/eurofxref", "campaign_plan/campaigns")
ALL = (*WITH_VERSIONS, *WITHOUT_A_SHARED_KEY, *EVENTS, *WHOLE)


def exported(shelf: Shelf, start: str) -> Export:
    name = next(name for name in shelf.exports if name.startswith(start))
    export = shelf.exports[name]
    return replace(export, rows=export.rows[:12])


def files_of(export: Export, data: st.DataObject) -> dict[str, Export]:
    """Draw two to four files of a table, none of which decides by its order alone."""
    count = data.draw(st.integers(2, 4), label="files")
    rows = export.rows
    if export.table.delivery == "full":
        # one that lacks more than the contract lets it is held, whichever came before it
        most = int(len(rows) * export.table.shrink_limit)
        lacking = st.sets(st.integers(0, len(rows) - 1), max_size=most)
        parts = [
            tuple(row for at, row in enumerate(rows) if at not in lacks)
            for lacks in (data.draw(lacking) for _ in range(count))
        ]
    elif export.table.delivery == "events":
        parts = [data.draw(_part(rows)) for _ in range(count)]
    elif export.table.version_by:
        parts = [_revised(export, data, number) for number in range(count)]
    else:
        owners = data.draw(
            st.lists(st.integers(0, count - 1), min_size=len(rows), max_size=len(rows))
        )
        parts = [
            tuple(row for row, owner in zip(rows, owners, strict=True) if owner == number)
            for number in range(count)
        ]
    return {
        _name(export, number): replace(export, rows=part)
        for number, part in enumerate(parts, start=1)
    }


def _name(export: Export, number: int) -> str:
    """A name that the contract asks for; a full export's has a date of its own."""
    word = f"2026-0{number}-01" if export.table.as_of else f"part {number}"
    return export.table.files.replace("*", word)


def _part(rows: tuple[Row, ...]) -> st.SearchStrategy[tuple[Row, ...]]:
    """Some of the rows, one at least."""
    kept = st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))
    parts = kept.map(lambda keep: tuple(row for row, k in zip(rows, keep, strict=True) if k))
    return parts.map(lambda part: part or rows[:1])


def _revised(export: Export, data: st.DataObject, number: int) -> tuple[Row, ...]:
    """Some rows, each with a version of its own: no two files have the same one of a key."""
    chosen = replace(export, rows=data.draw(_part(export.rows)))
    version = export.table.column(str(export.table.version_by))
    changing, _ = _changing(export)
    for row in range(len(chosen.rows)):
        day = data.draw(st.integers(1, 28))
        chosen = chosen.with_cell(row, version, f"2026-10-{day:02}T00:00:0{number}.000Z")
        chosen = chosen.with_cell(row, changing, str(data.draw(st.integers(0, 99))))
    return chosen.rows


def _changing(export: Export) -> tuple[Column, str]:
    name, staged_name = next(
        names for start, names in WITH_VERSIONS.items() if export.name.startswith(start)
    )
    return export.table.column(name), staged_name


def latest(export: Export, files: dict[str, Export]) -> list[str]:
    """What the changing column says in the highest version of each key, in order."""
    [key] = export.table.key
    version = export.table.column(str(export.table.version_by))
    found: dict[str, tuple[str, str]] = {}
    for file in files.values():
        for row in range(len(file.rows)):
            name = str(file.cell(row, export.table.column(key)))
            said = tuple(str(file.cell(row, c)) for c in (version, _changing(export)[0]))
            found[name] = max(found.get(name, said), said)
    return sorted(text for _, text in found.values())


@cache
def staging(source: str, table: str) -> str:
    return render(f"stg_{source}__{table}")


def staged(bench: Bench, export: Export, columns: str = "*") -> list[tuple]:
    """The rows of the table's staging view, in the order of their texts."""
    source, table = export.contract.source, export.table.name
    bench.connection.execute(f"create or replace temp view {table} as from raw.{source}__{table}")
    view = staging(source, table)
    # what counts, but for the deliveries that brought it: their order is what differs
    counts = bench.connection.sql(f"from ({view})")
    if "superseded_in" in counts.columns:
        counts = counts.filter("superseded_in is null").select(
            "* exclude (delivered_in, superseded_in)"
        )
    rows = counts.select(columns).fetchall()
    return sorted(rows, key=repr)


def arrive(bench: Bench, export: Export, files: dict[str, Export], loads: list[list[str]]) -> None:
    """Let files arrive in the order of ``loads``, a load after each list."""
    for names in loads:
        for name in names:
            bench.put(content(files[name]), name)
        bench.load(export)


def in_any_order(bench: Bench, shelf: Shelf, start: str, data: st.DataObject) -> None:
    export = exported(shelf, start)
    files = files_of(export, data)
    with bench.emptied(export):
        arrive(bench, export, files, [list(files)])
        expected = staged(bench, export)
        assert expected
        if export.table.version_by:
            _, name = _changing(export)
            found = staged(bench, export, f"cast({name} as bigint)::varchar")
            assert [text for (text,) in found] == latest(export, files)
    order = data.draw(st.permutations(list(files)), label="order")
    at = data.draw(st.integers(0, len(order)), label="files of the first load")
    one_by_one = data.draw(st.booleans(), label="one by one")
    loads = [[name] for name in order] if one_by_one else [order[:at], order[at:]]
    with bench.emptied(export):
        arrive(bench, export, files, loads)
        assert staged(bench, export) == expected


def again(bench: Bench, shelf: Shelf, start: str, data: st.DataObject) -> None:
    export = exported(shelf, start)
    files = files_of(export, data)
    with bench.emptied(export):
        arrive(bench, export, files, [list(files)])
        before = staged(bench, export)
        repeated = data.draw(st.lists(st.sampled_from(list(files)), min_size=1), label="again")
        for number, name in enumerate(repeated):
            stem, _, suffix = name.rpartition(".")
            other = data.draw(st.sampled_from([name, f"{stem} ({number}).{suffix}"]))
            bench.put(content(files[name]), other)
            if data.draw(st.booleans()):
                bench.load(export)
        bench.load(export)
        assert staged(bench, export) == before


@pytest.mark.parametrize("start", ALL)
@settings(STEADY, max_examples=2)
@given(data=st.data())
def test_any_order_of_delivery_gives_the_same_rows(
    bench: Bench, shelf: Shelf, start: str, data: st.DataObject
) -> None:
    in_any_order(bench, shelf, start, data)


@pytest.mark.parametrize("start", ALL)
@settings(STEADY, max_examples=2)
@given(data=st.data())
def test_a_delivery_again_changes_nothing(
    bench: Bench, shelf: Shelf, start: str, data: st.DataObject
) -> None:
    again(bench, shelf, start, data)


@pytest.mark.soak
@pytest.mark.parametrize("start", ALL)
@settings(RANDOM, max_examples=40)
@given(data=st.data())
def test_any_order_and_again_many_times(
    bench: Bench, shelf: Shelf, start: str, data: st.DataObject
) -> None:
    in_any_order(bench, shelf, start, data)
    again(bench, shelf, start, data)
