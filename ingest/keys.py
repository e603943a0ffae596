"""The key of a home's hashes: made once, and never replaced by another in silence.

With another key the same address gets another hash, and new files no longer join to old ones.
"""

import hashlib
import hmac

from duckdb import DuckDBPyConnection

from ingest.errors import HomeError
from ingest.faults import point
from ingest.privacy import load_key
from ingest.warehouse import Warehouse

# The fact of the state by which the key is known again; the key cannot be told from it.
_KEY_CHECK = "key_check"


def home_key(warehouse: Warehouse, connection: DuckDBPyConnection) -> bytes:
    """Return the key of the personal data's hashes; a home without loaded files gets a new one.

    Raises:
        HomeError: the key is gone, or is another than the loaded files were hashed with.
    """
    known = connection.execute(
        "select value from state.facts where name = ?", [_KEY_CHECK]
    ).fetchall()
    if not warehouse.key_file.exists() and (known or _has_loaded(connection)):
        raise HomeError(
            f"{warehouse.key_file} is missing, and a new key would give every person of new files "
            "another hash: bring it back with `scalehouse restore`"
        )
    key = load_key(warehouse.key_file)
    point("key.made")
    check = hmac.new(key, b"scalehouse", hashlib.sha256).hexdigest()[:16]
    if not known:
        connection.execute("insert into state.facts values (?, ?)", [_KEY_CHECK, check])
    elif known != [(check,)]:
        raise HomeError(
            f"{warehouse.key_file} is not the key that the loaded files were hashed with: "
            "bring that one back with `scalehouse restore`"
        )
    return key


def _has_loaded(connection: DuckDBPyConnection) -> bool:
    [(count,)] = connection.execute(
        "select count(*) from state.load_ledger where status = 'loaded'"
    ).fetchall()
    return count > 0
