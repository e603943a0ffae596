with source as (
    select
        *,
        {{ salesforce_id('id') }} as change_id,
        {{ salesforce_id('opportunity_id') }} as opportunity_record_id
    from {{ source('salesforce', 'opportunity_history') }}
    qualify {{ is_current('salesforce', 'opportunity_history', key=['change_id']) }}
),

conformed as (
    select
        'salesforce' as source_system,
        change_id,
        opportunity_record_id as opportunity_id,
        stage_name as stage,
        is_deleted,

        cast(amount as decimal(18, 2)) as amount,

        created_date as changed_at,
        close_date
    from source
)

select * from conformed
