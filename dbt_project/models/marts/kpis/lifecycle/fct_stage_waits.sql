-- One row per person, stage reached and breakdown: the wait for the next stage. Breakdowns show the
-- same persons again and again, so only rows of one of them add up.
with waits as (
    select
        waits.*,
        case
            when waits.first_campaign is null then 'none'
            else coalesce(campaigns.campaign_type, 'unknown')
        end as campaign_type
    from {{ ref('int_lifecycle_waits__measured') }} as waits
    left join {{ ref('dim_campaigns') }} as campaigns on waits.first_campaign = campaigns.campaign
),

breakdowns as (
    select unnest(['all', 'campaign_type', 'channel', 'segment', 'source']) as breakdown
),

broken_down as (
    select
        waits.*,
        breakdowns.breakdown,
        case breakdowns.breakdown
            when 'campaign_type' then waits.campaign_type
            else {{ funnel_breakdown_value('breakdowns.breakdown') }}
        end as breakdown_value
    from waits
    cross join breakdowns
)

select
    person_id,
    from_stage,
    to_stage,
    breakdown,
    breakdown_value,
    window_days,
    is_inferred,
    outcome,
    waited_days,
    is_window_over,
    reached_at,
    cast(date_trunc('month', {{ reporting_date('reached_at') }}) as date) as cohort_month,
    last_day({{ reporting_date('reached_at') }}) as cohort_end,
    as_of_date
from broken_down
where breakdown_value is not null
