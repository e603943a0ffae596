with inputs as (
    select
        {{ settled_until(['crm', 'touchpoints']) }} as settled_until,
        {{ good_row_share(['crm', 'touchpoints']) }} as good_row_share
    from {{ ref('fct_input_quality') }}
),

summed as (
    select
        *,
        sum(revenue) over (partition by period_start) as won_revenue,
        sum(revenue) filter (where reason = 'attributed') over (partition by period_start)
            as attributed_revenue,
        sum(opportunities) over (partition by period_start) as won_opportunities
    from {{ ref('fct_attribution_coverage_quarterly') }}
),

rated as (
    select
        summed.period_start,
        summed.reason,
        summed.revenue,
        summed.opportunities,
        summed.is_complete,
        cast(summed.won_revenue as decimal(18, 2)) as won_revenue,
        cast(summed.attributed_revenue as decimal(18, 2)) as attributed_revenue,
        cast(summed.won_opportunities as bigint) as won_opportunities,
        {{ attribution_coverage('summed.attributed_revenue', 'summed.won_revenue') }}
            as attribution_coverage,
        cast(summed.revenue as double) / nullif(summed.won_revenue, 0) as share_of_revenue,
        {{ freshness('summed.period_start', 'summed.period_end', 'inputs.settled_until') }}
            as freshness,
        inputs.good_row_share
    from summed
    cross join inputs
)

select
    period_start,
    reason,
    revenue,
    opportunities,
    {{ shown('share_of_revenue', 'won_opportunities') }} as share_of_revenue,
    won_revenue,
    attributed_revenue,
    {{ shown('attribution_coverage', 'won_opportunities') }} as attribution_coverage,
    is_complete,
    won_opportunities as sample_size,
    {{ grade('attribution_coverage', 'won_opportunities', 'freshness', 'good_row_share') }}
        as grade,
    {{ grade_reason('attribution_coverage', 'won_opportunities', 'freshness', 'good_row_share') }}
        as grade_reason,
    {{ null_reason([
        ('won_opportunities = 0', 'no_won_opportunities'),
        ('won_revenue = 0', 'no_won_revenue'),
    ], 'won_opportunities') }} as null_reason
from rated
