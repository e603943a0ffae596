{{ config(materialized='table') }}

with records as (
    select
        *,
        source_system || '.' || record_type || ':' as node_prefix
    from {{ ref('int_person_records__unioned') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__unioned') }}
),

web_events as (
    select * from {{ ref('int_web_events__unioned') }}
),

merged as (
    select
        node_key,
        md5(node_prefix || trim(unnest(string_split(merged_record_ids, ';')))) as other_node_key
    from records
    where merged_record_ids is not null
),

found as (
    select node_key, email_node_key as other_node_key, 'same_email' as rule, 1.0 as confidence
    from records
    union all
    select node_key, md5(node_prefix || merged_into_record_id), 'merged', 1.0 from records
    union all
    select node_key, other_node_key, 'merged', 1.0 from merged
    union all
    select node_key, synced_contact_node_key, 'synced_record', 1.0 from records
    union all
    select node_key, synced_lead_node_key, 'synced_record', 1.0 from records
    union all
    select node_key, linked_node_key, 'seen_together', 0.9 from touchpoints
    union all
    select visitor_node_key, identified_node_key, 'identified_visitor', 0.9 from web_events
)

select
    node_key,
    other_node_key,
    rule,
    cast(max(confidence) as double) as confidence
from found
where node_key <> other_node_key
group by all
