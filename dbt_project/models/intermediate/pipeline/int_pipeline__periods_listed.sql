-- One row per quarter, and one for all of them together: whether it is over, and whether nearly
-- all that was created in it has had the time to close.
with quarters as (
    select * from {{ ref('int_reporting_periods__listed') }}
    where period = 'quarter'
),

reporting_date as (
    select * from {{ ref('int_reporting_date__found') }}
),

periods as (
    select
        period,
        period_start,
        period_end,
        is_complete
    from quarters
    union all
    select
        'all' as period,
        min(period_start) as period_start,
        max(period_end) as period_end,
        false as is_complete
    from quarters
    having count(*) > 0
),

waited as (
    select quantile_cont(days_to_close, 0.9) as days_to_close_p90
    from {{ ref('int_opportunities__concluded') }}
)

select
    periods.period,
    periods.period_start,
    periods.period_end,
    periods.is_complete,
    coalesce(
        reporting_date.as_of_date - periods.period_end >= waited.days_to_close_p90, false
    ) as is_mature,
    waited.days_to_close_p90,
    reporting_date.as_of_date
from periods
cross join reporting_date
cross join waited
