select
    customer_id,
    account_id,
    lead_source,
    segment,
    acquisition_channel,
    first_campaign,
    engagement_pattern,
    touchpoints,
    channels,
    cast(days_since_last_touchpoint as integer) as days_since_last_touchpoint,
    wins,
    renewals,
    is_churned,
    cast(invoiced_amount as decimal(18, 2)) as invoiced_amount,
    cast(margin as decimal(18, 2)) as margin,
    acquired_date,
    churned_date
from {{ ref('dim_customers') }}
