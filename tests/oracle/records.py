"""The records that CRMs keep of people, and how an address or a domain is compared.

A node of the identity graph is the pair of its kind and its own id, such as
``("salesforce.lead", "00Q…")`` or ``("email", "ada@firm.example")``.
"""

import csv
import re
from datetime import datetime
from functools import cache
from typing import NamedTuple

from tests.oracle.accounts import Accounts, company_domain
from tests.oracle.landing import ROOT, Landing, Row

Node = tuple[str, str]

HUBSPOT, CONTACT, LEAD = "hubspot.contact", "salesforce.contact", "salesforce.lead"
EMAIL, VISITOR, REGISTRATION = "email", "visitor", "webinar.registration"


class Person(NamedTuple):
    """One record of one person; ``winner`` is the record that it was merged into."""

    node: Node
    address: str | None
    linked_account_id: str | None
    domain_account_id: str | None
    winner: Node | None
    losers: tuple[Node, ...]
    synced: tuple[Node, ...]
    is_deleted: bool
    created_at: datetime
    mql_at: datetime | None
    sql_at: datetime | None


def find_records(landing: Landing, accounts: Accounts) -> list[Person]:
    """Return every contact and lead of both CRMs in its current version."""
    found = [_hubspot(row, accounts) for row in landing.current("hubspot", "contacts")]
    for kind, table, account, converted in (
        (CONTACT, "contact", "AccountId", None),
        (LEAD, "lead", "ConvertedAccountId", "ConvertedContactId"),
    ):
        for row in landing.current("salesforce", table):
            contact = row[converted] if converted else None
            found.append(_salesforce(row, kind, row[account], contact, accounts))
    return found


def _hubspot(row: Row, accounts: Accounts) -> Person:
    address = normal_address(row["email"])
    synced = ((CONTACT, row["salesforcecontactid"]), (LEAD, row["salesforceleadid"]))
    losers = (entry.partition(":")[0].strip() for entry in _entries(row["hs_merged_object_ids"]))
    return Person(
        node=(HUBSPOT, row["hs_object_id"]),
        address=address,
        linked_account_id=accounts.account_of.get(("hubspot", row["associatedcompanyid"])),
        domain_account_id=_account_by_domain(address, accounts),
        winner=None,
        losers=tuple((HUBSPOT, loser) for loser in losers),
        synced=tuple(node for node in synced if node[1]),
        is_deleted=row["archived"],
        created_at=row["createdate"],
        mql_at=row["hs_lifecyclestage_marketingqualifiedlead_date"],
        sql_at=row["hs_lifecyclestage_salesqualifiedlead_date"],
    )


def _entries(joined: str | None) -> list[str]:
    return [entry for entry in (joined or "").split(";") if entry.strip()]


def _salesforce(
    row: Row, kind: str, account: str | None, contact: str | None, accounts: Accounts
) -> Person:
    address, winner = normal_address(row["Email"]), row["MasterRecordId"]
    return Person(
        node=(kind, row["Id"]),
        address=address,
        linked_account_id=accounts.account_of.get(("salesforce", account)),
        domain_account_id=_account_by_domain(address, accounts),
        winner=(kind, winner) if winner else None,
        losers=(),
        synced=((CONTACT, contact),) if contact else (),
        is_deleted=row["IsDeleted"],
        created_at=row["CreatedDate"],
        mql_at=None,
        sql_at=None,
    )


def _account_by_domain(address: str | None, accounts: Accounts) -> str | None:
    own = company_domain(address_domain(address))
    return accounts.domains.get(own) if own else None


def normal_address(typed: str | None) -> str | None:
    """Return an address in lower case with its domain in ASCII, none for blanks."""
    bare = (typed or "").strip().lower()
    name, at, domain = bare.rpartition("@")
    ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
    return f"{name}{at}{ascii_domain}" if at else bare or None


def address_domain(address: str | None) -> str | None:
    """Return what follows the last @."""
    _, at, domain = (address or "").rpartition("@")
    return domain if at else None


def is_role(address: str | None) -> bool:
    """Tell a team's mailbox; a tag or a number at the end of the name makes no other of it."""
    name = (address or "").partition("@")[0].partition("+")[0]
    return re.sub(r"\d+$", "", name) in _role_names()


@cache
def _role_names() -> frozenset[str]:
    with (ROOT / "ingest" / "role_addresses.csv").open(encoding="utf-8") as file:
        return frozenset(row["local_part"] for row in csv.DictReader(file))
