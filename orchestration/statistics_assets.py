"""What SQL cannot do, between the two steps of the dbt project."""

import dagster as dg
import numpy as np

from analytics.identity import bounded_components
from ingest.faults import point
from ingest.warehouse import Warehouse
from orchestration.resources import WRITER_POOL, Settings
from orchestration.step_errors import scrubbed_errors

NODES = ("intermediate", "int_identity__nodes_numbered")
EDGES = ("intermediate", "int_identity__edges_numbered")


@dg.asset(
    key=["statistics", "identity_components"],
    deps=[dg.AssetKey(NODES), dg.AssetKey(EDGES)],
    group_name="statistics",
    kinds={"python", "duckdb"},
    owners=["team:data-platform"],
    pool=WRITER_POOL,
    metadata={
        "dagster/column_schema": dg.TableSchema(
            [
                dg.TableColumn("node_index", "bigint", "Number of the node."),
                dg.TableColumn("component_index", "bigint", "Smallest node of the component."),
            ]
        )
    },
    description="One row per node of the identity graph with the smallest node it is tied to.",
)
@scrubbed_errors()
def identity_components(
    warehouse: dg.ResourceParam[Warehouse], settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """Find who is one person: the connected components of the identity graph, within bounds."""
    with warehouse.writer() as connection:
        edges = connection.table(".".join(EDGES)).fetchnumpy()
        nodes = connection.table(".".join(NODES)).order("node_index").fetchnumpy()
        component_index = bounded_components(
            edges["node_index"],
            edges["other_node_index"],
            edges["confidence"],
            nodes["node_weight"],
            settings.person_record_limit,
        )
        components = {"node_index": nodes["node_index"], "component_index": component_index}
        connection.register("components", components)
        connection.execute("create schema if not exists statistics")
        connection.execute(
            "create or replace table statistics.identity_components as from components"
        )
        point("components.written")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(component_index),
            "links": len(edges["node_index"]),
            "components": len(np.unique(component_index)),
            "links_cut": int(
                np.sum(
                    component_index[edges["node_index"]]
                    != component_index[edges["other_node_index"]]
                )
            ),
        }
    )
