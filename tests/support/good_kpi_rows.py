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
        "frozen_at": ("timestamp", "2026-01-01"),
    },
}

GOOD_KPIS = {**_GOOD, **GOOD_COST, **GOOD_LIFECYCLE, **GOOD_LIFETIME_VALUE, **GOOD_PIPELINE}
