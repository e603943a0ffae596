with margins as (
    select * from {{ ref('fct_customer_margins') }}
    where breakdown in ('all', 'channel', 'pattern') and cohort_quarter is null
),

{% set areas = ['crm', 'touchpoints', 'invoices', 'margins'] %}
inputs as (
    select
        {{ settled_until(areas) }} as settled_until,
        {{ good_row_share(areas) }} as good_row_share
    from {{ ref('fct_input_quality') }}
),

graded as (
    select
        margins.*,
        cast(margins.billed_customers as double) / margins.observed_customers as coverage,
        {{ freshness('margins.observed_from', 'margins.observed_until', 'inputs.settled_until') }}
            as freshness,
        inputs.good_row_share as quality
    from margins
    cross join inputs
)

{% set criteria = ['coverage', 'observed_customers', 'freshness', 'quality'] %}
select
    breakdown,
    breakdown_value,
    age_months,
    customers,
    observed_customers,
    cast(margin as decimal(18, 2)) as margin,
    {{ shown(realised_margin('margin', 'observed_customers'), 'observed_customers') }}
        as realised_margin,
    observed_customers as sample_size,
    {{ grade(*criteria) }} as grade,
    {{ grade_reason(*criteria) }} as grade_reason,
    {{ null_reason([
        ('billed_customers = 0', 'no_invoices'),
        ('margin is null', 'no_margin'),
    ], 'observed_customers') }} as null_reason
from graded
