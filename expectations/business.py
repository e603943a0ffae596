"""What must hold for a published number: one class is one rule is one sentence.

The first line of a class says what is expected and is shown wherever the rule fails;
``is_bad`` is the SQL condition of what breaks it. An empty table breaks nothing.
"""

from typing import Any

from expectations.bad_rows import BadRowsExpectation, GroupRule, RowRule
from ingest.scrubbing import PERSONAL_TEXT


class ExpectPublishedTextToBeImpersonal(BadRowsExpectation):
    """No published text looks like an e-mail address or carries a URL's query.

    Every column is searched, whatever its type, so that none can be forgotten.
    """

    @classmethod
    def bad_rows(cls, keys: str, fields: dict[str, Any]) -> str:
        """Select the rows of which any column is personal."""
        del fields
        return (
            f"select {keys} from {{batch}} "
            f"where regexp_matches(concat_ws(chr(10), *columns(*)), '{PERSONAL_TEXT}')"
        )


class ExpectSpendToBeNonnegative(RowRule):
    """Spend is never below zero."""

    is_bad = "spend < 0"


class ExpectAdSpendToBeNonnegative(RowRule):
    """An ad's spend is never below zero, in its own currency or in the reporting currency."""

    is_bad = "not is_unallocated and (spend < 0 or spend_reporting < 0)"


class ExpectUnallocatedSpendToBeNonnegative(RowRule):
    """A campaign's ads never spend more than the campaign; if they do, its rows were restated."""

    breach = "warning"
    is_bad = "is_unallocated and (spend < 0 or spend_reporting < 0)"


class ExpectRatesToBeRecent(RowRule):
    """An exchange rate is of the day itself or of the 7 days before, and says which it is."""

    is_bad = (
        "rate_date > report_date or report_date - rate_date > 7 "
        "or is_rate_carried_forward is distinct from coalesce(rate_date < report_date, false)"
    )


class ExpectRestatementsToBeDifferences(RowRule):
    """A restated value differs from the first by what the restatement says."""

    is_bad = "difference is distinct from current_value - first_value"


class ExpectClaimsToBeNonnegative(RowRule):
    """What platforms claim is negative only where ads claim more than their campaign does."""

    breach = "warning"
    is_bad = "claimed_conversions < 0"


class ExpectPaidClicksToBeTracked(RowRule):
    """A campaign whose ads are clicked brings touchpoints; else its links are not tagged."""

    breach = "warning"
    is_bad = "clicks >= 100 and touchpoints = 0"


class ExpectClicksToBePlausible(RowRule):
    """An ad is not clicked more often than it is shown."""

    breach = "warning"
    is_bad = "not is_unallocated and clicks > impressions"


class ExpectWonOpportunitiesToBeClosed(RowRule):
    """An opportunity that is won is closed."""

    is_bad = "is_won and is_closed is distinct from true"


class ExpectAmountsToBeNonnegative(RowRule):
    """An opportunity's amount is never below zero."""

    is_bad = "amount < 0 or amount_reporting < 0"


class ExpectAmountsToBeConverted(RowRule):
    """An opportunity's amount is also known in the reporting currency."""

    is_bad = "amount is not null and amount_reporting is null"


class ExpectClosedOpportunitiesToBeValued(RowRule):
    """An opportunity that is closed has an amount; sales may still have to enter it."""

    breach = "warning"
    is_bad = "is_closed and amount_reporting is null"


class ExpectWonRevenueToBeNonnegative(RowRule):
    """An account's won revenue is never below zero."""

    is_bad = "won_revenue < 0"


class ExpectLinksToBeBounded(RowRule):
    """No link is left out because a person would have more records than the setting allows."""

    breach = "warning"
    is_bad = "cut_reason = 'too_many_records'"


class ExpectUsedLinksToBeConsistent(RowRule):
    """A link that is used has one person at both ends, one that is cut says why."""

    is_bad = "is_cut <> (cut_reason is not null) or (not is_cut and person_id <> other_person_id)"


class ExpectFirstRungToBeUsed(GroupRule):
    """A buying group comes from the first rung that gives anyone, and from no other."""

    by = ("opportunity_id",)
    is_bad = (
        "min(rung_order) filter (where persons > 0) is distinct from "
        "max(rung_order) filter (where is_used) or count(*) filter (where is_used) > 1"
    )


class ExpectFunnelToBeNarrowing(RowRule):
    """No more persons reach a stage of the funnel than the one before it."""

    breach = "warning"
    is_bad = "mqls > leads or sqls > mqls or opportunities > sqls or won > opportunities"


class ExpectDeliveredRowsToBeAccounted(RowRule):
    """Every row that was read was either loaded or put into quarantine."""

    is_bad = "rows_read is distinct from rows_loaded + rows_quarantined"


class ExpectDeliveredLinesToBeAccounted(RowRule):
    """Every physical line is of a header, blank, of a loaded record or of a quarantined one."""

    is_bad = "lines_unaccounted is distinct from 0"


class ExpectSourcesToBeMapped(RowRule):
    """A channel rule names every source that brings more than a single touchpoint."""

    breach = "warning"
    is_bad = "touchpoints > 1"
