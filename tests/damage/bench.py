"""Where damaged files are delivered: one warehouse, emptied after each of them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from ingest.loading import add_incoming, load_incoming
from ingest.privacy import load_key
from ingest.warehouse import Warehouse, incoming_table, raw_table
from tests.damage.exports import Export
from tests.support.loads import offer


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery: ledger rows by file name, raw rows, quarantined rows."""

    ledger: dict[str, dict[str, Any]]
    rows: list[dict[str, Any]]
    quarantined: list[tuple[int, str | None, str]]


@dataclass(frozen=True)
class Bench:
    """A warehouse with an open writer."""

    warehouse: Warehouse
    connection: DuckDBPyConnection

    @property
    def key(self) -> bytes:
        """The key of the hashes of personal data."""
        return load_key(self.warehouse.key_file)

    def deliver(self, export: Export, data: bytes) -> Outcome:
        """Load the file and its copies the way the pipeline does, without its checks."""
        try:
            self._put(export, data)
            offer(self.warehouse, export.contract, self.connection)
            report = load_incoming(self.warehouse, self.connection, export.contract, export.table)
            add_incoming(self.connection, report)
            ledger = self._dicts("select * from state.load_ledger")
            return Outcome(
                {row["file_name"]: row for row in ledger},
                self._dicts(f"select * from {raw_table(export.contract.source, export.table)}"),
                self.connection.execute(
                    "select line, column_name, reason from ops.quarantine order by 1, 2"
                ).fetchall(),
            )
        finally:
            self._clean(export)

    def _put(self, export: Export, data: bytes) -> None:
        for second, name in enumerate((export.name, *export.copies), start=1):
            path = self.warehouse.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            os.utime(path, (second, second))

    def _dicts(self, sql: str) -> list[dict[str, Any]]:
        found = self.connection.execute(sql)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _clean(self, export: Export) -> None:
        for path in self.warehouse.landing.rglob("*"):
            if path.is_file():
                path.unlink()
        for table in (
            raw_table(export.contract.source, export.table),
            incoming_table(export.contract.source, export.table),
            *("state.load_ledger", "ops.loaded_files", "ops.quarantine", "incoming.quarantine"),
            *("vault.clear_values", "vault.quarantined_rows"),
        ):
            self.connection.execute(f"delete from {table}")


def lines_of(ledger: dict[str, Any]) -> dict[str, int]:
    """The parts that a file's physical lines are counted in, by name."""
    return {
        name.removesuffix("_lines"): count or 0
        for name, count in ledger.items()
        if name.endswith("_lines") and name != "physical_lines"
    }


def stored_files(home: Path) -> list[Path]:
    """Copies in another encoding that were left behind in the store."""
    return list(home.rglob("*.utf8"))
