-- One row per opportunity and entry into a stage of its CRM. What two words or two rows call one
-- stage is one stay; what was deleted since has still been where it was.
with history as (
    select * from {{ ref('int_opportunity_history__unioned') }}
    where not coalesce(is_deleted, false) and stage is not null
),

opportunities as (
    select * from {{ ref('int_opportunities__valued') }}
    where not is_deleted
),

changes as (
    select
        source_system,
        opportunity_id,
        stage as source_stage,
        changed_at as entered_at,
        change_id,
        false as is_inferred
    from history
    union all
    -- a CRM without a history tells the last stage only, and of an end the day
    select
        opportunities.source_system,
        opportunities.opportunity_id,
        opportunities.stage as source_stage,
        case
            when opportunities.is_closed then {{ end_of_day('opportunities.close_date') }}
            else opportunities.created_at
        end as entered_at,
        null as change_id,
        true as is_inferred
    from opportunities
    left join history
        on opportunities.source_system = history.source_system
        and opportunities.opportunity_id = history.opportunity_id
    where history.opportunity_id is null and opportunities.stage is not null
),

mapped as (
    select
        changes.*,
        coalesce(known.stage, 'unmapped') as stage,
        known.stage_order,
        coalesce(known.is_closed, false) as is_closed,
        coalesce(
            known.stage || coalesce(':' || cast(known.stage_order as string), ''),
            changes.source_stage
        ) as place
    from changes
    left join {{ ref('lifecycle_stages') }} as known
        on changes.source_system = known.source_system
        and changes.source_stage = known.source_stage
        -- what has no date is taken for what the stage stands for now
        and coalesce({{ reporting_date('changes.entered_at') }}, cast('9999-12-31' as date))
        between known.valid_from and coalesce(known.valid_to, cast('9999-12-31' as date))
),

followed as (
    select
        *,
        lag(source_stage) over path as last_source_stage,
        lag(place) over path as last_place
    from mapped
    window path as (
        partition by source_system, opportunity_id
        order by entered_at asc nulls first, change_id asc
    )
)

select
    source_system,
    opportunity_id,
    row_number() over path as entry_number,
    source_stage,
    stage,
    stage_order,
    lag(stage_order) over path as last_stage_order,
    -- moved back, or out of an end
    coalesce(lag(stage_order) over path > stage_order, false)
    or coalesce(lag(is_closed) over path, false) as is_recycled,
    is_inferred,
    entered_at
from followed
where last_place is null or (last_place <> place and last_source_stage <> source_stage)
window path as (
    partition by source_system, opportunity_id
    order by entered_at asc nulls first, change_id asc
)
