"""Damage to Parquet: columns of another type than the contract's."""

from dataclasses import replace

import pyarrow as pa
from hypothesis import strategies as st

from tests.damage.exports import Export
from tests.damage.registry import Draw, cell_becomes, harmless, seen, unseen


def _retyped(export: Export, draw: Draw, kind: str, arrow_type: pa.DataType) -> Export | None:
    names = [c.name for c in export.table.columns if c.type == kind and c.name in export.header]
    if not names:
        return None
    name = draw(st.sampled_from(names))
    return replace(export, arrow_types=(*export.arrow_types, (name, arrow_type)))


@harmless("parquet")
def values_as_texts(export: Export, draw: Draw) -> Export | None:
    kind = draw(st.sampled_from(["integer", "decimal", "date", "timestamp", "boolean"]))
    return _retyped(export, draw, kind, pa.string())


@harmless("parquet")
def whole_numbers_as_decimals(export: Export, draw: Draw) -> Export | None:
    return _retyped(export, draw, "integer", pa.decimal128(20, 0))


@harmless("parquet")
def instants_of_another_unit(export: Export, draw: Draw) -> Export | None:
    arrow_type = draw(st.sampled_from([pa.timestamp("ms"), pa.timestamp("us", tz="UTC")]))
    return _retyped(export, draw, "timestamp", arrow_type)


@seen("parquet")
def whole_numbers_as_floats(export: Export, draw: Draw) -> Export | None:
    return _retyped(export, draw, "integer", pa.float64())


@unseen("a float that is written with six decimals at most is a decimal", "parquet")
def decimals_as_floats(export: Export, draw: Draw) -> Export | None:
    return _retyped(export, draw, "decimal", pa.float64())


@seen("parquet")
def days_as_instants(export: Export, draw: Draw) -> Export | None:
    return _retyped(export, draw, "date", pa.timestamp("us"))


@seen("parquet")
def instants_as_days(export: Export, draw: Draw) -> Export | None:
    return _retyped(export, draw, "timestamp", pa.date32())


@seen("parquet")
def nul_in_a_parquet_text(export: Export, draw: Draw) -> Export | None:
    return cell_becomes(export, draw, ["string"], lambda _, text: text + "\0")
