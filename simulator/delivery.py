"""Writing exports: each file has the columns of its contract, in order, under their names."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np

from ingest.contract import Contract, Table
from ingest.privacy import quoted
from simulator.period import Period

# What several exports share: how an instant is written, from whole seconds since 1970, and ids.
MACROS = """
create or replace macro instant(seconds) as
    case when seconds >= 0
        then strftime(make_timestamp(seconds * 1000000), '%Y-%m-%dT%H:%M:%S.000Z') end;
create or replace macro day_of(seconds) as
    case when seconds >= 0 then make_timestamp(seconds * 1000000)::date end;
create or replace macro mail_event_id(send, kind, number) as
    md5('mail ' || send || kind || number)::uuid::varchar;
create or replace macro day_number(day) as date '1970-01-01' + day::integer;
"""


@dataclass(frozen=True)
class Export:
    """One contract table and the query that fills it.

    With ``prepared``, a query with a column ``happened_at`` (seconds since 1970), there is a
    file for each quarter, and ``query`` reads the quarter's rows from ``slice``. A vendor may
    end every line with a comma too many.
    """

    source: str
    table: str
    query: str
    prepared: str | None = None
    ends_lines_with_comma: bool = False


@dataclass
class Delivery:
    """A landing folder being filled; ``rows`` counts what each file holds, by its name."""

    connection: duckdb.DuckDBPyConnection
    landing: Path
    contracts: Iterable[Contract]
    period: Period
    rows: dict[str, int] = field(default_factory=dict)

    def deliver(self, export: Export) -> None:
        """Write the export's files: one named by the period's last day, or one per quarter."""
        table = self._table(export)
        if export.prepared is None:
            path = self._write(table, export.query, self.period.last.isoformat())
            if export.ends_lines_with_comma:
                lines = path.read_text(encoding="utf-8").splitlines()
                path.write_text("".join(f"{line},\n" for line in lines), encoding="utf-8")
            return
        self.connection.execute(
            "create or replace temp table prepared as "
            f"select * from ({export.prepared}) order by happened_at"
        )
        for quarter in self.period.quarters:
            self.connection.execute(
                "create or replace temp view slice as select * from prepared "
                f"where happened_at between {quarter.start} and {quarter.end - 1}"
            )
            self._write(table, export.query, quarter.label)

    def _table(self, export: Export) -> Table:
        return next(
            table
            for contract in self.contracts
            for table in contract.tables
            if (contract.source, table.name) == (export.source, export.table)
        )

    def _write(self, table: Table, query: str, suffix: str) -> Path:
        name = table.files.replace("*", suffix)
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = (
            self._write_lines(query, path)
            if table.format == "jsonl"
            else self._write_csv(table, query, path)
        )
        if rows == 0:
            path.unlink()
        else:
            self.rows[name] = rows
        return path

    def _write_csv(self, table: Table, query: str, path: Path) -> int:
        selected = ", ".join(f'"{name}" as "{name}"' for name in table.native.headers)
        [(rows,)] = self.connection.execute(
            f"copy (select {selected} from ({query})) to {quoted(str(path))} (format csv, header)"
        ).fetchall()
        return rows

    def _write_lines(self, query: str, path: Path) -> int:
        """Write ready-made lines as they lie in memory: a CSV writer takes thrice as long."""
        lines = self.connection.execute(
            f"select line || chr(10) as line from ({query})"
        ).to_arrow_table()
        with path.open("wb") as file:
            for chunk in lines.column("line").chunks:
                _, ends, text = chunk.buffers()
                bounds = np.frombuffer(ends, dtype=np.int32)[chunk.offset :]
                file.write(memoryview(text)[bounds[0] : bounds[len(chunk)]])
        return len(lines)
