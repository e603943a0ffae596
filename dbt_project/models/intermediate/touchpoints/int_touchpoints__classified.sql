-- the touchpoints that count; the others stay in int_touchpoints__placed with their reason
select
    touchpoint_id,
    touchpoint_type,
    node_key,
    person_id,
    account_id,
    is_known_person,
    email_domain,
    channel,
    campaign,
    page_url,
    touchpoint_priority,
    source_rank,
    is_sales,
    is_impression_or_open,
    attended_minutes,
    is_date_only,
    occurred_at,
    occurred_date
from {{ ref('int_touchpoints__placed') }}
where ineligible_reason is null
