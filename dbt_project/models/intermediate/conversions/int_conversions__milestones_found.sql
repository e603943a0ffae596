{{ config(materialized='table') }}

-- what happened to the group on the way: each earlier conversion of a person or the opportunity
with conversions as (
    select * from {{ ref('int_conversions__unioned') }}
),

groups as (
    select * from {{ ref('int_conversions__groups_resolved') }}
),

person_milestones as (
    select
        groups.conversion_id,
        earlier.conversion_type as milestone,
        earlier.converted_at as reached_at
    from groups
    inner join conversions as earlier on groups.person_id = earlier.person_id
),

opportunity_milestones as (
    select
        conversions.conversion_id,
        'opportunity_created' as milestone,
        opportunities.created_at as reached_at
    from conversions
    inner join {{ ref('int_opportunities__valued') }} as opportunities
        on conversions.opportunity_id = opportunities.opportunity_id
    where opportunities.created_at is not null
),

unioned as (
    select * from person_milestones
    union all
    select * from opportunity_milestones
)

select distinct
    unioned.conversion_id,
    unioned.milestone,
    unioned.reached_at,
    -- the conversion itself is a milestone of its own journey, but no earlier one
    unioned.milestone <> conversions.conversion_type as is_earlier
from unioned
inner join conversions on unioned.conversion_id = conversions.conversion_id
where unioned.reached_at <= conversions.converted_at
