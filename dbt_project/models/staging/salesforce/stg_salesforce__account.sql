with source as (
    select * from {{ source('salesforce', 'account') }}
    qualify {{ is_current('salesforce', 'account') }}
),

conformed as (
    select
        'salesforce' as source_system,
        id as record_id,
        cast(null as string) as synced_record_id,
        master_record_id as merged_into_record_id,
        name,
        regexp_replace(lower(website), '^(https?://)?(www\.)?|[/?#:].*$', '', 'g') as domain,
        industry,
        billing_country as country,
        is_deleted,

        created_date as created_at
    from source
)

select * from conformed
