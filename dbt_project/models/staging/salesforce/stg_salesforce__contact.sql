with source as (
    select
        *,
        {{ salesforce_id('id') }} as record_id,
        {{ salesforce_id('account_id') }} as account_record_id,
        {{ salesforce_id('master_record_id') }} as merged_into_record_id
    from {{ source('salesforce', 'contact') }}
    qualify {{ is_current('salesforce', 'contact', key=['record_id']) }}
),

conformed as (
    select
        'salesforce' as source_system,
        'contact' as record_type,
        record_id,
        {{ node_key('salesforce.contact', 'record_id') }} as node_key,
        {{ node_key('email', 'email_hash') }} as email_node_key,
        email_domain,
        coalesce(email_is_role, false) as has_role_address,
        account_record_id,
        merged_into_record_id,
        cast(null as string) as merged_record_ids,
        cast(null as string) as synced_contact_node_key,
        cast(null as string) as synced_lead_node_key,
        cast(null as string) as lifecycle_stage,
        is_deleted,

        created_date as created_at,
        cast(null as timestamp) as mql_at,
        cast(null as timestamp) as sql_at
    from source
)

select * from conformed
