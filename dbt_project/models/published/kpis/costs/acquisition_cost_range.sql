-- How far the attribution models are apart in what a new customer costs, beside the spend. A model
-- that is behind too few customers shows no figure, and is in no range.
with spent as (
    select * from {{ ref('fct_paid_spend') }}
),

acquired as (
    select * from {{ ref('fct_paid_acquisitions') }}
    where conversion_type = 'closed_won'
),

{% set areas = ['crm', 'touchpoints', 'ads'] %}
inputs as (
    select
        {{ settled_until(areas) }} as settled_until,
        {{ good_row_share(areas) }} as quality
    from {{ ref('fct_input_quality') }}
),

calculated as (
    select
        spent.*,
        acquired.attribution_model,
        acquired.credited_conversions,
        acquired.conversions as customers,
        acquired.coverage,
        {{ shown(
            paid_cac('spent.spend', 'acquired.credited_conversions'), 'acquired.conversions'
        ) }} as paid_cac,
        {{ freshness('spent.period_start', 'spent.period_end', 'inputs.settled_until') }}
            as freshness,
        inputs.quality
    from spent
    inner join acquired
        on spent.period = acquired.period
        and spent.period_start = acquired.period_start
        and spent.breakdown = acquired.breakdown
        and spent.breakdown_value = acquired.breakdown_value
    cross join inputs
),

summed as (
    select
        period,
        period_start,
        is_complete,
        lag,
        lag_months,
        breakdown,
        breakdown_value,
        spend,
        freshness,
        quality,
        count(paid_cac) as attribution_models,
        coalesce(max(customers) filter (where credited_conversions > 0), 0) as customers,
        -- that of the model which attributes least
        min(coverage) as coverage,
        min(paid_cac) as least_paid_cac,
        median(paid_cac) as median_paid_cac,
        max(paid_cac) as most_paid_cac,
        {{ model_of('min', 'paid_cac') }} as least_model,
        {{ model_of('max', 'paid_cac') }} as most_model
    from calculated
    group by all
)

select
    period,
    period_start,
    is_complete,
    lag,
    lag_months,
    breakdown,
    breakdown_value,
    cast(spend as decimal(18, 2)) as spend,
    customers,
    attribution_models,
    least_paid_cac,
    median_paid_cac,
    most_paid_cac,
    least_model,
    most_model,
    customers as sample_size,
    {{ grade('coverage', 'customers', 'freshness', 'quality') }} as grade,
    {{ grade_reason('coverage', 'customers', 'freshness', 'quality') }} as grade_reason,
    {{ null_reason(
        [('spend <= 0', 'no_spend'), ('customers = 0', 'no_new_customers')], 'customers'
    ) }} as null_reason
from summed
