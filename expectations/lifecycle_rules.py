"""What must hold for stages and waits: a class is a rule is a sentence, as in ``business``."""

from expectations.bad_rows import GroupRule, RowRule

# Shares are products of rounded numbers.
_ROUNDING = 1e-9


class ExpectConversionsToBeNarrowing(RowRule):
    """No more persons reach the next stage, or do so in time, than have reached the one before."""

    is_bad = "converted_in_window > converted or converted > entered or inferred > entered"


class ExpectWaitsToBeAccounted(RowRule):
    """Everybody who reached a stage has reached the next one, is lost or is still waiting."""

    is_bad = "entered <> converted + lost + waiting"


class ExpectSurvivalToBePlausible(RowRule):
    """No more waits end than there were, and the shares are those of one whole."""

    is_bad = (
        "reached + lost > at_risk or share_waiting < 0 or share_reached < 0 "
        f"or share_waiting + share_reached > 1 + {_ROUNDING}"
    )


class ExpectStaysToBeOrdered(RowRule):
    """Nothing leaves a stage before it has entered it."""

    is_bad = "left_at < entered_at"


class ExpectStagesToBeExclusive(GroupRule):
    """A person or opportunity is in one stage now."""

    by = ("subject_type", "subject_id")
    is_bad = "count(*) filter (where is_current) <> 1"
