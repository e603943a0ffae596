"""Run single dbt models against small tables, without dbt: as fast as the query itself."""

import ast
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader

DBT_DIR = Path(__file__).parents[2] / "dbt_project"
VARIABLES = {
    "reporting_currency": "EUR",
    "reporting_time_zone": "Europe/Berlin",
    "person_record_limit": "24",
    "influence_window_days": "180",
    "lifetime_horizon_years": "5",
    "discount_rate": "0.1",
}


@cache
def render(model: str, *, is_text: bool = False) -> str:
    """Return the SQL of a model or singular test with each ``ref`` as a plain table name.

    With ``is_text`` the argument is the SQL itself.
    """
    text = model if is_text else _text_of(model)
    environment = Environment(loader=FileSystemLoader(DBT_DIR / "macros"), autoescape=False)  # noqa: S701 - SQL
    macro_files = sorted(
        [*(DBT_DIR / "macros").glob("*.sql"), *(DBT_DIR / "macros/kpis").glob("*.sql")]
    )
    macros = "".join(file.read_text() for file in macro_files)
    template = environment.from_string(macros + text)
    return template.render(
        ref=lambda name: name,
        source=lambda _, name: name,
        var=lambda name: VARIABLES[name],
        version_rule=_version_rule,
        tables_feeding=lambda interface: _generated("tables_feeding")[interface],
        counted_action=lambda platform: _generated("counted_action")[platform],
        config=lambda **_: "",
        return_=lambda value: value,
    )


def _text_of(model: str) -> str:
    [path] = [*DBT_DIR.glob(f"models/**/{model}.sql"), *DBT_DIR.glob(f"tests/{model}.sql")]
    return path.read_text()


def _version_rule(source: str, table: str) -> dict:
    return _generated("version_rule")[f"{source}__{table}"]


@cache
def _generated(macro: str) -> dict:
    """What dbt's macro of this name chooses from; outside of dbt a macro gives nothing but text."""
    text = (DBT_DIR / "macros" / "generated" / f"{macro}.sql").read_text()
    content = re.search(r"return\((\{.*\})\[", text, re.DOTALL)
    assert content
    return ast.literal_eval(content.group(1))


def build(connection: duckdb.DuckDBPyConnection, models: Sequence[str]) -> None:
    """Create each model, in order, as a table of its name."""
    for model in models:
        connection.execute(f"create or replace table {model} as {render(model)}")


def attribution_models(where: str = "true") -> str:
    """SQL for the seed's rows, typed as dbt types them."""
    seed = DBT_DIR.parent / "seeds" / "attribution_models.csv"
    types = re.search(r"column_types: \{([^}]+)\}", (seed.parent / "_seeds.yml").read_text())
    assert types
    declared = dict(re.findall(r"(\w+): (\w+)", types.group(1)))
    casts = ", ".join(f"'{name}': '{kind}'" for name, kind in declared.items())
    return f"select * from read_csv('{seed}', header = true, types = {{{casts}}}) where {where}"
