"""The commands that tell where a number comes from."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.console import console, explained
from orchestration.explaining import Explanation, Rows, explain_opportunity, explain_person
from orchestration.querying import json_value
from orchestration.resources import Settings

explain = typer.Typer(
    help="Tell why a person is one, or where an opportunity's credits come from.",
    no_args_is_help=True,
)


class Form(StrEnum):
    """How an explanation is written."""

    TABLE = "table"
    JSON = "json"


FormOption = Annotated[Form, typer.Option("--format", help="How to write it.")]


@explain.command()
def person(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A person_id, or a contact's or lead's id.")
    ],
    form: FormOption = Form.TABLE,
) -> None:
    """Show which records, addresses and browsers are this person, by which rules, since when."""
    with explained():
        _write(explain_person(Settings().warehouse, identifier), form)


@explain.command()
def opportunity(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="The CRM's id; Salesforce's with 15 or 18.")
    ],
    model: Annotated[str, typer.Option(help="Attribution model to show.")] = "linear",
    form: FormOption = Form.TABLE,
) -> None:
    """Show account, amount and rate, the buying group and why, and the journey with credits."""
    with explained():
        _write(explain_opportunity(Settings().warehouse, identifier, model), form)


def _write(explanation: Explanation, form: Form) -> None:
    if form is Form.JSON:
        content = {explanation.subject: explanation.facts, **explanation.sections}
        text = json.dumps(content, default=json_value, indent=1, ensure_ascii=False)
        typer.echo(text)
        return
    for name, value in explanation.facts.items():
        if value is not None:
            console.print(
                f"[bold]{name.replace('_', ' ')}[/]  {escape(_text(value))}",
                highlight=False,
                soft_wrap=True,
            )
    for name, rows in explanation.sections.items():
        _print_section(name, rows)


def _print_section(name: str, rows: Rows) -> None:
    if not rows:
        console.print(f"\nno {name}", style="dim")
        return
    # a column that says nothing takes no room
    shown = [key for key in rows[0] if any(row[key] not in (None, False) for row in rows)]
    table = Table(*(key.replace("_", " ") for key in shown), title=name, title_justify="left")
    for row in rows:
        table.add_row(*(escape(_text(row[key])) for key in shown))
    console.print(table, highlight=False)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)
