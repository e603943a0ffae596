with source as (
    select * from {{ source('hubspot', 'meetings') }}
    qualify {{ is_current('hubspot', 'meetings') }}
),

conformed as (
    select
        'hubspot.meeting:' || hs_object_id as touchpoint_id,
        'meeting' as touchpoint_type,
        {{ node_key('hubspot.contact', 'associatedcontactid') }} as node_key,
        cast(null as string) as linked_node_key,
        cast(null as string) as email_domain,
        cast(null as string) as campaign_name,
        cast(null as string) as campaign_record_id,
        cast(null as string) as mailing_id,
        cast(null as string) as self_reported_source,
        cast(null as string) as page_url,
        case
            when hs_meeting_outcome in ('NO_SHOW', 'CANCELED', 'RESCHEDULED') then 'not_held'
            when coalesce(hs_meeting_outcome, '') <> 'COMPLETED' then 'outcome_unknown'
        end as ineligible_reason,
        false as is_date_only,
        not archived as is_valid,

        hs_meeting_start_time as occurred_at,
        -- the end is as planned, so it does not say how long anybody was there
        cast(null as timestamp) as ended_at
    from source
)

select * from conformed
