"""The commands that keep a home alive: make it again, keep a copy, bring it back."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.comparison import TableDifference
from orchestration.console import alone, console, errors, explained
from orchestration.resources import Settings

upkeep = typer.Typer()


@upkeep.command()
def rebuild(
    *,
    accept: Annotated[
        bool,
        typer.Option("--accept-differences", help="Swap even if rows differ; the old one is kept."),
    ] = False,
) -> None:
    """Make the working database again from the store, compare, and swap if it is the same.

    Needed after damage, or when a contract changed what its table looks like. Every loaded file
    is read again, every model built and checked; readers keep their snapshot throughout.
    """
    from orchestration.rebuild import rebuild as build_anew
    from orchestration.rebuild import swap

    with explained():
        settings = Settings()
        with alone(settings.warehouse):
            done = build_anew(settings, lambda text: console.print(escape(text), style="dim"))
            if done.differing:
                _show_differences(done.differing)
                if not accept:
                    errors.print(
                        "not swapped; if the differences are wanted, such as after a change to a "
                        "contract: `scalehouse rebuild --accept-differences`",
                        highlight=False,
                        soft_wrap=True,
                    )
                    raise typer.Exit(1)
            kept = swap(settings, done)
    rows = sum(table.rows for table in done.tables)
    if kept:
        console.print(
            f"swapped; the old one is {kept.name}. Next: `scalehouse run`", highlight=False
        )
    elif done.tables:
        console.print(
            f"[green]equal[/]: {len(done.tables)} tables, {rows:,} rows; swapped", highlight=False
        )
    else:
        console.print("rebuilt; there was no old one to compare it with", highlight=False)


def _show_differences(tables: Sequence[TableDifference]) -> None:
    shown = Table("table", "only before", "only now", "columns", title="What differs")
    for table in tables:
        shown.add_row(
            table.table, f"{table.only_old:,}", f"{table.only_new:,}", ", ".join(table.columns)
        )
    console.print(shown, highlight=False)
