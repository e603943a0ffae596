"""The page that shows every KPI by name: its meaning, formula, picture and caveat."""

from collections.abc import Mapping, Sequence

import duckdb

from reports.errors import ReportError
from reports.kpi_charts import PICTURES
from reports.pictures import word

MARK = "<!-- From here on written by `make docs-kpis`. -->\n"
_CAPITALS = {"cac", "ltv", "roas", "roi"}


def with_sections(page: str, metrics: Sequence[Mapping[str, str]], folder: str) -> str:
    """Return ``page`` with what follows ``MARK`` written anew: a section a metric.

    ``metrics`` are the rows of the metric dictionary; ``folder`` is where the pictures are, as the
    page says it.

    Raises:
        ReportError: the page has no ``MARK``.
    """
    intro, mark, _ = page.partition(MARK)
    if not mark:
        raise ReportError(f"the page has no line {MARK.strip()}")
    ordered = sorted(metrics, key=lambda metric: metric["kpi"])
    links = " · ".join(f"[{_name(metric)}](#{_anchor(metric)})" for metric in ordered)
    return "\n".join([f"{intro}{mark}", f"{links}\n", *[_section(row, folder) for row in ordered]])


def dictionary(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """Return the rows of the snapshot's metric dictionary."""
    rows = connection.sql("from metric_dictionary order by kpi")
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]


def _section(metric: Mapping[str, str], folder: str) -> str:
    kpi = metric["kpi"]
    return f"""## {_name(metric)}

{metric["meaning"]}

`{kpi}` = {metric["formula"]}; unit: {metric["unit"]}. {metric["better"].capitalize()} is better;
{_kind(metric)} KPI of {metric["owner"]}.

![{PICTURES[kpi].title}]({folder}/{kpi}.svg)

**Beware:** {metric["caveat"]}
"""


def _kind(metric: Mapping[str, str]) -> str:
    return f"{'an' if metric['kind'] == 'outcome' else 'a'} {metric['kind']}"


def _name(metric: Mapping[str, str]) -> str:
    """Return the KPI's name as people write it, its abbreviations in capitals."""
    words = word(metric["kpi"]).split(" ")
    first, *rest = [part.upper() if part in _CAPITALS else part for part in words]
    return " ".join([first[0].upper() + first[1:], *rest])


def _anchor(metric: Mapping[str, str]) -> str:
    return metric["kpi"].replace("_", "-")
