with source as (
    select * from {{ source('salesforce', 'opportunity_history') }}
    qualify {{ is_current('salesforce', 'opportunity_history') }}
),

conformed as (
    select
        'salesforce' as source_system,
        id as change_id,
        opportunity_id,
        stage_name as stage,
        is_deleted,

        cast(amount as decimal(18, 2)) as amount,

        created_date as changed_at,
        close_date
    from source
)

select * from conformed
