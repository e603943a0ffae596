-- one row per conversion: a win and its refunds are the steps of one value that is shared out once
with conversions as (
    select * from {{ ref('int_conversions__unioned') }}
)

select
    conversion_id,
    conversion_type,
    coalesce(reversed_conversion_id, conversion_id) as weighed_conversion_id,
    reversed_conversion_id,
    conversion_value,
    is_money,
    cast(sum(conversion_value) over step as decimal(18, 2)) as accumulated_value,
    row_number() over step as step,
    converted_at,
    converted_date
from conversions
window step as (
    partition by coalesce(reversed_conversion_id, conversion_id)
    order by reversed_conversion_id nulls first, converted_at, conversion_id
    rows between unbounded preceding and current row
)
