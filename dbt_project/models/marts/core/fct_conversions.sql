select
    conversion_id,
    conversion_type,
    person_id,
    opportunity_id,
    account_id,
    conversion_value,
    is_money,
    converted_at,
    converted_date
from {{ ref('int_conversions__unioned') }}
