{{ config(materialized='table') }}

with records as (
    select * from {{ ref('int_person_records__unioned') }}
),

touchpoints as (
    select
        *,
        split_part(split_part(touchpoint_id, ':', 1), '.', 1) as source_system
    from {{ ref('int_touchpoints__unioned') }}
),

web_events as (
    select * from {{ ref('int_web_events__unioned') }}
),

merges_listed as (
    select * from {{ ref('int_identity__merges_listed') }}
),

rules as (
    select * from {{ ref('identity_rules') }}
),

found as (
    select
        node_key,
        email_node_key as other_node_key,
        'same_email' as rule,
        source_system,
        created_at as seen_at
    from records
    union all
    select node_key, naming_node_key, 'merged', source_system, merged_at from merges_listed
    union all
    select
        node_key,
        synced_contact_node_key,
        case when record_type = 'lead' then 'converted_lead' else 'synced_record' end,
        source_system,
        created_at
    from records
    union all
    select node_key, synced_lead_node_key, 'synced_record', source_system, created_at from records
    union all
    select
        node_key,
        linked_node_key,
        case touchpoint_type
            when 'form_submission' then 'form_fill'
            when 'campaign_response' then 'campaign_member'
            when 'webinar_attendance' then 'webinar_registration'
            else 'seen_together'
        end,
        source_system,
        occurred_at
    from touchpoints
    union all
    select visitor_node_key, identified_node_key, 'identified_visitor', source_system, occurred_at
    from web_events
),

-- a link has no direction: whichever end names the other, it is one link; and no window, so
-- what identifies a visitor today ties the visits of years ago as well
grouped as (
    select
        least(node_key, other_node_key) as node_key,
        greatest(node_key, other_node_key) as other_node_key,
        rule,
        min(source_system) as source_system,
        min(seen_at) as first_seen_at
    from found
    where node_key <> other_node_key
    group by all
),

-- several people read such a mailbox: it tells nobody apart, nor does the record that has it
role_nodes as (
    select node_key from records
    where has_role_address
    union
    select email_node_key from records
    where has_role_address
)

select
    grouped.*,
    rules.confidence,
    case
        when
            rules.needs_own_address
            and (
                grouped.node_key in (select node_key from role_nodes)
                or grouped.other_node_key in (select node_key from role_nodes)
            ) then 'role_address'
    end as cut_reason
from grouped
left join rules on grouped.rule = rules.rule
