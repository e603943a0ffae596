"""What must hold for attribution: one class is one rule is one sentence, as in ``business``."""

from typing import Any

from expectations.bad_rows import BadRowsExpectation, GroupRule, RowRule

_CONVERSION = ("attribution_model", "model_version", "conversion_type", "conversion_id")

# Weights are floating point numbers, so their sum is one up to this error.
_WEIGHT_ERROR = 1e-9


class ExpectWeightsToBeShares(RowRule):
    """A touchpoint's weight is a share of its conversion: from zero to one."""

    is_bad = f"weight is null or weight < 0 or weight > 1 + {_WEIGHT_ERROR}"


class ExpectWeightsToBeWhole(GroupRule):
    """The weights of a conversion add up to one in each attribution model."""

    by = _CONVERSION
    is_bad = f"abs(sum(weight) - 1) > {_WEIGHT_ERROR}"


class ExpectBookedCreditsToBeReconciled(GroupRule):
    """The booked credits of a conversion add up to its value, to the last unit, in each model."""

    by = _CONVERSION
    is_bad = (
        "round(sum(booked_credit), 6) is distinct from round(max(conversion_value), 6) "
        "or min(conversion_value) is distinct from max(conversion_value)"
    )


class ExpectUnattributedValueToBeExplained(RowRule):
    """Value that no touchpoint earns says why, and only such value does."""

    is_bad = "(touchpoint_id is null) <> (unattributed_reason is not null)"


class ExpectCreditedTouchpointsToBeEarlier(RowRule):
    """A touchpoint earns credit only for a conversion that it came before.

    A CRM keeps whole seconds, so what happened within its second did not come after it.
    """

    is_bad = "date_trunc('second', occurred_at) > converted_at"


class ExpectRangesToBeOrdered(RowRule):
    """The least that a channel gets under any model is not above the median, nor that the most."""

    is_bad = "not least_credit <= median_credit or not median_credit <= most_credit"


class ExpectChannelWeightsToBeShares(RowRule):
    """What a channel is worth lies from zero to one, and so does its share of all conversions."""

    is_bad = (
        "channel_weight is null or not channel_weight between 0 and 1 "
        f"or not credit_share between 0 and 1 + {_WEIGHT_ERROR} or standard_error < 0"
    )


class ExpectTransitionsToBeWhole(GroupRule):
    """The ways on from a channel have probabilities that add up to one."""

    by = ("journey_rule_id", "fit_month", "fit_version", "from_channel")
    is_bad = f"abs(sum(probability) - 1) > {_WEIGHT_ERROR}"


class ExpectModelsToBeReconciled(BadRowsExpectation):
    """Every attribution model shares out the same value of a month's conversions."""

    breach = "warning"  # a model that starts in mid-month rightly has less

    @classmethod
    def bad_rows(cls, keys: str, fields: dict[str, Any]) -> str:
        """Select the months and conversion types in which the models' totals differ."""
        del keys, fields
        return (
            "select report_month, conversion_type from ("
            "select report_month, conversion_type, attribution_model, "
            "round(sum(booked_credit), 6) as booked_credit from {batch} group by all"
            ") group by all having min(booked_credit) <> max(booked_credit)"
        )


class ExpectConversionsToBeReconciled(RowRule):
    """No conversion's credits differ from what the CRM says it is worth."""

    is_bad = "conversions_that_differ <> 0"


class ExpectModelErrorsToBeShares(RowRule):
    """A model's errors are shares from zero to one, and the worst is no smaller than the mean."""

    is_bad = (
        "mean_absolute_error is null or mean_absolute_error < 0 "
        "or worst_error is null or worst_error > 1 or mean_absolute_error > worst_error"
    )


class ExpectBiasesToBeConsistent(RowRule):
    """A channel's bias is its attributed less its true share, up to their four places."""

    is_bad = "bias is null or abs(bias - (attributed_share - true_share)) > 0.0002"
