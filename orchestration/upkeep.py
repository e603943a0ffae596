"""The commands that keep a home alive: make it again, keep a copy, bring it back."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ingest.scrubbing import without_personal_parts
from orchestration.comparison import TableDifference
from orchestration.console import alone, console, errors, existing_warehouse, explained
from orchestration.resources import Settings

if TYPE_CHECKING:
    from orchestration.erasing import Erased

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


@upkeep.command()
def forget(
    email: Annotated[
        str,
        typer.Option(prompt="E-mail address", help="Whom to erase; without it you are asked."),
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether that is meant.")] = False,
) -> None:
    """Erase a person everywhere, old snapshots and the files as they came included.

    A random token takes the place of the address, so that every count and sum stays; it is also
    put into files that are sent again later. Then everything is built, checked and published.
    """
    from ingest.erasure import Erasure
    from orchestration.erasing import erase

    with explained():
        settings = Settings()
        existing_warehouse()
        Erasure.of(email)
        if not yes:
            typer.confirm("This cannot be undone. Erase this person?", abort=True)
        with alone(settings.warehouse):
            done = erase(settings, email, lambda text: console.print(escape(text), style="dim"))
    _show_erased(done)
    raise typer.Exit(1 if done.left or done.failures else 0)


@upkeep.command()
def backup(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where all backups lie.")],
    keep: Annotated[int, typer.Option(min=1, help="How many backups stay.")] = 7,
) -> None:
    """Copy what cannot be made again: store, state, vault and key, checked as it is read.

    Files of the store that DIR has already are not copied again. DIR then has personal data and
    the key to it, as the home has: keep it as safe.
    """
    from ingest.backup import back_up

    with explained(), alone(Settings().warehouse), console.status("copying ..."):
        done = back_up(Settings().warehouse, directory.absolute(), keep)
    console.print(
        f"{done.folder}: {len(done.files):,} files, {done.size_bytes:,} bytes "
        f"({done.copied:,} of the store were new)",
        highlight=False,
        soft_wrap=True,
    )


@upkeep.command()
def restore(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where the backups lie.")],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Move a home that holds something aside.")
    ] = False,
) -> None:
    """Bring the home back from the last backup in DIR; the next run makes the database again.

    Every file is held to the checksums of the backup's manifest before the home is touched.
    """
    from ingest.restoration import restore as bring_back

    with explained():
        warehouse = Settings().warehouse
        with alone(warehouse), console.status("copying and checking ..."):
            done, aside = bring_back(warehouse, directory.absolute(), replace=force)
    if aside:
        console.print(f"what was there is in {aside}", highlight=False, soft_wrap=True)
    console.print(
        f"{done.folder.name} is restored: {len(done.files):,} files, every one checked. "
        "Next: `scalehouse run`",
        highlight=False,
        soft_wrap=True,
    )


@upkeep.command("replay-quarantine")
def replay_quarantine(
    source: Annotated[str | None, typer.Option(help="Only this source's files.")] = None,
) -> None:
    """Read files with bad rows, and refused files, again after their contract was mended.

    Rows of a loaded file are replaced in one transaction if the contract's checks pass; refused
    files go through the next run.
    """
    from orchestration.replay import replay_quarantine as replay

    with explained():
        warehouse = existing_warehouse()
        with alone(warehouse), console.status("reading again ..."):
            tables, reopened = replay(warehouse, source)
    for table in tables:
        console.print(
            f"{table.table}: {table.files:,} files, {table.before - table.after:,} of "
            f"{table.before:,} rows came back"
            + (f"; left as it was: {escape(table.refusal)}" if table.refusal else ""),
            highlight=False,
            soft_wrap=True,
        )
    for name in reopened:
        console.print(f"{escape(name)}: refused before, the next run tries it", highlight=False)
    came_back = sum(table.before - table.after for table in tables)
    console.print(
        f"{came_back:,} rows came back. Next: `scalehouse run`"
        if came_back or reopened
        else "nothing came back: what could not be read cannot be read now",
        highlight=False,
    )


@upkeep.command()
def refit(
    month: Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2026-03.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, without names; it is kept.")],
) -> None:
    """Fit the frozen channel weights of a month anew, with what is known today.

    The next run does it and publishes a new version; conversions of the following month that
    data-driven models weigh are restated under the cause `weights_version`.
    """
    from orchestration.history import request_refit

    with explained(), existing_warehouse().writer() as connection:
        request_refit(connection, month, without_personal_parts(reason))
    console.print(f"the next run fits {escape(month)} anew", highlight=False)


def _show_erased(done: "Erased") -> None:
    console.print(
        f"{done.stored:,} stored files and {done.landed:,} files of the landing folder rewritten",
        highlight=False,
    )
    for name in done.left:
        errors.print(
            f"[red]still there:[/] {escape(name)}: take it out of the landing folder, then do "
            "this again",
            highlight=False,
            soft_wrap=True,
        )
    for failure in done.failures:
        errors.print("[red]failed:[/]", escape(failure), highlight=False, soft_wrap=True)
    if done.failures:
        errors.print("readers still have the old snapshot: mend it, then `scalehouse run`")
    else:
        console.print("published; older snapshots, results and pages are removed", highlight=False)
    console.print(
        "Backups made before still have the person: make a new one and destroy the older ones.",
        highlight=False,
    )


def _show_differences(tables: Sequence[TableDifference]) -> None:
    shown = Table("table", "only before", "only now", "columns", title="What differs")
    for table in tables:
        shown.add_row(
            table.table, f"{table.only_old:,}", f"{table.only_new:,}", ", ".join(table.columns)
        )
    console.print(shown, highlight=False)
