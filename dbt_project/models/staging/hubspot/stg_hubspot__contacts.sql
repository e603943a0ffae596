with source as (
    select
        *,
        {{ salesforce_id('salesforcecontactid') }} as contact_record_id,
        {{ salesforce_id('salesforceleadid') }} as lead_record_id
    from {{ source('hubspot', 'contacts') }}
    qualify {{ is_current('hubspot', 'contacts') }}
),

conformed as (
    select
        'hubspot' as source_system,
        'contact' as record_type,
        hs_object_id as record_id,
        {{ node_key('hubspot.contact', 'hs_object_id') }} as node_key,
        {{ node_key('email', 'email_hash') }} as email_node_key,
        email_domain,
        coalesce(email_is_role, false) as has_role_address,
        associatedcompanyid as account_record_id,
        cast(null as string) as merged_into_record_id,
        hs_merged_object_ids as merged_record_ids,
        {{ node_key('salesforce.contact', 'contact_record_id') }} as synced_contact_node_key,
        {{ node_key('salesforce.lead', 'lead_record_id') }} as synced_lead_node_key,
        lifecyclestage as lifecycle_stage,
        coalesce(archived, false) as is_deleted,

        createdate as created_at,
        hs_lifecyclestage_marketingqualifiedlead_date as mql_at,
        hs_lifecyclestage_salesqualifiedlead_date as sql_at
    from source
)

select * from conformed
