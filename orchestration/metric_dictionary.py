"""Write the seed of the metric dictionary from ``models/metrics.md``.

Run as ``python -m orchestration.metric_dictionary [--check]``.
"""

import csv
import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from orchestration.errors import PipelineError

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "dbt_project" / "models" / "metrics.md"
SEED = ROOT / "seeds" / "metrics.csv"

FIELDS = ("formula", "unit", "grain", "caveat", "owner", "better", "kind")
_WORDS = {"better": ("higher", "lower"), "kind": ("outcome", "leading", "vanity")}

_BLOCK = re.compile(r"{% docs (\w+) %}\n(.*?){% enddocs %}", re.DOTALL)


def metrics(text: str) -> list[dict[str, str]]:
    """Return each metric of the doc blocks: its name, meaning and ``FIELDS``, one line each.

    Raises:
        PipelineError: a block lacks a field, has another one, or one that must be a certain word
            is not.
    """
    return [_metric(name, body) for name, body in sorted(_BLOCK.findall(text))]


def _metric(name: str, body: str) -> dict[str, str]:
    meaning, *items = re.split(r"^- ", body, flags=re.MULTILINE)
    pairs = [item.partition(":")[::2] for item in items]
    if tuple(field.lower() for field, _ in pairs) != FIELDS:
        raise PipelineError(f"metric {name} must have the fields {', '.join(FIELDS)}, in order")
    texts = {field.lower(): " ".join(text.split()) for field, text in pairs}
    for field, words in _WORDS.items():
        if texts[field] not in words:
            raise PipelineError(f"metric {name}: {field} must be one of {', '.join(words)}")
    return {"kpi": name, "meaning": " ".join(meaning.split()), **texts}


def seed_text() -> str:
    """Return the seed as it must be: a row per metric, by name."""
    written = io.StringIO()
    rows = csv.DictWriter(written, ("kpi", "meaning", *FIELDS), lineterminator="\n")
    rows.writeheader()
    rows.writerows(metrics(SOURCE.read_text(encoding="utf-8")))
    return written.getvalue()


def main(arguments: Sequence[str] = ()) -> int:
    """Write the seed; with ``--check`` only say whether it is stale."""
    wanted = seed_text()
    if "--check" not in arguments:
        SEED.write_text(wanted, encoding="utf-8")
        return 0
    is_stale = not SEED.is_file() or SEED.read_text(encoding="utf-8") != wanted
    if is_stale:
        print(f"{SEED.relative_to(ROOT)} is stale: run `make contracts`")  # noqa: T201 - a command line
    return int(is_stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
