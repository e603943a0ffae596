"""Run dbt in this process: spawning its command line costs seconds each time."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.results import NodeResult
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventMsg
from filelock import FileLock

from ingest.faults import point
from ingest.scrubbing import scrubbed
from ingest.warehouse import Warehouse
from orchestration.dbt_log import scrubbed_log
from orchestration.errors import PipelineError
from orchestration.fingerprint import files_digest
from orchestration.resources import Settings

PROJECT_DIR = Path(__file__).parents[1] / "dbt_project"

# The names under which profiles.yml expects the working database and the state file.
DATABASE_VARIABLE, STATE_VARIABLE = "SCALEHOUSE_DATABASE", "SCALEHOUSE_STATE"

# What parsing leaves in the target folder: for others to read, and for dbt itself.
MANIFEST = "manifest.json"
SEMANTIC_MANIFEST = "semantic_manifest.json"
PARSED = "partial_parse.msgpack"

# Nothing on the console, nothing to the vendor, and nothing that dbt writes to a log by itself.
_FLAGS = (
    "--no-send-anonymous-usage-stats", "--no-version-check", "--no-use-colors-file",
    "--log-level", "none", "--log-level-file", "none",
)  # fmt: skip
_FAILED = frozenset({"error", "fail", "runtime error", "partial success"})
_STORED = frozenset({"table", "incremental", "seed", "snapshot"})


@dataclass(frozen=True)
class BuiltNode:
    """What became of one model, seed or test.

    ``status`` is dbt's own word: success, pass, warn, fail, error or skipped. ``failures``
    counts the rows that break a test, ``rows`` those of a stored table; each is None elsewhere.
    """

    unique_id: str
    file: str
    status: str
    message: str
    seconds: float
    failures: int | None = None
    rows: int | None = None
    relation: str | None = None

    @property
    def has_failed(self) -> bool:
        """Whether the node stops what comes after it; a warning does not."""
        return self.status in _FAILED


@dataclass(frozen=True)
class DbtProject:
    """The dbt project as it is run on one warehouse; ``variables`` are dbt's ``vars``."""

    warehouse: Warehouse
    variables: Mapping[str, str] = field(default_factory=dict)
    directory: Path = PROJECT_DIR

    @classmethod
    def of(cls, settings: Settings) -> "DbtProject":
        """Return this project's dbt project for one environment."""
        return cls(settings.warehouse, settings.dbt_variables)

    @property
    def _target(self) -> Path:
        return self.directory / "target"

    def manifest(self) -> dict[str, Any]:
        """Return dbt's manifest; the project is parsed only if its files have changed.

        Raises:
            PipelineError: a file of the project cannot be parsed.
        """
        self._target.mkdir(parents=True, exist_ok=True)
        with FileLock(self._target / "parse.lock"):
            seen = self._target / "fingerprint"
            if not seen.is_file() or seen.read_text(encoding="utf-8") != self._fingerprint():
                self._invoke(["parse"], None)
                seen.write_text(self._fingerprint(), encoding="utf-8")
        return json.loads((self._target / MANIFEST).read_bytes())

    def semantic_manifest(self) -> dict[str, Any]:
        """Return dbt's manifest of metrics; the project is parsed only if its files have changed.

        Raises:
            PipelineError: a file of the project cannot be parsed.
        """
        self.manifest()
        return json.loads((self._target / SEMANTIC_MANIFEST).read_bytes())

    def build(self, names: Sequence[str]) -> list[BuiltNode]:
        """Build the models, seeds and tests called ``names``, and nothing else.

        No connection to the warehouse is left open. Skipped nodes are in the list, too.

        Raises:
            PipelineError: dbt did not get as far as running the nodes.
        """
        self.manifest()
        # a fresh copy, since a run leaves its marks in the manifest that it is given
        manifest = Manifest.from_msgpack((self._target / PARSED).read_bytes())
        selection = ["--indirect-selection", "empty", "--select", *names]
        with self.warehouse.lock():
            point("dbt.starts")
            results = self._invoke(["--cache-selected-only", "build", *selection], manifest)
            point("dbt.built")
            return self._with_row_counts([_built(result) for result in results.results])

    def _invoke(self, arguments: Sequence[str], manifest: Manifest | None) -> Any:
        command = [
            *_FLAGS,
            *(["--no-write-json"] if manifest else []),
            *["--log-path", str(self.warehouse.home / "logs")],
            *arguments,
            *["--project-dir", str(self.directory), "--profiles-dir", str(self.directory)],
            *["--target-path", str(self._target), "--vars", json.dumps(dict(self.variables))],
        ]
        os.environ[DATABASE_VARIABLE] = str(self.warehouse.database)
        os.environ[STATE_VARIABLE] = str(self.warehouse.state)
        reasons: list[str] = []
        with _connections_closed(), scrubbed_log(self.warehouse.home / "logs") as write:
            callbacks = [write, _semantic_errors_into(reasons)]
            outcome = dbtRunner(manifest=manifest, callbacks=callbacks).invoke(command)
        if outcome.result is None:
            message = "\n".join([str(outcome.exception), *reasons])
            raise PipelineError(f"dbt {arguments[0]} failed: {scrubbed(message)}")
        return outcome.result

    def _with_row_counts(self, nodes: Sequence[BuiltNode]) -> list[BuiltNode]:
        relations = [node.relation for node in nodes if node.relation]
        if not relations:
            return list(nodes)
        counts = " union all ".join(
            f"select {number} as number, count(*) as row_count from {relation}"
            for number, relation in enumerate(relations)
        )
        with self.warehouse.reader() as connection:
            rows = connection.execute(f"{counts} order by number").fetchall()
        row_counts = {relations[number]: count for number, count in rows}
        return [replace(node, rows=row_counts.get(node.relation)) for node in nodes]

    def _fingerprint(self) -> str:
        """Return what parsing reads and what it wrote, which dbt run by hand writes anew."""
        folders = [self.directory / name for name in ("macros", "models", "tests")]
        files = [
            *self.directory.glob("*.yml"),
            *(path for folder in folders for path in folder.rglob("*")),
            *(self.directory.parent / "seeds").glob("*"),
        ]
        digest = files_digest(self.directory.parent, (path for path in files if path.is_file()))
        written = [
            (path.stat().st_size, path.stat().st_mtime_ns)
            for path in (self._target / MANIFEST, self._target / PARSED)
            if path.is_file()
        ]
        return json.dumps([version("dbt-core"), digest, dict(self.variables), written])


