"""The command line: each command calls one thing and says what became of it.

Imports are inside the commands: Dagster, dbt and Great Expectations take seconds to load, and
most commands need none of them.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.markup import escape

from ingest.opening import is_damage, note_damage
from ingest.scrubbing import without_personal_parts
from orchestration.charts import charts
from orchestration.console import (
    advise,
    alone,
    console,
    errors,
    existing_warehouse,
    explained,
    stop,
)
from orchestration.errors import PipelineError
from orchestration.evaluation import evaluation
from orchestration.explain import explain
from orchestration.metrics import metrics
from orchestration.querying import Format, write_answer
from orchestration.resources import ROOT, Settings
from orchestration.upkeep import upkeep

app = typer.Typer(
    help="Scalehouse: exports in, one validated, attributed, reconciled warehouse out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(upkeep)
app.add_typer(explain, name="explain")
app.add_typer(metrics, name="metrics")
app.add_typer(evaluation)
app.add_typer(charts)
Reason = Annotated[str, typer.Option("--reason", help="Why, without names; kept in the ledger.")]
FileName = Annotated[
    str, typer.Argument(metavar="FILE", help="Path below the landing folder, as `status` shows it.")
]


@app.command()
def generate(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Gets `landing` and `truth`; must have neither.")
    ],
    seed: Annotated[int, typer.Option(help="Equal seeds give equal files, byte for byte.")] = 7,
    contacts: Annotated[int, typer.Option(min=1, help="People the company knows.")] = 3000,
    days: Annotated[int, typer.Option(min=60, help="Days of history.")] = 900,
    scenario: Annotated[str, typer.Option(help="What makes attribution hard there.")] = "typical",
) -> None:
    """Write the exports of a made-up company, to try Scalehouse or to test it."""
    from simulator.errors import SimulationError
    from simulator.generation import generate as write_exports

    try:
        with console.status("drawing the sample company ..."):
            report = write_exports(
                directory, seed=seed, contacts=contacts, days=days, scenario=scenario
            )
    except SimulationError as error:
        stop(str(error), error)
    rows = sum(report.rows.values())
    console.print(
        f"{len(report.rows)} files with {rows:,} rows in {directory / 'landing'}, "
        f"drawn in {report.seconds:.1f} s (seed {seed})",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def run() -> None:
    """Load what is new, rebuild, check and publish; exit 0 only if readers have the newest.

    A file counts once two sightings, a second apart, find it unchanged. Files that cannot be
    read are left out and listed by `status`; a broken critical check stops the run, and readers
    keep what was published before.
    """
    from ingest.damage import set_damaged_aside
    from orchestration.builds import unchanged_build

    with explained():
        settings = Settings()
        settings.warehouse.landing.mkdir(parents=True, exist_ok=True)
        with alone(settings.warehouse):
            damage = set_damaged_aside(settings.warehouse)
            if damage:
                errors.print("[red]damaged:[/]", escape(damage), highlight=False, soft_wrap=True)
                errors.print("every file is loaded again from the store", highlight=False)
            build = unchanged_build(settings)
            if build:
                console.print(f"nothing new: {build.build_id} is current", highlight=False)
                return
            console.print("loading Dagster, dbt and Great Expectations ...", style="dim")
            from orchestration.running import run_refresh

            report = run_refresh(settings)
    if report.has_succeeded:
        current = settings.warehouse.published / "current.duckdb"
        console.print(f"[green]published[/] {current}", highlight=False, soft_wrap=True)
        return
    for failure in report.failures:
        errors.print("[red]failed:[/]", escape(failure), highlight=False, soft_wrap=True)
        if is_damage(failure):
            note_damage(settings.warehouse.database, failure)
        advise(failure)
    errors.print("not published; readers keep the last snapshot. See `scalehouse status`.")
    raise typer.Exit(1)


@app.command()
def status() -> None:
    """Show sources, files that wait for a decision, failed checks and the published build.

    Exits with 1 if a file or a critical check keeps the newest data from readers.
    """
    from orchestration.status import show_status

    with explained():
        is_healthy = show_status(Settings(), console)
    raise typer.Exit(0 if is_healthy else 1)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT on the published tables.")],
    form: Annotated[Format, typer.Option("--format", help="How to write the rows.")] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option(help="File to write to; parquet needs one.")
    ] = None,
) -> None:
    """Ask the published snapshot; nothing can be written through it."""
    with explained():
        try:
            write_answer(Settings().warehouse, sql, form.value, output, console)
        except duckdb.Error as error:
            raise PipelineError(f"the query failed: {error}") from error


@app.command()
def quarantine(
    source: Annotated[str | None, typer.Option(help="Only this source's rows.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many rows to show.")] = 20,
) -> None:
    """Show rows that could not be read: where, why, and their text from the vault."""
    from orchestration.status import show_quarantine

    with explained():
        show_quarantine(Settings(), console, source, limit)


@app.command()
def accept(file: FileName, reason: Reason) -> None:
    """Let a held file in with the next run, or acknowledge that a refused one stays out."""
    from ingest import ledger

    with explained(), existing_warehouse().writer() as connection:
        state = ledger.accept(connection, file, without_personal_parts(reason))
    following = "the next run loads it" if state == "accepted" else "it stays out"
    console.print(f"{escape(file)} is {state}: {following}", highlight=False, soft_wrap=True)


@app.command()
def withdraw(file: FileName, reason: Reason) -> None:
    """Take a file back: its rows leave the warehouse and it is not offered again."""
    from ingest import ledger
    from ingest.contract import load_contracts

    with explained(), existing_warehouse().writer() as connection:
        kept = without_personal_parts(reason)
        rows = ledger.withdraw(connection, load_contracts(), file, kept)
    console.print(
        f"{escape(file)} is withdrawn: {rows:,} rows left raw; the next run publishes without them",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def docs() -> None:
    """Build Great Expectations' Data Docs of every suite into the home."""
    from expectations.data_docs import build_data_docs

    with explained(), console.status("validating and writing pages ..."):
        warehouse = existing_warehouse()
        with warehouse.lock():
            index = build_data_docs(warehouse.database, warehouse.home / "data_docs")
    console.print(f"open {index}", highlight=False, soft_wrap=True)


@app.command()
def dev(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000,
) -> None:
    """Open Dagster's pages for this machine alone: lineage, checks, history, schedules."""
    from orchestration.dagster_home import prepare_dagster_home

    with explained():
        settings = Settings()
        prepare_dagster_home(settings)
    # the project's folder may be another than this one, so paths must not depend on it
    warehouse = settings.warehouse
    environment = os.environ | {
        "SCALEHOUSE_HOME": str(warehouse.home),
        "SCALEHOUSE_LANDING": str(warehouse.landing),
    }
    command = [
        *[sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions"],
        *["--host", "127.0.0.1", "--port", str(port)],
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - this Python
    raise typer.Exit(done.returncode)


if __name__ == "__main__":
    app()
