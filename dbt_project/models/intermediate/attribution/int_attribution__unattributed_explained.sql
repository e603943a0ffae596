with assigned as (
    select * from {{ ref('int_attribution__models_assigned') }}
),

steps as (
    select * from {{ ref('int_conversions__accumulated') }}
),

evidence as (
    select * from {{ ref('int_conversions__evidence_observed') }}
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

unattributed as (
    select assigned.*
    from assigned
    left join journeys
        on assigned.journey_rule_id = journeys.journey_rule_id
        and assigned.conversion_id = journeys.conversion_id
    where journeys.conversion_id is null
),

admitted as (
    select distinct
        unattributed.attribution_model,
        unattributed.conversion_id
    from unattributed
    inner join groups on unattributed.conversion_id = groups.conversion_id
    inner join touchpoints
        on groups.person_id = touchpoints.person_id
        and (unattributed.include_sales or not touchpoints.is_sales)
        and (unattributed.include_impressions_and_opens or not touchpoints.is_impression_or_open)
)

-- the first reason that holds
select
    unattributed.attribution_model,
    unattributed.version as model_version,
    unattributed.conversion_type,
    steps.conversion_id,
    steps.reversed_conversion_id,
    case
        when evidence.members = 0 and evidence.has_deleted_members then 'deleted_records_only'
        when evidence.members = 0 then 'no_buying_group'
        when evidence.touchpoints = 0 and evidence.has_no_consent then 'no_consent'
        when evidence.touchpoints = 0 and evidence.has_anonymous_touchpoints then 'anonymous_only'
        when evidence.touchpoints = 0 then 'no_touchpoints'
        when admitted.conversion_id is null then 'none_eligible'
        else 'outside_window'
    end as unattributed_reason,
    steps.conversion_value,
    steps.converted_at,
    steps.converted_date
from unattributed
inner join steps on unattributed.conversion_id = steps.weighed_conversion_id
inner join evidence on unattributed.conversion_id = evidence.conversion_id
left join admitted
    on unattributed.attribution_model = admitted.attribution_model
    and unattributed.conversion_id = admitted.conversion_id
