-- one row per customer: where it came from, what it had been through by then, what it has brought
with customers as (
    select * from {{ ref('int_customers__acquired') }}
),

engaged as (
    select * from {{ ref('int_customers__engaged') }}
),

payments as (
    select * from {{ ref('int_customer_payments__dated') }}
),

won as (
    select
        sourced.customer_id,
        count(*) as wins
    from {{ ref('int_opportunities__valued') }} as opportunities
    inner join {{ ref('int_opportunities__sourced') }} as sourced
        on opportunities.opportunity_id = sourced.opportunity_id
    where opportunities.is_won and not opportunities.is_deleted
    group by sourced.customer_id
),

paid as (
    select
        customer_id,
        bool_or(amount > 0) as is_billed,
        count(*) filter (where payment_kind = 'renewal') as renewals,
        min(payment_date) filter (where payment_kind = 'churn') as churned_date,
        sum(amount) filter (where payment_kind <> 'refund') as invoiced_amount,
        -- one missing margin leaves the whole unknown
        case when count(margin) = count(*) then sum(margin) end as margin
    from payments
    group by customer_id
),

-- the first year is what the first contract brings, less what of it was given back
started as (
    select
        customers.customer_id,
        case
            when
                bool_or(payments.payment_kind = 'new')
                and count(payments.margin) = count(payments.payment_id)
                then sum(payments.margin)
        end as first_year_margin
    from customers
    inner join payments
        on customers.customer_id = payments.customer_id
        and (
            payments.payment_kind = 'new'
            or payments.payment_kind = 'refund'
            and customers.opportunity_id = payments.opportunity_id
        )
    group by customers.customer_id
)

select
    customers.customer_id,
    customers.account_id,
    customers.lead_source,
    customers.segment,
    customers.acquisition_channel,
    customers.first_campaign,
    engaged.engagement_pattern,
    engaged.touchpoints,
    engaged.channels,
    engaged.days_since_last_touchpoint,
    won.wins,
    coalesce(paid.is_billed, false) as is_billed,
    coalesce(paid.renewals, 0) as renewals,
    paid.churned_date is not null as is_churned,
    coalesce(paid.invoiced_amount, 0) as invoiced_amount,
    -- not billed is nothing brought, not an unknown margin
    case when paid.customer_id is null then 0 else paid.margin end as margin,
    started.first_year_margin,
    customers.acquired_date,
    paid.churned_date
from customers
inner join engaged on customers.customer_id = engaged.customer_id
inner join won on customers.customer_id = won.customer_id
left join paid on customers.customer_id = paid.customer_id
left join started on customers.customer_id = started.customer_id
