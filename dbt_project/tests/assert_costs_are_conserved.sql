{{ config(meta={'dagster': {'ref': {'name': 'fct_costs_monthly'}}}) }}

-- Every cost arrives once: what is kept by hand in its own currency, and all of it with the media
-- in the reporting currency.
with delivered as (
    select cost_month, currency, sum(amount) as cost
    from {{ ref('int_costs__unioned') }}
    group by all
),

converted as (
    select cost_month, currency, sum(amount) as cost
    from {{ ref('int_costs__converted') }}
    group by all
),

paid as (
    select cast(date_trunc('month', report_date) as date) as cost_month, spend_reporting as cost
    from {{ ref('fct_ad_performance_daily') }}
    union all
    select cost_month, cost from {{ ref('int_costs__converted') }}
),

summed as (
    select cost_month, '{{ var("reporting_currency") }} in all' as currency, sum(cost) as cost
    from paid
    group by all
),

arrived as (
    select cost_month, '{{ var("reporting_currency") }} in all' as currency, sum(cost) as cost
    from {{ ref('fct_costs_monthly') }}
    group by all
),

given as (
    select * from delivered
    union all
    select * from summed
),

found as (
    select * from converted
    union all
    select * from arrived
)

select
    cost_month,
    currency,
    given.cost as given_cost,
    found.cost as found_cost
from given
full outer join found using (cost_month, currency)
where coalesce(given.cost, 0) <> coalesce(found.cost, 0)
