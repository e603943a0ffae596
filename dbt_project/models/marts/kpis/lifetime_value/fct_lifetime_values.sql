-- one row per group of customers: how they began and renewed, and what is projected from that
with groups as (
    select * from {{ ref('int_customers__grouped') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

renewals as (
    select * from {{ ref('int_customer_renewals__counted') }}
),

renewal_fits as (
    select * from {{ source('statistics', 'renewal_fits') }}
),

purchase_fits as (
    select * from {{ source('statistics', 'purchase_fits') }}
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

started as (
    select
        groups.breakdown,
        groups.breakdown_value,
        count(*) as customers,
        count(*) filter (where customers.is_billed) as billed_customers,
        count(customers.first_year_margin) as first_year_customers,
        sum(customers.first_year_margin) as first_year_margin,
        min(groups.acquired_date) as observed_from
    from groups
    inner join customers on groups.customer_id = customers.customer_id
    group by all
),

renewed as (
    select
        breakdown,
        breakdown_value,
        sum(case when renewals_made > 0 or has_left then customers else 0 end) as due_customers,
        sum(customers * renewals_made) as renewals_made,
        sum(customers * (renewals_made + cast(has_left as integer))) as renewals_due
    from renewals
    group by all
)

select
    started.breakdown,
    started.breakdown_value,
    started.customers,
    started.billed_customers,
    started.first_year_customers,
    started.first_year_margin,
    renewed.due_customers,
    renewed.renewals_made,
    renewed.renewals_due,
    renewal_fits.is_settled,
    renewal_fits.alpha,
    renewal_fits.beta,
    renewal_fits.discounted_tenure,
    coalesce(purchase_fits.is_settled, false) as is_purchase_settled,
    coalesce(purchase_fits.customers, 0) as purchase_customers,
    purchase_fits.residual_value,
    purchase_fits.correlation,
    purchase_fits.correlation_low,
    purchase_fits.correlation_high,
    purchase_fits.is_plausible,
    cast({{ var('lifetime_horizon_years') }} as integer) as horizon_years,
    cast({{ var('discount_rate') }} as double) as discount_rate,
    started.observed_from,
    reporting_date.as_of_date as observed_until
from started
cross join reporting_date
inner join renewed
    on started.breakdown = renewed.breakdown
    and started.breakdown_value = renewed.breakdown_value
inner join renewal_fits
    on started.breakdown = renewal_fits.breakdown
    and started.breakdown_value = renewal_fits.breakdown_value
left join purchase_fits
    on started.breakdown = purchase_fits.breakdown
    and started.breakdown_value = purchase_fits.breakdown_value
