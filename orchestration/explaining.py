"""Why a person is one, and where an opportunity's credits come from: told from the snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from ingest.warehouse import Warehouse
from orchestration.errors import PipelineError
from orchestration.querying import open_snapshot

Rows = list[dict[str, Any]]

# Salesforce's reports write the first 15 of an id's 18 characters, and some tools ignore case.
_IS_ID = """
    ({column} = $id or (length($id) = 15 and left({column}, 15) = $id)
    or (length($id) = 18 and lower({column}) = lower($id)))
"""

# What stands at an end of a link; of an address or a browser there is a hash alone.
_END = """
    case
        when {0}record_id is not null
            then concat_ws(' ', {0}node_system, {0}record_type, {0}record_id)
        else {0}node_kind || ' ' || left({0}node_key, 8)
    end
"""

_PERSONS_OF = f"""
    select person_id from person_records
    where person_id = $id or node_key = $id or {_IS_ID.format(column="record_id")}
    union
    select person_id from persons where person_id = $id
    union
    select person_id from person_links where $id in (person_id, node_key)
    union
    select other_person_id from person_links where $id in (other_person_id, other_node_key)
    union
    select person_id from touchpoints where person_id = $id
    order by person_id
"""

_PERSON = """
    select
        $id as person_id, persons.account_id, accounts.name as account, accounts.domain,
        case persons.account_rule
            when 'crm_id' then 'a record names the account by its id'
            when 'email_domain' then 'an address has the domain of the account'
            else 'no record names an account, and no domain leads to one'
        end as account_because,
        persons.created_at as known_since, persons.mql_at, persons.sql_at
    from (select $id as person_id) as asked
    left join persons on asked.person_id = persons.person_id
    left join accounts on persons.account_id = accounts.account_id
"""

_PERSON_SECTIONS = {
    "records": """
        select source_system, record_type, record_id, created_at, is_deleted, has_role_address
        from person_records where person_id = $id order by created_at nulls last, record_id
    """,
    "links": f"""
        select
            rule, confidence, first_seen_at as since, source_system as system,
            {_END.format("")} as one_end, {_END.format("other_")} as other_end,
            coalesce('not used: ' || cut_reason, 'used') as state
        from person_links where $id in (person_id, other_person_id)
        order by is_cut, confidence desc, rule, first_seen_at nulls last, node_key, other_node_key
    """,
    "touchpoints": """
        select channel, count(*) as touchpoints, min(occurred_at) as first, max(occurred_at) as last
        from touchpoints where person_id = $id group by channel order by 2 desc, 1
    """,
    "conversions": """
        select distinct conversion_type, converted_at, cast(null as varchar) as opportunity_id,
            'person' as rung, conversion_value as value
        from attribution_touchpoints where split_part(conversion_id, ':', 2) = $id
        union all
        select distinct conversion_type, converted_at, opportunity_id, rung, conversion_value
        from buying_groups
        inner join attribution_touchpoints on split_part(conversion_id, ':', 2) = opportunity_id
        where person_id = $id
        order by converted_at, conversion_type, opportunity_id nulls last
    """,
}

_OPPORTUNITY = f"""
    select
        opportunity_id, opportunities.source_system, opportunities.account_id,
        accounts.name as account, stage, amount, currency, amount_reporting,
        case when amount <> 0
            then round(cast(amount_reporting as double) / cast(amount as double), 6) end as rate,
        case when is_closed then close_date else created_date end as rate_of,
        is_closed, is_won, opportunities.created_at, close_date, buying_group_rung as rung,
        opportunities.persons
    from opportunities left join accounts on opportunities.account_id = accounts.account_id
    where {_IS_ID.format(column="opportunity_id")}
