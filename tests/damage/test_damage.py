"""Damaged exports: refused whole with a remedy, or every line counted and every value right."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
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
from tests.damage.oracle import check_effect, check_mentions, judge, read
from tests.damage.registry import DAMAGES, Damage

UNHURRIED = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}
STEADY = settings(**UNHURRIED, derandomize=True)
RANDOM = settings(**UNHURRIED)


def damaged(
    data: st.DataObject, exports: list[Export], names: list[str]
) -> tuple[Export, Export, list[Damage]]:
    """Draw an export that fits the kinds, and do to it what they do."""
    formats = set.intersection(*(set(DAMAGES[name].formats) for name in names))
    fitting = [export for export in exports if export.format in formats]
    assume(fitting)
    original = export = data.draw(st.sampled_from(fitting), label="export")
    done = []
    for name in names:
        changed = DAMAGES[name].apply(export, data.draw)
        if changed is not None:
            done.append(DAMAGES[name])
            export = changed
    assume(len(done) == len(names))
    return original, export, done


def deliver(bench: Bench, original: Export, export: Export, damages: list[Damage]) -> None:
    """Deliver a damaged export and hold the outcome to the rules."""
    data = content(export)
    if damages:
        kinds = ", ".join(damage.name for damage in damages)
        note(f"{kinds}: {original.name} as {export.name!r}, {len(data)} bytes:\n{data[:4000]!r}")
    outcome = bench.deliver(export, data)
    if damages:
        note(f"reason: {outcome.ledger[export.name]['reason']}, {outcome.quarantined}")
    verdict = judge(export, data, outcome, read(original, content(original)), bench.key)
    tally.count(damages, verdict)
    check_effect(damages, verdict)
    if verdict.ending == "refused" and len(damages) == 1:
        check_mentions(damages, export, outcome.ledger[export.name]["reason"])


def alone(data: st.DataObject, bench: Bench, exports: list[Export], name: str) -> None:
    original, export, damages = damaged(data, exports, [name])
    deliver(bench, original, export, damages)


def together(data: st.DataObject, bench: Bench, exports: list[Export]) -> None:
    names = data.draw(
        st.lists(st.sampled_from(sorted(DAMAGES)), min_size=2, max_size=3, unique=True)
    )
    original, export, damages = damaged(data, exports, names)
    deliver(bench, original, export, damages)


def test_there_are_forty_kinds_and_each_unseen_one_says_why() -> None:
    assert len(DAMAGES) >= 40
    assert [d.name for d in DAMAGES.values() if (d.effect == "unseen") != bool(d.why)] == []


def test_a_valid_export_loads_whole(bench: Bench, exports: list[Export]) -> None:
    for export in exports:
        original = read(export, content(export))
        assert (len(original.good), original.bad) == (len(export.rows), [])
        deliver(bench, export, replace(export), [])


@pytest.mark.parametrize("name", sorted(DAMAGES))
@settings(STEADY, max_examples=2)
@given(data=st.data())
def test_one_kind_of_damage(
    bench: Bench, exports: list[Export], name: str, data: st.DataObject
) -> None:
    alone(data, bench, exports, name)


@settings(STEADY, max_examples=60)
@given(data=st.data())
def test_kinds_of_damage_together(bench: Bench, exports: list[Export], data: st.DataObject) -> None:
    together(data, bench, exports)
    assert stored_files(bench.warehouse.store) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(DAMAGES))
@settings(RANDOM, max_examples=8)
@given(data=st.data())
def test_one_kind_of_damage_many_times(
    bench: Bench, exports: list[Export], name: str, data: st.DataObject
) -> None:
    alone(data, bench, exports, name)


@pytest.mark.soak
@settings(RANDOM, max_examples=1000)
@given(data=st.data())
def test_kinds_of_damage_together_many_times(
    bench: Bench, exports: list[Export], data: st.DataObject
) -> None:
    together(data, bench, exports)
