select
    kpi,
    variant,
    breakdown,
    breakdown_value,
    period,
    period_start,
    baseline_value,
    baseline_low,
    baseline_high,
    interval_kind,
    sample_size,
    grade,
    is_current,
    reason,
    frozen_at
from {{ ref('dim_kpi_baselines') }}
