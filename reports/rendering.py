"""Draw every KPI's picture from the published snapshot into files, offline."""

import re
from collections.abc import Iterator
from pathlib import Path

import altair as alt
import duckdb
import pandas as pd
import vl_convert

from reports.errors import ReportError
from reports.kpi_charts import PICTURES, chart


def draw(
    connection: duckdb.DuckDBPyConnection, folder: Path, currency: str
) -> Iterator[tuple[str, Path]]:
    """Write ``<kpi>.svg`` below ``folder`` for each KPI of the snapshot's dictionary, by name.

    Yields each KPI and its file once that is written.

    Raises:
        ReportError: the dictionary has a KPI that no picture is known for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    units = connection.execute("select kpi, unit from metric_dictionary order by kpi").fetchall()
    unknown = [kpi for kpi, _ in units if kpi not in PICTURES]
    if unknown:
        raise ReportError(f"there is no picture of {', '.join(unknown)}: add it to PICTURES")
    for kpi, unit in units:
        frame = frame_of(connection, kpi)
        path = folder / f"{kpi}.svg"
        path.write_text(svg(chart(kpi, frame, unit, currency)), encoding="utf-8")
        yield kpi, path


def frame_of(connection: duckdb.DuckDBPyConnection, kpi: str) -> pd.DataFrame:
    """Return the rows that the picture of ``kpi`` is drawn from."""
    query = PICTURES[kpi].query
    parameters = [kpi] if "?" in query else []
    return connection.execute(query, parameters).df()


def svg(picture: alt.TopLevelMixin) -> str:
    """Render a picture; nothing is fetched, and equal pictures give equal text."""
    drawn = vl_convert.vegalite_to_svg(picture.to_json(), allowed_base_urls=[])
    # no eye sees less than a tenth of a pixel, but machines differ in it
    return re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.1f}", drawn) + "\n"
