{{ config(materialized='table') }}

with weights as (
    select * from {{ ref('int_attribution__weights_calculated') }}
),

conversions as (
    select * from {{ ref('int_conversions__accumulated') }}
),

-- money is booked in cents, a count in millionths: units that can be shared out exactly
unit_shares as (
    select
        weights.*,
        conversions.conversion_id as booked_conversion_id,
        conversions.reversed_conversion_id,
        conversions.conversion_type,
        conversions.conversion_value,
        conversions.accumulated_value,
        conversions.step,
        conversions.converted_at,
        conversions.converted_date,
        case when conversions.is_money then 0.01 else 0.000001 end as unit,
        cast(round(
            abs(cast(conversions.accumulated_value as double))
            * case when conversions.is_money then 100 else 1000000 end * weights.weight, 6
        ) as decimal(30, 6)) as units
    from weights
    inner join conversions on weights.conversion_id = conversions.weighed_conversion_id
),

-- the largest remainders get the units that rounding down has left, ties in journey order
ranked as (
    select
        *,
        row_number() over (
            partition by attribution_model, model_version, booked_conversion_id
            order by units - floor(units) desc, touch_position
        ) as remainder_rank,
        cast(abs(accumulated_value) / unit as bigint)
        - sum(cast(floor(units) as bigint)) over (
            partition by attribution_model, model_version, booked_conversion_id
        ) as units_left
    from unit_shares
),

accumulated as (
    select
        *,
        cast(
            sign(accumulated_value) * unit
            * (
                cast(floor(units) as bigint)
                + case when remainder_rank <= units_left then 1 else 0 end
            ) as decimal(18, 6)
        ) as accumulated_credit
    from ranked
)

-- a refund books what is left then, less what was left before
select
    attribution_model,
    model_version,
    conversion_type,
    booked_conversion_id as conversion_id,
    reversed_conversion_id,
    touchpoint_id,
    channel,
    campaign,
    occurred_at,
    touch_position,
    path_length,
    weights_version,
    weight,
    cast(conversion_value as double) * weight as credit,
    cast(
        accumulated_credit - lag(accumulated_credit, 1, 0) over (
            partition by attribution_model, model_version, conversion_id, touchpoint_id
            order by step
        ) as decimal(18, 6)
    ) as booked_credit,
    conversion_value,
    converted_at,
    converted_date
from accumulated