def failure_report(nodes: Sequence[BuiltNode]) -> str:
    """Return a paragraph for each failed node with its file and dbt's message; empty for none."""
    return "\n".join(
        f"{node.unique_id} ({node.file}): {node.message}" for node in nodes if node.has_failed
    )


@contextmanager
def _connections_closed() -> Iterator[None]:
    """Close dbt-duckdb's connection afterwards, which it keeps for its next run.

    While it is open, this process cannot open the file with other settings, nor can any other.
    """
    try:
        yield
    finally:
        # the accessor for it fails with a bare Exception when nothing was opened
        environment = DuckDBConnectionManager._ENV  # noqa: SLF001 - see above
        if environment is not None:
            environment.close()
        DuckDBConnectionManager.close_all_connections()


def _semantic_errors_into(reasons: list[str]) -> Callable[[EventMsg], None]:
    """Give what notes why dbt refuses a metric, of which its exception says nothing."""

    def note(event: EventMsg) -> None:
        if event.info.name == "SemanticValidationFailure" and event.info.level == "error":
            reasons.append(event.info.msg)

    return note


def _built(result: NodeResult) -> BuiltNode:
    node = result.node
    is_stored = result.status == "success" and node.config.materialized in _STORED
    return BuiltNode(
        unique_id=node.unique_id,
        file=node.original_file_path,
        status=str(result.status),
        # what follows is the stack of dbt's own macros
        message=" ".join(scrubbed((result.message or "").partition("\n  > in macro")[0]).split()),
        seconds=round(result.execution_time, 3),
        failures=result.failures,
        relation=node.relation_name if is_stored else None,
    )


if __name__ == "__main__":  # `make test`: the project parses
    DbtProject.of(Settings()).manifest()
