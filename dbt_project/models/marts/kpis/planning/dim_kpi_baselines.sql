-- one row per KPI and time at which somebody froze it; the latest one counts
with baselines as (
    select * from {{ source('history', 'kpi_baselines') }}
)

select
    *,
    frozen_at = max(frozen_at) over (
        partition by kpi, variant, breakdown, breakdown_value, period
    ) as is_current
from baselines
