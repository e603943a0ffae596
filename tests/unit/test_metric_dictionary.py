"""The metric dictionary: one doc block a KPI, one macro a KPI, and nothing of either alone."""

import re

import pytest

from orchestration.errors import PipelineError
from orchestration.metric_dictionary import ROOT, SEED, SOURCE, metrics, seed_text

GOOD = """{% docs win_rate %}
Won opportunities as a share
of those closed.
- Formula: won ÷ (won + lost)
- Unit: share
- Grain: quarter;
  company
- Caveat: none
- Owner: sales
- Better: higher
- Kind: outcome
{% enddocs %}
"""


def test_the_seed_is_what_the_doc_blocks_say() -> None:
    assert SEED.read_text(encoding="utf-8") == seed_text()


def test_a_block_is_one_metric_with_each_field_on_one_line() -> None:
    assert metrics(GOOD) == [
        {
            "kpi": "win_rate",
            "meaning": "Won opportunities as a share of those closed.",
            "formula": "won ÷ (won + lost)",
            "unit": "share",
            "grain": "quarter; company",
            "caveat": "none",
            "owner": "sales",
            "better": "higher",
            "kind": "outcome",
        }
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- Unit: share\n", "", "win_rate must have the fields formula, unit"),
        ("- Unit", "- Size", "win_rate must have the fields formula, unit"),
        ("outcome", "nice", "win_rate: kind must be one of outcome, leading, vanity"),
        ("higher", "more", "win_rate: better must be one of higher, lower"),
    ],
)
def test_a_block_that_lacks_something_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        metrics(GOOD.replace(old, new))


def test_every_metric_is_one_macro() -> None:
    macros = [
        name
        for path in (ROOT / "dbt_project" / "macros" / "kpis").glob("*.sql")
        for name in re.findall(r"{%-? macro (\w+)\(", path.read_text(encoding="utf-8"))
    ]
    documented = [metric["kpi"] for metric in metrics(SOURCE.read_text(encoding="utf-8"))]
    assert sorted(macros) == sorted(documented)
