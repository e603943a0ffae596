"""The last step: what passed every check becomes the snapshot that readers open."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from ingest.warehouse import Warehouse
from orchestration.builds import code_of, describe_build, last_build, record_build, stopped_runs
from orchestration.errors import PipelineError
from orchestration.fingerprint import code_fingerprint
from orchestration.publish import PUBLISHED_SCHEMA, Build, publish_snapshot, row_counts
from orchestration.purging import purge
from orchestration.resources import WRITER_POOL, Settings
from orchestration.step_errors import scrubbed_errors

SNAPSHOT = dg.AssetKey(["snapshot", "current"])


def snapshot_asset(models: Sequence[dg.AssetsDefinition]) -> dg.AssetsDefinition:
    """Define ``snapshot/current``; all published ``models``, and their checks, come before it."""
    keys = {key for step in models for key in step.keys}
    published = sorted(key for key in keys if key.path[0] == PUBLISHED_SCHEMA)

    @dg.asset(
        key=SNAPSHOT,
        deps=published,
        group_name="snapshot",
        kinds={"duckdb"},
        pool=WRITER_POOL,
        owners=["team:data-platform"],
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=timedelta(hours=26), warn_window=timedelta(hours=25)
        ),
        description="The read-only file that dashboards, reports and `scalehouse query` open.",
    )
    @scrubbed_errors()
    def snapshot(
        context: dg.AssetExecutionContext,
        warehouse: dg.ResourceParam[Warehouse],
        settings: dg.ResourceParam[Settings],
    ) -> dg.MaterializeResult:
        selection = context.run.asset_selection
        is_whole = not selection or selection >= keys
        file, build = _publish(warehouse, settings, context.run.run_id, is_whole=is_whole)
        counts = row_counts(file)
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(counts.values()),
                "tables": counts,
                "file": dg.MetadataValue.path(file),
                "build_id": build.build_id,
                "ledger_sequence": build.ledger_sequence,
            }
        )

    return snapshot


def _publish(
    warehouse: Warehouse, settings: Settings, run_id: str, *, is_whole: bool
) -> tuple[Path, Build]:
    """Publish what the run has built.

    Raises:
        PipelineError: the run built a part, and an earlier one stopped before it published:
            what that one left in the other tables has not passed every check.
    """
    now = datetime.now(UTC)
    build_id = f"{now:%Y%m%dT%H%M%SZ}_{run_id[:8]}"
    with warehouse.lock():
        with warehouse.reader() as connection:
            if not is_whole and stopped_runs(connection, run_id):
                raise PipelineError(
                    "an earlier run stopped before it published, and this one built a part only: "
                    "run everything with `scalehouse run`"
                )
            # a part of the assets leaves the others as an older state of the code made them
            code = code_fingerprint(settings) if is_whole else code_of(last_build(connection))
            build = describe_build(connection, build_id, now, code)
        file = publish_snapshot(
            warehouse.database, warehouse.published, build, settings.keep_snapshots
        )
        with warehouse.writer() as connection:
            record_build(connection, build, run_id)
        if is_whole:
            purge(warehouse, run_id)
    return file, build
