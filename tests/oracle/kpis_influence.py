"""What marketing influenced of the revenue, and what chance would have, a second time."""

from collections import defaultdict
from math import prod, sqrt
from typing import NamedTuple

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.figures import (
    Grounds,
    find_grounds,
    freshness,
    graded,
    positive_ratio,
    quarter_end,
    quarters,
    ratio,
    shown,
)
from tests.oracle.landing import Row
from tests.oracle.wins import NOTHING, Win, find_wins, won_in

INFLUENCE_DAYS = 180
DAY = pd.Timedelta(days=1)


def opportunity_evidence(company: Company) -> pd.DataFrame:
    """Compute the published table of this name."""
    return pd.DataFrame(
        {
            "opportunity_id": win.opportunity_id, "converted_date": win.won_date,
            "buying_group_rung": win.rung, "persons": len(win.persons),
            "credited_touchpoints": win.credited, "unattributed_reason": win.reason,
            "won_revenue": sum(win.revenue.values(), NOTHING), "evidence_grade": win.grade,
        }
        for win in find_wins(company)
    )  # fmt: skip


class Influence(NamedTuple):
    """Whether a win was touched as a definition asks, and how likely that was by chance."""

    win: Win
    is_influenced: bool
    chance: float


def find_influences(company: Company, wins: list[Win]) -> dict[str, list[Influence]]:
    """Judge each win by each definition.

    By chance each touchpoint that a member ever had falls on any observed day.
    """
    touches = company.touchpoints[company.touchpoints.ineligible_reason.isna()]
    days = (find_grounds(company).as_of - touches.occurred_date.min()).days + 1
    of_person = dict([*touches[~touches.is_sales].groupby("person")])
    found = defaultdict(list)
    for win in wins:
        own = [of_person[person] for person in win.persons if person in of_person]
        since_creation = max((win.won_date - win.created_date).days, 0)
        for definition, window in (
            ("any_touch", INFLUENCE_DAYS),
            ("responded", INFLUENCE_DAYS),
            ("after_creation", min(INFLUENCE_DAYS, since_creation)),
        ):
            counted = own
            if definition != "any_touch":
                counted = [one[~one.is_impression_or_open] for one in own]
            after = win.created_at if definition == "after_creation" else pd.Timestamp.min
            touched = any(
                win.won_at - INFLUENCE_DAYS * DAY <= at <= win.won_at and at > after
                for one in counted
                for at in one.occurred_at
            )
            missed = prod((1 - min(window / days, 1)) ** len(one) for one in counted)
            found[definition].append(Influence(win, touched, 1 - missed))
    return found


def influenced_revenue_quarterly(company: Company) -> pd.DataFrame:
    """Compute the published table of this name."""
    grounds, wins = find_grounds(company), find_wins(company)
    return pd.DataFrame(
        _influenced(start, definition, influences, grounds)
        for definition, influences in find_influences(company, wins).items()
        for start in quarters(company, grounds)
    )


def _influenced(
    start: pd.Timestamp, definition: str, influences: list[Influence], grounds: Grounds
) -> Row:
    row, won = won_in(start, [each.win for each in influences], grounds)
    cases, own = len(won), [each for each in influences if each.win in won]
    ours = [each.win for each in influences if each.is_influenced]
    brought = sum((win.revenue.get(start, NOTHING) for win in ours), NOTHING)
    sure = sum((win.revenue.get(start, NOTHING) for win in ours if win.grade in "AB"), NOTHING)
    count, chances = sum(each.is_influenced for each in own), [each.chance for each in own]
    share, by_chance = ratio(count, cases), ratio(sum(chances), cases)
    deviation = ratio(sqrt(sum(p * (1 - p) for p in chances)), cases)
    fresh = freshness(start, quarter_end(start), grounds.settled_until(needs_touchpoints=True))
    figures = {
        "influenced_share": positive_ratio(brought, row["won_revenue"]),
        "influenced_opportunity_share": share,
        "influenced_by_chance": by_chance,
        "chance_deviation": deviation,
        "is_above_chance": share > by_chance + 2 * deviation if cases else None,
        "accurately_attributed_share": positive_ratio(sure, brought),
    }
    return (
        row
        | {name: shown(figure, cases) for name, figure in figures.items()}
        | {"definition": definition, "influenced_revenue": brought}
        | {"influenced_opportunities": count}
        | graded(ratio(sum(bool(win.persons) for win in won), cases), cases, fresh)
    )
