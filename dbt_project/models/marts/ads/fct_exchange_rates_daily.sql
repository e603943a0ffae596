-- the rates that amounts were converted at, so that each can be checked by hand
with rates as (
    select * from {{ ref('int_exchange_rates__daily_filled') }}
),

used as (
    select currency, report_date
    from {{ ref('fct_ad_performance_daily') }}
    where rate_date is not null
    union
    select currency, valued_date as report_date
    from {{ ref('int_opportunities__valued') }}
    where rate_date is not null
    union
    select currency, created_date as report_date
    from {{ ref('int_opportunities__valued') }}
    where created_rate_date is not null
),

-- a conversion takes two rates: that of its own currency and that of the reporting currency
needed as (
    select currency, report_date from used
    union
    select '{{ var("reporting_currency") }}' as currency, report_date from used
)

select
    rates.currency,
    rates.report_date,
    rates.units_per_euro,
    rates.rate_date,
    rates.rate_date < rates.report_date as is_rate_carried_forward
from rates
inner join needed
    on rates.currency = needed.currency and rates.report_date = needed.report_date
