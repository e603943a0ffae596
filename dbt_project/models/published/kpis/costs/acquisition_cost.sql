-- What a new customer costs that paid channels are credited with, under each attribution model. No
-- spend here, since it would be counted once a model; it is in acquisition_cost_range.
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

combined as (
    select
        spent.*,
        acquired.attribution_model,
        acquired.credited_conversions as credited_customers,
        acquired.conversions as customers,
        acquired.coverage,
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
)

select
    period,
    period_start,
    is_complete,
    attribution_model,
    lag,
    lag_months,
    breakdown,
    breakdown_value,
    cast(credited_customers as double) as credited_customers,
    customers,
    {{ shown(paid_cac('spend', 'credited_customers'), 'customers') }} as paid_cac,
    {{ shown(cost_per_bound('spend', 'credited_customers', -1), 'customers') }} as paid_cac_low,
    {{ shown(cost_per_bound('spend', 'credited_customers', 1), 'customers') }} as paid_cac_high,
    customers as sample_size,
    {{ grade('coverage', 'customers', 'freshness', 'quality') }} as grade,
    {{ grade_reason('coverage', 'customers', 'freshness', 'quality') }} as grade_reason,
    {{ null_reason(
        [('spend <= 0', 'no_spend'), ('credited_customers = 0', 'no_new_customers')], 'customers'
    ) }} as null_reason
from combined
