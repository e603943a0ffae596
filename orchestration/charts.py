"""The command that draws every KPI from the published snapshot."""

import os
from pathlib import Path
from typing import Annotated

import typer

from orchestration.console import console, explained
from orchestration.querying import open_snapshot
from orchestration.resources import Settings

charts = typer.Typer()


@charts.command(name="charts")
def draw_charts(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Gets one SVG a KPI, made anew.")
    ] = Path("charts"),
    page: Annotated[
        Path | None, typer.Option(help="Markdown that gets a section a KPI, below its mark.")
    ] = None,
) -> None:
    """Draw every KPI of the metric dictionary from the published snapshot, with no network."""
    with explained():
        settings = Settings()
        with open_snapshot(settings.warehouse) as connection, console.status("") as status:
            status.update("loading Altair ...")
            from reports.kpi_page import dictionary, with_sections
            from reports.rendering import draw

            size = count = 0
            for kpi, path in draw(connection, directory, settings.reporting_currency):
                count, size = count + 1, size + path.stat().st_size
                status.update(f"{count} drawn, the last {kpi} ...")
            metrics = dictionary(connection)
        if page is not None:
            folder = Path(os.path.relpath(directory, page.parent)).as_posix()
            text = with_sections(page.read_text(encoding="utf-8"), metrics, folder)
            page.write_text(text, encoding="utf-8")
    console.print(
        f"{count} pictures with {size // 1000:,} kB in {directory}", highlight=False, soft_wrap=True
    )
