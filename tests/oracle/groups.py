"""The buying group of each opportunity: the first rung of the ladder that gives anyone.

Neither CRM of the sample company exports contacts that are merely associated with an opportunity,
so of the rungs there are the contact roles, the persons of the account, and nobody.
"""

from collections import defaultdict
from typing import NamedTuple

from tests.oracle.identity import Identity
from tests.oracle.landing import Landing, Row
from tests.oracle.records import CONTACT


class Groups(NamedTuple):
    """``rows`` are opportunity_id, person and rung; an opportunity of nobody has none.

    ``deleted`` are the opportunities with a role that was deleted or with deleted people.
    """

    rows: list[Row]
    deleted: set[str]


def find_groups(landing: Landing, opportunities: list[Row], identity: Identity) -> Groups:
    """Try the rungs of each opportunity in turn."""
    persons = {row["person"]: row for row in identity.persons}
    by_account = defaultdict(set)
    for label, row in persons.items():
        by_account[row["account_id"]].add(label)
    by_role, cancelled = defaultdict(set), set()
    for row in landing.current("salesforce", "opportunity_contact_role"):
        label = identity.label_of.get((CONTACT, row["ContactId"]))
        if row["IsDeleted"]:
            cancelled.add(row["OpportunityId"])
        elif label in persons:
            by_role[row["OpportunityId"]].add(label)
    found = Groups([], cancelled)
    for row in opportunities:
        opportunity_id, account_id = row["opportunity_id"], row["account_id"]
        named = {
            "contact_role": by_role[opportunity_id],
            "account": by_account[account_id] if account_id else set(),
        }
        gone = {label for label in set().union(*named.values()) if persons[label]["is_deleted"]}
        if gone:
            found.deleted.add(opportunity_id)
        rung = next((rung for rung, labels in named.items() if labels - gone), None)
        for label in sorted(named[rung] - gone) if rung else ():
            found.rows.append({"opportunity_id": opportunity_id, "person": label, "rung": rung})
    return found
