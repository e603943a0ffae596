"""What raw holds in place of personal values: one hash for each distinct text of a file."""

from duckdb import DuckDBPyConnection

from ingest.contract import Column, Table
from ingest.normalising import email_domain, find_normal_forms, normalised
from ingest.privacy import keyed_hash, quoted
from ingest.role_addresses import is_role_address
from ingest.typed_rows import TYPED_ROWS, clear_name


def make_pseudonyms(connection: DuckDBPyConnection, table: Table) -> None:
    """Fill the temporary table ``pseudonyms`` with the distinct personal texts of ``typed_rows``.

    It has one row per hashed column and text: the hash of the text's normal form, its
    ``legible`` part, if any (of an e-mail address the domain, of other text an allowed value),
    and whether an address is a team's.
    """
    hashed = [column for column in table.columns if column.is_hashed]
    connection.execute(
        "create or replace temp table pseudonyms "
        "(column_name varchar, written varchar, value_hash varchar, legible varchar, "
        "is_role boolean)"
    )
    find_normal_forms(connection, TYPED_ROWS, {each: clear_name(each) for each in hashed})
    for column in hashed:
        normal = normalised(column, "written")
        is_role = is_role_address(normal) if column.personal == "email" else "null"
        connection.execute(
            f"""
            insert into pseudonyms
            select
                {quoted(column.raw_name)}, written,
                {keyed_hash(normal)}, {_legible(column, "written")}, {is_role}
            from (select distinct {clear_name(column)} as written from {TYPED_ROWS})
            where trim(written) <> ''
            """
        )


def _legible(column: Column, text: str) -> str:
    if column.personal == "email":
        return email_domain(column, text)
    allowed = ", ".join(quoted(value.lower()) for value in column.allowed)
    plain = f"lower(trim({text}))"
    return f"case when {plain} in ({allowed}) then {plain} end" if allowed else "null"


def keep_clear_values(connection: DuckDBPyConnection, table: Table) -> None:
    """Add the personal values that the vault has not seen, each as it was written first."""
    for column in table.columns:
        if column.is_hashed:
            connection.execute(
                f"""
                insert into vault.clear_values
                select value_hash, {quoted(str(column.personal))}, any_value(written)
                from pseudonyms
                where
                    column_name = {quoted(column.raw_name)}
                    and value_hash not in (select value_hash from vault.clear_values)
                group by value_hash
                """
            )


def pseudonym(column: Column, part: str = "value_hash") -> str:
    """SQL that gives a row of ``typed_rows`` the hash of its clear text, or another ``part``."""
    return (
        f"(select {part} from pseudonyms where column_name = {quoted(column.raw_name)} "
        f"and written = {clear_name(column)})"
    )
