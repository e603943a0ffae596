"""The commands that ask for metrics by name instead of by SQL, with the options of `mf`."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import duckdb
import typer
from rich.markup import escape
from rich.table import Table

from orchestration.console import console, explained
from orchestration.errors import PipelineError
from orchestration.querying import Format, current_snapshot, write_answer
from orchestration.resources import Settings

if TYPE_CHECKING:
    from orchestration.semantics import SemanticLayer

metrics = typer.Typer(
    help="Ask the published snapshot for metrics by name; MetricFlow writes the SQL.",
    no_args_is_help=True,
)
Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Inclusive; widened to whole periods of metric_time."),
]


@metrics.command(name="list")
def list_metrics() -> None:
    """Show every metric, its meaning, and what it can be grouped by."""
    with explained():
        known = _layer(Settings()).metrics()
    table = Table("metric", "meaning", "group by")
    for metric in known:
        table.add_row(metric.name, escape(metric.meaning), ", ".join(metric.group_by))
    console.print(table, highlight=False)


@metrics.command()
def query(  # noqa: PLR0913, PLR0917 - one an option
    metrics: Annotated[str, typer.Option(help="Names, with commas between them.")],
    group_by: Annotated[str, typer.Option(help="Such as channel,metric_time__month.")] = "",
    where: Annotated[
        list[str] | None,
        typer.Option(help="\"{{ Dimension('ad__platform') }} = 'meta_ads'\"; may be given again."),
    ] = None,
    order: Annotated[str, typer.Option(help="Such as channel,-spend: a minus for falling.")] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="How many rows at most.")] = None,
    start_time: Day = None,
    end_time: Day = None,
    *,
    explain: Annotated[bool, typer.Option("--explain", help="Print the SQL instead.")] = False,
    form: Annotated[Format, typer.Option("--format", help="How to write the rows.")] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option(help="File to write to; parquet needs one.")
    ] = None,
) -> None:
    """Ask for metrics, grouped and filtered; every name is in `scalehouse metrics list`."""
    from orchestration.semantics import Question

    with explained():
        settings = Settings()
        sql = _layer(settings).sql(
            Question(
                metrics=_names(metrics),
                group_by=_names(group_by),
                where=where or [],
                order=_names(order),
                limit=limit,
                start=start_time,
                end=end_time,
            )
        )
        if explain:
            console.print(sql, markup=False, highlight=False, soft_wrap=True)
            return
        try:
            write_answer(settings.warehouse, sql, form.value, output, console)
        except duckdb.Error as error:
            raise PipelineError(f"the query failed: {error}") from error


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _layer(settings: Settings) -> "SemanticLayer":
    current_snapshot(settings.warehouse)  # where there is none, nothing need be parsed
    from orchestration.dbt_runner import DbtProject
    from orchestration.semantics import SemanticLayer

    return SemanticLayer(DbtProject.of(settings).semantic_manifest())
