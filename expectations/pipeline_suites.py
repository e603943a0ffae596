"""Which rules the published tables of pipeline, sourced and influenced revenue must fulfil."""

from expectations import kpi_rules
from expectations.figure_suite import figures
from expectations.published_suite import PublishedSuite, published

PIPELINE_SUITES: tuple[PublishedSuite, ...] = (
    figures(
        "pipeline_velocity",
        ["period", "period_start", "basis", "breakdown", "breakdown_value"],
        "pipeline_velocity",
        intervals=["win_rate", "pipeline_velocity"],
        rules=[kpi_rules.ExpectClosedOpportunitiesToBeCounted],
    ),
    figures(
        "win_rate_change",
        ["period_start", "breakdown"],
        "own_change",
        intervals=["win_rate_change"],
        rules=[kpi_rules.ExpectMixChangesToBeWhole],
    ),
    figures(
        "sourced_revenue_quarterly",
        ["period_start", "definition"],
        "sourced_share",
        intervals=["sourced_opportunity_share"],
    ),
    figures("influenced_revenue_quarterly", ["period_start", "definition"], "influenced_share"),
    figures(
        "attribution_coverage_quarterly",
        ["period_start", "reason"],
        "attribution_coverage",
        rules=[kpi_rules.ExpectCoverageToBeReconciled],
    ),
    published(
        "opportunity_evidence",
        ["opportunity_id"],
        [kpi_rules.ExpectEvidenceToBeGraded],
    ),
)
