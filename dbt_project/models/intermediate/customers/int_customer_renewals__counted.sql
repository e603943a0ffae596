{{ config(tags=['fit_input'], materialized='table') }}

-- One row per group, number of renewals made, and whether the customer left at the next one. A
-- renewal is decided when it is billed, or booked as one that did not come; until then its customer
-- has only stayed so long. Whoever leaves and comes back has left.
with groups as (
    select * from {{ ref('int_customers__grouped') }}
),

payments as (
    select * from {{ ref('int_customer_payments__dated') }}
    where payment_kind in ('renewal', 'churn')
),

-- a customer with several contracts stays as long as one of them is renewed
decided as (
    select
        customer_id,
        payment_date,
        bool_or(payment_kind = 'renewal') as is_renewed
    from payments
    group by customer_id, payment_date
),

numbered as (
    select
        *,
        count(*) filter (where not is_renewed) over (
            partition by customer_id order by payment_date
            rows between unbounded preceding and 1 preceding
        ) as departures_before
    from decided
),

followed as (
    select
        customer_id,
        count(*) filter (where is_renewed) as renewals_made,
        bool_or(not is_renewed) as has_left
    from numbered
    where departures_before = 0
    group by customer_id
)

select
    groups.breakdown,
    groups.breakdown_value,
    coalesce(followed.renewals_made, 0) as renewals_made,
    coalesce(followed.has_left, false) as has_left,
    count(*) as customers
from groups
left join followed on groups.customer_id = followed.customer_id
group by all
