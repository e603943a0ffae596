with lifetime_values as (
    select * from {{ ref('fct_lifetime_values') }}
),

margins as (
    select * from {{ ref('fct_customer_margins') }}
    where cohort_quarter is null
),

acquisition_costs as (
    select * from {{ ref('fct_acquisition_costs_ever') }}
),

{% set areas = ['crm', 'touchpoints', 'invoices', 'margins'] %}
inputs as (
    select
        {{ settled_until(areas) }} as settled_until,
        {{ good_row_share(areas) }} as good_row_share
    from {{ ref('fct_input_quality') }}
),

measured as (
    select
        lifetime_values.*,
        acquisition_costs.marketing_cost,
        acquisition_costs.new_customers,
        {% for age in [12, 24] %}
            coalesce(aged_{{ age }}.observed_customers, 0) as observed_{{ age }},
            aged_{{ age }}.margin as margin_{{ age }},
        {% endfor %}
        {{ expected_lifetime_value(
            'first_year_margin', 'first_year_customers', 'discounted_tenure'
        ) }} as expected_value,
        cast(lifetime_values.billed_customers as double) / lifetime_values.customers as coverage,
        {{ freshness(
            'lifetime_values.observed_from', 'lifetime_values.observed_until', 'inputs.settled_until'
        ) }} as freshness,
        inputs.good_row_share as quality
    from lifetime_values
    cross join acquisition_costs
    cross join inputs
    {% for age in [12, 24] %}
        left join margins as aged_{{ age }}
            on lifetime_values.breakdown = aged_{{ age }}.breakdown
            and lifetime_values.breakdown_value = aged_{{ age }}.breakdown_value
            and aged_{{ age }}.age_months = {{ age }}
    {% endfor %}
)

{% set criteria = ['coverage', 'due_customers', 'freshness', 'quality'] %}
select
    breakdown,
    breakdown_value,
    customers,
    {{ shown(realised_margin('first_year_margin', 'first_year_customers'), 'first_year_customers')
    }} as first_year_margin_per_customer,
    {% for age in [12, 24] %}
        observed_{{ age }} as observed_customers_{{ age }}_months,
        {{ shown(realised_margin('margin_' ~ age, 'observed_' ~ age), 'observed_' ~ age) }}
            as realised_margin_{{ age }}_months,
    {% endfor %}
    cast(renewals_due as bigint) as renewals_due,
    cast(renewals_made as bigint) as renewals_made,
    {{ shown(renewal_rate('renewals_made', 'renewals_due'), 'renewals_due') }} as renewal_rate,
    {{ shown(wilson_bound('renewals_made', 'renewals_due', -1), 'renewals_due') }}
        as renewal_rate_low,
    {{ shown(wilson_bound('renewals_made', 'renewals_due', 1), 'renewals_due') }}
        as renewal_rate_high,
    {{ shown(simple_lifetime_value(
        'first_year_margin', 'first_year_customers', 'renewals_made', 'renewals_due'
    ), 'renewals_due') }} as simple_lifetime_value,
    alpha,
    beta,
    is_settled,
    discounted_tenure,
    horizon_years,
    discount_rate,
    {{ shown('expected_value', 'due_customers') }} as expected_lifetime_value,
    {{ shown(ltv_to_cac('expected_value', 'marketing_cost', 'new_customers'), 'due_customers') }}
        as ltv_to_cac,
    is_purchase_settled,
    purchase_customers,
    {{ shown(expected_purchase_value('residual_value', 'purchase_customers'), 'purchase_customers')
    }} as expected_purchase_value,
    correlation as purchase_independence,
    correlation_low as purchase_independence_low,
    correlation_high as purchase_independence_high,
    is_plausible as is_independence_plausible,
    cast(due_customers as bigint) as sample_size,
    {{ grade(*criteria) }} as grade,
    {{ grade_reason(*criteria) }} as grade_reason,
    {{ null_reason([
        ('billed_customers = 0', 'no_invoices'),
        ('first_year_customers = 0', 'no_margin'),
        ('due_customers = 0', 'no_renewals_due'),
        ('not is_settled', 'fit_not_settled'),
    ], 'due_customers') }} as null_reason
from measured
