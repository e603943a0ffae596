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
        recipient_domain as email_domain,
        email_campaign_name as campaign_name,
        cast(null as string) as campaign_record_id,
        'hubspot:' || email_campaign_id as mailing_id,
        cast(null as string) as self_reported_source,
        url as page_url,
        case when filtered_event then 'discounted_by_source' end as ineligible_reason,
        false as is_date_only,
        true as is_valid,

        created as occurred_at,
        cast(null as timestamp) as ended_at
    from source
)

select * from conformed
