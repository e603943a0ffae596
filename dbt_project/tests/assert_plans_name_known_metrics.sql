{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'dim_metrics'}}}) }}

-- a target or benchmark of a KPI that nobody publishes is never compared with anything
with metrics as (
    select * from {{ ref('dim_metrics') }}
),

planned as (
    select 'target' as planned_as, kpi from {{ ref('int_targets__unioned') }}
    union
    select 'benchmark' as planned_as, kpi from {{ ref('int_benchmarks__unioned') }}
)

select planned.*
from planned
left join metrics on planned.kpi = metrics.kpi
where metrics.kpi is null
