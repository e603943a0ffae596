with source as (
    select * from {{ source('salesforce', 'opportunity_contact_role') }}
    qualify {{ is_current('salesforce', 'opportunity_contact_role') }}
),

conformed as (
    select
        'salesforce' as source_system,
        opportunity_id,
        {{ node_key('salesforce.contact', 'contact_id') }} as node_key,
        'contact_role' as rung,
        role,
        is_primary,
        is_deleted
    from source
)

select * from conformed
