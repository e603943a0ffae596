"""Who is one person: what the links of the identity rules tie together, within bounds.

A person's label is the smallest node among the records, written ``kind:id``; one whom no record
knows has the label of the smallest node of any kind.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.oracle.landing import Row, seed
from tests.oracle.records import EMAIL, VISITOR, Node, Person, is_role
from tests.oracle.touches import Touch
from tests.oracle.website import Website

# Records and addresses that one person may have; of browsers any number.
RECORD_LIMIT = 24
TOUCH_RULES = {
    "form_submission": "form_fill",
    "campaign_response": "campaign_member",
    "webinar_attendance": "webinar_registration",
}


class Link(NamedTuple):
    """Two nodes that a rule takes for one person."""

    ends: frozenset[Node]
    rule: str


class Identity(NamedTuple):
    """``label_of`` gives the person of every node, ``persons`` those whom a record knows."""

    label_of: dict[Node, str]
    persons: list[Row]


def find_identity(records: list[Person], touches: list[Touch], site: Website) -> Identity:
    """Tie nodes to persons and sum up what their records say.

    A person has the keys person, account_id, created_at, mql_at, sql_at and is_deleted.
    """
    links = {*_record_links(records), *_touch_links(touches)}
    links |= {Link(frozenset(pair), "identified_visitor") for pair in site.recognised}
    links = {link for link in links if len(link.ends) == 2}
    nodes = {node for link in links for node in link.ends}
    nodes |= {record.node for record in records}
    nodes |= {node for touch in touches for node in (touch.node, touch.linked) if node}
    nodes |= {(VISITOR, visit.visitor) for visit in site.visits}
    own = {record.node for record in records}
    label_of = {}
    for members in _bounded(nodes, _surest(links, records)):
        label = ":".join(min(members & own or members))
        label_of |= dict.fromkeys(members, label)
    of_person = defaultdict(list)
    for record in records:
        of_person[label_of[record.node]].append(record)
    return Identity(label_of, [_person(label, found) for label, found in of_person.items()])


def _record_links(records: list[Person]) -> Iterator[Link]:
    for record in records:
        if record.address:
            yield Link(frozenset([record.node, (EMAIL, record.address)]), "same_email")
        if record.winner:
            yield Link(frozenset([record.node, record.winner]), "merged")
        for loser in record.losers:
            yield Link(frozenset([record.node, loser]), "merged")
        rule = "converted_lead" if record.node[0].endswith("lead") else "synced_record"
        for other in record.synced:
            yield Link(frozenset([record.node, other]), rule)


def _touch_links(touches: list[Touch]) -> Iterator[Link]:
    for touch in touches:
        if touch.node and touch.linked:
            ends = frozenset([touch.node, touch.linked])
            yield Link(ends, TOUCH_RULES.get(touch.touchpoint_type, "seen_together"))


def _surest(links: Iterable[Link], records: list[Person]) -> dict[frozenset[Node], float]:
    """Return the confidence of each pair's surest link; a team's mailbox ties nobody together."""
    rules = {row["rule"]: row for row in seed("identity_rules")}
    shared = {record.node for record in records if is_role(record.address)}
    shared |= {(EMAIL, record.address) for record in records if is_role(record.address)}
    found: dict[frozenset[Node], float] = defaultdict(float)
    for link in links:
        rule = rules[link.rule]
        if rule["needs_own_address"] == "true" and link.ends & shared:
            continue
        found[link.ends] = max(found[link.ends], float(rule["confidence"]))
    return found


def _bounded(nodes: Iterable[Node], links: dict[frozenset[Node], float]) -> Iterator[set[Node]]:
    """Yield what is tied together; a crowd is put together again, the surest links first."""
    for members in _tied([{node} for node in nodes], links):
        if _weight(members) <= RECORD_LIMIT:
            yield members
            continue
        inside = {ends: sure for ends, sure in links.items() if ends <= members}
        parts = [{node} for node in members]
        for level in _levels(inside):
            joined = _tied(parts, level)
            crowds = [part for part in joined if _weight(part) > RECORD_LIMIT]
            kept = [part for part in joined if _weight(part) <= RECORD_LIMIT]
            parts = kept + [part for part in parts if any(part <= crowd for crowd in crowds)]
        yield from parts


def _weight(members: set[Node]) -> int:
    return sum(kind != VISITOR for kind, _ in members)


def _levels(links: dict[frozenset[Node], float]) -> list[list[frozenset[Node]]]:
    """Group links: the surest first, within one confidence those at nodes with few such links."""
    degrees = Counter((node, sure) for ends, sure in links.items() for node in ends)
    levels = defaultdict(list)
    for ends, sure in links.items():
        levels[-sure, max(degrees[node, sure] for node in ends)].append(ends)
    return [levels[key] for key in sorted(levels)]


def _tied(parts: list[set[Node]], links: Iterable[frozenset[Node]]) -> list[set[Node]]:
    """Join the parts that links tie together."""
    part_of = {node: at for at, part in enumerate(parts) for node in part}
    neighbours = defaultdict(set)
    for ends in links:
        one, other = (part_of[node] for node in ends)
        neighbours[one].add(other)
        neighbours[other].add(one)
    found, seen = [], set()
    for start in range(len(parts)):
        if start in seen:
            continue
        reached, waiting = {start}, [start]
        while waiting:
            near = neighbours[waiting.pop()] - reached
            reached |= near
            waiting.extend(near)
        seen |= reached
        found.append({node for at in reached for node in parts[at]})
    return found


def _person(label: str, records: list[Person]) -> Row:
    """What a person's records say together; a link that a CRM keeps outranks a domain."""
    records = sorted(records, key=lambda one: (one.is_deleted, one.created_at, one.node))
    linked = [one.linked_account_id for one in records if one.linked_account_id]
    by_domain = [one.domain_account_id for one in records if one.domain_account_id]
    whole = [one for one in records if one.winner is None]
    return {
        "person": label,
        "account_id": next(iter(linked + by_domain), None),
        "created_at": min(one.created_at for one in records),
        "mql_at": min((one.mql_at for one in records if one.mql_at), default=None),
        "sql_at": min((one.sql_at for one in records if one.sql_at), default=None),
        "is_deleted": bool(whole) and all(one.is_deleted for one in whole),
    }
