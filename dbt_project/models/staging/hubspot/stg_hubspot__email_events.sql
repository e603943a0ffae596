with source as (
    select * from {{ source('hubspot', 'email_events') }}
    qualify {{ is_current('hubspot', 'email_events') }}
),

conformed as (
    select
        'hubspot.email:' || id as touchpoint_id,
        'email_' || lower(type) as touchpoint_type,
        {{ node_key('email', 'recipient_hash') }} as node_key,
        cast(null as string) as linked_node_key,
        email_campaign_name as campaign_name,
        cast(null as string) as campaign_record_id,
        url as page_url,
        false as is_date_only,
        not coalesce(filtered_event, false) as is_valid,

        created as occurred_at
    from source
)

select * from conformed
