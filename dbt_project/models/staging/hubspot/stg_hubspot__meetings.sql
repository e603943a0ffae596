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
        cast(null as string) as campaign_name,
        cast(null as string) as campaign_record_id,
        cast(null as string) as page_url,
        false as is_date_only,
        not archived
        and coalesce(hs_meeting_outcome, 'COMPLETED') in ('COMPLETED', 'SCHEDULED') as is_valid,

        hs_meeting_start_time as occurred_at
    from source
)

select * from conformed
