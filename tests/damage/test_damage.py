"""Damaged exports: refused whole with a remedy, or every line counted and every value right."""

import pytest
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st

from tests.damage import (  # noqa: F401 - each registers its kinds
    cells,
    columns,
    dialects,
    encodings,
    files,
    json_lines,
    parquet,
    rows,
    tally,
)
from tests.damage.bench import Bench, stored_files
from tests.damage.exports import Export, content
from tests.damage.oracle import check_effect, check_mentions, judge
from tests.damage.registry import DAMAGES, Damage
from tests.damage.shelf import Shelf

UNHURRIED = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
    "phases": [Phase.generate, Phase.shrink],
}
STEADY = settings(**UNHURRIED, derandomize=True)
RANDOM = settings(**UNHURRIED)
KINDS = sorted(DAMAGES)
# a wrong value can be written in many ways
VALUES = [kind for kind in KINDS if DAMAGES[kind].apply.__module__ == cells.__name__]


def damaged(
    data: st.DataObject, shelf: Shelf, kinds: list[str]
) -> tuple[str, Export, list[Damage]]:
    """Draw an export that fits the kinds, and do to it what they do; return its name too."""
    names = shelf.names(set.intersection(*(set(DAMAGES[kind].formats) for kind in kinds)))
    assume(names)
    name = data.draw(st.sampled_from(names), label="export")
    export = shelf.exports[name]
    for kind in kinds:
        changed = DAMAGES[kind].apply(export, data.draw)
        assume(changed is not None)
        export = changed
    if len(kinds) == 1:
        export = _more_rows(data, export, DAMAGES[kinds[0]])
    return name, export, [DAMAGES[kind] for kind in kinds]


def _more_rows(data: st.DataObject, export: Export, damage: Damage) -> Export:
    """What changes a row changes up to three, each in its own way."""
    for _ in range(data.draw(st.integers(0, 2), label="more rows") if export.touched else 0):
        export = damage.apply(export, data.draw) or export
    return export


def deliver(bench: Bench, shelf: Shelf, name: str, export: Export, damages: list[Damage]) -> None:
    """Deliver a damaged export and hold the outcome to the rules."""
    data = content(export)
    outcome = bench.deliver(export, data)
    if damages:
        reason = outcome.ledger[export.name]["reason"]
        note(f"{export.name!r}, {len(data)} bytes:\n{data[:4000]!r}")
        note(f"refused for {reason!r}, quarantined {outcome.quarantined}")
    verdict = judge(export, data, outcome, shelf.original(name), bench.key)
    tally.count(damages, verdict)
    check_effect(damages, verdict)
    if verdict.ending == "refused" and len(damages) == 1:
        check_mentions(damages, export, outcome.ledger[export.name]["reason"])


def alone(data: st.DataObject, bench: Bench, shelf: Shelf, kind: str) -> None:
    name, export, damages = damaged(data, shelf, [kind])
    deliver(bench, shelf, name, export, damages)


def together(data: st.DataObject, bench: Bench, shelf: Shelf) -> None:
    kinds = st.lists(st.sampled_from(KINDS), min_size=2, max_size=3, unique=True)
    name, export, damages = damaged(data, shelf, data.draw(kinds, label="kinds"))
    deliver(bench, shelf, name, export, damages)


def test_there_are_forty_kinds_and_each_unseen_one_says_why() -> None:
    assert len(DAMAGES) >= 40
    assert [d.name for d in DAMAGES.values() if (d.effect == "unseen") != bool(d.why)] == []


def test_a_valid_export_loads_whole(bench: Bench, shelf: Shelf) -> None:
    for name, export in shelf.exports.items():
        original = shelf.original(name)
        assert (len(original.good), original.bad) == (len(export.rows), [])
        deliver(bench, shelf, name, export, [])


@pytest.mark.parametrize("kind", sorted({*KINDS} - {*VALUES}))
@settings(STEADY, max_examples=2)
@given(data=st.data())
def test_one_kind_of_damage(bench: Bench, shelf: Shelf, kind: str, data: st.DataObject) -> None:
    alone(data, bench, shelf, kind)


@pytest.mark.parametrize("kind", VALUES)
@settings(STEADY, max_examples=3)
@given(data=st.data())
def test_one_kind_of_value(bench: Bench, shelf: Shelf, kind: str, data: st.DataObject) -> None:
    alone(data, bench, shelf, kind)


@settings(STEADY, max_examples=50)
@given(data=st.data())
def test_kinds_of_damage_together(bench: Bench, shelf: Shelf, data: st.DataObject) -> None:
    together(data, bench, shelf)
    assert stored_files(bench.warehouse.store) == []


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
@settings(RANDOM, max_examples=8)
@given(data=st.data())
def test_one_kind_of_damage_many_times(
    bench: Bench, shelf: Shelf, kind: str, data: st.DataObject
) -> None:
    alone(data, bench, shelf, kind)


@pytest.mark.soak
@settings(RANDOM, max_examples=1000)
@given(data=st.data())
def test_kinds_of_damage_together_many_times(
    bench: Bench, shelf: Shelf, data: st.DataObject
) -> None:
    together(data, bench, shelf)
