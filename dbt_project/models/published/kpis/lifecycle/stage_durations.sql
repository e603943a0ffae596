with waits as (
    select * from {{ ref('fct_stage_waits') }}
    where breakdown <> 'campaign_type'
),

curves as (
    select * from {{ ref('fct_stage_survival') }}
),

input_quality as (
    select * from {{ ref('fct_funnel_inputs') }}
),

counted as (
    select
        from_stage,
        to_stage,
        breakdown,
        breakdown_value,
        count(*) as entered,
        count(*) filter (where outcome = 'reached') as converted,
        count(*) filter (where outcome = 'lost') as lost,
        count(*) filter (where outcome is null) as waiting,
        count(*) filter (where is_inferred) as inferred,
        count(*) filter (where not is_inferred) as timed,
        count(*) filter (where outcome = 'reached' and not is_inferred) as timed_converted,
        {{ days_in_stage(0.5) }} as days_in_stage,
        {{ days_in_stage(0.9) }} as days_in_stage_p90,
        min({{ reporting_date('reached_at') }}) as period_start,
        max(as_of_date) as period_end
    from waits
    group by all
),

estimated as (
    select
        from_stage,
        breakdown,
        breakdown_value,
        {{ median_days_to_next_stage() }} as median_days,
        {{ days_until_reached(0.9) }} as p90_days
    from curves
    group by all
),

graded as (
    select
        counted.*,
        estimated.median_days,
        estimated.p90_days,
        {{ freshness('counted.period_start', 'counted.period_end', 'input_quality.settled_until') }}
            as freshness,
        input_quality.good_row_share
    from counted
    left join estimated using (from_stage, breakdown, breakdown_value)
    left join input_quality on counted.breakdown = input_quality.breakdown
)

select
    from_stage,
    to_stage,
    breakdown,
    breakdown_value,
    entered,
    converted,
    lost,
    waiting,
    inferred,
    {{ shown('days_in_stage', 'timed_converted') }} as days_in_stage,
    {{ shown('days_in_stage_p90', 'timed_converted') }} as days_in_stage_p90,
    {{ shown('median_days', 'timed') }} as median_days_to_next_stage,
    {{ shown('p90_days', 'timed') }} as p90_days_to_next_stage,
    timed as sample_size,
    -- who is still waiting is seen as well as who has arrived
    {{ grade('1', 'timed', 'freshness', 'good_row_share') }} as grade,
    {{ grade_reason('1', 'timed', 'freshness', 'good_row_share') }} as grade_reason,
    {{ null_reason(
        [('timed = 0', 'no_recorded_entries'), ('median_days is null', 'half_not_reached')], 'timed'
    ) }} as null_reason
from graded
