-- One row per period, basis and breakdown. A period in which nothing was open has a row of zeros
-- for the whole company; what it is broken down by has a row where there is something to count.
with counted as (
    select * from {{ ref('int_pipeline__opportunities_counted') }}
),

periods as (
    select * from {{ ref('int_pipeline__periods_listed') }}
),

intervals as (
    select * from {{ source('statistics', 'pipeline_velocity_intervals') }}
),

summed as (
    select
        period,
        period_start,
        basis,
        breakdown,
        breakdown_value,
        count(*) as opportunities,
        count(*) filter (where is_open) as open_opportunities,
        count(*) filter (where is_stale) as stale_opportunities,
        count(*) filter (where is_won) as won,
        count(*) filter (where is_lost) as lost,
        sum(net_amount_reporting) as won_revenue,
        {{ cycle_days('days_to_win') }} as cycle_days
    from counted
    group by period, period_start, basis, breakdown, breakdown_value
),

cells as (
    select period, period_start, basis, breakdown, breakdown_value from summed
    union
    select period, period_start, 'period', 'all', 'all' from periods
    union
    select period, period_start, 'cohort', 'all', 'all' from periods
)

select
    cells.period,
    cells.period_start,
    periods.period_end,
    cells.basis,
    cells.breakdown,
    cells.breakdown_value,
    coalesce(summed.opportunities, 0) as opportunities,
    coalesce(summed.open_opportunities, 0) as open_opportunities,
    coalesce(summed.stale_opportunities, 0) as stale_opportunities,
    coalesce(summed.won, 0) as won,
    coalesce(summed.lost, 0) as lost,
    cast(coalesce(summed.won_revenue, 0) as decimal(18, 2)) as won_revenue,
    summed.cycle_days,
    intervals.pipeline_velocity_low,
    intervals.pipeline_velocity_high,
    periods.is_complete,
    case when cells.basis = 'cohort' then periods.is_mature end as is_mature
from cells
inner join periods
    on cells.period = periods.period and cells.period_start = periods.period_start
left join summed
    on cells.period = summed.period
    and cells.period_start = summed.period_start
    and cells.basis = summed.basis
    and cells.breakdown = summed.breakdown
    and cells.breakdown_value = summed.breakdown_value
left join intervals
    on cells.period = intervals.period
    and cells.period_start = intervals.period_start
    and cells.basis = intervals.basis
    and cells.breakdown = intervals.breakdown
    and cells.breakdown_value = intervals.breakdown_value
