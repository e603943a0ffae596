-- One row: all that marketing has cost, media included, and all customers it was spent on.
with costs as (
    select coalesce(sum(cost), 0) as marketing_cost
    from {{ ref('fct_costs_monthly') }}
    where team = 'marketing'
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

acquired as (
    select count(*) as new_customers
    from {{ ref('int_customers__acquired') }} as customers
    inner join reporting_date on customers.acquired_date <= reporting_date.as_of_date
)

select
    costs.marketing_cost,
    acquired.new_customers
from costs
cross join acquired
