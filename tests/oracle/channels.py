"""Which channel an origin is: the first rule of the seed that fits."""

import re
from functools import cache
from typing import NamedTuple

from tests.oracle.landing import Row, seed


class Origin(NamedTuple):
    """Where something came from; ``kind`` is the type of touchpoint whose rules apply."""

    kind: str
    click_id_kind: str | None = None
    source: str = ""
    medium: str = ""
    campaign: str | None = None


@cache
def channel_of(origin: Origin) -> str:
    """Return the channel of the first rule that has nothing against the origin."""
    return next(rule["channel"] for rule in _rules() if _fits(rule, origin))


@cache
def _rules() -> list[Row]:
    return sorted(seed("channel_rules"), key=lambda rule: int(rule["rule_order"]))


@cache
def _sites(kind: str) -> list[str]:
    return [row["source_pattern"] for row in seed("source_sites") if row["source_kind"] == kind]


def _fits(rule: Row, origin: Origin) -> bool:
    """Patterns are sought anywhere in the text; an empty field asks for nothing."""
    patterns = _sites(rule["source_kind"]) if rule["source_kind"] else [rule["source_pattern"]]
    return (
        rule["touchpoint_type"] in {None, origin.kind}
        and rule["click_id_kind"] in {None, origin.click_id_kind}
        and any(_has(pattern, origin.source) for pattern in patterns)
        and _has(rule["medium_pattern"], origin.medium)
        and _has(rule["campaign_pattern"], origin.campaign or "")
    )


def _has(pattern: str | None, text: str) -> bool:
    return pattern is None or re.search(pattern, text) is not None
