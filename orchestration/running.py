"""One whole run in this process, with its history where Dagster's own pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
from sqlalchemy.exc import OperationalError

from ingest.warehouse import Warehouse
from orchestration.checks import FAILURES
from orchestration.dagster_home import prepare_dagster_home
from orchestration.definitions import build_definitions, defs
from orchestration.errors import PipelineError
from orchestration.progress import PROGRESS
from orchestration.resources import Settings

# Errors whose message is enough: it says what to do, or that a file cannot be written.
_CLEAR = frozenset(
    {"HomeError", "LedgerError", "PipelineError", "SchemaDriftError", "OSError", "IOException"}
)
# What is around the models: files come in, readers see the result, and it is remembered.
_AROUND_MODELS = frozenset({"landing", "raw", "snapshot", "history"})


@dataclass(frozen=True)
class RunReport:
    """How a run ended: whether every step and critical check passed, and what failed."""

    has_succeeded: bool
    failures: tuple[str, ...]


def run_refresh(settings: Settings) -> RunReport:
    """Run the whole job once and wait for it; a line per step goes to the console."""
    return _run(settings, defs, None)


def run_models(settings: Settings, warehouse: Warehouse) -> RunReport:
    """Build and check all that is made of raw in ``warehouse``, and publish nothing."""
    definitions = build_definitions(settings, warehouse)
    keys = definitions.resolve_asset_graph().get_all_asset_keys()
    return _run(settings, definitions, [key for key in keys if key.path[0] not in _AROUND_MODELS])


def _run(
    settings: Settings, definitions: dg.Definitions, selection: Sequence[dg.AssetKey] | None
) -> RunReport:
    prepare_dagster_home(settings)
    try:
        with dg.DagsterInstance.get() as instance:
            result = definitions.resolve_job_def("refresh").execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {PROGRESS: {"config": {}}}},
                asset_selection=selection,
            )
    except OperationalError as error:
        raise PipelineError(
            f"the history of runs in {settings.dagster_home} cannot be written: {error.orig}"
        ) from error
    return RunReport(result.success, tuple(_failures(result)))


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    """Say what stopped the run: each failed suite first, then each step that failed of itself."""
    suites = [
        f"{check.asset_key.to_user_string()}: check {check.check_name} failed: {_broken(check)}"
        for check in result.get_asset_check_evaluations()
        if not check.passed
        and check.blocking
        # dbt's tests are told with the step that ran them
        and isinstance(check.metadata.get(FAILURES), dg.TableMetadataValue)
    ]
    steps = []
    for event in result.get_step_failure_events():
        failure = event.step_failure_data
        if failure.user_failure_data:
            steps.append(f"{event.step_key}: {failure.user_failure_data.description}")
        elif failure.error and failure.error.cls_name != "DagsterAssetCheckFailedError":
            steps.append(f"{event.step_key}: {_explained(failure.error)}")
    return [*suites, *steps]


def _explained(error: Any) -> str:
    """Return the message alone of an error that is clear without its stack, else both."""
    cause = error.cause or error
    kind, _, message = cause.message.strip().partition(": ")
    return message if kind.rpartition(".")[2] in _CLEAR else error.to_string()


def _broken(check: dg.AssetCheckEvaluation) -> str:
    """Name the critical expectations that failed, and how many rows break each."""
    table = check.metadata[FAILURES]
    return "; ".join(
        f"{record.data['expectation']} ({record.data['bad_rows']} rows)"
        for record in table.records
        if record.data["severity"] == "critical"
    )
