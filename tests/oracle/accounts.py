"""Which records of both CRMs are one account: merges, the synchronised id, the domain.

Salesforce has the opportunities, so an account has the id of its Salesforce record, if any.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from tests.oracle.landing import Landing, Row, seed


class AccountRecord(NamedTuple):
    """One record of a company, as its CRM keeps it."""

    system: str
    record_id: str
    account_id: str
    is_deleted: bool
    is_merged: bool
    domain: str | None
    industry: str | None
    country: str | None
    created_at: datetime


@dataclass(frozen=True)
class Accounts:
    """``account_of`` gives the account of a (system, record id), ``domains`` that of a domain."""

    rows: list[Row]
    account_of: dict[tuple[str, str], str]
    domains: dict[str, str]


def find_accounts(landing: Landing) -> Accounts:
    """Tie the records of both CRMs together.

    ``rows`` are account_id, domain, industry, country, created_at and is_deleted.
    """
    records = [*_salesforce(landing)]
    records += _hubspot(landing, {each.record_id: each for each in records})
    account_of = {(each.system, each.record_id): each.account_id for each in records}
    grouped = defaultdict(list)
    for record in records:
        grouped[record.account_id].append(record)
    rows = [_unified(account_id, members) for account_id, members in grouped.items()]
    domains: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row["account_id"]):
        own = company_domain(row["domain"])
        if own and not row["is_deleted"]:
            domains.setdefault(own, row["account_id"])
    return Accounts(rows, account_of, domains)


def _salesforce(landing: Landing) -> list[AccountRecord]:
    rows = landing.current("salesforce", "account")
    winners = {row["Id"]: row["MasterRecordId"] for row in rows}
    return [
        AccountRecord(
            "salesforce", row["Id"], _survivor(row["Id"], winners), row["IsDeleted"],
            row["MasterRecordId"] is not None, _host(row["Website"]), row["Industry"],
            row["BillingCountry"], row["CreatedDate"],
        )
        for row in rows
    ]  # fmt: skip


def _survivor(record_id: str, winners: dict[str, str | None]) -> str:
    """Follow merges to the last winner; of records merged in a circle the smallest survives."""
    seen = [record_id]
    while (winner := winners.get(seen[-1])) and winner != seen[-1]:
        if winner in seen:
            return min(seen[seen.index(winner) :])
        seen.append(winner)
    return seen[-1]


def _hubspot(landing: Landing, salesforce: dict[str, AccountRecord]) -> list[AccountRecord]:
    by_domain: dict[str, str] = {}
    for record in sorted(salesforce.values(), key=lambda record: record.record_id):
        own = company_domain(record.domain)
        if own and not record.is_deleted and not record.is_merged:
            by_domain.setdefault(own, record.record_id)
    found, is_merged = [], False  # the export does not say which companies were merged
    for row in landing.current("hubspot", "companies"):
        synced = salesforce.get(row["salesforceaccountid"])
        by_address = by_domain.get(company_domain(_lower(row["domain"])))
        account_id = synced.account_id if synced else by_address or row["hs_object_id"]
        found.append(
            AccountRecord(
                "hubspot", row["hs_object_id"], account_id, row["archived"], is_merged,
                _lower(row["domain"]), row["industry"], row["country"], row["createdate"],
            )
        )  # fmt: skip
    return found


def _unified(account_id: str, members: list[AccountRecord]) -> Row:
    """Let the record that gave the id speak first and the others, by age, fill its gaps."""
    members = sorted(members, key=lambda m: (m.record_id != account_id, m.created_at, m.record_id))
    whole = [member for member in members if not member.is_merged]
    said = {
        name: next((getattr(m, name) for m in members if getattr(m, name) is not None), None)
        for name in ("domain", "industry", "country")
    }
    return {
        "account_id": account_id,
        **said,
        "created_at": min(member.created_at for member in members),
        "is_deleted": bool(whole) and all(member.is_deleted for member in whole),
    }


def _host(website: str | None) -> str | None:
    if website is None:
        return None
    address = re.sub(r"^https?://", "", website.lower())
    return re.split(r"[/?#:]", address.removeprefix("www."))[0]


def _lower(text: str | None) -> str | None:
    return text.lower() if text else None


def company_domain(domain: str | None) -> str | None:
    """Return the part that a company registered, none for addresses that anybody can have."""
    labels = (domain or "").split(".")
    if len(labels) < 2 or re.fullmatch(r"[0-9.]+", domain):
        return None
    suffixes = _listed("public_suffixes")
    taken = labels[-3 if ".".join(labels[-2:]) in suffixes else -2 :]
    own = ".".join(taken)
    is_own = all(taken) and own not in suffixes and own not in _listed("free_mail_domains")
    return own if is_own else None


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(text for row in seed(name) for text in row.values() if text)
