{{ config(materialized='table') }}

with assigned as (
    select * from {{ ref('int_attribution__models_assigned') }}
),

anchors as (
    select * from {{ ref('int_attribution__anchors_marked') }}
),

channel_weights as (
    select * from {{ ref('int_channel_weights__assigned') }}
),

anchored as (
    select
        assigned.attribution_model,
        assigned.version as model_version,
        assigned.weight_middle,
        assigned.half_life_days,
        anchors.*,
        channel_weights.weights_version,
        coalesce(channel_weights.channel_weight, 1) as channel_weight,
        case when anchors.is_first then assigned.weight_first else 0 end
        + case when anchors.is_last then assigned.weight_last else 0 end
        + case when anchors.is_lead_creation then assigned.weight_lead_creation else 0 end
        + case
            when anchors.is_opportunity_creation then assigned.weight_opportunity_creation else 0
        end
        + case
            when anchors.is_stage_conversion
                then assigned.weight_stage_conversions / anchors.stage_conversions
            else 0
        end as anchor_weight
    from assigned
    inner join anchors
        on assigned.journey_rule_id = anchors.journey_rule_id
        and assigned.conversion_id = anchors.conversion_id
    left join channel_weights
        on assigned.attribution_model = channel_weights.attribution_model
        and assigned.conversion_id = channel_weights.conversion_id
        and anchors.channel = channel_weights.channel
),

-- the youngest middle counts as age 0, so that a short half-life cannot underflow to nothing
decayed as (
    select
        *,
        case
            when anchor_weight > 0 then 0
            when half_life_days is null then channel_weight
            else channel_weight * power(
                    2,
                    -(age_seconds - min(age_seconds) filter (where anchor_weight = 0) over journey)
                    / (half_life_days * 86400)
                )
        end as middle_size
    from anchored
    window journey as (partition by attribution_model, model_version, conversion_id)
),

-- the largest middle counts as 1, so that 18 places hold all that a double does
scaled as (
    select
        *,
        middle_size / nullif(max(middle_size) over journey, 0) as middle_share
    from decayed
    window journey as (partition by attribution_model, model_version, conversion_id)
),

raw_weights as (
    select
        *,
        anchor_weight + weight_middle * coalesce(
            middle_share / {{ exact_sum('middle_share', 'journey') }}, 0
        ) as raw_weight
    from scaled
    window journey as (partition by attribution_model, model_version, conversion_id)
)

-- a missing anchor's weight goes to the others in proportion; without any, all count alike
select
    attribution_model,
    model_version,
    conversion_id,
    touchpoint_id,
    channel,
    campaign,
    occurred_at,
    touch_position,
    path_length,
    weights_version,
    coalesce(
        raw_weight / nullif({{ exact_sum('raw_weight', 'journey') }}, 0), 1.0 / path_length
    ) as weight
from raw_weights
window journey as (partition by attribution_model, model_version, conversion_id)
