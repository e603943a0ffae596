"""Which rules each published table must fulfil before readers see it."""

from collections.abc import Sequence
from dataclasses import dataclass

import great_expectations as gx
from great_expectations import expectations as gxe

from expectations import attribution_rules, business
from expectations.bad_rows import BadRowsExpectation, ExpectKeyToBeUnique


@dataclass(frozen=True)
class PublishedSuite:
    """A published table's suite, and the columns by which a bad row of it is reported."""

    table: str
    keys: tuple[str, ...]
    suite: gx.ExpectationSuite


def _published(
    table: str,
    keys: Sequence[str],
    rules: Sequence[type[BadRowsExpectation]] = (),
    *,
    optional_keys: Sequence[str] = (),
) -> PublishedSuite:
    """Build a table's suite: its ``rules``, and what every published table must fulfil.

    A key column is never missing, unless it is one of ``optional_keys``.
    """
    expectations = [
        ExpectKeyToBeUnique(columns=list(keys), keys=keys),
        business.ExpectPublishedTextToBeImpersonal(keys=keys),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=key)
            for key in keys
            if key not in optional_keys
        ),
        *(rule(keys=keys) for rule in rules),
    ]
    suite = gx.ExpectationSuite(name=f"published.{table}", expectations=expectations)
    return PublishedSuite(table, tuple(keys), suite)


_SUITES = (
    _published(
        "channel_daily",
        ["report_date", "channel"],
        [business.ExpectSpendToBeNonnegative],
    ),
    _published(
        "channel_monthly",
        ["report_month", "channel"],
        [business.ExpectSpendToBeNonnegative],
    ),
    _published(
        "campaign_monthly",
        ["report_month", "campaign", "channel"],
        [business.ExpectSpendToBeNonnegative, business.ExpectPaidClicksToBeTracked],
    ),
    _published(
        "attribution_by_channel",
        ["report_month", "attribution_model", "model_version", "conversion_type", "channel"],
        [attribution_rules.ExpectModelsToBeReconciled],
    ),
    _published(
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
    _published(
        "attribution_by_opportunity",
        ["opportunity_id", "attribution_model", "model_version", "conversion_type", "channel"],
    ),
    _published(
        "attribution_range",
        ["grain", "report_month", "campaign", "opportunity_id", "conversion_type", "channel"],
        [attribution_rules.ExpectRangesToBeOrdered],
        optional_keys=["report_month", "campaign", "opportunity_id"],  # by the grain
    ),
    _published(
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
    _published(
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
    _published(
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
    _published(
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
    _published(
        "opportunities",
        ["opportunity_id"],
        [
            business.ExpectWonOpportunitiesToBeClosed,
            business.ExpectAmountsToBeNonnegative,
            business.ExpectAmountsToBeConverted,
            business.ExpectClosedOpportunitiesToBeValued,
        ],
    ),
    _published(
        "accounts",
        ["account_id"],
        [business.ExpectWonRevenueToBeNonnegative],
    ),
    _published("touchpoints", ["touchpoint_id"]),
    _published("persons", ["person_id"]),
    _published("person_records", ["source_system", "record_type", "record_id"]),
    _published(
        "person_links",
        ["node_key", "other_node_key", "rule"],
        [business.ExpectUsedLinksToBeConsistent, business.ExpectLinksToBeBounded],
    ),
    _published("buying_groups", ["opportunity_id", "person_id"]),
    _published(
        "buying_group_rungs", ["opportunity_id", "rung"], [business.ExpectFirstRungToBeUsed]
    ),
    _published(
        "funnel_by_cohort",
        ["cohort_month", "first_channel"],
        [business.ExpectFunnelToBeNarrowing],
    ),
    _published(
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
    _published("ad_accounts", ["platform", "account_id"]),
    _published(
        "ad_restatements",
        ["platform", "report_level", "account_id", "report_date", "metric"],
        [business.ExpectRestatementsToBeDifferences],
    ),
    _published(
        "exchange_rates",
        ["currency", "report_date"],
        [business.ExpectRatesToBeRecent],
    ),
    _published(
        "platform_claims",
        ["report_month", "channel"],
        [business.ExpectClaimsToBeNonnegative],
    ),
    _published(
        "platform_claims_monthly",
        ["report_month"],
        [business.ExpectClaimsToBeNonnegative],
    ),
    _published(
        "data_trust",
        ["source"],
        [
            business.ExpectDeliveredRowsToBeAccounted,
            business.ExpectDeliveredLinesToBeAccounted,
            attribution_rules.ExpectConversionsToBeReconciled,
        ],
    ),
    _published(
        "unmapped_sources",
        ["origin_type", "origin_source", "origin_medium"],
        [business.ExpectSourcesToBeMapped],
    ),
    _published(
        "model_error",
        ["attribution_model", "scenario"],
        [attribution_rules.ExpectModelErrorsToBeShares],
    ),
    _published(
        "model_error_by_channel",
        ["attribution_model", "scenario", "channel"],
        [attribution_rules.ExpectBiasesToBeConsistent],
    ),
)

PUBLISHED_SUITES = {published.table: published for published in _SUITES}
