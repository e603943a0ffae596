"""A contract that contradicts itself is refused at the start, with the reason."""

import copy
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from ingest.codegen import DBT_DIR, stale
from ingest.contract import Column, Contract, load_contracts
from tests.conftest import SHOP


def changed(change: Callable[[dict], object]) -> dict:
    """The shop's contract after ``change`` was made to its first table."""
    contract = copy.deepcopy(SHOP)
    change(contract["tables"][0])
    return contract


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.update(fiels="x"), "Extra inputs"),
        (lambda table: table.update(key=["Nr"]), r"names unknown \['Nr'\]"),
        (lambda table: table.update(version_by="Nr"), r"names unknown \['Nr'\]"),
        (lambda table: table.update(files="../x_*.csv"), "below the landing folder"),
        (lambda table: table.update(files="x_*.xlsx"), "must end in"),
        (lambda table: table.update(delivery="full", version_by=None), "as_of goes with"),
        (lambda table: table.update(delivery="events"), "version_by goes with"),
        (lambda table: table.update(name="Customers; --"), "should match pattern"),
        (lambda table: table["columns"].append(
            {"name": "id", "type": "string", "description": "x"}), r"\['id'\] in raw"),
    ],
    ids=[
        "misspelt key", "unknown key column", "unknown version", "path outside", "unknown format",
        "full without a date", "version of events", "name that is no identifier",
        "two columns of one raw name",
    ],
)  # fmt: skip
def test_a_contradiction_is_refused(change: Callable[[dict], object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Contract.model_validate(changed(change))


@pytest.mark.parametrize(
    ("name", "raw_name"),
    [
        ("SystemModstamp", "system_modstamp"),
        ("hs_object_id", "hs_object_id"),
        ("metrics.cost_micros", "metrics_cost_micros"),
        ("CTR (%)", "ctr"),
    ],
)
def test_a_raw_name_is_the_sources_own_in_snake_case(name: str, raw_name: str) -> None:
    assert Column(name=name, type="string", description="x").raw_name == raw_name


def test_generated_files_are_current() -> None:
    assert stale(load_contracts(), DBT_DIR) == []
