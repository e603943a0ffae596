"""One good row of each published table of KPIs, with the columns that its rules read."""

from tests.support.good_cost_rows import GOOD_COST
from tests.support.good_lifecycle_rows import GOOD_LIFECYCLE
from tests.support.good_lifetime_value_rows import GOOD_LIFETIME_VALUE
from tests.support.good_pipeline_rows import GOOD_PIPELINE

_GOOD: dict[str, dict[str, tuple[str, object]]] = {
    "metric_dictionary": {"kpi": ("varchar", "win_rate")},
    "kpi_baseline": {
        "kpi": ("varchar", "win_rate"),
        "variant": ("varchar", ""),
        "breakdown": ("varchar", "all"),
        "breakdown_value": ("varchar", "all"),
        "period": ("varchar", "quarter"),
        "frozen_at": ("timestamp", "2026-01-01"),
    },
    "campaign_benchmarks": {
        "campaign": ("varchar", "2026-q1-brand"),
        "kpi": ("varchar", "cost_per_click"),
        "actual_value": ("double", 2.5),
        "null_reason": ("varchar", None),
    },
    "kpis": {
        "kpi": ("varchar", "win_rate"),
        "variant": ("varchar", ""),
        "breakdown": ("varchar", "all"),
        "breakdown_value": ("varchar", "all"),
        "period": ("varchar", "quarter"),
        "period_start": ("date", "2026-01-01"),
        "value": ("double", 0.4),
        "value_low": ("double", 0.2),
        "value_high": ("double", 0.6),
        "change": ("double", 0.1),
        "change_low": ("double", -0.2),
        "change_high": ("double", 0.4),
        "change_from_baseline": ("double", None),
        "change_from_baseline_low": ("double", None),
        "change_from_baseline_high": ("double", None),
        "grade": ("varchar", "C"),
        "grade_reason": ("varchar", "sample_size"),
        "null_reason": ("varchar", None),
    },
}

GOOD_KPIS = {**_GOOD, **GOOD_COST, **GOOD_LIFECYCLE, **GOOD_LIFETIME_VALUE, **GOOD_PIPELINE}
