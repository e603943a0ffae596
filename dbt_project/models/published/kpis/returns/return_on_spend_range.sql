-- How far the attribution models are apart in what came back, beside what it cost. A model that is
-- behind too few wins shows no ratio, and is in no range of one.
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

calculated as (
    select
        returned.*,
        coalesce(costs.spend, 0) as spend,
        coalesce(costs.cost, 0) as cost,
        {{ shown(roas('returned.paid_revenue', 'costs.spend'), 'returned.paid_conversions') }}
            as roas,
        {{ shown(
            marketing_roi('returned.attributed_margin', 'costs.cost'), 'returned.conversions'
        ) }} as marketing_roi,
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
),

{% set figures = ['attributed_revenue', 'roas', 'marketing_roi'] %}
summed as (
    select
        period_start,
        is_complete,
        basis,
        breakdown,
        breakdown_value,
        spend,
        cost,
        freshness,
        quality,
        max(conversions) as conversions,
        min(coverage) as coverage,
        {% for figure in figures %}
            min({{ figure }}) as least_{{ figure }},
            median({{ figure }}) as median_{{ figure }},
            max({{ figure }}) as most_{{ figure }},
            {{ model_of('min', figure) }} as least_{{ figure }}_model,
            {{ model_of('max', figure) }} as most_{{ figure }}_model,
        {% endfor %}
        bool_or(attributed_margin is null) as has_no_margin
    from calculated
    group by all
)

select
    'quarter' as period,
    period_start,
    is_complete,
    basis,
    breakdown,
    breakdown_value,
    cast(spend as decimal(18, 2)) as spend,
    cast(cost as decimal(18, 2)) as cost,
    {% for figure in figures %}
        {% for end in ['least', 'median', 'most'] %}
            {% if figure == 'attributed_revenue' -%}
                cast({{ end }}_{{ figure }} as decimal(18, 2)) as {{ end }}_{{ figure }},
            {%- else -%} {{ end }}_{{ figure }}, {%- endif %}
        {% endfor %}
        least_{{ figure }}_model,
        most_{{ figure }}_model,
    {% endfor %}
    conversions as sample_size,
    {{ grade('coverage', 'conversions', 'freshness', 'quality') }} as grade,
    {{ grade_reason('coverage', 'conversions', 'freshness', 'quality') }} as grade_reason,
    {{ null_reason(
        [
            ('cost <= 0', 'no_cost'),
            ('median_marketing_roi is null and has_no_margin', 'no_margin'),
        ], 'conversions'
    ) }} as null_reason
from summed
