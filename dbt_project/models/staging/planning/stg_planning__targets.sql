with source as (
    select * from {{ source('planning', 'targets') }}
    qualify {{ is_current('planning', 'targets') }}
),

conformed as (
    select
        'planning' as source_system,
        target_id,
        kpi,
        lower(trim(scope)) as channel,
        unit,
        set_by_known as set_by_role,

        target as target_value,

        period_start,
        period_end,
        set_at
    from source
)

select * from conformed
