with source as (
    select * from {{ source('salesforce', 'campaign_member') }}
    qualify {{ is_current('salesforce', 'campaign_member') }}
),

conformed as (
    select
        'salesforce.member:' || id as touchpoint_id,
        'campaign_response' as touchpoint_type,
        coalesce(
            {{ node_key('salesforce.contact', 'contact_id') }},
            {{ node_key('salesforce.lead', 'lead_id') }}
        ) as node_key,
        {{ node_key('salesforce.lead', 'lead_id') }} as linked_node_key,
        cast(null as string) as campaign_name,
        campaign_id as campaign_record_id,
        cast(null as string) as page_url,
        true as is_date_only,
        has_responded and not is_deleted as is_valid,

        cast(coalesce(first_responded_date, cast(created_date as date)) as timestamp) as occurred_at
    from source
)

select * from conformed
