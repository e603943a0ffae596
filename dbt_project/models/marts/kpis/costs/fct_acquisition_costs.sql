-- One row per period and lag: what marketing and sales cost in the months that lie the lag before
-- the period's, as far as those have passed; and the customers that were won in the period, however
-- they came.
with periods as (
    select distinct period, period_start, period_end, is_complete, lag, lag_months
    from {{ ref('fct_paid_spend') }}
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

customers as (
    select
        acquired.customer_id,
        acquired.acquired_date,
        conversions.conversion_value as won_value
    from {{ ref('int_customers__acquired') }} as acquired
    inner join {{ ref('fct_conversions') }} as conversions
        on acquired.conversion_id = conversions.conversion_id
),

acquired as (
    select
        periods.period,
        periods.period_start,
        periods.lag,
        count(*) as new_customers,
        sum(customers.won_value) as won_value
    from periods
    inner join customers
        on customers.acquired_date between periods.period_start and periods.period_end
    group by all
),

paid as (
    select
        periods.period,
        periods.period_start,
        periods.lag,
        sum(costs.cost) filter (where costs.cost_category = 'media') as media,
        sum(costs.cost) filter (where costs.team = 'marketing') as marketing_cost,
        sum(costs.cost) filter (where costs.team = 'sales') as sales_cost
    from periods
    cross join reporting_date
    inner join {{ ref('fct_costs_monthly') }} as costs
        on costs.cost_month + to_months(periods.lag_months)
        between periods.period_start and least(periods.period_end, reporting_date.as_of_date)
    group by all
),

margins as (
    select * from {{ ref('int_margins__filled') }}
)

select
    periods.period,
    periods.period_start,
    periods.period_end,
    periods.is_complete,
    periods.lag,
    periods.lag_months,
    cast(coalesce(paid.media, 0) as decimal(18, 6)) as media,
    cast(coalesce(paid.marketing_cost, 0) as decimal(18, 6)) as marketing_cost,
    cast(coalesce(paid.sales_cost, 0) as decimal(18, 6)) as sales_cost,
    coalesce(acquired.new_customers, 0) as new_customers,
    cast(coalesce(acquired.won_value, 0) as decimal(18, 2)) as won_value,
    margins.margin_share
from periods
left join acquired
    on periods.period = acquired.period
    and periods.period_start = acquired.period_start
    and periods.lag = acquired.lag
left join paid
    on periods.period = paid.period
    and periods.period_start = paid.period_start
    and periods.lag = paid.lag
left join margins
    on periods.period_end >= margins.valid_from and periods.period_end < margins.valid_before
