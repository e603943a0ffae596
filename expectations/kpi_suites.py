"""Which rules each published table of KPIs must fulfil before readers see it."""

from functools import partial

from expectations import kpi_rules
from expectations.cost_suites import COST_SUITES
from expectations.figure_suite import figures
from expectations.lifecycle_suites import LIFECYCLE_SUITES
from expectations.lifetime_value_suites import LIFETIME_VALUE_SUITES
from expectations.pipeline_suites import PIPELINE_SUITES
from expectations.published_suite import PublishedSuite, published

KPI_SUITES: tuple[PublishedSuite, ...] = (
    published("metric_dictionary", ["kpi"]),
    published(
        "kpi_baseline",
        ["kpi", "variant", "breakdown", "breakdown_value", "period", "frozen_at"],
    ),
    published(
        "campaign_benchmarks",
        ["campaign", "kpi"],
        [partial(kpi_rules.ExpectFiguresToBeExplained, figure="actual_value")],
    ),
    figures(
        "kpis",
        ["kpi", "variant", "breakdown", "breakdown_value", "period", "period_start"],
        "value",
        intervals=["value", "change", "change_from_baseline"],
    ),
    *COST_SUITES,
    *LIFECYCLE_SUITES,
    *LIFETIME_VALUE_SUITES,
    *PIPELINE_SUITES,
)
