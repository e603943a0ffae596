"""Personal data leaves the pipeline here: raw gets keyed hashes, the vault the clear values.

The hash is HMAC-SHA-256 (RFC 2104), cut to 128 bits. A plain hash of an e-mail address can
be undone with a dictionary; without the key this one cannot. DuckDB has no HMAC, but it has
SHA-256, and HMAC is two of those over the key's two paddings, so rows never leave the engine.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.scrubbing import ADDRESS, WITHHELD

_BLOCK_BYTES = 64
_KEY_BYTES = 32
HASH_HEX_DIGITS = 32

# What a URL may keep of its query: the marks that say where a visit came from. Whoever puts an
# address there, in clear or as %40, does not get it into raw.
TRACKING_PARAMETERS = (
    "utm_[a-z_]+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|li_fat_id|ttclid|srsltid"
)

VAULT_DDL = """
create table if not exists vault.clear_values (
    value_hash varchar not null,
    kind varchar not null,
    clear_value varchar not null
);
create table if not exists vault.quarantined_rows (
    file_sequence bigint not null,
    line bigint not null,
    raw_text varchar
);
"""


def load_key(path: Path) -> bytes:
    """Return the key, made on the first call with mode 600."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    key = secrets.token_bytes(_KEY_BYTES)
    with os.fdopen(descriptor, "w") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    return key


@contextmanager
def vault_attached(
    connection: duckdb.DuckDBPyConnection, vault: Path, key: bytes
) -> Iterator[None]:
    """Attach the vault as ``vault`` and give ``connection`` the key for :func:`keyed_hash`.

    The paddings travel as variables, so the key is in no statement that could be logged. While
    the block lasts, every file that this process makes is its owner's alone: the vault's log of
    changes has clear values, and so has what DuckDB writes to disk when memory is short.
    """
    padded = key.ljust(_BLOCK_BYTES, b"\0")
    connection.execute("set variable hmac_inner = ?::blob", [bytes(b ^ 0x36 for b in padded)])
    connection.execute("set variable hmac_outer = ?::blob", [bytes(b ^ 0x5C for b in padded)])
    previous = os.umask(0o077)
    try:
        _own_spill_folder(connection)
        known = "select 1 from duckdb_databases() where database_name = 'vault'"
        is_outer = not connection.execute(known).fetchall()
        connection.execute(f"attach if not exists {quoted(str(vault))} as vault")
        connection.execute(VAULT_DDL)
        yield
        if is_outer:  # a block within a block leaves the vault to the one around it
            connection.execute("detach vault")
    finally:
        os.umask(previous)


def _own_spill_folder(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the folder for what does not fit into memory, which DuckDB would make for all."""
    [(folder,)] = connection.execute("select current_setting('temp_directory')").fetchall()
    if folder:
        Path(folder).mkdir(mode=0o700, exist_ok=True)
        Path(folder).chmod(0o700)


def keyed_hash(text: str) -> str:
    """SQL for the keyed hash, in lower-case hexadecimal, of the SQL expression ``text``."""
    inner = f"unhex(sha256(getvariable('hmac_inner') || encode({text})))"
    return f"left(sha256(getvariable('hmac_outer') || {inner}), {HASH_HEX_DIGITS})"


def without_address(text: str) -> str:
    """SQL for ``text``, or its keyed hash if it has an e-mail address in it.

    Columns that are not marked as personal sometimes hold one all the same. The hash differs
    from text to text, so that an id which is an address stays one.
    """
    address = f"contains({text}, '@') and regexp_matches({text}, {quoted(ADDRESS)})"
    return f"case when {address} then {keyed_hash(f'lower(trim({text}))')} else {text} end"


def url_without_query(text: str) -> str:
    """SQL for a URL without fragment, query and user, except the tracking parameters.

    An e-mail address that is part of the path is withheld.
    """
    query = f"split_part(split_part({text}, '#', 1), '?', 2)"
    kept = (
        f"list_filter(string_split({query}, '&'), "
        f"lambda p: regexp_full_match(p, '({TRACKING_PARAMETERS})=[^@]*') "
        f"and not contains(p, '%40'))"
    )
    page = f"split_part(split_part({text}, '#', 1), '?', 1)"
    anonymous = f"regexp_replace({page}, '://[^/]*@', '://')"
    address = f"regexp_replace({anonymous}, {quoted(ADDRESS)}, '{WITHHELD}', 'g')"
    return f"{address} || coalesce('?' || list_aggregate({kept}, 'string_agg', '&'), '')"


def quoted(text: str) -> str:
    """Return ``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
