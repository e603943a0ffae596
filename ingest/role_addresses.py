"""Mailboxes that a team reads, such as info@ and sales@: an address of many tells nobody apart.

The names before the @ are a list beside this module. What raw says of a row was decided when the
row was read: after a change to the list, ``scalehouse rebuild`` reads every file again.
"""

import csv
from functools import cache
from pathlib import Path

from ingest.privacy import quoted

LIST = Path(__file__).parent / "role_addresses.csv"


@cache
def role_names() -> frozenset[str]:
    """Return the names of the list, in lower case."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return frozenset(row["local_part"] for row in csv.DictReader(file))


def is_role_address(normal: str) -> str:
    """SQL that tells whether the address ``normal``, in normal form, is a team's; null for null.

    A tag (``info+fair@``) and a number at the end (``sales2@``) make no other mailbox of it.
    """
    names = ", ".join(quoted(name) for name in sorted(role_names()))
    name = rf"regexp_extract({normal}, '^([^@+]*?)[0-9]*(\+[^@]*)?@', 1)"
    return f"{name} in ({names})"
