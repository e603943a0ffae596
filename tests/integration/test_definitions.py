"""The Dagster graph: what every asset says of itself, and when a new file starts a run."""

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from ingest.contract import load_contracts
from ingest.landing import sight
from ingest.registering import register
from ingest.state import ensure_tables
from ingest.warehouse import prepare
from orchestration.builds import begin_run, record_build, stopped_runs
from orchestration.definitions import build_definitions
from orchestration.publish import Build
from orchestration.resources import Settings

LAYERS = {
    "landing", "raw", "seeds", "staging", "intermediate", "statistics", "marts", "published",
    "snapshot",
}  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("graph")
    return Settings(home=folder / "home", landing=folder / "landing")


@pytest.fixture(scope="module")
def defs(settings: Settings) -> dg.Definitions:
    return build_definitions(settings)


def specs(defs: dg.Definitions) -> list[dg.AssetSpec]:
    return [spec for asset in defs.assets for spec in asset.specs]


def test_every_contracted_table_and_every_model_is_an_asset_of_its_layer(
    defs: dg.Definitions,
) -> None:
    keys = {spec.key.to_user_string(): spec for spec in specs(defs)}
    for contract in load_contracts():
        for table in contract.tables:
            assert f"raw/{contract.source}/{table.name}" in keys
    assert {spec.group_name for spec in keys.values()} == LAYERS
    assert "published/attribution_by_channel" in keys


def test_every_asset_has_an_owner_a_kind_and_a_description(defs: dg.Definitions) -> None:
    bare = [
        spec.key.to_user_string()
        for spec in specs(defs)
        if not (spec.owners and spec.kinds and spec.description)
    ]
    assert bare == []


def test_published_columns_are_described_in_dagster_too(defs: dg.Definitions) -> None:
    [spec] = [spec for spec in specs(defs) if spec.key.path[-1] == "channel_daily"]
    schema = spec.metadata["dagster/column_schema"]
    assert all(column.description for column in schema.columns)


def test_every_table_shows_its_columns(defs: dg.Definitions) -> None:
    tables = [spec for spec in specs(defs) if spec.group_name not in {"landing", "snapshot"}]
    bare = [
        spec.key.to_user_string()
        for spec in tables
        if not (schema := spec.metadata.get("dagster/column_schema"))
        or not all(column.type and column.description for column in schema.columns)
    ]
    assert bare == []


def test_every_published_table_has_a_blocking_check(defs: dg.Definitions) -> None:
    blocking = {
        check.asset_key.path[-1]
        for checks in defs.asset_checks
        for check in checks.check_specs
        if check.blocking
    }
    published = {spec.key.path[-1] for spec in specs(defs) if spec.key.path[0] == "published"}
    assert blocking == published


def tick(defs: dg.Definitions, cursor: str | None) -> tuple[list[dg.RunRequest], str | None]:
    [sensor] = defs.sensors
    context = dg.build_sensor_context(
        instance=dg.DagsterInstance.ephemeral(),
        cursor=cursor,
        repository_def=defs.get_repository_def(),
    )
    result = sensor(context)
    return list(result.run_requests), result.cursor


def test_a_file_starts_its_sources_run_once_two_ticks_saw_it_unchanged(
    defs: dg.Definitions, settings: Settings
) -> None:
    file = settings.warehouse.landing / "meta_ads" / "ad_daily_2026-01.csv"
    file.parent.mkdir(parents=True)
    file.write_text("half")
    first, cursor = tick(defs, None)
    file.write_text("half and the rest")
    grown, cursor = tick(defs, cursor)
    settled, cursor = tick(defs, cursor)
    assert (first, grown) == ([], [])
    [request] = settled
    selected = {key.to_user_string() for key in request.asset_selection}
    assert {"landing/files", "raw/meta_ads/ad_daily", "published/channel_daily"} <= selected
    assert "snapshot/current" in selected
    assert not {name for name in selected if name.startswith("raw/hubspot")}
    assert "intermediate/int_identity__edges_found" not in selected

    contracts = load_contracts()
    with settings.warehouse.writer() as connection:
        prepare(connection, contracts)
        register(settings.warehouse, connection, sight(settings.warehouse.landing, contracts))
    known, _ = tick(defs, cursor)
    assert known == []


def test_a_part_may_not_publish_what_a_stopped_run_left_behind() -> None:
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as state")
        ensure_tables(connection)
        begin_run(connection, "whole")
        [(now,)] = connection.execute("select now()::timestamp").fetchall()
        record_build(connection, Build("b1", now, 1, "x"), "whole")
        begin_run(connection, "part")
        assert stopped_runs(connection, "part") == []
        begin_run(connection, "failed")
        assert stopped_runs(connection, "part") == ["failed"]


def test_dagster_finds_the_project_from_its_root() -> None:
    root = Path(__file__).parents[2]
    assert 'module_name = "orchestration.definitions"' in (root / "pyproject.toml").read_text()
