-- a cost of a month is converted at the rate of the month's first day
with costs as (
    select * from {{ ref('int_costs__unioned') }}
),

rates as (
    select * from {{ ref('int_exchange_rates__daily_filled') }}
)

select
    costs.source_system,
    costs.cost_id,
    costs.cost_category,
    costs.team,
    costs.channel,
    costs.campaign,
    costs.currency,
    costs.amount,
    {{ in_reporting_currency(
        'costs.amount', 'costs.currency', 'costs.cost_month',
        'own_rates.units_per_euro', 'reporting_rates.units_per_euro', 2
    ) }} as cost,
    {{ used_rate_date('costs.currency', 'own_rates.rate_date', 'reporting_rates.rate_date') }}
        as rate_date,
    costs.cost_month
from costs
left join rates as own_rates
    on costs.currency = own_rates.currency and costs.cost_month = own_rates.report_date
left join rates as reporting_rates
    on costs.cost_month = reporting_rates.report_date
    and reporting_rates.currency = '{{ var("reporting_currency") }}'
