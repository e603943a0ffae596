select
    conversion_id,
    conversion_type,
    reversed_conversion_id,
    person_id,
    opportunity_id,
    account_id,
    conversion_value,
    amount,
    exchange_rate,
    is_money,
    converted_at,
    converted_date
from {{ ref('int_conversions__unioned') }}
