with inputs as (
    select
        {{ settled_until(['crm', 'touchpoints']) }} as settled_until,
        {{ good_row_share(['crm', 'touchpoints']) }} as good_row_share
    from {{ ref('fct_input_quality') }}
),

rated as (
    select
        revenue.*,
        {{ influenced_share('revenue.influenced_revenue', 'revenue.won_revenue') }}
            as influenced_share,
        {{ accurately_attributed_share(
            'revenue.well_attributed_revenue', 'revenue.influenced_revenue'
        ) }} as accurately_attributed_share,
        cast(revenue.influenced_opportunities as double) / nullif(revenue.opportunities, 0)
            as influenced_opportunity_share,
        -- without a buying group no touchpoint can be seen
        cast(revenue.observed_opportunities as double) / nullif(revenue.opportunities, 0)
            as coverage,
        {{ freshness('revenue.period_start', 'revenue.period_end', 'inputs.settled_until') }}
            as freshness,
        inputs.good_row_share
    from {{ ref('fct_influenced_revenue_quarterly') }} as revenue
    cross join inputs
)

select
    period_start,
    definition,
    won_revenue,
    influenced_revenue,
    {{ shown('influenced_share', 'opportunities') }} as influenced_share,
    opportunities,
    influenced_opportunities,
    {{ shown('influenced_opportunity_share', 'opportunities') }} as influenced_opportunity_share,
    {{ shown('influenced_by_chance', 'opportunities') }} as influenced_by_chance,
    {{ shown('chance_deviation', 'opportunities') }} as chance_deviation,
    -- beyond two standard deviations chance alone is no good explanation
    {{ shown(
        'influenced_opportunity_share > influenced_by_chance + 2 * chance_deviation',
        'opportunities'
    ) }} as is_above_chance,
    {{ shown('accurately_attributed_share', 'opportunities') }} as accurately_attributed_share,
    is_complete,
    opportunities as sample_size,
    {{ grade('coverage', 'opportunities', 'freshness', 'good_row_share') }} as grade,
    {{ grade_reason('coverage', 'opportunities', 'freshness', 'good_row_share') }} as grade_reason,
    {{ null_reason([
        ('opportunities = 0', 'no_won_opportunities'),
        ('won_revenue <= 0', 'no_won_revenue'),
    ], 'opportunities') }} as null_reason
from rated
