-- by data time: a run with nothing new changes nothing, whatever the clock says
with spend as (
    select * from {{ ref('int_ads__spend_classified') }}
),

settling_days as (
    select * from {{ ref('settling_days') }}
),

delivered as (
    select platform, max(report_date) as last_report_date
    from spend
    group by platform
),

days as (
    select
        delivered.platform,
        delivered.last_report_date,
        -- a platform without a row of its own takes the row for any other
        coalesce(
            max(settling_days.days) filter (
                settling_days.metric = 'spend' and settling_days.platform <> 'any_other'
            ),
            max(settling_days.days) filter (settling_days.metric = 'spend')
        ) as spend_days,
        coalesce(
            max(settling_days.days) filter (
                settling_days.metric = 'conversions' and settling_days.platform <> 'any_other'
            ),
            max(settling_days.days) filter (settling_days.metric = 'conversions')
        ) as conversion_days
    from delivered
    inner join settling_days
        on delivered.platform = settling_days.platform or settling_days.platform = 'any_other'
    group by delivered.platform, delivered.last_report_date
)

select
    platform,
    last_report_date,
    last_report_date - spend_days as spend_settled_until,
    last_report_date - conversion_days as conversions_settled_until
from days
