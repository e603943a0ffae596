"""Which rules the published tables of what customers are worth must fulfil."""

from expectations import kpi_rules
from expectations.figure_suite import figures
from expectations.published_suite import PublishedSuite, published

LIFETIME_VALUE_SUITES: tuple[PublishedSuite, ...] = (
    published("customers", ["customer_id"], [kpi_rules.ExpectChurnToBeDated]),
    figures(
        "lifetime_value",
        ["breakdown", "breakdown_value"],
        "expected_lifetime_value",
        intervals=["renewal_rate", "purchase_independence"],
        rules=[kpi_rules.ExpectRenewalsToBeDue],
    ),
    figures(
        "margin_by_cohort",
        ["breakdown", "breakdown_value", "cohort_quarter", "age_months"],
        "realised_margin",
        rules=[kpi_rules.ExpectObservedCustomersToBeCounted],
    ),
    figures(
        "margin_by_origin",
        ["breakdown", "breakdown_value", "age_months"],
        "realised_margin",
        rules=[kpi_rules.ExpectObservedCustomersToBeCounted],
    ),
)
