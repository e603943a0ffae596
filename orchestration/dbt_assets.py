"""The dbt project as assets: a few steps, since statistics in Python come between them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

from orchestration.dbt_runner import BuiltNode, DbtProject, failure_report
from orchestration.resources import WRITER_POOL
from orchestration.step_errors import scrubbed_errors

# Steps by the tag of the models that statistics read: each builds them and all they are made of.
_STATISTICS_INPUTS = {"identity_inputs": "statistics_input", "journey_inputs": "fit_input"}
_REST = "warehouse_models"

Manifest = Mapping[str, Any]


class LayerTranslator(DagsterDbtTranslator):
    """Name and group assets by dbt layer, the folder directly under ``models``."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return e.g. ``marts/fct_channel_daily``, ``seeds/channels``; a source names its own."""
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return dg.AssetKey([self.get_group_name(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return e.g. ``staging`` for ``models/staging/crm/stg_crm__deals.sql``."""
        is_model = dbt_resource_props["resource_type"] == "model"
        return dbt_resource_props["fqn"][1] if is_model else "seeds"

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str] | None:
        """Return the team that the node's ``meta.owner`` names."""
        owner = dbt_resource_props["config"].get("meta", {}).get("owner")
        return [f"team:{owner}"] if owner else None

    def get_asset_spec(self, manifest: Manifest, unique_id: str, project: Any) -> dg.AssetSpec:
        """Return the node's spec; a staging model has the columns of the interface it fills."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        if spec.group_name != "staging":
            return spec
        [interface] = [
            manifest["nodes"][child]
            for child in manifest["child_map"][unique_id]
            if child.endswith("__unioned")
        ] or [{"columns": {}}]
        columns = [
            dg.TableColumn(column["name"], column["data_type"], column["description"])
            for column in interface["columns"].values()
        ]
        return spec.merge_attributes(metadata={"dagster/column_schema": dg.TableSchema(columns)})


TRANSLATOR = LayerTranslator()


def dbt_assets(manifest: Manifest) -> list[dg.AssetsDefinition]:
    """Define a step for what each of the statistics reads, and one for the rest."""
    nodes = [
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in {"model", "seed"}
    ]
    steps = dict.fromkeys(nodes, _REST)
    for name, tag in reversed(_STATISTICS_INPUTS.items()):
        tagged = [node for node in nodes if tag in manifest["nodes"][node]["tags"]]
        steps |= dict.fromkeys(_with_ancestors(manifest, tagged) & steps.keys(), name)
    order = [*_STATISTICS_INPUTS, _REST]
    owners = _tests_by_owner(manifest, {node: order.index(step) for node, step in steps.items()})
    return [
        _dbt_step(name, manifest, [node for node in nodes if steps[node] == name], owners)
        for name in order
        if name in steps.values()
    ]


def _dbt_step(
    name: str, manifest: Manifest, nodes: Sequence[str], owners: Mapping[str, str]
) -> dg.AssetsDefinition:
    keys = {node: TRANSLATOR.get_asset_spec(manifest, node, None).key for node in nodes}
    checks = {
        test: _check_spec(manifest, test, keys[owner])
        for test, owner in owners.items()
        if owner in keys
    }
    names = {key: manifest["nodes"][node]["fqn"][-1] for node, key in keys.items()}
    names |= {check.key: manifest["nodes"][test]["fqn"][-1] for test, check in checks.items()}

    @dg.multi_asset(
        name=name,
        specs=[TRANSLATOR.get_asset_spec(manifest, node, None) for node in nodes],
        check_specs=list(checks.values()),
        can_subset=True,
        pool=WRITER_POOL,
    )
    def build(
        context: dg.AssetExecutionContext, dbt: dg.ResourceParam[DbtProject]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        selected = {*context.selected_asset_keys, *context.selected_asset_check_keys}
        with scrubbed_errors():
            built = dbt.build([names[key] for key in names if key in selected])
        for node in built:
            if node.unique_id in checks:
                yield from _test_result(node, checks[node.unique_id].key)
            elif node.status == "success":
                yield _model_result(node, keys[node.unique_id])
        failures = failure_report(built)
        if failures:
            raise dg.Failure(failures, allow_retries=False)

    return build


def _with_ancestors(manifest: Manifest, nodes: Sequence[str]) -> set[str]:
    found, waiting = set(), list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(manifest["parent_map"][node])
    return found


def _tests_by_owner(manifest: Manifest, places: Mapping[str, int]) -> dict[str, str]:
    """Return each test with the node that it is a check of; ``places`` orders nodes by step.

    A test of several models belongs to the one that is built last, so that all are there.
    """
    owners = {}
    for unique_id, node in manifest["nodes"].items():
        parents = manifest["parent_map"].get(unique_id, [])
        if node["resource_type"] == "test" and parents:
            ancestors = {parent: _with_ancestors(manifest, [parent]) for parent in parents}
            owners[unique_id] = max(
                parents, key=lambda parent: (places.get(parent, 0), len(ancestors[parent]))
            )
    return owners


def _check_spec(manifest: Manifest, test: str, key: dg.AssetKey) -> dg.AssetCheckSpec:
    node = manifest["nodes"][test]
    others = {
        TRANSLATOR.get_asset_spec(manifest, parent, None).key
        for parent in manifest["parent_map"][test]
    }
    return dg.AssetCheckSpec(
        name=node["name"],
        asset=key,
        description=node.get("description") or None,
        additional_deps=others - {key},
        blocking=node["config"]["severity"].lower() == "error",
    )


def _model_result(node: BuiltNode, key: dg.AssetKey) -> dg.MaterializeResult:
    rows = {} if node.rows is None else {"dagster/row_count": node.rows}
    return dg.MaterializeResult(asset_key=key, metadata={"seconds": node.seconds, **rows})


def _test_result(node: BuiltNode, key: dg.AssetCheckKey) -> Iterator[dg.AssetCheckResult]:
    if node.status == "skipped":
        return
    yield dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=node.status == "pass",
        severity=dg.AssetCheckSeverity.WARN
        if node.status == "warn"
        else dg.AssetCheckSeverity.ERROR,
        metadata={
            "failures": node.failures or 0,
            "message": node.message or "no row fails",
            "file": node.file,
        },
    )
