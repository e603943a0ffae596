-- One row per person and entry into a stage of the funnel; whom a CRM has moved back since has one
-- more, at a time that no CRM tells.
with stages as (
    select
        *,
        row_number() over path as entry_number,
        max(case when recorded_at is not null then stage_order end) over (
            partition by person_id
            order by stage_order
            rows between unbounded preceding and 1 preceding
        ) as last_recorded_order
    from {{ ref('int_lifecycle_stages__reached') }}
    window path as (partition by person_id order by stage_order)
),

-- nobody is moved back from the first stage
furthest as (
    select
        person_id,
        max(stage_order) as stage_order,
        max(entry_number) as entries
    from stages
    group by person_id
    having count(*) > 1
),

mapped as (
    select
        records.person_id,
        records.source_system,
        records.lifecycle_stage as source_stage,
        known.stage,
        known.stage_order,
        row_number() over (
            partition by records.person_id order by known.stage_order desc, records.node_key asc
        ) as place
    from {{ ref('int_person_records__resolved') }} as records
    cross join {{ ref('int_reporting_date__found') }} as reporting_date
    inner join {{ ref('lifecycle_stages') }} as known
        on records.source_system = known.source_system
        and records.lifecycle_stage = known.source_stage
        and reporting_date.as_of_date >= known.valid_from
        and coalesce(reporting_date.as_of_date <= known.valid_to, true)
    where not records.is_deleted and known.stage_order is not null
),

-- of several records of one person the furthest tells
current_stages as (
    select * from mapped
    where place = 1
)

select
    person_id,
    cast(null as string) as source_system,
    entry_number,
    cast(null as string) as source_stage,
    stage,
    stage_order,
    last_recorded_order,
    false as is_recycled,
    is_inferred,
    recorded_at is not null as is_recorded,
    reached_at as entered_at
from stages
union all
select
    current_stages.person_id,
    current_stages.source_system,
    furthest.entries + 1 as entry_number,
    current_stages.source_stage,
    current_stages.stage,
    current_stages.stage_order,
    null as last_recorded_order,
    true as is_recycled,
    false as is_inferred,
    true as is_recorded,
    null as entered_at
from current_stages
inner join furthest
    on current_stages.person_id = furthest.person_id
    and current_stages.stage_order < furthest.stage_order
