"""Who was erased: the state's table ``erasures``, in which no address stands.

A person is entered before anything else happens, so that what a crash cuts off is finished by
the next run. Until then the address is among the vault's clear values, where it stood anyway.

- ``erased_at``: when it was asked for.
- ``cleaned_at``: store, landing folder, raw and vault have nothing of the person any more.
- ``published_at``: neither has what readers see, nor what older runs left.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from ingest.contract import Contract, Table
from ingest.erasure import NO_DOMAIN, Erasure
from ingest.erasure_search import Person, Search, address_hash
from ingest.faults import point
from ingest.keys import home_key
from ingest.ledger import transaction
from ingest.privacy import quoted, vault_attached
from ingest.typed_rows import quote
from ingest.warehouse import Warehouse, raw_table


def enter_erasure(
    warehouse: Warehouse,
    connection: DuckDBPyConnection,
    contracts: Sequence[Contract],
    address: str,
) -> None:
    """Note that a person is to be erased; who was erased before keeps the token.

    Raises:
        ErasureError: it is no address.
    """
    drawn = Erasure.of(address)
    key = home_key(warehouse, connection)
    value_hash = address_hash(key, drawn.address)
    domain = _kept_domain(connection, contracts, drawn.address, value_hash)
    with vault_attached(connection, warehouse.vault, key), transaction(connection):
        connection.execute(
            "insert into vault.clear_values select ?, 'email', ? "
            "where ? not in (select value_hash from vault.clear_values)",
            [value_hash, drawn.address, value_hash],
        )
    point("erasure.address_kept")
    connection.execute(
        """
        insert into state.erasures values (?, ?, now()::timestamp, null, null)
        on conflict do update
        set erased_at = excluded.erased_at, cleaned_at = null, published_at = null
        """,
        [value_hash, drawn.token.replace(NO_DOMAIN, domain)],
    )
    connection.execute("checkpoint state")
    point("erasure.entered")


def search_for(
    warehouse: Warehouse, connection: DuckDBPyConnection, *, uncleaned: bool = False
) -> Search | None:
    """Return the search for everybody who was erased, or whose erasure has only begun.

    None if there is nobody. The address is known as long as the vault has it.
    """
    condition = "cleaned_at is null" if uncleaned else "true"
    erased = connection.execute(
        f"select value_hash, token from state.erasures where {condition} order by value_hash"
    ).fetchall()
    if not erased:
        return None
    key = home_key(warehouse, connection)
    with vault_attached(connection, warehouse.vault, key):
        rows = connection.execute(
            "select value_hash, clear_value from vault.clear_values "
            "where kind = 'email' and list_contains(?, value_hash)",
            [[value_hash for value_hash, _ in erased]],
        ).fetchall()
    known = {value_hash: Erasure.of(text).address for value_hash, text in rows}
    people = [Person(value_hash, token, known.get(value_hash)) for value_hash, token in erased]
    return Search(people, key)


def mark_cleaned(connection: DuckDBPyConnection, search: Search) -> None:
    """Note that nothing of the people is left in store, landing folder, raw and vault."""
    connection.execute(
        "update state.erasures set cleaned_at = now()::timestamp "
        "where list_contains(?, value_hash)",
        [[person.value_hash for person in search.people]],
    )
    connection.execute("checkpoint state")
    point("erasure.cleaned")


def mark_published(connection: DuckDBPyConnection) -> None:
    """Note that readers see nothing any more of those who were taken out."""
    connection.execute(
        "update state.erasures set published_at = now()::timestamp "
        "where published_at is null and cleaned_at is not null"
    )


def carry_over(old_state: Path, new_state: Path) -> int:
    """Enter the erasures of one state file into another one, to be done again there.

    An older backup knows nothing of them, and its store has the people.

    Returns:
        The number of people who were erased after the backup was made.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {quoted(str(old_state))} as old (read_only)")
        connection.execute(f"attach {quoted(str(new_state))} as state")
        known = connection.execute(
            "select database_name from duckdb_tables() where table_name = 'erasures'"
        ).fetchall()
        if ("old",) not in known:
            return 0
        if ("state",) not in known:
            connection.execute("create table state.erasures as from old.erasures limit 0")
        [(carried,)] = connection.execute(
            """
            insert into state.erasures
            select
                value_hash, token, if(cleaned_at is null, now()::timestamp, erased_at), null, null
            from old.erasures
            where value_hash not in (select value_hash from state.erasures)
            """
        ).fetchall()
        connection.execute("checkpoint state")
    return carried


def _kept_domain(
    connection: DuckDBPyConnection, contracts: Sequence[Contract], address: str, value_hash: str
) -> str:
    """Return the address's domain if it says nothing about this one person.

    That is so if others have an address there, or a table that knows no persons, such as one of
    companies, has the domain; then the person's records still lead to their company.
    """
    domain = address.rpartition("@")[2]
    for contract in contracts:
        for table in contract.tables:
            raw = raw_table(contract.source, table)
            for condition in _conditions(table):
                if connection.execute(
                    f"from {raw} where {condition} limit 1",
                    {"domain": domain, "value_hash": value_hash},
                ).fetchall():
                    return domain
    return NO_DOMAIN


def _conditions(table: Table) -> list[str]:
    """SQL that is true of rows which have ``$domain`` without the person ``$value_hash``."""
    emails = [column for column in table.columns if column.personal == "email"]
    if any(column.personal for column in table.columns if column.personal != "url"):
        return [
            f"{quote(f'{column.raw_name}_domain')} = $domain "
            f"and {quote(f'{column.raw_name}_hash')} <> $value_hash"
            for column in emails
        ]
    return [
        f"lower({quote(column.raw_name)}) = $domain and $value_hash <> ''"
        for column in table.columns
        if column.type == "string" and not column.personal
    ]
