"""What stops what: gates before the snapshot, turns at the warehouse, and runs that were killed."""

import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from expectations.published_suites import PUBLISHED_SUITES
from ingest.warehouse import Warehouse
from orchestration.checks import published_checks
from orchestration.definitions import build_definitions
from orchestration.recovery import RUNNING, forget_old_runs, recover
from orchestration.resources import WRITER_POOL, Settings
from orchestration.snapshot_assets import SNAPSHOT, snapshot_asset

PUBLISHED = [dg.AssetKey(["published", table]) for table in PUBLISHED_SUITES]


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    yield build_definitions(Settings(home=tmp_path_factory.mktemp("home")))
    os.environ.pop("SCALEHOUSE_DATABASE", None)
    os.environ.pop("SCALEHOUSE_STATE", None)


@pytest.fixture(scope="module")
def repository(definitions: dg.Definitions) -> dg.RepositoryDefinition:
    return definitions.get_repository_def()


def test_readers_get_nothing_before_every_critical_check_has_passed(
    repository: dg.RepositoryDefinition,
) -> None:
    graph = repository.asset_graph
    assert graph.get(SNAPSHOT).parent_keys == set(PUBLISHED)
    for table in PUBLISHED:
        assert graph.get(dg.AssetCheckKey(table, "expectations")).blocking
        assert not graph.get(dg.AssetCheckKey(table, "warnings")).blocking


def test_every_dbt_test_is_a_check_of_one_asset(
    definitions: dg.Definitions, repository: dg.RepositoryDefinition
) -> None:
    manifest = definitions.resources["dbt"].manifest()
    tests = [node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    checks = [check.name for check in repository.asset_graph.asset_check_keys]
    assert tests
    assert {name: checks.count(name) for name in tests} == dict.fromkeys(tests, 1)


def test_everything_lies_between_the_landing_folder_and_the_snapshot(
    repository: dg.RepositoryDefinition,
) -> None:
    nodes = [
        repository.asset_graph.get(each) for each in repository.asset_graph.get_all_asset_keys()
    ]
    roots = {node.key.path[0] for node in nodes if not node.parent_keys}
    assert roots == {"landing", "seeds", "history"}
    assert SNAPSHOT in {node.key for node in nodes if not node.child_keys}


def test_statistics_come_between_the_steps_of_dbt(
    repository: dg.RepositoryDefinition,
) -> None:
    graph = repository.asset_graph
    steps = {step.op.name: step.keys for step in repository.assets_defs_by_key.values() if step.op}
    for table, before, after in (
        ("identity_components", "identity_inputs", "journey_inputs"),
        ("channel_weights", "journey_inputs", "warehouse_models"),
    ):
        statistics = graph.get(dg.AssetKey(["statistics", table]))
        assert statistics.parent_keys <= steps[before]
        assert statistics.child_keys <= steps[after]


def test_every_step_that_opens_the_warehouse_waits_for_its_turn(
    repository: dg.RepositoryDefinition,
) -> None:
    steps = {step.op for step in repository.assets_defs_by_key.values()}
    assert {step.pool for step in [*steps, published_checks.op]} == {WRITER_POOL}


def test_a_published_table_that_breaks_its_suite_keeps_the_snapshot_from_being_made(
    tmp_path: Path,
) -> None:
    warehouse = Warehouse(tmp_path, tmp_path / "landing")
    with warehouse.writer() as connection:
        connection.execute("create schema published")

    @dg.multi_asset(specs=[dg.AssetSpec(table) for table in PUBLISHED])
    def models() -> Iterator[dg.MaterializeResult]:
        yield from (dg.MaterializeResult(asset_key=table) for table in PUBLISHED)

    result = dg.materialize(
        [models, snapshot_asset([models]), published_checks],
        instance=dg.DagsterInstance.ephemeral(),
        resources={"warehouse": warehouse, "settings": Settings(home=tmp_path)},
        raise_on_error=False,
    )
    assert not result.success
    failed = {check.asset_key for check in result.get_asset_check_evaluations() if not check.passed}
    assert failed == set(PUBLISHED)
    assert "snapshot__current" not in {event.step_key for event in result.get_step_success_events()}
    assert not warehouse.published.exists()
    with warehouse.reader() as connection:
        [(kept,)] = connection.execute(
            "select count(distinct suite) from state.check_results where not passed"
        ).fetchall()
    assert kept == len(PUBLISHED)


def test_a_killed_run_is_failed_and_its_turn_is_given_back(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh")
    with dg.instance_for_test() as instance:
        dead = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED, tags=RUNNING)
        alive = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED, tags=RUNNING)
        instance.event_log_storage.set_concurrency_slots(WRITER_POOL, 1)
        instance.event_log_storage.claim_concurrency_slot(WRITER_POOL, dead.run_id, "raw_ga4")

        recover(instance, alive.run_id)

        assert instance.get_run_by_id(dead.run_id).status == dg.DagsterRunStatus.FAILURE
        assert instance.get_run_by_id(alive.run_id).status == dg.DagsterRunStatus.STARTED
        assert instance.event_log_storage.get_concurrency_info(WRITER_POOL).claimed_slots == []


def test_a_failed_test_of_dbt_is_told_once_with_the_step_that_ran_it() -> None:
    from orchestration.running import _failures  # noqa: PLC0415 - it builds the default graph

    check = dg.AssetCheckSpec("not_null", asset="model", blocking=True)

    @dg.asset(name="model", check_specs=[check])
    def model() -> Iterator[dg.AssetCheckResult]:
        yield dg.AssetCheckResult(check_name="not_null", passed=False, metadata={"failures": 3})
        raise dg.Failure("not_null (tests/x.sql): 3 rows", allow_retries=False)

    result = dg.materialize([model], instance=dg.DagsterInstance.ephemeral(), raise_on_error=False)
    assert _failures(result) == ["model: not_null (tests/x.sql): 3 rows"]


def test_only_the_last_runs_are_kept() -> None:
    @dg.op
    def nothing() -> None:
        pass

    @dg.job
    def idle() -> None:
        nothing()

    with dg.DagsterInstance.ephemeral() as instance:
        runs = [idle.execute_in_process(instance=instance).run_id for _ in range(4)]
        assert forget_old_runs(instance, keep=3) == 1
        assert set(instance.get_run_ids()) == set(runs[1:])
