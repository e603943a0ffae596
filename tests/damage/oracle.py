"""What must be true after a damaged file was delivered."""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.damage.bench import Outcome, lines_of
from tests.damage.exports import Export
from tests.damage.objects_oracle import json_lines, parquet
from tests.damage.records_oracle import Reading, UnreadableError, delimited, text_lines
from tests.damage.registry import Damage
from tests.damage.typing_oracle import breaks_a_rule, stored

REMEDY = re.compile(
    r"\b(deliver|export|mend|rename|put|withdraw|name|save|ask|add|remove|split|accept)",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
# what raw shows of a cell that no contract describes
HARMLESS = re.compile(r"-?\d{1,5}([.,]\d{1,6})?|(?i:true|false)|\d{4}-\d\d-\d\d[-\dT:Z+. ]*")


@dataclass(frozen=True)
class Verdict:
    """How a delivery ended: ``unnoticed`` counts the rows that are wrong or lost unseen."""

    ending: str
    quarantined: int = 0
    unnoticed: int = 0


def read(export: Export, data: bytes) -> Reading:
    """Read a file's bytes a second time, as its contract says.

    Raises:
        UnreadableError: the bytes are no file of this kind, or the header lacks a column.
    """
    if export.format == "parquet":
        return parquet(export.table, data)
    lines = text_lines(export.table, data, gzipped=export.name.endswith(".gz"))
    if export.format == "jsonl":
        return json_lines(export.table, lines)
    return delimited(export.table, lines)


def judge(export: Export, data: bytes, outcome: Outcome, original: Reading, key: bytes) -> Verdict:
    """Hold what was loaded to the bytes and to the undamaged file.

    Raises:
        AssertionError: the law is broken, or a value is not what its line says.
    """
    ledger = outcome.ledger[export.name]
    assert {outcome.ledger[name]["status"] for name in export.copies} <= {"duplicate"}
    for _, _, reason in outcome.quarantined:
        assert not EMAIL.search(reason), "a reason of quarantine shows an address"
    if ledger["status"] == "refused":
        assert outcome.rows == []
        check_refusal(export, ledger["reason"])
        return Verdict("refused")
    assert ledger["status"] == "loaded"
    try:
        reading = read(export, data)
    except UnreadableError as error:
        raise AssertionError(f"what is no such file was loaded: {error}") from error
    check_rows(export, outcome, reading, key)
    check_law(ledger, reading)
    return _compare(export, reading, original)


def check_refusal(export: Export, reason: str) -> None:
    """A refusal names the file and a remedy, and nobody's address."""
    assert reason.startswith(export.name), f"the file's name is missing: {reason}"
    text = reason.removeprefix(export.name)
    assert REMEDY.search(text), f"no remedy: {reason}"
    assert not EMAIL.search(text), f"an address is shown: {reason}"


def check_mentions(damages: Sequence[Damage], export: Export, reason: str) -> None:
    """A refusal for one damage names what the damage was, a header's with its line."""
    assert len(damages) == 1
    for word in export.mentions:
        assert word in reason, f"{word!r} is missing: {reason}"
    if "column" in damages[0].name and export.format == "csv":
        assert re.search(r"line \d+", reason), f"no line: {reason}"


def check_law(ledger: dict, reading: Reading) -> None:
    """Every physical line went where the second reader says; native layouts have no others."""
    parts = {
        "preamble": 0,
        "header": reading.header_lines,
        "blank": reading.blank_lines,
        "loaded": sum(reading.spans[line] for line in reading.good),
        "quarantined": sum(reading.spans[line] for line in reading.bad),
        "footer": 0,
    }
    assert ledger["physical_lines"] == reading.lines, "physical lines are miscounted"
    assert sum(parts.values()) == reading.lines, f"the law is broken: {parts}"
    assert lines_of(ledger) == parts
    assert ledger["rows_loaded"] == len(reading.good)
    assert ledger["rows_quarantined"] == len(reading.bad)


def check_rows(export: Export, outcome: Outcome, reading: Reading, key: bytes) -> None:
    """Each loaded row is its line's reading; every other record says why not, its text kept."""
    loaded = sorted(row["_line"] for row in outcome.rows)
    odd = sorted({*loaded} ^ {*reading.good})
    assert loaded == sorted(reading.good), f"lines {odd} are loaded or left out against the bytes"
    assert len({*outcome.quarantined}) == len(outcome.quarantined), "a fault is listed twice"
    listed = {line for line, _, _ in outcome.quarantined}
    assert listed == set(reading.bad), f"quarantined are {listed}, not {set(reading.bad)}"
    assert set(outcome.vault) == listed
    for line, text in outcome.vault.items():
        written = "".join(reading.text[line - 1 : line - 1 + reading.spans[line]])
        assert text == written or (export.format == "parquet" and json.loads(text))
    for row in outcome.rows:
        assert row["_file"] == export.name
        values = reading.good[row["_line"]]
        for column in export.table.columns:
            found = tuple(row[raw.name] for raw in column.raw_columns)
            wanted = stored(column, values[column.name], key)
            assert found == wanted, f"line {row['_line']}, {column.name}: {found} is not {wanted}"
        if "_rescued" in row and export.format != "jsonl":
            _check_rescued(row, reading.unknown[row["_line"]], key)


def _check_rescued(row: dict, unknown: dict[str, str], key: bytes) -> None:
    rescued = json.loads(row["_rescued"] or "{}")
    wanted = {name: text for name, text in unknown.items() if text}
    assert rescued.keys() == wanted.keys()
    for name, text in rescued.items():
        hashed = hmac.new(key, wanted[name].encode(), hashlib.sha256).hexdigest()[:32]
        assert text == hashed or (text == wanted[name] and HARMLESS.fullmatch(text))


def _compare(export: Export, reading: Reading, original: Reading) -> Verdict:
    """Count what is wrong and was not noticed; what breaks a rule, the raw suite holds."""
    held = any(
        breaks_a_rule(column, values[column.name])
        for values in reading.good.values()
        for column in export.table.columns
    )
    sent, got = _rows(original), _rows(reading)
    altered = (got - sent).total()
    lost = sent.total() - (sent & got).total() - altered - len(reading.bad)
    return Verdict(
        "held by the raw suite" if held else "loaded",
        quarantined=len(reading.bad),
        unnoticed=0 if held else altered + max(0, lost),
    )


def _rows(reading: Reading) -> Counter:
    return Counter(tuple(values.values()) for values in reading.good.values())


def check_effect(damages: Sequence[Damage], verdict: Verdict) -> None:
    """Only damage that nobody can see goes unnoticed; where there is none, all loads."""
    effects = {damage.effect for damage in damages}
    if effects <= {"harmless"}:
        assert verdict.ending == "loaded", f"a file that says the same is {verdict.ending}"
        assert verdict.quarantined == 0
    balances = Counter(damage.balance for damage in damages if damage.balance)
    if "unseen" not in effects and max(balances.values(), default=0) < 2:
        assert verdict.unnoticed == 0, f"{verdict.unnoticed} rows are wrong or lost, unnoticed"
