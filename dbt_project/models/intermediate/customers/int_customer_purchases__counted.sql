{{ config(tags=['fit_input'], materialized='table') }}

-- One row per group and customer who has bought: how often again, until when, and for how much. A
-- purchase is a day on which a sale, and no renewal, was billed that was not given back in full.
with groups as (
    select * from {{ ref('int_customers__grouped') }}
),

payments as (
    select * from {{ ref('int_customer_payments__dated') }}
    where payment_kind in ('new', 'expansion', 'refund')
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

sold as (
    select
        customer_id,
        coalesce(opportunity_id, payment_id) as sale_id,
        -- a missing margin leaves the sale's unknown
        case when count(margin) = count(*) then sum(margin) end as margin,
        min(payment_date) filter (where payment_kind <> 'refund') as purchase_date
    from payments
    group by all
    having sum(amount) > 0
),

purchases as (
    select
        customer_id,
        purchase_date,
        case when count(margin) = count(*) then sum(margin) end as margin,
        min(purchase_date) over (partition by customer_id) as first_date
    from sold
    where purchase_date is not null
    group by customer_id, purchase_date
),

histories as (
    select
        customer_id,
        first_date,
        count(*) - 1 as repeat_purchases,
        max(purchase_date) - first_date as recency_days,
        case
            when count(*) filter (where purchase_date > first_date and margin is null) = 0
                then avg(margin) filter (where purchase_date > first_date)
        end as mean_margin
    from purchases
    group by customer_id, first_date
)

select
    groups.breakdown,
    groups.breakdown_value,
    groups.customer_id,
    histories.repeat_purchases,
    histories.recency_days,
    reporting_date.as_of_date - histories.first_date as age_days,
    histories.mean_margin
from histories
inner join groups on histories.customer_id = groups.customer_id
-- who first bought on the last day known has not been observed at all
inner join reporting_date on histories.first_date < reporting_date.as_of_date
