{{ config(materialized='table') }}

with records as (
    select * from {{ ref('int_person_records__unioned') }}
),

touchpoints as (
    select distinct
        node_key,
        linked_node_key,
        touchpoint_type
    from {{ ref('int_touchpoints__unioned') }}
),

edges as (
    select * from {{ ref('int_identity__edges_found') }}
),

-- the records that exports have and those that only a merge names; a key is a hash, so that
-- what any other node stands for is known by where it was found
named as (
    select node_key, source_system, record_type, record_id from records
    union
    select node_key, source_system, record_type, record_id
    from {{ ref('int_identity__merges_listed') }}
),

offered as (
    select node_key, 'record' as node_kind, 1 as precedence from named
    union
    select email_node_key, 'email', 2 from records
    union
    select visitor_node_key, 'visitor', 3 from {{ ref('int_web_events__unioned') }}
    union
    select
        linked_node_key,
        case touchpoint_type
            when 'form_submission' then 'visitor'
            when 'webinar_attendance' then 'registration'
            else 'record'
        end,
        4
    from touchpoints
    union
    select
        node_key,
        case
            when touchpoint_type like 'email%' or touchpoint_type = 'webinar_attendance'
                then 'email'
            else 'record'
        end,
        5
    from touchpoints
    union
    -- what only another record names, such as a contact that no export has yet
    select node_key, 'record', 6 from edges
    union
    select other_node_key, 'record', 6 from edges
)

select
    offered.node_key,
    offered.node_kind,
    named.source_system,
    named.record_type,
    named.record_id
from offered
left join named on offered.node_key = named.node_key
where offered.node_key is not null
qualify row_number() over (
        partition by offered.node_key order by offered.precedence, offered.node_kind
    ) = 1
