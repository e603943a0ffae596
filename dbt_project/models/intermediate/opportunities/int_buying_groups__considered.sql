{{ config(materialized='table') }}

with opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
),

contacts as (
    select * from {{ ref('int_opportunity_contacts__unioned') }}
),

nodes as (
    select * from {{ ref('int_identity__nodes_resolved') }}
),

persons as (
    select * from {{ ref('int_persons__profiled') }}
),

-- a contact that was merged away lives on in its person, a lead in the contact it became
named as (
    select
        contacts.opportunity_id,
        contacts.rung,
        case contacts.rung when 'contact_role' then 1 else 2 end as rung_order,
        contacts.node_key,
        persons.person_id,
        contacts.role,
        coalesce(contacts.is_primary, false) as is_primary,
        case
            when contacts.is_deleted then 'role_deleted'
            when persons.person_id is null then 'contact_unknown'
            when persons.is_deleted then 'contact_deleted'
        end as exclusion
    from contacts
    left join nodes on contacts.node_key = nodes.node_key
    left join persons on nodes.person_id = persons.person_id
    union all
    select
        opportunities.opportunity_id,
        'account' as rung,
        3 as rung_order,
        persons.person_id as node_key,
        persons.person_id,
        cast(null as string) as role,
        false as is_primary,
        case when persons.is_deleted then 'contact_deleted' end as exclusion
    from opportunities
    inner join persons on opportunities.account_id = persons.account_id
)

select * from named
