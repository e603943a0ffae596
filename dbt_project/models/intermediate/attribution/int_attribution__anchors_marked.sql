-- one row per journey and touchpoint: what it is the first, last or decisive touchpoint of
with positions as (
    select * from {{ ref('int_journeys__touchpoints_positioned') }}
),

placed as (
    select
        journey_rule_id,
        conversion_id,
        touch_position,
        bool_or(anchor = 'lead_created') as is_lead_creation,
        bool_or(anchor = 'opportunity_created') as is_opportunity_creation,
        bool_or(anchor = 'stage_conversion') as is_stage_conversion
    from {{ ref('int_journeys__milestones_placed') }}
    group by all
)

select
    positions.*,
    positions.touch_position = 1 as is_first,
    positions.touch_position = positions.path_length as is_last,
    coalesce(placed.is_lead_creation, false) as is_lead_creation,
    coalesce(placed.is_opportunity_creation, false) as is_opportunity_creation,
    coalesce(placed.is_stage_conversion, false) as is_stage_conversion,
    count(*) filter (where placed.is_stage_conversion) over (
        partition by positions.journey_rule_id, positions.conversion_id
    ) as stage_conversions
from positions
left join placed
    on positions.journey_rule_id = placed.journey_rule_id
    and positions.conversion_id = placed.conversion_id
    and positions.touch_position = placed.touch_position
