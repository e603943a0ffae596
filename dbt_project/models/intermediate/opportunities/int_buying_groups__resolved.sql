{{ config(materialized='table') }}

with opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
),

contacts as (
    select * from {{ ref('int_opportunity_contacts__unioned') }}
),

records as (
    select node_key, person_id from {{ ref('int_person_records__resolved') }}
),

persons as (
    select * from {{ ref('int_persons__profiled') }}
),

candidates as (
    select
        contacts.opportunity_id,
        records.person_id,
        contacts.rung,
        case contacts.rung when 'contact_role' then 1 else 2 end as rung_order
    from contacts
    inner join records on contacts.node_key = records.node_key
    -- a contact that was merged away lives on in its person
    inner join persons on records.person_id = persons.person_id
    where not contacts.is_deleted and not persons.is_deleted
    union all
    select
        opportunities.opportunity_id,
        persons.person_id,
        'account' as rung,
        3 as rung_order
    from opportunities
    inner join persons on opportunities.account_id = persons.account_id
    where not persons.is_deleted
),

-- the first rung that gives anyone is the whole group
ranked as (
    select
        *,
        min(rung_order) over (partition by opportunity_id) as first_rung_order
    from candidates
)

select distinct
    opportunity_id,
    person_id,
    rung
from ranked
where rung_order = first_rung_order
