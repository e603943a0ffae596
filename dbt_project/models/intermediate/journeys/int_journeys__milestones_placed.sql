{{ config(materialized='table') }}

-- the touchpoint that led to a milestone is the last one at or before it
with positions as (
    select journey_rule_id, conversion_id, touch_position, occurred_at
    from {{ ref('int_journeys__touchpoints_positioned') }}
),

milestones as (
    select * from {{ ref('int_conversions__milestones_found') }}
),

-- of a group's several leads the earliest created one counts
first_leads as (
    select conversion_id, milestone, min(reached_at) as reached_at
    from milestones
    where milestone = 'lead_created'
    group by all
),

named as (
    select conversion_id, milestone as anchor, reached_at
    from milestones
    where milestone = 'opportunity_created'
    union all
    select conversion_id, milestone as anchor, reached_at from first_leads
    union all
    select conversion_id, 'stage_conversion' as anchor, reached_at from milestones
    where is_earlier
),

placed as (
    select
        positions.journey_rule_id,
        positions.conversion_id,
        named.anchor,
        named.reached_at,
        max(positions.touch_position) as touch_position
    from positions
    inner join named
        on positions.conversion_id = named.conversion_id
        and named.reached_at >= date_trunc('second', positions.occurred_at)
    group by all
)

select distinct
    journey_rule_id,
    conversion_id,
    touch_position,
    anchor
from placed
