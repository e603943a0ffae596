{{ config(materialized='table', tags=['fit_input']) }}

-- One row per period, basis and breakdown with enough closed opportunities for an interval of
-- their velocity: what was won, in an order that is the same on every run.
select
    period,
    period_start,
    basis,
    breakdown,
    breakdown_value,
    count(*) as opportunities,
    count(*) filter (where is_lost) as lost,
    list(cast(net_amount_reporting as double) order by opportunity_id) filter (where is_won)
        as won_amounts,
    list(days_to_win order by opportunity_id) filter (where is_won) as days_to_win
from {{ ref('int_pipeline__opportunities_counted') }}
where breakdown in ('all', 'source')
group by period, period_start, basis, breakdown, breakdown_value
having
    count(*) filter (where is_won or is_lost) >= {{ smallest_sample() }}
    and count(*) filter (where is_won) > 0
