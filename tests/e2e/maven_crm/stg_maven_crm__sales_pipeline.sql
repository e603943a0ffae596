with source as (
    select * from {{ source('maven_crm', 'sales_pipeline') }}
    qualify {{ is_current('maven_crm', 'sales_pipeline') }}
),

conformed as (
    select
        'maven_crm' as source_system,
        opportunity_id,
        account as account_record_id,
        cast(null as string) as merged_into_record_id,
        deal_stage as stage,
        'EUR' as currency,
        cast(null as string) as lead_source,
        cast(null as string) as campaign_record_id,
        deal_stage in ('Won', 'Lost') as is_closed,
        deal_stage = 'Won' as is_won,
        false as is_deleted,

        cast(close_value as decimal(18, 2)) as amount,

        cast(engage_date as timestamp) as created_at,
        close_date
    from source
)

select * from conformed
