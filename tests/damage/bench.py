"""Where damaged files are delivered: one warehouse, emptied after each of them."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from ingest.loading import add_incoming, load_incoming
from ingest.privacy import load_key, vault_attached
from ingest.warehouse import Warehouse, incoming_table, raw_table
from tests.damage.exports import Export
from tests.support.loads import offer


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery: ledger rows by file name, raw rows, quarantined rows.

    ``vault`` has the text of the quarantined records by line.
    """

    ledger: dict[str, dict[str, Any]]
    rows: list[dict[str, Any]]
    quarantined: list[tuple[int, str | None, str]]
    vault: dict[int, str]


class Bench:
    """A warehouse with an open writer."""

    def __init__(self, warehouse: Warehouse, connection: DuckDBPyConnection) -> None:
        """Use a prepared warehouse and its open writer."""
        self.warehouse, self.connection = warehouse, connection
        self._clock = count(1)

    def __repr__(self) -> str:
        return f"<bench at {self.warehouse.home}>"

    @property
    def key(self) -> bytes:
        """The key of the hashes of personal data."""
        return load_key(self.warehouse.key_file)

    def deliver(self, export: Export, data: bytes) -> Outcome:
        """Load the file and its copies; the bench is as empty as before afterwards."""
        with self.emptied(export):
            self.put(data, export.name, *export.copies)
            self.load(export)
            ledger = self._dicts("select * from state.load_ledger")
            return Outcome(
                {row["file_name"]: row for row in ledger},
                self._dicts(f"select * from {raw_table(export.contract.source, export.table)}"),
                self.connection.execute(
                    "select line, column_name, reason from ops.quarantine order by 1, 2"
                ).fetchall(),
                self._quarantined_text(),
            )

    def put(self, data: bytes, *names: str) -> None:
        """Write landing files, each later than the one before."""
        for name in names:
            path = self.warehouse.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            second = next(self._clock)
            os.utime(path, (second, second))

    def load(self, export: Export) -> None:
        """Load what has arrived for a table the way the pipeline does, without its checks."""
        offer(self.warehouse, export.contract, self.connection)
        report = load_incoming(self.warehouse, self.connection, export.contract, export.table)
        add_incoming(self.connection, report)

    @contextmanager
    def emptied(self, export: Export) -> Iterator[None]:
        """Take away what the block has delivered, also after an error."""
        try:
            yield
        except BaseException:
            with suppress(duckdb.Error):
                self.connection.execute("rollback")
            raise
        finally:
            self._clean(export)

    def _dicts(self, sql: str) -> list[dict[str, Any]]:
        found = self.connection.execute(sql)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _clean(self, export: Export) -> None:
        for path in self.warehouse.landing.rglob("*"):
            if path.is_file():
                path.unlink()
        tables = [
            raw_table(export.contract.source, export.table),
            incoming_table(export.contract.source, export.table),
            *("state.load_ledger", "ops.loaded_files", "ops.quarantine", "incoming.quarantine"),
        ]
        for table in tables:  # a transaction would have to write to two databases
            self.connection.execute(f"delete from {table}")
        with self._vault():
            for table in ("clear_values", "quarantined_rows"):
                self.connection.execute(f"delete from vault.{table}")

    def _quarantined_text(self) -> dict[int, str]:
        with self._vault():
            rows = self.connection.execute(
                "select line, raw_text from vault.quarantined_rows"
            ).fetchall()
        return dict(rows)

    def _vault(self) -> AbstractContextManager[None]:
        return vault_attached(self.connection, self.warehouse.vault, self.key)


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
