"""Tables that statistics in Python fill between two steps of the dbt project."""

from collections.abc import Sequence

import dagster as dg
import duckdb
import pyarrow as pa

from ingest.faults import point

# Name, type and description of each column.
Columns = Sequence[tuple[str, pa.DataType, str]]


def statistics_spec(
    table: str, columns: Columns, description: str, *, reads: Sequence[str]
) -> dg.AssetSpec:
    """Describe ``statistics.<table>``, made from the intermediate models in ``reads``."""
    schema = [dg.TableColumn(name, str(kind), text) for name, kind, text in columns]
    return dg.AssetSpec(
        ["statistics", table],
        deps=[dg.AssetKey(["intermediate", model]) for model in reads],
        group_name="statistics",
        kinds={"python", "duckdb"},
        owners=["team:data-platform"],
        metadata={"dagster/column_schema": dg.TableSchema(schema)},
        description=description,
    )


def write_statistics(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Columns, rows: Sequence[tuple]
) -> None:
    """Replace ``statistics.<table>`` by ``rows``, in the order of ``columns``; NaN becomes null."""
    schema = pa.schema([(name, kind) for name, kind, _ in columns])
    cells = zip(*rows, strict=True) if rows else [[] for _ in columns]
    found = pa.table(
        [
            pa.array(column, kind, from_pandas=True)
            for column, kind in zip(cells, schema.types, strict=True)
        ],
        schema=schema,
    )
    connection.execute("create schema if not exists statistics")
    connection.register("found_statistics", found)
    connection.execute(f"create or replace table statistics.{table} as from found_statistics")
    connection.unregister("found_statistics")
    point("statistics.written")
