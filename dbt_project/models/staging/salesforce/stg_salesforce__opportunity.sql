with source as (
    select
        *,
        {{ salesforce_id('id') }} as opportunity_id,
        {{ salesforce_id('account_id') }} as account_record_id,
        {{ salesforce_id('campaign_id') }} as campaign_record_id
    from {{ source('salesforce', 'opportunity') }}
    qualify {{ is_current('salesforce', 'opportunity', key=['opportunity_id']) }}
),

conformed as (
    select
        'salesforce' as source_system,
        opportunity_id,
        account_record_id,
        cast(null as string) as merged_into_record_id,
        stage_name as stage,
        currency_iso_code as currency,
        lead_source,
        campaign_record_id,
        is_closed,
        is_won,
        is_deleted,

        cast(amount as decimal(18, 2)) as amount,

        created_date as created_at,
        close_date
    from source
)

select * from conformed
