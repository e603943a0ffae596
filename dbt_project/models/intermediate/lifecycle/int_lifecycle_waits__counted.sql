{{ config(materialized='table', tags=['fit_input']) }}

-- One row per stage, breakdown, whole days (begun ones count) and outcome. Who is only inferred to
-- have been in a stage has not waited there, so that no days would be a made-up measure.
with breakdowns as (
    select unnest(['all', 'channel', 'segment', 'source']) as breakdown
),

broken_down as (
    select
        waits.*,
        breakdowns.breakdown,
        {{ funnel_breakdown_value('breakdowns.breakdown') }} as breakdown_value
    from {{ ref('int_lifecycle_waits__measured') }} as waits
    cross join breakdowns
)

select
    from_stage,
    to_stage,
    breakdown,
    breakdown_value,
    cast(ceil(waited_days) as bigint) as wait_days,
    outcome,
    count(*) as persons
from broken_down
where breakdown_value is not null and not is_inferred
group by all
