-- one row per conversion: who and what there is to share it out to, and what is out of reach
with conversions as (
    select * from {{ ref('int_conversions__unioned') }}
    where reversed_conversion_id is null
),

groups as (
    select * from {{ ref('int_conversions__groups_resolved') }}
),

touchpoints as (
    select * from {{ ref('int_touchpoints__classified') }}
),

counted as (
    select
        groups.conversion_id,
        count(distinct groups.person_id) as members,
        count(touchpoints.touchpoint_id) as touchpoints
    from groups
    left join touchpoints on groups.person_id = touchpoints.person_id
    group by groups.conversion_id
),

-- opportunities whose people were there once
deleted as (
    select distinct contacts.opportunity_id
    from {{ ref('int_opportunity_contacts__unioned') }} as contacts
    inner join {{ ref('int_person_records__resolved') }} as records
        on contacts.node_key = records.node_key
    where records.is_deleted or contacts.is_deleted
),

-- who came without consent came, but may not be followed
withheld as (
    select distinct groups.conversion_id
    from groups
    inner join {{ ref('int_touchpoints__withheld') }} as withheld_touchpoints
        on groups.person_id = withheld_touchpoints.person_id
    where withheld_touchpoints.reason = 'no_consent'
),

-- somebody of the company was there whom no CRM knows
anonymous as (
    select distinct accounts.account_id
    from touchpoints
    inner join {{ ref('int_accounts__unified') }} as accounts
        on touchpoints.email_domain = accounts.domain
    where not touchpoints.is_known_person
)

select
    conversions.conversion_id,
    coalesce(counted.members, 0) as members,
    coalesce(counted.touchpoints, 0) as touchpoints,
    deleted.opportunity_id is not null as has_deleted_members,
    withheld.conversion_id is not null as has_no_consent,
    anonymous.account_id is not null as has_anonymous_touchpoints
from conversions
left join counted on conversions.conversion_id = counted.conversion_id
left join deleted on conversions.opportunity_id = deleted.opportunity_id
left join withheld on conversions.conversion_id = withheld.conversion_id
left join anonymous on conversions.account_id = anonymous.account_id
