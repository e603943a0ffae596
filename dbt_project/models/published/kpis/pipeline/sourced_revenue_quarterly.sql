-- a definition that reads touchpoints is as fresh as they are
with inputs as (
    {% for definition, areas in [
        ('lead_source_field', ['crm']), ('first_touch', ['crm', 'touchpoints']),
        ('first_touch_before_sales', ['crm', 'touchpoints']),
    ] %}
        select
            '{{ definition }}' as definition,
            {{ settled_until(areas) }} as settled_until,
            {{ good_row_share(areas) }} as good_row_share
        from {{ ref('fct_input_quality') }}
        {% if not loop.last %} union all {% endif %}
    {% endfor %}
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
