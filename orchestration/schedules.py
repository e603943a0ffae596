"""When things run: everything once a day, a source's share when its files arrive."""

import hashlib
import json
from collections.abc import Iterable, Sequence

import dagster as dg
from filelock import Timeout

from ingest import landing
from ingest.contract import Contract
from ingest.landing import LandingFile
from orchestration.builds import unknown_files
from orchestration.raw_assets import LANDING_FILES, raw_key
from orchestration.resources import Settings

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    tags={"scalehouse/writes": "warehouse"},
    description="Load what is new, rebuild, check and publish.",
)


def daily_refresh(settings: Settings) -> dg.ScheduleDefinition:
    """Define the daily run: 05:30 where the company reports."""
    return dg.ScheduleDefinition(
        name="daily_refresh",
        job=refresh,
        cron_schedule="30 5 * * *",
        execution_timezone=settings.reporting_time_zone,
    )


def landing_sensor(settings: Settings, contracts: Sequence[Contract]) -> dg.SensorDefinition:
    """Define the sensor that starts a run per source once its new files have stopped growing.

    Its cursor holds what the last tick saw; a file that two ticks see unchanged, and that the
    ledger does not know, is offered. A run's key is made of the files' contents and clocks.
    """

    @dg.sensor(
        name="landing_sensor",
        job=refresh,
        minimum_interval_seconds=60,
        description="Runs what depends on a source when new files of it have settled.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        files = landing.sight(settings.warehouse.landing, contracts)
        before = json.loads(context.cursor or "{}")
        now = {_name(file): [file.size_bytes, file.modified_ns] for file in files}
        settled = [file for file in files if before.get(_name(file)) == now[_name(file)]]
        try:
            new = unknown_files(settings.warehouse, settled)
        except Timeout:
            return dg.SkipReason("a run is writing to the warehouse; the next tick looks again")
        requests = [
            _request(context, contract, files)
            for contract in contracts
            if (files := [file for file in new if file.source == contract.source])
        ]
        return dg.SensorResult(run_requests=requests, cursor=json.dumps(now))

    return sensor


def downstream_of(repository: dg.RepositoryDefinition, contract: Contract) -> list[dg.AssetKey]:
    """Return the landing folder, the source's raw tables, and all that depends on them."""
    own = {raw_key(contract.source, table.name) for table in contract.tables}
    found: set[dg.AssetKey] = set()
    waiting: list[dg.AssetKey] = [LANDING_FILES, *own]
    while waiting:
        key = waiting.pop()
        is_of_another_source = key.path[0] == "raw" and key not in own
        if key not in found and not is_of_another_source:
            found.add(key)
            waiting.extend(repository.asset_graph.get(key).child_keys)
    return sorted(found)


def _request(
    context: dg.SensorEvaluationContext,
    contract: Contract,
    files: Sequence[LandingFile],
) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=_contents_key(files),
        asset_selection=downstream_of(context.repository_def, contract),
        tags={"scalehouse/source": contract.source},
    )


def _name(file: LandingFile) -> str:
    return f"{file.source}/{file.table_name}/{file.file_name}"


def _contents_key(files: Iterable[LandingFile]) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.path.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
        digest.update(f"{_name(file)}:{file.modified_ns}".encode())
    return digest.hexdigest()
