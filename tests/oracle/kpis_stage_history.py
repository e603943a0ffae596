"""Every entry into a stage a second time: opportunities by their history, persons by dates."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.days import end_of_day, reporting_day
from tests.oracle.figures import find_grounds
from tests.oracle.landing import Landing, Row, seed
from tests.oracle.records import HUBSPOT
from tests.oracle.waits import FUNNEL, Way, find_ways

NO_END = "9999-12-31"


def stage_history(company: Company, landing: Landing) -> pd.DataFrame:
    """Compute the published table of this name; subjects are opportunities and persons."""
    rows = [*_of_opportunities(company)]
    current = _current_stages(company, landing)
    for way in find_ways(company):
        rows += _of_person(way, current.get(way.person.person))
    return pd.DataFrame(rows)


def stages_at(system: str, day: Any) -> dict[str, Row]:
    """Return what the CRM's words stand for on a day."""
    return {
        row["source_stage"]: row | {"order": row["stage_order"] and int(row["stage_order"])}
        for row in seed("lifecycle_stages")
        if row["source_system"] == system
        and row["valid_from"] <= day.isoformat()[:10] <= (row["valid_to"] or NO_END)
    }


def _of_opportunities(company: Company) -> Iterator[Row]:
    """Yield the stays; a change that leaves the stage as it is, of the amount say, is none."""
    told = company.opportunity_history.groupby("opportunity_id", sort=False)
    for opportunity_id, changes in told:
        steps = [*zip(changes.stage, changes.changed_at, strict=True)]
        yield from _stays(opportunity_id, steps, is_inferred=False)
    known = company.opportunities
    for row in known[
        ~known.opportunity_id.isin(company.opportunity_history.opportunity_id)
    ].itertuples():
        end = pd.Timestamp(end_of_day(row.close_date.date())) if row.is_closed else row.created_at
        yield from _stays(row.opportunity_id, [(row.stage, end)], is_inferred=True)


def _stays(opportunity_id: str, steps: list[tuple], *, is_inferred: bool) -> list[Row]:
    rows: list[Row] = []
    before = None
    for word, at in steps:
        meanings = stages_at("salesforce", reporting_day(at))
        now = meanings[word]
        if before and before["source_stage"] == word:
            continue
        skipped, is_back = 0, False
        if before:
            is_back = before["is_closed"] == "true"
            if before["order"] and now["order"]:
                is_back |= before["order"] > now["order"]
                between = range(before["order"] + 1, now["order"])
                skipped = len({one["order"] for one in meanings.values()} & {*between})
        rows.append(
            {"source_system": "salesforce", "source_stage": word, "stage": now["stage"]}
            | {"entered_at": at, "is_recycled": is_back, "skipped_stages": skipped}
        )
        before = now
    return _numbered("opportunity", opportunity_id, rows, [is_inferred] * len(rows))


def _numbered(kind: str, subject: str, rows: list[Row], inferred: list[bool]) -> list[Row]:
    """Say whose entries these are, in which order, and until when each stay lasted."""
    left = [*(row["entered_at"] for row in rows[1:]), None]
    return [
        row
        | {"subject_type": kind, "subject_id": subject, "entry_number": number}
        | {"left_at": left_at, "is_inferred": is_inferred, "is_current": number == len(rows)}
        for number, (row, left_at, is_inferred) in enumerate(
            zip(rows, left, inferred, strict=True), start=1
        )
    ]


def _of_person(way: Way, current: Row | None) -> list[Row]:
    """Return the stages reached, then the one that the CRM has put the person back to, if any."""
    rows, unrecorded, inferred = [], 0, []
    for stage, at in way.reached.items():
        is_recorded = stage in way.recorded
        rows.append(
            {"source_system": None, "source_stage": None, "stage": stage, "entered_at": at}
            | {"is_recycled": False, "skipped_stages": unrecorded if is_recorded else 0}
        )
        unrecorded = 0 if is_recorded else unrecorded + 1
        inferred.append(way.recorded.get(stage) != at)
    furthest = int(FUNNEL[[*way.reached][-1]]["stage_order"])
    if current and len(rows) > 1 and current["order"] < furthest:
        rows.append(
            {"source_system": "hubspot", "source_stage": current["source_stage"]}
            | {"stage": current["stage"], "entered_at": None}
            | {"is_recycled": True, "skipped_stages": 0}
        )
        inferred.append(False)
    return _numbered("person", way.person.person, rows, inferred)


def _current_stages(company: Company, landing: Landing) -> dict[str, Row]:
    """Return the stage of the lifecycle that HubSpot has a person in, of several the furthest."""
    nodes = company.node_persons
    person_of = dict(zip(zip(nodes.kind, nodes.own_id, strict=True), nodes.person, strict=True))
    meanings = stages_at("hubspot", find_grounds(company).as_of)
    found = defaultdict(list)
    for row in landing.current("hubspot", "contacts"):
        meaning = meanings.get(row["lifecyclestage"])
        if not row["archived"] and meaning and meaning["order"]:
            found[person_of[HUBSPOT, row["hs_object_id"]]].append((meaning["order"], row, meaning))
    return {person: max(stages, key=lambda stage: stage[0])[-1] for person, stages in found.items()}
