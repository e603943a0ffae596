with source as (
    select
        *,
        {{ salesforce_id('id') }} as record_id,
        {{ salesforce_id('campaign_id') }} as campaign_record_id,
        {{ salesforce_id('contact_id') }} as contact_record_id,
        {{ salesforce_id('lead_id') }} as lead_record_id
    from {{ source('salesforce', 'campaign_member') }}
    qualify {{ is_current('salesforce', 'campaign_member', key=['record_id']) }}
),

conformed as (
    select
        'salesforce.member:' || record_id as touchpoint_id,
        'campaign_response' as touchpoint_type,
        coalesce(
            {{ node_key('salesforce.contact', 'contact_record_id') }},
            {{ node_key('salesforce.lead', 'lead_record_id') }}
        ) as node_key,
        {{ node_key('salesforce.lead', 'lead_record_id') }} as linked_node_key,
        cast(null as string) as email_domain,
        cast(null as string) as campaign_name,
        campaign_record_id,
        cast(null as string) as mailing_id,
        cast(null as string) as self_reported_source,
        cast(null as string) as page_url,
        case when first_responded_date is null then 'undated' end as ineligible_reason,
        true as is_date_only,
        has_responded and not is_deleted as is_valid,

        cast(coalesce(first_responded_date, cast(created_date as date)) as timestamp)
            as occurred_at,
        cast(null as timestamp) as ended_at
    from source
)

select * from conformed
