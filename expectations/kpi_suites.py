"""Which rules each published table of KPIs must fulfil before readers see it."""

from expectations.cost_suites import COST_SUITES
from expectations.lifecycle_suites import LIFECYCLE_SUITES
from expectations.lifetime_value_suites import LIFETIME_VALUE_SUITES
from expectations.pipeline_suites import PIPELINE_SUITES
from expectations.published_suite import PublishedSuite, published

KPI_SUITES: tuple[PublishedSuite, ...] = (
    published("metric_dictionary", ["kpi"]),
    published("kpi_baseline", ["kpi", "variant", "breakdown", "breakdown_value", "frozen_at"]),
    *COST_SUITES,
    *LIFECYCLE_SUITES,
    *LIFETIME_VALUE_SUITES,
    *PIPELINE_SUITES,
)
