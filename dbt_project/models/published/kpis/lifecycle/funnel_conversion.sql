with waits as (
    select * from {{ ref('fct_stage_waits') }}
),

input_quality as (
    select * from {{ ref('fct_funnel_inputs') }}
),

lags as (
    select
        from_stage,
        {{ days_in_stage(0.9) }} as p90_days
    from waits
    where breakdown = 'all'
    group by from_stage
),

cohorts as (
    select
        cohort_month,
        cohort_end,
        as_of_date,
        from_stage,
        to_stage,
        breakdown,
        breakdown_value,
        window_days,
        count(*) as entered,
        count(*) filter (where outcome = 'reached' and waited_days <= window_days)
            as converted_in_window,
        count(*) filter (where outcome = 'reached') as converted,
        count(*) filter (where is_inferred) as inferred,
        count(*) filter (where is_window_over) as windows_over
    from waits
    group by all
),

aged as (
    select
        cohorts.*,
        lags.p90_days,
        coalesce(date_diff('day', cohorts.cohort_end, cohorts.as_of_date) >= lags.p90_days, false)
            as is_mature,
        date_diff('day', cohorts.cohort_end, cohorts.as_of_date) >= cohorts.window_days
            as is_window_over,
        {{ freshness('cohorts.cohort_month', 'cohorts.cohort_end', 'input_quality.settled_until') }}
            as freshness,
        input_quality.good_row_share
    from cohorts
    left join lags on cohorts.from_stage = lags.from_stage
    left join input_quality on cohorts.breakdown = input_quality.breakdown
),

-- of an immature cohort only the fast have arrived, so that no size makes it better than a C
covered as (
    select
        *,
        case
            when is_mature then cast(windows_over as double) / entered
            else least(cast(windows_over as double) / entered, 0.5)
        end as coverage
    from aged
)

select
    cohort_month,
    from_stage,
    to_stage,
    breakdown,
    breakdown_value,
    entered,
    converted_in_window,
    converted,
    inferred,
    window_days,
    {{ shown(stage_conversion('converted_in_window', 'entered'), 'entered') }} as stage_conversion,
    {{ shown(wilson_bound('converted_in_window', 'entered', -1), 'entered') }}
        as stage_conversion_low,
    {{ shown(wilson_bound('converted_in_window', 'entered', 1), 'entered') }}
        as stage_conversion_high,
    p90_days,
    is_mature,
    is_window_over,
    entered as sample_size,
    {{ grade('coverage', 'entered', 'freshness', 'good_row_share') }} as grade,
    {{ grade_reason('coverage', 'entered', 'freshness', 'good_row_share') }} as grade_reason,
    {{ null_reason([], 'entered') }} as null_reason
from covered
