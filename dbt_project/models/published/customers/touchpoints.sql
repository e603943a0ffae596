select
    touchpoint_id,
    touchpoint_type,
    channel,
    campaign,
    person_id,
    account_id,
    is_known_person,
    is_sales,
    is_impression_or_open,
    ineligible_reason,
    attended_minutes,
    is_date_only,
    split_part(page_url, '?', 1) as page_url,
    occurred_at,
    occurred_date
from {{ ref('fct_touchpoints') }}
