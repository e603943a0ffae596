"""Leave in the vault only what raw, and the bad rows of files, still refer to."""

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from ingest.compaction import compact
from ingest.contract import Contract, Table
from ingest.faults import point
from ingest.keys import home_key
from ingest.privacy import vault_attached
from ingest.reconciliation import WITH_BAD_ROWS, list_bad_rows
from ingest.typed_rows import quote
from ingest.warehouse import Warehouse, raw_table


def clean_vault(
    warehouse: Warehouse, connection: DuckDBPyConnection, contracts: Sequence[Contract]
) -> None:
    """Remove clear values and bad rows of files that were rewritten, then write the vault anew.

    A freed block keeps its bytes, so the old file goes. What a held file has comes back when it
    is read for its next check.
    """
    rows = connection.execute(
        "select file_sequence, status from state.load_ledger where stored_sha256 <> sha256"
    ).fetchall()
    refused = {sequence for sequence, status in rows if status in WITH_BAD_ROWS}
    for contract in contracts:
        for table in contract.tables:
            list_bad_rows(warehouse, connection, contract, table, only=refused)
    others = [sequence for sequence, status in rows if status not in {*WITH_BAD_ROWS, "loaded"}]
    with vault_attached(connection, warehouse.vault, home_key(warehouse, connection)):
        connection.execute(
            "delete from vault.quarantined_rows where list_contains(?, file_sequence)", [others]
        )
        _keep_referred(connection, contracts)
        connection.execute("checkpoint vault")
    point("erasure.vault_emptied")
    compact(warehouse.vault)
    point("erasure.vault_rewritten")


def _keep_referred(connection: DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    connection.execute("create or replace temp table referred (value_hash varchar)")
    for contract in contracts:
        for table in contract.tables:
            for hashes in _hashes(table):
                connection.execute(
                    f"insert into referred select distinct {hashes} "
                    f"from {raw_table(contract.source, table)}"
                )
    connection.execute(
        "delete from vault.clear_values where value_hash not in "
        "(select value_hash from referred where value_hash is not null)"
    )
    connection.execute("drop table referred")


def _hashes(table: Table) -> list[str]:
    """SQL for each place where a row of raw has a hash."""
    hashed = [quote(f"{column.raw_name}_hash") for column in table.columns if column.is_hashed]
    return [*hashed, "unnest(json_extract_string(_rescued, '$.*'))"]