"""

_OPPORTUNITY_SECTIONS = {
    "rungs": """
        select rung, contacts_named as named, contacts_deleted as deleted,
            contacts_unknown as unknown, persons, is_used as used
        from buying_group_rungs where opportunity_id = $id order by rung_order
    """,
    "persons": """
        select
            buying_groups.person_id, rung, role, is_primary,
            coalesce(persons.account_rule, 'none') as account_by,
            (select count(*) from person_records
                where person_records.person_id = buying_groups.person_id) as records,
            (select count(*) from touchpoints
                where touchpoints.person_id = buying_groups.person_id) as touchpoints
        from buying_groups left join persons on buying_groups.person_id = persons.person_id
        where opportunity_id = $id order by is_primary desc, buying_groups.person_id
    """,
    "journeys": """
        select
            credits.conversion_type, touch_position as position, credits.occurred_at,
            credits.channel, touchpoint_type as type, credits.campaign,
            left(touchpoints.person_id, 8) as person, weight,
            cast(booked_credit as decimal(18, 2)) as credit,
            unattributed_reason
        from attribution_touchpoints as credits
        left join touchpoints on credits.touchpoint_id = touchpoints.touchpoint_id
        where split_part(conversion_id, ':', 2) = $id and attribution_model = $model
        order by credits.converted_at, credits.conversion_id, touch_position
    """,
}


@dataclass(frozen=True)
class Explanation:
    """What is known of one person or opportunity: single facts, and tables by name."""

    subject: str
    facts: dict[str, Any]
    sections: dict[str, Rows] = field(default_factory=dict)


def explain_person(warehouse: Warehouse, asked: str) -> Explanation:
    """Return who ``asked`` is: a person's id, a node of the identity graph, or a record's id.

    Raises:
        PipelineError: nothing is published yet, or the snapshot knows no such person.
    """
    with open_snapshot(warehouse) as connection:
        persons = [row["person_id"] for row in _rows(connection, _PERSONS_OF, id=asked)]
        if len(persons) != 1:
            raise PipelineError(_no_person(connection, asked, persons))
        [facts] = _rows(connection, _PERSON, id=persons[0])
        sections = {
            name: _rows(connection, sql, id=persons[0]) for name, sql in _PERSON_SECTIONS.items()
        }
    return Explanation("person", facts, sections)


def explain_opportunity(warehouse: Warehouse, asked: str, model: str) -> Explanation:
    """Return how the opportunity ``asked`` was credited under the attribution ``model``.

    Raises:
        PipelineError: nothing is published yet, or the snapshot knows no such opportunity or
            model.
    """
    with open_snapshot(warehouse) as connection:
        _check_model(connection, model)
        found = _rows(connection, _OPPORTUNITY, id=asked)
        if len(found) != 1:
            raise PipelineError(_no_opportunity(connection, asked))
        [facts] = found
        key = facts["opportunity_id"]
        sections = {
            "rungs": _rows(connection, _OPPORTUNITY_SECTIONS["rungs"], id=key),
            "persons": _rows(connection, _OPPORTUNITY_SECTIONS["persons"], id=key),
            "journeys": _rows(connection, _OPPORTUNITY_SECTIONS["journeys"], id=key, model=model),
        }
    because = _why_rung(sections["rungs"], facts["rung"])
    return Explanation(
        "opportunity", facts | {"rung_because": because, "attribution_model": model}, sections
    )


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, **values: str) -> Rows:
    result = connection.execute(sql, values)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _why_rung(rungs: Rows, used: str) -> str:
    """Say in words why the ladder ended at the rung ``used``."""
    said = []
    for rung in rungs:
        if rung["used"]:
            break
        without = [f"{rung[kind]} {kind}" for kind in ("deleted", "unknown") if rung[kind]]
        named = f"{rung['named']} named" if rung["named"] else "nobody named"
        said.append(f"{rung['rung']}: {', '.join([named, *without])}")
    if not said:
        return f"{used} is the first rung, and it gives somebody"
    return f"the rungs before give nobody ({'; '.join(said)})"


def _check_model(connection: duckdb.DuckDBPyConnection, model: str) -> None:
    rows = _rows(
        connection,
        "select distinct attribution_model as name from attribution_touchpoints order by 1",
    )
    names = [row["name"] for row in rows]
    if model not in names:
        raise PipelineError(f"no attribution model is called {model!r}: {', '.join(names)}")


def _no_person(connection: duckdb.DuckDBPyConnection, asked: str, persons: Sequence[str]) -> str:
    if persons:
        return f"{asked!r} is a record of several persons: ask for one of {', '.join(persons)}"
    if "@" in asked:
        return "the snapshot has no addresses: ask for the id of a contact or lead"
    if _rows(connection, _OPPORTUNITY, id=asked):
        return f"{asked!r} is an opportunity: `scalehouse explain opportunity {asked}`"
    return (
        f"no person is known by {asked!r}: ask for a person_id of `touchpoints`, or the id of a "
        "contact or lead in its CRM. What was delivered since is there after `scalehouse run`"
    )


def _no_opportunity(connection: duckdb.DuckDBPyConnection, asked: str) -> str:
    if _rows(connection, _PERSONS_OF, id=asked):
        return f"{asked!r} is a person: `scalehouse explain person {asked}`"
    return (
        f"no opportunity is known by {asked!r}: it was deleted or merged into another, or has "
        'not been delivered. `scalehouse query "select opportunity_id from opportunities"` '
        "lists those that are"
    )
