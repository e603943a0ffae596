with claimed as (
    select report_month, sum(claimed_conversions) as claimed_conversions
    from {{ ref('fct_platform_claims') }}
    group by report_month
),

counted as (
    select
        cast(date_trunc('month', converted_date) as date) as report_month,
        count(*) as crm_conversions
    from {{ ref('fct_conversions') }}
    where conversion_type = 'lead_created'
    group by all
)

select
    claimed.report_month,
    cast(claimed.claimed_conversions as decimal(18, 6)) as claimed_conversions,
    coalesce(counted.crm_conversions, 0) as crm_conversions,
    {{ overclaim_ratio('claimed.claimed_conversions', 'counted.crm_conversions') }}
        as overclaim_ratio
from claimed
left join counted on claimed.report_month = counted.report_month
