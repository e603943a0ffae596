"""DuckDB for Great Expectations: the SQLAlchemy dialect ``duckdb+buffered://``.

Great Expectations fetches the rows of a query after it has closed the connection, and closing
rolls the transaction back, which throws DuckDB's pending result away: with the plain dialect
every metric fails. This one reads a result whole as soon as its statement has run. That costs
no memory worth naming, because checks ask for counts and for the keys of a few rows.
"""

import warnings
from pathlib import Path

from duckdb_sqlalchemy import Dialect, DuckDBExecutionContext
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.data_context import AbstractDataContext
from great_expectations.datasource.fluent import SQLDatasource
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.pool import NullPool


class BufferedExecutionContext(DuckDBExecutionContext):
    """Runs one statement and keeps its rows."""

    def post_exec(self) -> None:
        """Read every row while the transaction is still open."""
        super().post_exec()
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class BufferedDialect(Dialect):
    """DuckDB's dialect, whose results outlive their connection."""

    execution_ctx_cls = BufferedExecutionContext
    supports_statement_cache = True  # SQLAlchemy wants to hear it from each dialect class


registry.register("duckdb.buffered", __name__, BufferedDialect.__name__)


def add_source(context: AbstractDataContext, database: Path) -> SQLDatasource:
    """Add the DuckDB file ``database`` to ``context``, read-only and without a pool.

    A pool would keep the file open, and DuckDB lets nobody write to a file that is open.
    """
    return context.data_sources.add_sql(
        "duckdb",
        connection_string="duckdb+buffered://",
        kwargs={
            # not part of the URL, where a path with a question mark would be cut
            "connect_args": {"database": str(database), "read_only": True},
            "poolclass": NullPool,
        },
        create_temp_table=False,
    )


def whole_table(source: SQLDatasource, schema: str, table: str) -> BatchDefinition:
    """Return all rows of ``schema.table`` as something that can be validated."""
    with warnings.catch_warnings():
        # the schema shall go into the connection, but a source of any SQL has no place for it
        warnings.filterwarnings("ignore", "`schema_name` is deprecated", DeprecationWarning)
        asset = source.add_table_asset(f"{schema}.{table}", table_name=table, schema_name=schema)
    return asset.add_batch_definition_whole_table("all rows")
