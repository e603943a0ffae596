with source as (
    select
        *,
        {{ salesforce_id('id') }} as record_id,
        {{ salesforce_id('opportunity_id') }} as opportunity_record_id,
        {{ salesforce_id('contact_id') }} as contact_record_id
    from {{ source('salesforce', 'opportunity_contact_role') }}
    qualify {{ is_current('salesforce', 'opportunity_contact_role', key=['record_id']) }}
),

conformed as (
    select
        'salesforce' as source_system,
        opportunity_record_id as opportunity_id,
        {{ node_key('salesforce.contact', 'contact_record_id') }} as node_key,
        'contact_role' as rung,
        role,
        is_primary,
        is_deleted
    from source
)

select * from conformed
