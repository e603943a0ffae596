with source as (
    select
        *,
        {{ salesforce_id('salesforceaccountid') }} as synced_record_id
    from {{ source('hubspot', 'companies') }}
    qualify {{ is_current('hubspot', 'companies') }}
),

conformed as (
    select
        'hubspot' as source_system,
        hs_object_id as record_id,
        synced_record_id,
        cast(null as string) as merged_into_record_id,
        name,
        lower(domain) as domain,
        industry,
        country,
        archived as is_deleted,

        createdate as created_at
    from source
)

select * from conformed
