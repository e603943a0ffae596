"""What became of each kind of damage, counted over all examples."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from tests.damage.oracle import Verdict
from tests.damage.registry import DAMAGES, Damage

COLUMNS = ("examples", "refused", "loaded", "held by the raw suite", "quarantined", "unnoticed")
_counts: dict[str, Counter] = defaultdict(Counter)


def count(damages: Sequence[Damage], verdict: Verdict) -> None:
    """Count one delivery under its kind, or under combinations."""
    name = f"{len(damages)} kinds together" if len(damages) > 1 else "no damage"
    name = damages[0].name if len(damages) == 1 else name
    _counts[name].update({"examples": 1, verdict.ending: 1})
    _counts[name].update(quarantined=verdict.quarantined, unnoticed=verdict.unnoticed)


def total() -> Counter:
    """The sums over all kinds."""
    return sum(_counts.values(), Counter())


def table() -> list[str]:
    """The counts as lines of text, a kind a line, unseen kinds marked by a star."""
    lines = [f"{'damage (* nobody can tell)':46}" + "".join(f"{c:>12.11}" for c in COLUMNS)]
    for name, counts in sorted(_counts.items()):
        star = " *" if name in DAMAGES and DAMAGES[name].effect == "unseen" else ""
        lines.append(f"{name + star:46}" + "".join(f"{counts[c]:12}" for c in COLUMNS))
    return [*lines, f"{'all':46}" + "".join(f"{total()[c]:12}" for c in COLUMNS)]
