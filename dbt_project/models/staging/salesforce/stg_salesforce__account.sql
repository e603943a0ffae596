with source as (
    select
        *,
        {{ salesforce_id('id') }} as record_id,
        {{ salesforce_id('master_record_id') }} as merged_into_record_id
    from {{ source('salesforce', 'account') }}
    qualify {{ is_current('salesforce', 'account', key=['record_id']) }}
),

conformed as (
    select
        'salesforce' as source_system,
        record_id,
        cast(null as string) as synced_record_id,
        merged_into_record_id,
        name,
        regexp_replace(lower(website), '^(https?://)?(www\.)?|[/?#:].*$', '', 'g') as domain,
        industry,
        billing_country as country,
        is_deleted,

        created_date as created_at
    from source
)

select * from conformed
