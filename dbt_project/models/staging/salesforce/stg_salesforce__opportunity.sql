with source as (
    select * from {{ source('salesforce', 'opportunity') }}
    qualify {{ is_current('salesforce', 'opportunity') }}
),

conformed as (
    select
        'salesforce' as source_system,
        id as opportunity_id,
        account_id as account_record_id,
        stage_name as stage,
        currency_iso_code as currency,
        lead_source,
        campaign_id as campaign_record_id,
        is_closed,
        is_won,
        is_deleted,

        cast(amount as decimal(18, 2)) as amount,

        created_date as created_at,
        close_date
    from source
)

select * from conformed
