with source as (
    select
        *,
        {{ salesforce_id('id') }} as campaign_record_id
    from {{ source('salesforce', 'campaign') }}
    qualify {{ is_current('salesforce', 'campaign', key=['campaign_record_id']) }}
),

conformed as (
    select
        'salesforce' as source_system,
        campaign_record_id,
        name as campaign_name,
        type as campaign_type,
        currency_iso_code as currency,
        is_deleted,

        budgeted_cost as budget,

        start_date,
        end_date
    from source
)

select * from conformed
