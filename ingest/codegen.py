"""Write what dbt must know about the contracts; run as ``python -m ingest.codegen [--check]``."""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from ingest.contract import Contract, Table, load_contracts
from ingest.warehouse import raw_table, stored_columns

DBT_DIR = Path(__file__).parents[1] / "dbt_project"
ACTIONS_SEED = DBT_DIR.parent / "seeds" / "platform_conversion_actions.csv"
# Interfaces of reports that platforms restate: their staging keeps what was superseded.
RESTATED = ("ad_performance", "campaign_spend")
HEADER = "Generated from ingest/contracts by `make contracts`; do not edit."


def render(contracts: Sequence[Contract]) -> dict[Path, str]:
    """Return the text of every generated file, by path under the dbt project."""
    files = {
        Path(f"models/staging/{contract.source}/_{contract.source}__contract.yml"): _dbt_yaml(
            contract
        )
        for contract in contracts
    }
    files[Path("macros/generated/tables_feeding.sql")] = _macro(
        "tables_feeding(interface)", _feeds(contracts), "[interface]"
    )
    files[Path("macros/generated/version_rule.sql")] = _macro(
        "version_rule(source_name, table_name)",
        _version_rules(contracts),
        "[source_name ~ '__' ~ table_name]",
    )
    files[Path("macros/generated/counted_action.sql")] = _macro(
        "counted_action(platform)",
        counted_actions(ACTIONS_SEED),
        "[platform]",
        HEADER.replace("ingest/contracts", f"seeds/{ACTIONS_SEED.name}"),
    )
    return files


def _dbt_yaml(contract: Contract) -> str:
    content = {
        "sources": [
            {
                "name": contract.source,
                "description": contract.description,
                "schema": "raw",
                "tables": [_source_table(contract.source, table) for table in contract.tables],
            }
        ],
        "models": [_staging_model(contract, table) for table in contract.tables if table.feeds],
    }
    if not content["models"]:
        del content["models"]
    return f"# {HEADER}\n" + yaml.safe_dump(content, sort_keys=False, width=100)


def _source_table(source: str, table: Table) -> dict:
    return {
        "name": table.name,
        "identifier": raw_table(source, table).partition(".")[2],
        "description": table.description,
        "config": {"meta": {"dagster": {"asset_key": ["raw", source, table.name]}}},
        "columns": [column.model_dump() for column in stored_columns(table)],
    }


def _staging_model(contract: Contract, table: Table) -> dict:
    versions = "Every version" if table.feeds in RESTATED else "Latest versions"
    return {
        "name": f"stg_{contract.source}__{table.name}",
        "description": f"{table.description} {versions}, conformed to {table.feeds}.",
        "config": {"meta": {"owner": contract.owner}},
    }


def _feeds(contracts: Sequence[Contract]) -> dict[str, list[str]]:
    feeds: dict[str, list[str]] = {}
    for contract in contracts:
        for table in contract.tables:
            if table.feeds:
                feeds.setdefault(table.feeds, []).append(f"{contract.source}__{table.name}")
    return feeds


def _version_rules(contracts: Sequence[Contract]) -> dict[str, dict]:
    return {
        f"{contract.source}__{table.name}": {
            "delivery": table.delivery,
            "key": [table.column(name).stored_name for name in table.key],
            "version_by": table.version_by and table.column(table.version_by).stored_name,
        }
        for contract in contracts
        for table in contract.tables
    }


def counted_actions(seed: Path) -> dict[str, str]:
    """Return the one column per platform that counts its conversions, from the seed.

    Raises:
        ValueError: two columns of a platform count; what they report overlaps.
    """
    with seed.open(encoding="utf-8", newline="") as rows:
        counted = [row for row in csv.DictReader(rows) if row["counts"] == "true"]
    actions = {row["platform"]: row["action"] for row in counted}
    if len(actions) < len(counted):
        raise ValueError(f"{seed.name}: two actions of one platform count, but actions overlap")
    return actions


def _macro(signature: str, content: dict, lookup: str, header: str = HEADER) -> str:
    lines = ",\n".join(f"        {key!r}: {value!r}" for key, value in content.items())
    return (
        f"{{# {header} #}}\n"
        f"{{% macro {signature} %}}\n"
        f"    {{{{ return({{\n{lines}\n    }}{lookup}) }}}}\n"
        "{% endmacro %}\n"
    )


def stale(contracts: Sequence[Contract], directory: Path) -> list[Path]:
    """Return the generated files under ``directory`` that are missing, outdated or orphaned."""
    wanted = {directory / path: text for path, text in render(contracts).items()}
    differing = [
        path
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    lying = [*directory.glob("models/staging/*/_*__contract.yml")]
    return sorted({*differing, *(path for path in lying if path not in wanted)})


def main(arguments: Sequence[str] = ()) -> int:
    """Write every generated file; with ``--check`` only say which are stale."""
    contracts = load_contracts()
    outdated = stale(contracts, DBT_DIR)
    if "--check" in arguments:
        for path in outdated:
            print(f"{path.relative_to(DBT_DIR.parent)} is stale: run `make contracts`")  # noqa: T201 - a command line
        return 1 if outdated else 0
    wanted = render(contracts)
    for path in outdated:
        if path.relative_to(DBT_DIR) not in wanted:
            path.unlink()
    for path, text in wanted.items():
        target = DBT_DIR / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
