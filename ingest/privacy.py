"""Personal data leaves the pipeline here: raw gets keyed hashes, the vault the clear values.

The hash is HMAC-SHA-256 (RFC 2104), cut to 128 bits. A plain hash of an e-mail address can
be undone with a dictionary; without the key this one cannot. DuckDB has no HMAC, but it has
SHA-256, and HMAC is two of those over the key's two paddings, so rows never leave the engine.
"""

import os
import secrets
from pathlib import Path

import duckdb

_BLOCK_BYTES = 64
_KEY_BYTES = 32
HASH_HEX_DIGITS = 32

# What a URL may keep of its query: the marks that say where a visit came from.
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


def open_vault(connection: duckdb.DuckDBPyConnection, vault: Path, key: bytes) -> None:
    """Attach the vault as ``vault`` and give ``connection`` the key for :func:`keyed_hash`.

    The paddings travel as variables, so the key is in no statement that could be logged.
    """
    padded = key.ljust(_BLOCK_BYTES, b"\0")
    connection.execute("set variable hmac_inner = ?::blob", [bytes(b ^ 0x36 for b in padded)])
    connection.execute("set variable hmac_outer = ?::blob", [bytes(b ^ 0x5C for b in padded)])
    # created with its final mode: the values must not be readable by others even for a moment
    previous = os.umask(0o077)
    try:
        connection.execute(f"attach if not exists {quoted(str(vault))} as vault")
        connection.execute(VAULT_DDL)
    finally:
        os.umask(previous)


def keyed_hash(text: str) -> str:
    """SQL for the keyed hash, in lower-case hexadecimal, of the SQL expression ``text``."""
    inner = f"unhex(sha256(getvariable('hmac_inner') || encode({text})))"
    return f"left(sha256(getvariable('hmac_outer') || {inner}), {HASH_HEX_DIGITS})"


def url_without_query(text: str) -> str:
    """SQL for a URL without fragment and query, except the tracking parameters."""
    query = f"split_part(split_part({text}, '#', 1), '?', 2)"
    kept = (
        f"list_filter(string_split({query}, '&'), "
        f"lambda p: regexp_full_match(p, '({TRACKING_PARAMETERS})=[^@]*'))"
    )
    address = f"split_part(split_part({text}, '#', 1), '?', 1)"
    return f"{address} || coalesce('?' || list_aggregate({kept}, 'string_agg', '&'), '')"


def quoted(text: str) -> str:
    """Return ``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
