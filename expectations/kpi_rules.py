"""What must hold for figures: one class is one rule is one sentence, as in ``business``."""

from typing import Any

from expectations.bad_rows import BadRowsExpectation, RowRule

# Bounds are floating point numbers, so one that equals its figure may pass it by this much.
_ROUNDING = 1e-9


class ExpectFiguresToBeExplained(BadRowsExpectation):
    """A figure that is missing says why, and no other does."""

    figure: str

    @classmethod
    def bad_rows(cls, keys: str, fields: dict[str, Any]) -> str:
        """Select the rows whose ``figure`` and ``null_reason`` are both there, or both missing."""
        missing = f'"{fields["figure"]}" is null'
        return f"select {keys} from {{batch}} where ({missing}) <> (null_reason is not null)"


class ExpectIntervalsToBeOrdered(BadRowsExpectation):
    """A figure lies within its interval, and has none where it is missing."""

    figure: str

    @classmethod
    def bad_rows(cls, keys: str, fields: dict[str, Any]) -> str:
        """Select the rows whose ``figure`` is not between its ``_low`` and its ``_high``."""
        figure = fields["figure"]
        slack = f'{_ROUNDING} * (1 + abs("{figure}"))'
        return (
            f'select {keys} from {{batch}} where "{figure}_low" > "{figure}" + {slack} '
            f'or "{figure}_high" < "{figure}" - {slack} '
            f'or ("{figure}" is null and coalesce("{figure}_low", "{figure}_high") is not null)'
        )


class ExpectFiguresToBeRanged(BadRowsExpectation):
    """A figure's median over the attribution models lies between its least and its most."""

    figure: str

    @classmethod
    def bad_rows(cls, keys: str, fields: dict[str, Any]) -> str:
        """Select the rows whose ``least_``, ``median_`` and ``most_`` are out of order."""
        figure = fields["figure"]
        slack = f'{_ROUNDING} * (1 + abs("median_{figure}"))'
        return (
            f'select {keys} from {{batch}} where "least_{figure}" > "median_{figure}" + {slack} '
            f'or "most_{figure}" < "median_{figure}" - {slack} '
            f'or ("median_{figure}" is null) <> ("least_{figure}" is null) '
            f'or ("median_{figure}" is null) <> ("most_{figure}" is null)'
        )


class ExpectCostsToBeNonnegative(RowRule):
    """A cost is not negative: a month is not paid back by what it was spent on."""

    breach = "warning"
    is_bad = "cost < 0"


class ExpectChangesToBeWhole(RowRule):
    """What is the KPI's own change and what the mix of channels made add up to the change."""

    is_bad = (
        f"abs(own_change + mix_change - (now - base)) > {_ROUNDING} * (1 + abs(now) + abs(base))"
    )


class ExpectGradesToBeKnown(RowRule):
    """A figure has a grade from A to D, and what is below A says why."""

    is_bad = (
        "grade is null or grade not in ('A', 'B', 'C', 'D') "
        "or (grade = 'A') <> (grade_reason is null)"
    )


class ExpectClosedOpportunitiesToBeCounted(RowRule):
    """What was won, lost or is still open is in the pipeline's count."""

    is_bad = (
        "won < 0 or lost < 0 or won + lost > opportunities or open_opportunities > opportunities "
        "or stale_opportunities > open_opportunities"
    )


class ExpectMixChangesToBeWhole(RowRule):
    """A change of its own and one of the mix add up to the whole change."""

    is_bad = f"abs(own_change + mix_change - (now_win_rate - base_win_rate)) > {_ROUNDING}"


class ExpectCoverageToBeReconciled(BadRowsExpectation):
    """The revenue of a quarter's reasons adds up to what was won in it."""

    @classmethod
    def bad_rows(cls, keys: str, _fields: dict[str, Any]) -> str:
        """Select the rows of the quarters whose reasons add up to something else."""
        return (
            f"select {keys} from {{batch}} qualify won_revenue is distinct from "
            "sum(revenue) over (partition by period_start)"
        )


class ExpectEvidenceToBeGraded(RowRule):
    """An opportunity's evidence has a grade from A to D, D where nothing is credited."""

    is_bad = (
        "evidence_grade is null or evidence_grade not in ('A', 'B', 'C', 'D') "
        "or (evidence_grade = 'D') <> (credited_touchpoints = 0)"
    )


class ExpectChurnToBeDated(RowRule):
    """A customer has a day of its churn if it has churned, and only then."""

    is_bad = "is_churned <> (churned_date is not null)"


class ExpectObservedCustomersToBeCounted(RowRule):
    """Customers who have reached an age are some of the group's."""

    is_bad = "observed_customers < 1 or observed_customers > customers or age_months < 0"


class ExpectRenewalsToBeDue(RowRule):
    """Renewals that were made were due."""

    is_bad = "renewals_made < 0 or renewals_made > renewals_due"
