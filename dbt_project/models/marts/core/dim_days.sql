-- Whole years, so that a new fact seldom moves the ends. An opportunity still open has no fact yet:
-- its close date is a hope, and may lie anywhere.
with facts as (
    select report_date as fact_date from {{ ref('fct_campaign_channel_daily') }}
    union all
    select created_date from {{ ref('fct_opportunities') }}
    union all
    select close_date from {{ ref('fct_opportunities') }}
    where is_closed
    union all
    select cast(created_at as date) from {{ ref('dim_accounts') }}
    union all
    select converted_date from {{ ref('fct_conversions') }}
),

bounds as (
    select
        date_trunc('year', min(fact_date)) as first_day,
        date_trunc('year', max(fact_date)) + interval 1 year as end_day
    from facts
)

select cast(unnest(range(first_day, end_day, interval 1 day)) as date) as calendar_date
from bounds
