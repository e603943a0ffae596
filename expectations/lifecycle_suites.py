"""Which rules the published tables of the lifecycle of persons and opportunities must fulfil."""

from expectations import lifecycle_rules
from expectations.figure_suite import figures
from expectations.published_suite import PublishedSuite, published

_OF_STAGE = ("from_stage", "breakdown", "breakdown_value")

LIFECYCLE_SUITES: tuple[PublishedSuite, ...] = (
    figures(
        "funnel_conversion",
        ["cohort_month", *_OF_STAGE],
        "stage_conversion",
        intervals=["stage_conversion"],
        rules=[lifecycle_rules.ExpectConversionsToBeNarrowing],
    ),
    figures(
        "stage_durations",
        _OF_STAGE,
        "median_days_to_next_stage",
        rules=[lifecycle_rules.ExpectWaitsToBeAccounted],
    ),
    figures(
        "stage_survival",
        [*_OF_STAGE, "wait_days"],
        "share_waiting",
        intervals=["share_waiting"],
        rules=[lifecycle_rules.ExpectSurvivalToBePlausible],
    ),
    published(
        "stage_history",
        ["subject_type", "subject_id", "entry_number"],
        [lifecycle_rules.ExpectStaysToBeOrdered, lifecycle_rules.ExpectStagesToBeExclusive],
    ),
)
