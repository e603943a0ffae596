-- what the platforms claim beside what the CRM counts, on which the platforms agree with nobody
with claimed as (
    select
        cast(date_trunc('month', report_date) as date) as report_month,
        channel,
        sum(platform_conversions) as claimed_conversions
    from {{ ref('fct_ad_performance_daily') }}
    group by all
),

credited as (
    select
        cast(date_trunc('month', converted_date) as date) as report_month,
        channel,
        sum(booked_credit) filter (attribution_model = 'linear') as credited_linear,
        sum(booked_credit) filter (attribution_model = 'last_touch') as credited_last_touch
    from {{ ref('fct_attribution_credits') }}
    where conversion_type = 'lead_created' and attribution_model in ('linear', 'last_touch')
    group by all
)

select
    coalesce(claimed.report_month, credited.report_month) as report_month,
    coalesce(claimed.channel, credited.channel) as channel,
    cast(coalesce(claimed.claimed_conversions, 0) as decimal(18, 6)) as claimed_conversions,
    cast(coalesce(credited.credited_linear, 0) as decimal(18, 6)) as credited_linear,
    cast(coalesce(credited.credited_last_touch, 0) as decimal(18, 6)) as credited_last_touch
from claimed
full outer join credited
    on claimed.report_month = credited.report_month and claimed.channel = credited.channel
