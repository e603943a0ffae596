with claimed as (
    select
        claims.report_month,
        cast(sum(claims.claimed_conversions) as decimal(18, 6)) as claimed_conversions,
        cast(
            coalesce(sum(claims.credited_linear) filter (channels.is_paid), 0) as decimal(18, 6)
        ) as paid_credited_linear
    from {{ ref('fct_platform_claims') }} as claims
    left join {{ ref('dim_channels') }} as channels on claims.channel = channels.channel
    group by claims.report_month
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
    claimed.claimed_conversions,
    claimed.paid_credited_linear,
    coalesce(counted.crm_conversions, 0) as crm_conversions,
    {{ overclaim_ratio('claimed.claimed_conversions', 'counted.crm_conversions') }}
        as overclaim_ratio,
    {{ overclaim_ratio('claimed.claimed_conversions', 'claimed.paid_credited_linear') }}
        as paid_overclaim_ratio
from claimed
left join counted on claimed.report_month = counted.report_month
