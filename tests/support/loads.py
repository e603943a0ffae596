"""Load a landing folder's files the way the pipeline does, without its checks."""

import gzip

from duckdb import DuckDBPyConnection

from ingest.contract import Contract
from ingest.landing import close_replaced, sight, unknown
from ingest.loading import LoadReport, add_incoming, load_incoming
from ingest.registering import register
from ingest.warehouse import Warehouse


def put(warehouse: Warehouse, name: str, content: str | bytes) -> None:
    """Write a landing file; a name that ends in ``.gz`` is compressed."""
    data = content.encode() if isinstance(content, str) else content
    packed = gzip.compress(data, mtime=0) if name.endswith(".gz") else data
    (warehouse.landing / name).write_bytes(packed)


def offer(warehouse: Warehouse, contract: Contract, connection: DuckDBPyConnection) -> None:
    """Enter what lies in the landing folder into the ledger."""
    seen = sight(warehouse.landing, [contract])
    close_replaced(connection, seen)
    register(warehouse, connection, unknown(connection, seen))


def load(warehouse: Warehouse, contract: Contract, table_name: str) -> LoadReport:
    """Offer all files, then load those of one table into raw."""
    table = next(table for table in contract.tables if table.name == table_name)
    with warehouse.writer() as connection:
        offer(warehouse, contract, connection)
        report = load_incoming(warehouse, connection, contract, table)
        add_incoming(connection, report)
    return report


def rows(warehouse: Warehouse, sql: str) -> list[tuple]:
    """Return the rows of a query on the working database."""
    with warehouse.reader() as connection:
        return connection.execute(sql).fetchall()
