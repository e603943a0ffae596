-- What came back of what marketing cost, under each attribution model. No spend here, since it
-- would be counted once a model; it is in return_on_spend_range.
with returned as (
    select * from {{ ref('fct_returns') }}
),

costs as (
    select * from {{ ref('fct_return_costs') }}
),

{% set areas = ['crm', 'touchpoints', 'ads', 'costs', 'margins'] %}
inputs as (
    select
        {{ settled_until(areas) }} as settled_until,
        {{ good_row_share(areas) }} as quality
    from {{ ref('fct_input_quality') }}
),

combined as (
    select
        returned.*,
        coalesce(costs.spend, 0) as spend,
        coalesce(costs.cost, 0) as cost,
        {{ freshness(
            'returned.period_start', 'returned.period_end',
            'cast(inputs.settled_until - to_months(returned.lag_months) as date)'
        ) }} as freshness,
        inputs.quality
    from returned
    left join costs
        on returned.period_start = costs.period_start
        and returned.breakdown = costs.breakdown
        and returned.breakdown_value = costs.breakdown_value
    cross join inputs
)

select
    'quarter' as period,
    period_start,
    is_complete,
    attribution_model,
    basis,
    breakdown,
    breakdown_value,
    cast(attributed_revenue as decimal(18, 2)) as attributed_revenue,
    cast(attributed_margin as decimal(18, 2)) as attributed_margin,
    {{ shown(roas('paid_revenue', 'spend'), 'paid_conversions') }} as roas,
    {{ shown(marketing_roi('attributed_margin', 'cost'), 'conversions') }} as marketing_roi,
    conversions as sample_size,
    {{ grade('coverage', 'conversions', 'freshness', 'quality') }} as grade,
    {{ grade_reason('coverage', 'conversions', 'freshness', 'quality') }} as grade_reason,
    {{ null_reason(
        [('cost <= 0', 'no_cost'), ('attributed_margin is null', 'no_margin')], 'conversions'
    ) }} as null_reason
from combined
