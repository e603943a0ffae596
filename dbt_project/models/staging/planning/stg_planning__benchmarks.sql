with source as (
    select * from {{ source('planning', 'benchmarks') }}
    qualify {{ is_current('planning', 'benchmarks') }}
),

conformed as (
    select
        'planning' as source_system,
        benchmark_id,
        lower(trim(campaign)) as campaign,
        kpi,
        unit,

        benchmark as benchmark_value,

        set_at
    from source
)

select * from conformed
