"""Which rules each published table must fulfil before readers see it."""

from expectations import attribution_rules, business
from expectations.kpi_suites import KPI_SUITES
from expectations.published_suite import published

_SUITES = (
    published(
        "channel_daily",
        ["report_date", "channel"],
        [business.ExpectSpendToBeNonnegative],
    ),
    published(
        "channel_monthly",
        ["report_month", "channel"],
        [business.ExpectSpendToBeNonnegative],
    ),
    published(
        "campaign_monthly",
        ["report_month", "campaign", "channel"],
        [business.ExpectSpendToBeNonnegative, business.ExpectPaidClicksToBeTracked],
    ),
    published(
        "attribution_by_channel",
        ["report_month", "attribution_model", "model_version", "conversion_type", "channel"],
        [attribution_rules.ExpectModelsToBeReconciled],
    ),
    published(
        "attribution_by_campaign",
        [
            "report_month",
            "attribution_model",
            "model_version",
            "conversion_type",
            "channel",
            "campaign",
        ],
    ),
    published(
        "attribution_by_opportunity",
        ["opportunity_id", "attribution_model", "model_version", "conversion_type", "channel"],
    ),
    published(
        "attribution_range",
        ["grain", "report_month", "campaign", "opportunity_id", "conversion_type", "channel"],
        [attribution_rules.ExpectRangesToBeOrdered],
        optional_keys=["report_month", "campaign", "opportunity_id"],  # by the grain
    ),
    published(
        "attribution_restatements",
        [
            "restatement",
            "report_month",
            "conversion_type",
            "attribution_model",
            "channel",
            "cause",
        ],
    ),
    published(
        "channel_weights",
        [
            "journey_rule_id",
            "fit_month",
            "fit_version",
            "channel_weights",
            "chain_order",
            "channel",
        ],
        [attribution_rules.ExpectChannelWeightsToBeShares],
        optional_keys=["chain_order"],  # only a Markov chain has one
    ),
    published(
        "channel_transitions",
        [
            "journey_rule_id",
            "fit_month",
            "fit_version",
            "from_channel",
            "to_channel",
            "is_conversion",
        ],
        [attribution_rules.ExpectTransitionsToBeWhole],
        optional_keys=["from_channel", "to_channel", "is_conversion"],  # start, end, and between
    ),
    published(
        "attribution_touchpoints",
        ["attribution_model", "model_version", "conversion_type", "conversion_id", "touchpoint_id"],
        [
            attribution_rules.ExpectWeightsToBeShares,
            attribution_rules.ExpectWeightsToBeWhole,
            attribution_rules.ExpectBookedCreditsToBeReconciled,
            attribution_rules.ExpectUnattributedValueToBeExplained,
            attribution_rules.ExpectCreditedTouchpointsToBeEarlier,
        ],
        optional_keys=["touchpoint_id"],  # value that no touchpoint earns
    ),
    published(
        "opportunities",
        ["opportunity_id"],
        [
            business.ExpectWonOpportunitiesToBeClosed,
            business.ExpectAmountsToBeNonnegative,
            business.ExpectAmountsToBeConverted,
            business.ExpectClosedOpportunitiesToBeValued,
        ],
    ),
    published(
        "accounts",
        ["account_id"],
        [business.ExpectWonRevenueToBeNonnegative],
    ),
    published("touchpoints", ["touchpoint_id"]),
    published("persons", ["person_id"]),
    published("person_records", ["source_system", "record_type", "record_id"]),
    published(
        "person_links",
        ["node_key", "other_node_key", "rule"],
        [business.ExpectUsedLinksToBeConsistent, business.ExpectLinksToBeBounded],
    ),
    published("buying_groups", ["opportunity_id", "person_id"]),
    published("buying_group_rungs", ["opportunity_id", "rung"], [business.ExpectFirstRungToBeUsed]),
    published(
        "funnel_by_cohort",
        ["cohort_month", "first_channel"],
        [business.ExpectFunnelToBeNarrowing],
    ),
    published(
        "ad_performance_daily",
        ["platform", "account_id", "campaign_id", "ad_group_id", "ad_id", "report_date"],
        [
            business.ExpectAdSpendToBeNonnegative,
            business.ExpectUnallocatedSpendToBeNonnegative,
            business.ExpectClicksToBePlausible,
            business.ExpectRatesToBeRecent,
        ],
        # an account is unknown until its list arrives; what is unallocated has no ad group
        optional_keys=["account_id", "ad_group_id"],
    ),
    published("ad_accounts", ["platform", "account_id"]),
    published("calendar", ["calendar_date"]),
    published(
        "ad_restatements",
        ["platform", "report_level", "account_id", "report_date", "metric"],
        [business.ExpectRestatementsToBeDifferences],
    ),
    published(
        "exchange_rates",
        ["currency", "report_date"],
        [business.ExpectRatesToBeRecent],
    ),
    published(
        "platform_claims",
        ["report_month", "channel"],
        [business.ExpectClaimsToBeNonnegative],
    ),
    published(
        "platform_claims_monthly",
        ["report_month"],
        [business.ExpectClaimsToBeNonnegative],
    ),
    published(
        "data_trust",
        ["source"],
        [
            business.ExpectDeliveredRowsToBeAccounted,
            business.ExpectDeliveredLinesToBeAccounted,
            attribution_rules.ExpectConversionsToBeReconciled,
        ],
    ),
    published(
        "unmapped_sources",
        ["origin_type", "origin_source", "origin_medium"],
        [business.ExpectSourcesToBeMapped],
    ),
    published(
        "model_error",
        ["attribution_model", "scenario"],
        [attribution_rules.ExpectModelErrorsToBeShares],
    ),
    published(
        "model_error_by_channel",
        ["attribution_model", "scenario", "channel"],
        [attribution_rules.ExpectBiasesToBeConsistent],
    ),
)

PUBLISHED_SUITES = {suite.table: suite for suite in (*_SUITES, *KPI_SUITES)}
