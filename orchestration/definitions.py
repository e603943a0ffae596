"""The one Definitions object that Dagster loads."""

import dagster as dg

from ingest.contract import load_contracts
from ingest.warehouse import Warehouse
from orchestration.channel_weight_assets import channel_weights
from orchestration.checks import published_checks
from orchestration.dbt_assets import dbt_assets
from orchestration.dbt_runner import DbtProject
from orchestration.lifetime_value_assets import lifetime_values
from orchestration.pipeline_assets import pipeline_statistics
from orchestration.progress import PROGRESS, progress_logger
from orchestration.raw_assets import landing_files, raw_assets
from orchestration.recovery import exclusive_warehouse
from orchestration.resources import Settings
from orchestration.schedules import daily_refresh, landing_sensor, refresh
from orchestration.snapshot_assets import snapshot_asset
from orchestration.statistics_assets import identity_components
from orchestration.survival_assets import stage_survival


def build_definitions(settings: Settings, warehouse: Warehouse | None = None) -> dg.Definitions:
    """Return every asset, check, job, schedule and sensor for one environment.

    A rebuild gives its own ``warehouse``, whose working database is not the home's.
    """
    contracts = load_contracts()
    warehouse = warehouse or settings.warehouse
    dbt = DbtProject(warehouse, settings.dbt_variables)
    models = dbt_assets(dbt.manifest())
    return dg.Definitions(
        assets=[
            landing_files,
            *(raw_assets(contract) for contract in contracts),
            *models,
            identity_components,
            channel_weights,
            pipeline_statistics,
            stage_survival,
            lifetime_values,
            snapshot_asset(models),
        ],
        asset_checks=[published_checks],
        jobs=[refresh],
        schedules=[daily_refresh(settings)],
        sensors=[landing_sensor(settings, contracts)],
        resources={
            "settings": settings,
            "warehouse": exclusive_warehouse(warehouse),
            "dbt": dbt,
        },
        loggers={PROGRESS: progress_logger},
        executor=dg.in_process_executor,  # DuckDB allows one writer at a time
    )


defs = build_definitions(Settings())
