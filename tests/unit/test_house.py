"""The house rules that a machine can check: lengths, and data that flows one way."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("analytics", "expectations", "ingest", "orchestration", "reports", "simulator")
MODULE_LINES, FUNCTION_LINES = 250, 40
MODEL_LINES, MACRO_LINES, YAML_LINES = 100, 30, 200
CONTRACT_LINES = 250

# name → why it may be longer
EXCEPTIONS: dict[str, str] = {}

MAY_READ = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate", "seed", "statistics", "history"},
    "marts": {"intermediate", "marts", "seed", "statistics", "history", "ops"},
    # the scoreboard quotes what its readers can look up, see docs/adr/0013
    "published": {"marts", "published"},
}


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_long(paths: Iterator[Path], limit: int) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {lines(path)}"
        for path in paths
        if lines(path) > limit
        and path.relative_to(ROOT).as_posix() not in EXCEPTIONS
        and "generated" not in path.parts
    ]


def python_files() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")


def test_modules_are_short() -> None:
    assert too_long(python_files(), MODULE_LINES) == []


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno >= FUNCTION_LINES + docstring_lines(node)
    ]
    assert long == []


def docstring_lines(node: ast.FunctionDef) -> int:
    """Words that explain are not what makes a function long."""
    documented = ast.get_docstring(node, clean=False)
    return documented.count("\n") + 1 if documented else 0


def test_models_macros_yaml_and_contracts_are_short() -> None:
    dbt = ROOT / "dbt_project"
    yamls = (
        path for path in dbt.glob("models/**/*.yml") if not path.name.endswith("__contract.yml")
    )
    assert too_long(dbt.glob("models/**/*.sql"), MODEL_LINES) == []
    assert too_long(dbt.glob("macros/**/*.sql"), MACRO_LINES) == []
    assert too_long(yamls, YAML_LINES) == []
    assert too_long((ROOT / "ingest" / "contracts").glob("*.yml"), CONTRACT_LINES) == []


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((ROOT / "dbt_project" / "target" / "manifest.json").read_text())


def layer(manifest: dict, unique_id: str) -> str:
    """The folder under ``models`` of a model, the name of an inner source, or the node's type."""
    kind, _, name = unique_id.partition(".")
    if kind == "source":
        source = name.split(".")[1]
        return source if source in {"statistics", "history", "ops"} else "source"
    return manifest["nodes"][unique_id]["fqn"][1] if kind == "model" else kind


def test_a_model_reads_only_from_below(manifest: dict) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    upward = [
        f"{model['name']} reads {parent}"
        for model in models
        for parent in model["depends_on"]["nodes"]
        if layer(manifest, parent) not in MAY_READ[model["fqn"][1]]
    ]
    assert models
    assert upward == []


def test_every_model_and_column_is_described(manifest: dict) -> None:
    bare = [
        f"{node['name']}.{column['name']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] in {"model", "seed"}
        for column in [{"name": "*", "description": node["description"]}, *node["columns"].values()]
        if not column["description"]
    ]
    assert bare == []
