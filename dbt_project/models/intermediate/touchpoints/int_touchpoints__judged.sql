{{ config(materialized='table') }}

with collected as (
    select * from {{ ref('int_touchpoints__collected') }}
),

types as (
    select * from {{ ref('touchpoint_types') }}
    where is_touchpoint
),

screened as (
    select * from {{ ref('int_touchpoints__clicks_screened') }}
),

stays as (
    select * from {{ ref('int_touchpoints__stays_merged') }}
),

-- rows of one id are one touchpoint, such as the rejoins of a webinar: the first counts
joined as (
    select
        collected.*,
        types.touchpoint_priority,
        types.source_rank,
        types.is_sales,
        types.is_impression_or_open,
        types.is_eligible,
        types.min_attended_minutes
    from collected
    inner join types on collected.touchpoint_type = types.touchpoint_type
    qualify row_number() over (
            partition by collected.touchpoint_id order by collected.occurred_at, collected.node_key
        ) = 1
)

select
    joined.touchpoint_id,
    joined.touchpoint_type,
    joined.origin_type,
    joined.node_key,
    joined.email_domain,
    joined.campaign,
    joined.page_url,
    joined.click_id_kind,
    joined.origin_source,
    joined.origin_medium,
    joined.touchpoint_priority,
    joined.source_rank,
    joined.is_sales,
    joined.is_impression_or_open,
    -- what the source itself says comes first
    case
        when joined.ineligible_reason is not null then joined.ineligible_reason
        when screened.ineligible_reason is not null then screened.ineligible_reason
        when not joined.is_eligible then 'evidence_only'
        when stays.attended_milliseconds < joined.min_attended_minutes * 60000 then 'too_short'
    end as ineligible_reason,
    cast(round(stays.attended_milliseconds / 60000, 2) as decimal(18, 2)) as attended_minutes,
    joined.is_date_only,
    joined.occurred_at
from joined
left join screened on joined.touchpoint_id = screened.touchpoint_id
left join stays on joined.touchpoint_id = stays.touchpoint_id
