with rates as (
    select * from {{ ref('int_exchange_rates__unioned') }}
),

bounded as (
    select
        *,
        lead(rate_date) over (partition by currency order by rate_date) as next_rate_date
    from rates
),

-- a day without a rate takes the last one, but never one older than 7 days
filled as (
    select
        currency,
        units_per_euro,
        rate_date,
        rate_date + cast(unnest(range(
            least(coalesce(date_diff('day', rate_date, next_rate_date), 8), 8)
        )) as integer) as report_date
    from bounded
),

-- the euro is the base of every rate, so it has one on any day that another currency has
euro as (
    select distinct
        'EUR' as currency,
        cast(1 as decimal(18, 6)) as units_per_euro,
        report_date as rate_date,
        report_date
    from filled
)

select currency, units_per_euro, rate_date, report_date from filled
union all
select currency, units_per_euro, rate_date, report_date from euro
