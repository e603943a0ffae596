-- One row per quarter and reason: `attributed`, or why the revenue has no touchpoint. As in
-- fct_attribution_coverage, linear stands for the models; the quarters add up to it.
with credits as (
    select
        *,
        cast(date_trunc('quarter', converted_date) as date) as period_start
    from {{ ref('fct_attribution_credits') }}
    where conversion_type = 'closed_won' and attribution_model = 'linear'
),

periods as (
    select * from {{ ref('int_reporting_periods__listed') }}
    where period = 'quarter'
),

summed as (
    select
        period_start,
        coalesce(unattributed_reason, 'attributed') as reason,
        cast(sum(booked_credit) as decimal(18, 2)) as revenue,
        count(distinct conversion_id) filter (where reversed_conversion_id is null)
            as opportunities
    from credits
    group by all
),

-- what is dated after the reporting date has rows, too, so that nothing is left out
cells as (
    select
        period_start,
        reason
    from summed
    union
    select
        period_start,
        'attributed' as reason
    from summed
    union
    select
        period_start,
        'attributed' as reason
    from periods
)

select
    cells.period_start,
    cast(cells.period_start + interval '3' month - interval '1' day as date) as period_end,
    cells.reason,
    coalesce(summed.revenue, 0) as revenue,
    coalesce(summed.opportunities, 0) as opportunities,
    coalesce(periods.is_complete, false) as is_complete
from cells
left join summed
    on cells.period_start = summed.period_start and cells.reason = summed.reason
left join periods on cells.period_start = periods.period_start
