with margins as (
    select * from {{ ref('fct_customer_margins') }}
    where breakdown in ('all', 'channel') and cohort_quarter is not null
),

-- what one input lacks, the figure lacks
inputs as (
    select
        case when count(settled_until) = count(*) then min(settled_until) end as settled_until,
        case when count(good_row_share) = count(*) then min(good_row_share) end as good_row_share
    from {{ ref('fct_input_quality') }}
    where area in ('crm', 'touchpoints', 'invoices', 'margins')
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
    cohort_quarter,
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
