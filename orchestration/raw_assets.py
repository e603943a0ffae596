"""From the landing folder to raw: one asset per contracted table, one step per source."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg
from duckdb import DuckDBPyConnection

from expectations.history import CHECK_RESULTS_DDL
from ingest import landing
from ingest.contract import Contract, Table, load_contracts
from ingest.forgetting import finish_erasures
from ingest.reconciliation import reconcile
from ingest.registering import register
from ingest.space import require_space
from ingest.state import ensure_tables
from ingest.warehouse import Warehouse, prepare, stored_columns
from orchestration.builds import begin_run
from orchestration.checks import CONTRACT, contract_result, keep_outcomes
from orchestration.deliveries import unknown_columns, unusual_volume
from orchestration.overview import open_files, rows_in_raw
from orchestration.raw_loading import TableLoad, load_tables
from orchestration.resources import WRITER_POOL, Settings
from orchestration.step_errors import scrubbed_errors

LANDING_FILES = dg.AssetKey(["landing", "files"])
FILES_ACCEPTED = "files_accepted"
COLUMNS_KNOWN = "columns_known"
VOLUME_USUAL = "volume_usual"


@dg.asset(
    key=LANDING_FILES,
    group_name="landing",
    kinds={"file"},
    owners=["team:data-platform"],
    pool=WRITER_POOL,
    description="The ledger of offered files. One is entered when two sightings find it unchanged.",
)
@scrubbed_errors()
def landing_files(
    context: dg.AssetExecutionContext,
    warehouse: dg.ResourceParam[Warehouse],
    settings: dg.ResourceParam[Settings],
) -> dg.MaterializeResult:
    """Settle what a crash left, enter new files, close those that were replaced or taken away."""
    contracts = load_contracts()
    warehouse.landing.mkdir(parents=True, exist_ok=True)
    with warehouse.writer() as connection:
        prepare(connection, contracts)
        ensure_tables(connection, CHECK_RESULTS_DDL)
        cleaning = finish_erasures(warehouse, connection, contracts, context.log.info)
        settled = reconcile(warehouse, connection, contracts, context.log.info)
        begin_run(
            connection,
            context.run.run_id,
            is_raw_restored=settled.has_changed_raw or cleaning is not None,
        )
        lying = landing.sight(warehouse.landing, contracts)
        candidates = landing.unknown(connection, lying)
    files = landing.settled(warehouse.landing, contracts, candidates, settings.sighting_seconds)
    require_space(warehouse, files)
    with warehouse.writer() as connection:
        replaced = landing.close_replaced(connection, lying)
        entered = register(warehouse, connection, files)
    return dg.MaterializeResult(
        metadata={
            "files": len(lying),
            "new": entered.get("pending", 0),
            "duplicates": entered.get("duplicate", 0),
            "replaced": replaced,
            "loaded_again": settled.restored,
            "still_growing": len(candidates) - len(files),
            "unreadable": entered.get("unreadable", 0),
            "erased_people_left_in": list(cleaning.left) if cleaning else [],
            "asked_for_by_no_contract": landing.unmatched(warehouse.landing, contracts),
        }
    )


def raw_key(source: str, table: str) -> dg.AssetKey:
    """Return the key of a raw table's asset, e.g. ``raw/hubspot/contacts``."""
    return dg.AssetKey(["raw", source, table])


def raw_assets(contract: Contract) -> dg.AssetsDefinition:
    """Define a source's tables as assets that one step loads, each held to its contract."""
    keys = {table.name: raw_key(contract.source, table.name) for table in contract.tables}

    @dg.multi_asset(
        name=f"raw_{contract.source}",
        specs=[_asset_spec(contract, table) for table in contract.tables],
        check_specs=[check for key in keys.values() for check in _check_specs(key)],
        can_subset=True,
        pool=WRITER_POOL,
    )
    def load(
        context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
    ) -> Iterator[dg.MaterializeResult]:
        tables = [
            table for table in contract.tables if keys[table.name] in context.selected_asset_keys
        ]
        with scrubbed_errors():
            loads = load_tables(warehouse, contract, tables)
            keep_outcomes(
                warehouse, context.run.run_id, [load.outcome for load in loads if load.outcome]
            )
            for loaded in loads:
                yield _result(warehouse, contract.source, loaded)

    return load


def _asset_spec(contract: Contract, table: Table) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(column.name, column.data_type, description=column.description)
        for column in stored_columns(table)
    ]
    return dg.AssetSpec(
        key=raw_key(contract.source, table.name),
        deps=[LANDING_FILES],
        description=table.description,
        group_name="raw",
        owners=[f"team:{contract.owner}"],
        kinds={"duckdb", table.format},
        metadata={"dagster/column_schema": dg.TableSchema(columns), "files": table.files},
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=timedelta(hours=table.fresh_within_hours)
        ),
    )


def _check_specs(key: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            CONTRACT,
            asset=key,
            blocking=True,
            description="The new rows fulfil what the contract promises; else they stay out.",
        ),
        dg.AssetCheckSpec(
            FILES_ACCEPTED,
            asset=key,
            description="No file waits to be replaced, accepted or withdrawn.",
        ),
        dg.AssetCheckSpec(
            COLUMNS_KNOWN,
            asset=key,
            description="The contract describes, or ignores, every column of the loaded files.",
        ),
        dg.AssetCheckSpec(
            VOLUME_USUAL,
            asset=key,
            description="The newest file has about as many rows as those before it.",
        ),
    ]


def _result(warehouse: Warehouse, source: str, loaded: TableLoad) -> dg.MaterializeResult:
    table, key = loaded.table, raw_key(source, loaded.table.name)
    with warehouse.reader() as connection:
        row_count = rows_in_raw(connection, source, table)
        warnings = _warnings(connection, source, table)
    return dg.MaterializeResult(
        asset_key=key,
        metadata={
            "dagster/row_count": row_count,
            "rows_loaded": sum(report.rows for report in loaded.loaded),
            "rows_quarantined": sum(
                file.rows_quarantined for report in loaded.loaded for file in report.files
            ),
            "files_loaded": sum(len(report.readable) for report in loaded.loaded),
        },
        check_results=[
            contract_result(loaded.outcome, key),
            *(
                dg.AssetCheckResult(
                    asset_key=key,
                    check_name=name,
                    passed=not found,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={"files": found},
                )
                for name, found in warnings.items()
            ),
        ],
    )


def _warnings(connection: DuckDBPyConnection, source: str, table: Table) -> dict[str, list[str]]:
    """Say by check which files somebody should look at, and why."""
    waiting = open_files(connection, source, table.name)
    unknown = unknown_columns(connection, source, table.name)
    volume = unusual_volume(connection, source, table.name)
    return {
        FILES_ACCEPTED: [f"{file.file_name}: {file.reason}" for file in waiting],
        COLUMNS_KNOWN: [f"{file.file_name}: {', '.join(file.names)}" for file in unknown],
        VOLUME_USUAL: [
            f"{file.file_name}: {file.rows} rows, where {file.usual_rows} are usual"
            for file in filter(None, [volume])
        ],
    }
