{{ config(materialized='table') }}

-- One row per person and stage reached, but for the last one: how long the next one took, or how
-- long the person has been waiting for it.
with stages as (
    select
        *,
        lead(reached_at) over (partition by person_id order by stage_order) as next_reached_at
    from {{ ref('int_lifecycle_stages__reached') }}
),

ended as (
    select
        stages.person_id,
        stages.stage as from_stage,
        stages.next_stage as to_stage,
        stages.window_days,
        persons.first_channel,
        persons.first_campaign,
        persons.segment,
        case when stages.stage = 'opportunity' then persons.lead_source end as lead_source,
        stages.is_inferred,
        case
            when stages.next_reached_at is not null then 'reached'
            when stages.stage = 'opportunity' and persons.lost_date is not null then 'lost'
        end as outcome,
        stages.reached_at,
        coalesce(
            stages.next_reached_at,
            case
                when stages.stage = 'opportunity' then {{ end_of_day('persons.lost_date') }}
            end,
            reporting_date.as_of_at
        ) as ended_at,
        reporting_date.as_of_at,
        reporting_date.as_of_date
    from stages
    inner join {{ ref('int_funnel_persons__profiled') }} as persons
        on stages.person_id = persons.person_id
    cross join {{ ref('int_reporting_date__found') }} as reporting_date
    where stages.next_stage is not null
)

select
    person_id,
    from_stage,
    to_stage,
    window_days,
    first_channel,
    first_campaign,
    segment,
    lead_source,
    is_inferred,
    outcome,
    reached_at,
    round(greatest(0, epoch(ended_at) - epoch(reached_at)) / 86400, 6) as waited_days,
    as_of_date,
    epoch(as_of_at) - epoch(reached_at) >= window_days * 86400 as is_window_over
from ended
