select
    cast(date_trunc('month', converted_date) as date) as report_month,
    attribution_model,
    model_version,
    conversion_type,
    channel,
    coalesce(campaign, '') as campaign,
    count(distinct conversion_id) filter (where reversed_conversion_id is null) as conversions,
    cast(sum(cast(credit as decimal(38, 12))) as double) as credit,
    cast(sum(booked_credit) as decimal(18, 6)) as booked_credit
from {{ ref('fct_attribution_credits') }}
group by all
