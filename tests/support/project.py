"""A copy of the project that a test may add to, run as a user would run it."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.support.warm_python import run_python

ROOT = Path(__file__).parents[2]
PARTS = (
    "analytics", "dbt_project", "expectations", "ingest", "orchestration", "reports", "seeds",
    "simulator", "dagster.yaml", "pyproject.toml",
)  # fmt: skip


@dataclass(frozen=True)
class Project:
    """A checkout at ``root`` with a Scalehouse home and a landing folder of its own."""

    root: Path
    home: Path
    landing: Path

    @property
    def current(self) -> Path:
        """The published snapshot that readers open."""
        return self.home / "published" / "current.duckdb"

    def run(self, *arguments: str, expect: int = 0) -> str:
        """Run ``scalehouse`` with ``arguments``; return all it prints.

        Raises:
            AssertionError: it ended with another code than ``expect``.
        """
        return self.python("-m", "orchestration.cli", *arguments, expect=expect)

    def python(self, *arguments: str, expect: int = 0) -> str:
        """Run Python in the copy, so that it imports the copy's packages."""
        environment = os.environ | {
            "PYTHONPATH": str(self.root),
            "SCALEHOUSE_HOME": str(self.home),
            "SCALEHOUSE_LANDING": str(self.landing),
            "SCALEHOUSE_SIGHTING_SECONDS": "0.05",
            "COLUMNS": "200",
        }
        code, printed = run_python(arguments, self.root, environment)
        assert code == expect, f"{arguments} ended with {code}:\n{printed}"
        return printed

    def query(self, sql: str) -> list[tuple]:
        """Return the rows of a query on the published snapshot."""
        with duckdb.connect(str(self.current.resolve()), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def in_place(folder: Path) -> Project:
    """Use this checkout itself, with home and landing below ``folder``."""
    (folder / "landing").mkdir(parents=True, exist_ok=True)
    return Project(root=ROOT, home=folder / "home", landing=folder / "landing")


def copied(folder: Path) -> Project:
    """Copy the checkout below ``folder``, for a test that adds files to it."""
    target = folder / "project"
    ignored = shutil.ignore_patterns("__pycache__", "logs")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=ignored)
        else:
            shutil.copy(source, target / part)
    (folder / "landing").mkdir()
    return Project(root=target, home=folder / "home", landing=folder / "landing")


def add_source(project: Project, folder: Path, source: str) -> None:
    """Add a contract and the staging models that lie in ``folder``, then ``make contracts``."""
    shutil.copy(folder / f"{source}.yml", project.root / "ingest" / "contracts")
    staging = project.root / "dbt_project" / "models" / "staging" / source
    staging.mkdir()
    for model in folder.glob("stg_*.sql"):
        shutil.copy(model, staging)
    project.python("-m", "ingest.codegen")
