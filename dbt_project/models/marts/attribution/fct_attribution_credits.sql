with credits as (
    select * from {{ ref('int_attribution__credits_booked') }}
),

unattributed as (
    select * from {{ ref('int_attribution__unattributed_explained') }}
)

select
    attribution_model,
    model_version,
    conversion_type,
    conversion_id,
    reversed_conversion_id,
    touchpoint_id,
    channel,
    campaign,
    touch_position,
    path_length,
    weights_version,
    weight,
    credit,
    booked_credit,
    cast(null as string) as unattributed_reason,
    conversion_value,
    occurred_at,
    converted_at,
    converted_date
from credits
union all
select
    attribution_model,
    model_version,
    conversion_type,
    conversion_id,
    reversed_conversion_id,
    cast(null as string) as touchpoint_id,
    'unattributed' as channel,
    cast(null as string) as campaign,
    cast(null as bigint) as touch_position,
    cast(0 as bigint) as path_length,
    cast(null as string) as weights_version,
    cast(1 as double) as weight,
    cast(conversion_value as double) as credit,
    cast(conversion_value as decimal(18, 6)) as booked_credit,
    unattributed_reason,
    conversion_value,
    cast(null as timestamp) as occurred_at,
    converted_at,
    converted_date
from unattributed
