-- one row per person or opportunity and entry into a stage
with opportunity_stages as (
    select * from {{ ref('int_opportunity_stages__entered') }}
),

person_stages as (
    select * from {{ ref('int_person_stages__entered') }}
),

mapped_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

-- the CRM's stages of that day between the last one and this one
opportunity_skips as (
    select
        opportunity_stages.source_system,
        opportunity_stages.opportunity_id,
        opportunity_stages.entry_number,
        count(distinct mapped_stages.stage_order) as skipped_stages
    from opportunity_stages
    inner join mapped_stages
        on opportunity_stages.source_system = mapped_stages.source_system
        and opportunity_stages.last_stage_order < mapped_stages.stage_order
        and opportunity_stages.stage_order > mapped_stages.stage_order
        and {{ reporting_date('opportunity_stages.entered_at') }}
        between mapped_stages.valid_from
        and coalesce(mapped_stages.valid_to, cast('9999-12-31' as date))
    group by all
),

-- the stages of the funnel before this one that nothing has recorded
person_skips as (
    select
        person_stages.person_id,
        person_stages.entry_number,
        count(*) as skipped_stages
    from person_stages
    inner join {{ ref('funnel_stages') }} as funnel_stages
        on person_stages.stage_order > funnel_stages.stage_order
        and coalesce(person_stages.last_recorded_order, 0) < funnel_stages.stage_order
    where person_stages.is_recorded and not person_stages.is_recycled
    group by all
),

unioned as (
    select
        'opportunity' as subject_type,
        opportunity_id as subject_id,
        source_system,
        source_stage,
        stage,
        entry_number,
        is_inferred,
        is_recycled,
        coalesce(skipped_stages, 0) as skipped_stages,
        entered_at
    from opportunity_stages
    left join opportunity_skips using (source_system, opportunity_id, entry_number)
    union all
    select
        'person' as subject_type,
        person_id as subject_id,
        source_system,
        source_stage,
        stage,
        entry_number,
        is_inferred,
        is_recycled,
        coalesce(skipped_stages, 0) as skipped_stages,
        entered_at
    from person_stages
    left join person_skips using (person_id, entry_number)
)

select
    *,
    lead(entered_at) over path as left_at,
    lead(entry_number) over path is null as is_current
from unioned
window path as (partition by subject_type, subject_id order by entry_number)
