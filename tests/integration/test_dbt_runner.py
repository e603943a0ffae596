"""dbt in this process, on a project small enough to read."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import dagster as dg
import duckdb
import pytest

from ingest.warehouse import Warehouse
from orchestration.dbt_assets import dbt_assets
from orchestration.dbt_runner import DbtProject, failure_report
from orchestration.errors import PipelineError

FILES = {
    "dbt_project/dbt_project.yml": """
        name: shop
        version: "1.0.0"
        profile: shop
        seed-paths: [../seeds]
        models: {shop: {+materialized: table}}
        """,
    "dbt_project/profiles.yml": """
        shop:
          target: here
          outputs:
            here:
              {type: duckdb, threads: 1, path: "{{ env_var('SCALEHOUSE_DATABASE') }}"}
        """,
    "dbt_project/models/staging/stg_orders.sql": """
        {{ config(tags=['statistics_input']) }}
        select * from {{ ref('orders') }}
        """,
    "dbt_project/models/marts/fct_orders.sql": """
        select order_id, amount, '{{ var("currency") }}' as currency from {{ ref('stg_orders') }}
        """,
    "dbt_project/models/marts/_marts__models.yml": """
        models:
          - name: fct_orders
            description: One row per order.
            config: {meta: {owner: sales}}
            columns:
              - name: order_id
                data_type: bigint
                description: Number of the order.
                data_tests: [unique]
              - name: amount
                data_tests: [{not_null: {config: {severity: warn}}}]
        """,
    "dbt_project/tests/assert_no_order_is_lost.sql": """
        select order_id from {{ ref('stg_orders') }}
        except
        select order_id from {{ ref('fct_orders') }}
        """,
    "seeds/orders.csv": "order_id,amount\n1,10\n2,20\n",
}
EVERYTHING = [
    "orders", "stg_orders", "fct_orders", "unique_fct_orders_order_id",
    "not_null_fct_orders_amount", "assert_no_order_is_lost",
]  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Iterator[DbtProject]:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    yield DbtProject(
        Warehouse(tmp_path / "home", tmp_path / "landing"),
        {"currency": "EUR"},
        tmp_path / "dbt_project",
    )
    os.environ.pop("SCALEHOUSE_DATABASE", None)
    os.environ.pop("SCALEHOUSE_STATE", None)


def replace_orders(project: DbtProject, *rows: str) -> None:
    seeds = project.directory.parent / "seeds" / "orders.csv"
    seeds.write_text("\n".join(["order_id,amount", *rows]) + "\n")


def status_of(project: DbtProject, names: list[str]) -> dict[str, str]:
    return {node.unique_id.split(".")[2]: node.status for node in project.build(names)}


def test_a_build_says_of_every_node_what_became_of_it(project: DbtProject) -> None:
    nodes = {node.unique_id.split(".")[2]: node for node in project.build(EVERYTHING)}
    assert {name: node.status for name, node in nodes.items()} == {
        "orders": "success",
        "stg_orders": "success",
        "fct_orders": "success",
        "unique_fct_orders_order_id": "pass",
        "not_null_fct_orders_amount": "pass",
        "assert_no_order_is_lost": "pass",
    }
    assert {name: node.rows for name, node in nodes.items() if node.rows is not None} == {
        "orders": 2,
        "stg_orders": 2,
        "fct_orders": 2,
    }


def test_only_the_nodes_that_are_named_are_built(project: DbtProject) -> None:
    project.build(EVERYTHING)
    assert status_of(project, ["fct_orders", "unique_fct_orders_order_id"]) == {
        "fct_orders": "success",
        "unique_fct_orders_order_id": "pass",
    }


def test_no_connection_outlives_a_build(project: DbtProject) -> None:
    for _ in range(2):
        project.build(EVERYTHING)
        for settings in ({"threads": 1}, {"threads": 2}):
            with duckdb.connect(
                str(project.warehouse.database), read_only=True, config=settings
            ) as connection:
                rows = connection.execute("select currency from fct_orders").fetchall()
            assert rows == [("EUR",), ("EUR",)]
        with project.warehouse.writer():
            pass


def test_no_connection_outlives_a_failed_build(project: DbtProject) -> None:
    (project.directory / "models/marts/fct_orders.sql").write_text("select nonsense from nowhere")
    project.build(["orders", "stg_orders", "fct_orders"])
    with project.warehouse.writer():
        pass


def test_a_metric_that_cannot_be_is_refused_with_the_reason(project: DbtProject) -> None:
    (project.directory / "models/marts/days.sql").write_text("select date '2026-01-31' as day")
    (project.directory / "models/marts/_semantics.yml").write_text(
        dedent(
            """
            models:
              - name: days
                time_spine: {standard_granularity_column: day}
                columns: [{name: day, granularity: day}]
            semantic_models:
              - name: orders
                model: ref('fct_orders')
                primary_entity: order
                dimensions: [{name: day, type: time, type_params: {time_granularity: day}}]
                measures: [{name: amount, agg: sum, agg_time_dimension: day}]
            metrics:
              - {name: sales, label: Sales, type: simple, type_params: {measure: amount}}
              - name: growth
                label: Growth
                type: derived
                type_params: {expr: sales - s, metrics: [sales, {name: sales, alias: s}]}
            """
        )
    )
    with pytest.raises(PipelineError, match="Invalid name `s`"):
        project.semantic_manifest()


def test_a_broken_model_is_reported_with_its_file_and_skips_its_checks(project: DbtProject) -> None:
    (project.directory / "models/marts/fct_orders.sql").write_text("select nonsense from nowhere")
    built = project.build(["orders", "stg_orders", "fct_orders", "unique_fct_orders_order_id"])
    assert {node.unique_id.split(".")[2]: node.status for node in built} == {
        "orders": "success",
        "stg_orders": "success",
        "fct_orders": "error",
        "unique_fct_orders_order_id": "skipped",
    }
    report = failure_report(built)
    assert report.startswith("model.shop.fct_orders (models/marts/fct_orders.sql): Runtime Error")
    assert "Table with name nowhere does not exist" in report
    assert "\n" not in report


def test_a_broken_row_fails_its_test_and_a_warning_does_not_fail(project: DbtProject) -> None:
    replace_orders(project, "1,10", "1,")
    built = {node.unique_id.split(".")[2]: node for node in project.build(EVERYTHING)}
    assert built["unique_fct_orders_order_id"].has_failed
    assert built["unique_fct_orders_order_id"].failures == 1
    assert built["not_null_fct_orders_amount"].status == "warn"
    assert not built["not_null_fct_orders_amount"].has_failed


def test_a_project_that_does_not_parse_is_an_error_that_names_the_file(
    project: DbtProject,
) -> None:
    (project.directory / "models/marts/fct_orders.sql").write_text("select {{ ref('absent') }}")
    with pytest.raises(PipelineError, match=r"fct_orders.*depends on a node named 'absent'"):
        project.manifest()


def test_the_project_is_parsed_again_only_when_a_file_has_changed(project: DbtProject) -> None:
    project.manifest()
    written = project.directory / "target/manifest.json"
    before = written.stat().st_mtime_ns
    project.manifest()
    assert written.stat().st_mtime_ns == before
    model = project.directory / "models/marts/dim_days.sql"
    model.write_text("select 1 as day")
    assert "model.shop.dim_days" in project.manifest()["nodes"]
    shutil.rmtree(model.parent)
    assert "model.shop.dim_days" not in project.manifest()["nodes"]


def test_another_home_needs_no_other_manifest(project: DbtProject, tmp_path: Path) -> None:
    project.build(EVERYTHING)
    written = project.directory / "target/manifest.json"
    before = written.stat().st_mtime_ns
    elsewhere = Warehouse(tmp_path / "elsewhere", tmp_path / "landing")
    DbtProject(elsewhere, project.variables, project.directory).build(EVERYTHING)
    assert written.stat().st_mtime_ns == before
    with elsewhere.reader() as connection:
        assert connection.execute("select count(*) from fct_orders").fetchall() == [(2,)]


def test_models_are_two_steps_and_tests_are_checks_of_the_model_built_last(
    project: DbtProject,
) -> None:
    early, late = dbt_assets(project.manifest())
    assert early.keys == {dg.AssetKey(["seeds", "orders"]), dg.AssetKey(["staging", "stg_orders"])}
    assert late.keys == {dg.AssetKey(["marts", "fct_orders"])}
    assert not set(early.check_keys)
    assert {key.name for key in late.check_keys} == set(EVERYTHING[3:])
    [orders] = late.specs
    assert orders.owners == ["team:sales"]
    assert orders.group_name == "marts"
    assert [column.name for column in orders.metadata["dagster/column_schema"].columns] == [
        "order_id",
        "amount",
    ]


def run(project: DbtProject) -> dg.ExecuteInProcessResult:
    @dg.asset(deps=[dg.AssetKey(["marts", "fct_orders"])])
    def report() -> None:
        pass

    return dg.materialize(
        [*dbt_assets(project.manifest()), report],
        instance=dg.DagsterInstance.ephemeral(),
        resources={"dbt": project},
        raise_on_error=False,
    )


def test_a_run_materializes_every_model_with_its_row_count(project: DbtProject) -> None:
    result = run(project)
    assert result.success
    assert {
        tuple(event.asset_key.path): event.materialization.metadata["dagster/row_count"].value
        for event in result.get_asset_materialization_events()
        if "dagster/row_count" in event.materialization.metadata
    } == {("seeds", "orders"): 2, ("staging", "stg_orders"): 2, ("marts", "fct_orders"): 2}
    assert all(check.passed for check in result.get_asset_check_evaluations())


def test_a_failed_test_stops_everything_after_it(project: DbtProject) -> None:
    replace_orders(project, "1,10", "1,")
    result = run(project)
    assert not result.success
    assert {
        check.check_name: (check.passed, check.severity.value)
        for check in result.get_asset_check_evaluations()
    } == {
        "unique_fct_orders_order_id": (False, "ERROR"),
        "not_null_fct_orders_amount": (False, "WARN"),
        "assert_no_order_is_lost": (True, "ERROR"),
    }
    [failure] = result.get_step_failure_events()
    assert failure.step_key == "warehouse_models"
    assert "unique_fct_orders_order_id" in str(failure.event_specific_data)
    assert {event.step_key for event in result.get_step_skipped_events()} <= {"report"}
    assert "report" not in {event.step_key for event in result.get_step_success_events()}


def test_a_warning_stops_nothing(project: DbtProject) -> None:
    replace_orders(project, "1,10", "2,")
    assert run(project).success


def test_a_value_that_an_error_quotes_is_in_no_report_and_no_log(project: DbtProject) -> None:
    name = "Anna O'Brien"
    replace_orders(project, f'1,"{name}"')
    model = project.directory / "models" / "staging" / "stg_orders.sql"
    model.write_text("select order_id, amount::int as amount from {{ ref('orders') }}")
    built = project.build(["orders", "stg_orders"])
    assert "Could not convert string withheld" in failure_report(built)
    log = (project.warehouse.home / "logs" / "dbt.log").read_text()
    assert "stg_orders" in log
    assert "Could not convert string withheld" in log
    for said in (repr(built), log):
        assert "Anna" not in said
        assert "Brien" not in said
