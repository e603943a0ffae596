"""The buying group of each opportunity: the first rung of the ladder that gives anyone.

Neither CRM of the sample company exports contacts that are merely associated with an opportunity,
so of the rungs there are the contact roles, the persons of the account, and nobody.
"""

from collections import defaultdict

from tests.oracle.identity import Identity
from tests.oracle.landing import Landing, Row
from tests.oracle.records import CONTACT


def find_groups(landing: Landing, opportunities: list[Row], identity: Identity) -> list[Row]:
    """Return rows opportunity_id, person and rung; an opportunity of nobody has none."""
    living = {row["person"]: row for row in identity.persons if not row["is_deleted"]}
    by_account = defaultdict(set)
    for label, row in living.items():
        by_account[row["account_id"]].add(label)
    by_role = defaultdict(set)
    for row in landing.current("salesforce", "opportunity_contact_role"):
        label = identity.label_of.get((CONTACT, row["ContactId"]))
        if label in living and not row["IsDeleted"]:
            by_role[row["OpportunityId"]].add(label)
    found = []
    for row in opportunities:
        account_id = row["account_id"]
        rungs = {
            "contact_role": by_role[row["opportunity_id"]],
            "account": by_account[account_id] if account_id else set(),
        }
        rung, group = next(((rung, group) for rung, group in rungs.items() if group), ("", ()))
        found += [
            {"opportunity_id": row["opportunity_id"], "person": label, "rung": rung}
            for label in sorted(group)
        ]
    return found
