-- One row per group of customers, quarter of their first win (null for all of them together), and
-- age that one of them has reached: what those that old had brought by then. Whoever is younger is
-- in none of the row's figures, so that the same age is the same for all.
{% set oldest = 60 %}
with groups as (
    select * from {{ ref('int_customers__grouped') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

payments as (
    select * from {{ ref('int_customer_payments__dated') }}
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

ages as (
    select cast(unnest(generate_series(0, {{ oldest }})) as integer) as age_months
),

observed as (
    select
        customers.customer_id,
        customers.is_billed,
        ages.age_months,
        cast(customers.acquired_date + to_months(ages.age_months) as date) as observed_until
    from customers
    cross join ages
    inner join reporting_date
        on customers.acquired_date + to_months(ages.age_months) <= reporting_date.as_of_date
),

brought as (
    select
        observed.customer_id,
        observed.is_billed,
        observed.age_months,
        observed.observed_until,
        coalesce(sum(payments.margin), 0) as margin,
        count(payments.payment_id) - count(payments.margin) as payments_without_margin
    from observed
    left join payments
        on observed.customer_id = payments.customer_id
        and observed.age_months >= payments.age_months
    group by all
)

select
    groups.breakdown,
    groups.breakdown_value,
    groups.cohort_quarter,
    brought.age_months,
    -- everybody was there at age 0
    max(count(*)) over (
        partition by groups.breakdown, groups.breakdown_value, groups.cohort_quarter
    ) as customers,
    count(*) as observed_customers,
    count(*) filter (where brought.is_billed) as billed_customers,
    -- one missing margin leaves the whole unknown, and so do books in which nobody is
    case
        when sum(brought.payments_without_margin) = 0 and bool_or(brought.is_billed)
            then sum(brought.margin)
    end as margin,
    min(groups.acquired_date) as observed_from,
    max(brought.observed_until) as observed_until
from groups
inner join brought on groups.customer_id = brought.customer_id
group by grouping sets (
    (groups.breakdown, groups.breakdown_value, groups.cohort_quarter, brought.age_months),
    (groups.breakdown, groups.breakdown_value, brought.age_months)
)
