"""A pipeline small enough to be killed a hundred times: the real steps around one small model.

Each run is a process of its own, forked from a server that has imported everything once.
"""

import multiprocessing
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import dagster as dg
import duckdb

from ingest.contract import Contract
from ingest.faults import arm, point
from ingest.warehouse import Warehouse
from orchestration import raw_assets
from orchestration.resources import Settings
from orchestration.snapshot_assets import snapshot_asset
from tests.conftest import SHOP
from tests.support.loads import rows

MODEL = "create or replace table published.customers as from raw.shop__customers"

# What must be the same after a crash as if there had been none; times and builds are not.
TABLES = (
    "select * exclude (first_seen_at, loaded_at) from state.load_ledger",
    "select * exclude (loaded_at) from ops.loaded_files",
    "from ops.quarantine",
    "from raw.shop__customers",
    "from raw.shop__hits",
    "from raw.shop__prices",
    "from published.customers",
)

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.support.crashes"])


def run(warehouse: Warehouse, fault: str | None = None) -> int:
    """Run the pipeline in a process of its own; return its exit code, -9 if it was killed."""
    process = _SERVER.Process(target=_run, args=(warehouse.home, warehouse.landing, fault))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def contents(warehouse: Warehouse) -> list[list[tuple]]:
    """Return every row that a crash must not change, with those that readers see."""
    found = [rows(warehouse, f"from ({sql}) order by all") for sql in TABLES]
    with duckdb.connect(str(warehouse.vault), read_only=True) as vault:
        for table in ("clear_values", "quarantined_rows"):
            found.append(vault.execute(f"from {table} order by all").fetchall())  # noqa: PERF401 - the connection closes
    current = warehouse.published / "current.duckdb"
    with duckdb.connect(str(current.resolve()), read_only=True) as snapshot:
        found.append(snapshot.execute("from customers order by all").fetchall())
    return found


@dataclass
class Reader(threading.Thread):
    """Reads the published file again and again; ``faults`` says when it was not whole."""

    current: Path
    reads: int = 0
    faults: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                self._read()
            except duckdb.Error as error:
                self.faults.append(str(error))
            time.sleep(0.01)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.join()

    def _read(self) -> None:
        with duckdb.connect(str(self.current.resolve()), read_only=True) as snapshot:
            for table, told in snapshot.execute(
                "select table_name, row_count from build_tables"
            ).fetchall():
                [(found,)] = snapshot.execute(f"select count(*) from {table}").fetchall()
                if found != told:
                    self.faults.append(f"{table}: {found} rows instead of {told}")
        self.reads += 1


def _run(home: Path, landing: Path, fault: str | None) -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    warehouse, shop = Warehouse(home, landing), Contract.model_validate(SHOP)
    raw_assets.load_contracts = lambda: [shop]
    raw = raw_assets.raw_assets(shop)
    model = _model(raw)
    arm(fault)
    result = dg.materialize(
        [raw_assets.landing_files, raw, model, snapshot_asset([model])],
        instance=dg.DagsterInstance.ephemeral(),
        resources={
            "warehouse": warehouse,
            "settings": Settings(home=home, landing=landing, sighting_seconds=0),
        },
        raise_on_error=False,
    )
    os._exit(0 if result.success else 1)


def _model(raw: dg.AssetsDefinition) -> dg.AssetsDefinition:
    @dg.multi_asset(specs=[dg.AssetSpec(["published", "customers"], deps=list(raw.keys))])
    def model(warehouse: dg.ResourceParam[Warehouse]) -> dg.MaterializeResult:
        with warehouse.writer() as connection:
            point("model.starts")
            connection.execute("create schema if not exists published")
            connection.execute(MODEL)
        point("model.built")
        return dg.MaterializeResult(asset_key=["published", "customers"])

    return model
