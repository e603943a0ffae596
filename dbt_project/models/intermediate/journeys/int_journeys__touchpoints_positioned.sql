{{ config(materialized='table') }}

with conversions as (
    select * from {{ ref('int_conversions__unioned') }}
),

groups as (
    select * from {{ ref('int_conversions__groups_resolved') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__classified') }}
),

rules as (
    select * from {{ ref('int_journey_rules__numbered') }}
),

eligible as (
    select
        rules.journey_rule_id,
        rules.direct_policy,
        rules.fold_same_day,
        conversions.conversion_id,
        touchpoints.touchpoint_id,
        touchpoints.person_id,
        touchpoints.channel,
        touchpoints.campaign,
        touchpoints.touchpoint_priority,
        touchpoints.source_rank,
        touchpoints.occurred_at,
        touchpoints.occurred_date,
        greatest(
            epoch(conversions.converted_at) - epoch(touchpoints.occurred_at), 0
        ) as age_seconds
    from conversions
    inner join groups on conversions.conversion_id = groups.conversion_id
    inner join touchpoints on groups.person_id = touchpoints.person_id
    inner join rules
        on conversions.conversion_type = rules.conversion_type
        and (rules.include_sales or not touchpoints.is_sales)
        and (rules.include_impressions_and_opens or not touchpoints.is_impression_or_open)
        -- a CRM keeps whole seconds: what happened within its second was not after it
        and conversions.converted_at >= date_trunc('second', touchpoints.occurred_at)
        and epoch(conversions.converted_at) - epoch(touchpoints.occurred_at)
        <= rules.lookback_days * 86400
),

folded as (
    select * from eligible
    qualify not fold_same_day or row_number() over (
            partition by journey_rule_id, conversion_id, person_id, channel, campaign, occurred_date
            order by occurred_at, touchpoint_priority, source_rank, touchpoint_id
        ) = 1
),

without_direct as (
    select * from folded
    qualify direct_policy = 'keep' or channel <> 'direct' or not bool_or(channel <> 'direct') over (
            partition by journey_rule_id, conversion_id
        )
)

-- touchpoint_id breaks the last ties, so a rerun gives the same first and last touchpoint
select
    journey_rule_id,
    conversion_id,
    touchpoint_id,
    channel,
    campaign,
    occurred_at,
    age_seconds,
    row_number() over journey as touch_position,
    count(*) over (partition by journey_rule_id, conversion_id) as path_length
from without_direct
window journey as (
    partition by journey_rule_id, conversion_id
    order by occurred_at, touchpoint_priority, source_rank, touchpoint_id
)
