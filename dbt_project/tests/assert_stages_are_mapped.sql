{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_person_records__unioned'}}}) }}

-- A stage that no row of the seed names is in no funnel: somebody should decide what it stands for.
with person_records as (
    select
        source_system,
        lifecycle_stage as source_stage,
        cast(created_at as date) as seen_date
    from {{ ref('int_person_records__unioned') }}
),

opportunities as (
    select
        source_system,
        stage as source_stage,
        cast(created_at as date) as seen_date
    from {{ ref('int_opportunities__unioned') }}
),

opportunity_history as (
    select
        source_system,
        stage as source_stage,
        cast(changed_at as date) as seen_date
    from {{ ref('int_opportunity_history__unioned') }}
),

delivered as (
    select * from person_records
    union all
    select * from opportunities
    union all
    select * from opportunity_history
)

select
    delivered.source_system,
    delivered.source_stage,
    count(*) as delivered_rows
from delivered
left join {{ ref('lifecycle_stages') }} as known
    on delivered.source_system = known.source_system
    and delivered.source_stage = known.source_stage
    -- of what has no date the stage must be known at least
    and coalesce(delivered.seen_date >= known.valid_from, true)
    and coalesce(delivered.seen_date <= known.valid_to, true)
where delivered.source_stage is not null and known.source_stage is null
group by all
