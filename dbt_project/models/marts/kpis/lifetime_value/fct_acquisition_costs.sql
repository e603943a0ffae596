-- One row: all that marketing has cost, media included, and all customers it was spent on.
with spent as (
    select sum(spend_reporting) as media from {{ ref('fct_ad_performance_daily') }}
),

costs as (
    select * from {{ ref('int_costs__unioned') }}
    where team = 'marketing'
),

rates as (
    select * from {{ ref('int_exchange_rates__daily_filled') }}
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

kept_by_hand as (
    select
        sum({{ in_reporting_currency(
            'costs.amount', 'costs.currency', 'costs.cost_month',
            'own_rates.units_per_euro', 'reporting_rates.units_per_euro', 2
        ) }}) as other_cost
    from costs
    left join rates as own_rates
        on costs.currency = own_rates.currency and costs.cost_month = own_rates.report_date
    left join rates as reporting_rates
        on costs.cost_month = reporting_rates.report_date
        and reporting_rates.currency = '{{ var("reporting_currency") }}'
),

acquired as (
    select count(*) as new_customers
    from {{ ref('int_customers__acquired') }} as customers
    inner join reporting_date on customers.acquired_date <= reporting_date.as_of_date
)

select
    coalesce(spent.media, 0) + coalesce(kept_by_hand.other_cost, 0) as marketing_cost,
    acquired.new_customers
from spent
cross join kept_by_hand
cross join acquired
