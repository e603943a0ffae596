"""The commands that say how good we are: against the truth, and against where we began."""

from pathlib import Path
from typing import Annotated

import typer

from ingest.scrubbing import without_personal_parts
from orchestration.console import console, existing_warehouse, explained, stop
from orchestration.resources import ROOT

evaluation = typer.Typer()


@evaluation.command()
def grade(
    scenario: Annotated[
        list[str] | None, typer.Option(help="Only this one; may be given again.")
    ] = None,
    companies: Annotated[int, typer.Option(min=1, help="Companies per scenario.")] = 3,
    contacts: Annotated[int, typer.Option(min=1, help="People each company knows.")] = 1500,
    days: Annotated[int, typer.Option(min=60, help="Days of history of each.")] = 900,
    output: Annotated[Path, typer.Option(help="Folder for the two seeds.")] = ROOT / "seeds",
) -> None:
    """Compare every attribution model with the truth of made-up companies, by scenario.

    Each company goes through the whole pipeline in a home of its own, which takes minutes. The
    result replaces the seeds that the published table model_error is made of.
    """
    from orchestration.grading import Sizes, grade_scenarios, write_errors
    from simulator.errors import SimulationError

    with explained():
        try:
            graded = grade_scenarios(
                scenario or [],
                Sizes(companies, contacts, days),
                lambda text: console.print(text, highlight=False),
            )
        except SimulationError as error:
            stop(str(error), error)
        for path in write_errors(graded, output):
            console.print(f"wrote {path}", highlight=False, soft_wrap=True)


@evaluation.command()
def baseline(
    quarter: Annotated[str, typer.Argument(metavar="QUARTER", help="Such as 2026-Q1.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, without names; it is kept.")],
) -> None:
    """Freeze the published KPIs of a quarter: from the next run on every KPI shows the change.

    Freezing again moves the baseline for all KPIs that the quarter has; the older one stays in
    the published table kpi_baseline.
    """
    from orchestration.baselines import freeze_baseline
    from orchestration.publish import CURRENT

    with explained():
        warehouse = existing_warehouse()
        with warehouse.writer() as connection:
            snapshot = warehouse.published / CURRENT
            kept = freeze_baseline(connection, snapshot, quarter, without_personal_parts(reason))
    console.print(f"{kept:,} KPIs of {quarter} are the baseline of the next run", highlight=False)
