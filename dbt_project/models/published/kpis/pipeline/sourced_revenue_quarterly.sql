with definitions as (
    select unnest(['lead_source_field', 'first_touch', 'first_touch_before_sales']) as definition
),

-- a definition that reads touchpoints is as fresh as they are
inputs as (
    select
        definitions.definition,
        {{ least_if_all_known('quality.settled_until') }} as settled_until,
        {{ least_if_all_known('quality.good_row_share') }} as good_row_share
    from {{ ref('fct_input_quality') }} as quality
    cross join definitions
    where
        quality.area = 'crm'
        or (quality.area = 'touchpoints' and definitions.definition <> 'lead_source_field')
    group by definitions.definition
),

rated as (
    select
        revenue.*,
        {{ sourced_share('revenue.sourced_revenue', 'revenue.won_revenue') }} as sourced_share,
        cast(revenue.sourced_opportunities as double) / nullif(revenue.opportunities, 0)
            as sourced_opportunity_share,
        cast(revenue.observed_opportunities as double) / nullif(revenue.opportunities, 0)
            as coverage,
        {{ freshness('revenue.period_start', 'revenue.period_end', 'inputs.settled_until') }}
            as freshness,
        inputs.good_row_share
    from {{ ref('fct_sourced_revenue_quarterly') }} as revenue
    left join inputs on revenue.definition = inputs.definition
)

select
    period_start,
    definition,
    won_revenue,
    sourced_revenue,
    {{ shown('sourced_share', 'opportunities') }} as sourced_share,
    opportunities,
    sourced_opportunities,
    {{ shown('sourced_opportunity_share', 'opportunities') }} as sourced_opportunity_share,
    {{ shown(wilson_bound('sourced_opportunities', 'opportunities', -1), 'opportunities') }}
        as sourced_opportunity_share_low,
    {{ shown(wilson_bound('sourced_opportunities', 'opportunities', 1), 'opportunities') }}
        as sourced_opportunity_share_high,
    is_complete,
    opportunities as sample_size,
    {{ grade('coverage', 'opportunities', 'freshness', 'good_row_share') }} as grade,
    {{ grade_reason('coverage', 'opportunities', 'freshness', 'good_row_share') }} as grade_reason,
    {{ null_reason([
        ('opportunities = 0', 'no_won_opportunities'),
        ('won_revenue <= 0', 'no_won_revenue'),
    ], 'opportunities') }} as null_reason
from rated
