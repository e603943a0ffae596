{{ config(materialized='table') }}

with touchpoints as (
    select * from {{ ref('int_touchpoints__judged') }}
),

classified as (
    select * from {{ ref('int_touchpoint_origins__classified') }}
),

nodes as (
    select * from {{ ref('int_identity__nodes_resolved') }}
),

persons as (
    select * from {{ ref('int_persons__profiled') }}
)

select
    touchpoints.touchpoint_id,
    touchpoints.touchpoint_type,
    touchpoints.node_key,
    nodes.person_id,
    persons.account_id,
    persons.person_id is not null as is_known_person,
    classified.channel,
    touchpoints.email_domain,
    touchpoints.origin_type,
    touchpoints.origin_source,
    touchpoints.origin_medium,
    touchpoints.campaign,
    touchpoints.page_url,
    touchpoints.touchpoint_priority,
    touchpoints.source_rank,
    touchpoints.is_sales,
    touchpoints.is_impression_or_open,
    touchpoints.ineligible_reason,
    touchpoints.attended_minutes,
    touchpoints.is_date_only,
    touchpoints.occurred_at,
    {{ reporting_date('touchpoints.occurred_at') }} as occurred_date
from touchpoints
inner join classified
    on touchpoints.origin_type = classified.origin_type
    and touchpoints.click_id_kind is not distinct from classified.click_id_kind
    and touchpoints.origin_source = classified.origin_source
    and touchpoints.origin_medium = classified.origin_medium
    and coalesce(touchpoints.campaign, '') = classified.origin_campaign
inner join nodes on touchpoints.node_key = nodes.node_key
left join persons on nodes.person_id = persons.person_id
