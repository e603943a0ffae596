"""What the operations lead wants to know at a glance, on the console."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest import landing
from ingest.contract import Contract, load_contracts
from ingest.keys import home_key
from ingest.privacy import vault_attached
from orchestration.builds import last_build
from orchestration.deliveries import UnknownColumns, unknown_columns
from orchestration.errors import PipelineError
from orchestration.overview import (
    FailedCheck,
    OpenFile,
    TableState,
    bad_rows,
    failed_checks,
    open_files,
    table_states,
)
from orchestration.resources import Settings

# Of files with unknown columns the newest are shown; the others most likely have the same.
_SHOWN_FILES = 3

# How an unreadable or doubtful file can be dealt with.
_REMEDY = "put a corrected file in its place, or `scalehouse accept|withdraw FILE --reason ...`"


def show_status(settings: Settings, console: Console) -> bool:
    """Print the state of sources, files, checks and the build; return whether all is well.

    Raises:
        PipelineError: nothing has run in this home yet.
    """
    warehouse, contracts = settings.warehouse, load_contracts()
    _require(settings)
    with warehouse.reader() as connection:
        states = table_states(connection)
        waiting = open_files(connection)
        failed = failed_checks(connection)
        build = last_build(connection)
        unknown = unknown_columns(connection)
    console.print(_sources(contracts, states), highlight=False)
    for name in landing.unmatched(warehouse.landing, contracts):
        console.print(f"[yellow]no contract asks for[/] {escape(name)}", highlight=False)
    _show_unknown(console, unknown)
    _show_files(console, waiting)
    _show_checks(console, failed)
    published = f"{build.build_id}, {build.published_at:%Y-%m-%d %H:%M} UTC" if build else "nothing"
    console.print(f"published: {published}", highlight=False)
    return (
        build is not None
        and not any(file.status == "held" for file in waiting)
        and not any(check.severity == "critical" for check in failed)
    )


def show_quarantine(settings: Settings, console: Console, source: str | None, limit: int) -> None:
    """Print the first ``limit`` quarantined rows with their text.

    Raises:
        PipelineError: nothing has run in this home yet.
    """
    warehouse = settings.warehouse
    _require(settings)
    with (
        warehouse.writer() as connection,
        vault_attached(connection, warehouse.vault, home_key(warehouse, connection)),
    ):
        rows, total = bad_rows(connection, source, limit)
    if not rows:
        console.print("no row is in quarantine")
        return
    table = Table("file", "line", "reason", "text", title="Rows that could not be read")
    for row in rows:
        text = (row.raw_text or "").rstrip("\r\n")
        table.add_row(escape(row.file_name), str(row.line), row.reason, escape(text))
    console.print(table, highlight=False)
    console.print(f"{len(rows)} of {total} rows", highlight=False)


def _require(settings: Settings) -> None:
    database = settings.warehouse.database
    if not database.is_file():
        raise PipelineError(f"{database} is not there yet: run `scalehouse run` first")


def _sources(contracts: Sequence[Contract], states: dict[tuple[str, str], TableState]) -> Table:
    table = Table("source", "table", "files", "rows", "quarantined", "last load", "state")
    now = datetime.now(UTC).replace(tzinfo=None)
    for contract in contracts:
        for contracted in contract.tables:
            state = states.get((contract.source, contracted.name))
            if state is None or state.last_loaded_at is None:
                table.add_row(contract.source, contracted.name, *[""] * 4, "[dim]not connected[/]")
                continue
            is_fresh = now - state.last_loaded_at <= timedelta(hours=contracted.fresh_within_hours)
            table.add_row(
                contract.source,
                contracted.name,
                f"{state.files:,}",
                f"{state.rows:,}",
                f"{state.quarantined:,}" if state.quarantined else "",
                f"{state.last_loaded_at:%Y-%m-%d %H:%M}",
                "[green]fresh[/]"
                if is_fresh
                else f"[yellow]older than {contracted.fresh_within_hours} h[/]",
            )
    for column in table.columns[2:5]:
        column.justify = "right"
    return table


def _show_unknown(console: Console, unknown: Sequence[UnknownColumns]) -> None:
    for file in unknown[:_SHOWN_FILES]:
        text = f"{file.file_name}: {', '.join(file.names)}"
        console.print(f"[yellow]unknown columns[/] {escape(text)}", highlight=False, soft_wrap=True)
    if unknown:
        console.print(
            "→ kept in `_rescued`; describe them in the contract, or list them under `ignored`",
            style="dim",
            highlight=False,
            soft_wrap=True,
        )


def _show_files(console: Console, waiting: Sequence[OpenFile]) -> None:
    for file in waiting:
        color = "red" if file.status == "held" else "yellow"
        console.print(
            f"[{color}]{file.status}[/] {escape(f'{file.file_name}: {file.reason}')}",
            highlight=False,
            soft_wrap=True,
        )
    if waiting:
        console.print(f"→ {_REMEDY}", style="dim", highlight=False, soft_wrap=True)


def _show_checks(console: Console, failed: Sequence[FailedCheck]) -> None:
    for check in failed:
        color = "red" if check.severity == "critical" else "yellow"
        console.print(
            f"[{color}]{check.severity}[/] {escape(f'{check.table}: {check.rule}')}"
            + (f", {check.unexpected_count:,} rows" if check.unexpected_count else "")
            + (f", first at {escape(check.first_key)}" if check.first_key else ""),
            highlight=False,
            soft_wrap=True,
        )
