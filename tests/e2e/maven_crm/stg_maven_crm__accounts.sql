with source as (
    select * from {{ source('maven_crm', 'accounts') }}
    qualify {{ is_current('maven_crm', 'accounts') }}
),

conformed as (
    select
        'maven_crm' as source_system,
        account as record_id,
        cast(null as string) as synced_record_id,
        cast(null as string) as merged_into_record_id,
        account as name,
        cast(null as string) as domain,
        sector as industry,
        office_location as country,
        false as is_deleted,

        make_timestamp(year_established, 1, 1, 0, 0, 0) as created_at
    from source
)

select * from conformed
