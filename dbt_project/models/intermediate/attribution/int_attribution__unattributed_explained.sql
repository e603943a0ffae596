with assigned as (
    select * from {{ ref('int_attribution__models_assigned') }}
),

conversions as (
    select * from {{ ref('int_conversions__unioned') }}
),

steps as (
    select * from {{ ref('int_conversions__accumulated') }}
),

journeys as (
    select distinct journey_rule_id, conversion_id
    from {{ ref('int_journeys__touchpoints_positioned') }}
),

groups as (
    select * from {{ ref('int_conversions__groups_resolved') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__classified') }}
),

-- opportunities whose people were there once
deleted_contacts as (
    select distinct contacts.opportunity_id
    from {{ ref('int_opportunity_contacts__unioned') }} as contacts
    inner join {{ ref('int_person_records__resolved') }} as records
        on contacts.node_key = records.node_key
    where records.is_deleted or contacts.is_deleted
),

unattributed as (
    select
        assigned.*,
        conversions.opportunity_id
    from assigned
    inner join conversions on assigned.conversion_id = conversions.conversion_id
    left join journeys
        on assigned.journey_rule_id = journeys.journey_rule_id
        and assigned.conversion_id = journeys.conversion_id
    where journeys.conversion_id is null
),

observed as (
    select
        unattributed.attribution_model,
        unattributed.conversion_id,
        count(groups.person_id) as members,
        count(touchpoints.touchpoint_id) as touchpoints,
        count(touchpoints.touchpoint_id) filter (
            where (unattributed.include_sales or not touchpoints.is_sales)
            and (
                unattributed.include_impressions_and_opens
                or not touchpoints.is_impression_or_open
            )
        ) as touchpoints_admitted
    from unattributed
    left join groups on unattributed.conversion_id = groups.conversion_id
    left join touchpoints on groups.person_id = touchpoints.person_id
    group by all
)

select
    unattributed.attribution_model,
    unattributed.version as model_version,
    unattributed.conversion_type,
    steps.conversion_id,
    steps.reversed_conversion_id,
    case
        when observed.members = 0 and deleted_contacts.opportunity_id is not null
            then 'deleted_records_only'
        when observed.members = 0 then 'no_buying_group'
        when observed.touchpoints = 0 then 'no_touchpoints'
        when observed.touchpoints_admitted = 0 then 'none_eligible'
        else 'outside_window'
    end as unattributed_reason,
    steps.conversion_value,
    steps.converted_at,
    steps.converted_date
from unattributed
inner join steps on unattributed.conversion_id = steps.weighed_conversion_id
inner join observed
    on unattributed.attribution_model = observed.attribution_model
    and unattributed.conversion_id = observed.conversion_id
left join deleted_contacts
    on unattributed.opportunity_id = deleted_contacts.opportunity_id
