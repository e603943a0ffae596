"""Which rules the published tables of what customers cost and what spend returns must fulfil."""

from collections.abc import Callable
from functools import partial

from expectations import kpi_rules
from expectations.bad_rows import BadRowsExpectation
from expectations.figure_suite import figures
from expectations.published_suite import PublishedSuite, published

_PERIOD = ("period", "period_start")
_CELL = ("breakdown", "breakdown_value")


def _ranged(*figures: str) -> list[Callable[..., BadRowsExpectation]]:
    """The rules of figures that have a least, a median and a most over the attribution models."""
    return [partial(kpi_rules.ExpectFiguresToBeRanged, figure=figure) for figure in figures]


_COSTS = (
    published(
        "cost_monthly",
        ["cost_month", "cost_category", "team", "channel", "campaign_type"],
        [kpi_rules.ExpectCostsToBeNonnegative],
        optional_keys=["channel"],  # a cost may be allocated to none
    ),
    figures(
        "acquisition_cost",
        [*_PERIOD, "attribution_model", "lag", *_CELL],
        "paid_cac",
        intervals=["paid_cac"],
    ),
    figures(
        "acquisition_cost_range",
        [*_PERIOD, "lag", *_CELL],
        "median_paid_cac",
        rules=_ranged("paid_cac"),
    ),
    figures("cost_per_stage", [*_PERIOD, "attribution_model", *_CELL], "cost_per_lead"),
    figures(
        "blended_acquisition_cost",
        [*_PERIOD, "lag"],
        "cac_payback_months",
        intervals=["blended_cac"],
    ),
)

_RETURNS = (
    figures(
        "return_on_spend",
        [*_PERIOD, "attribution_model", "basis", *_CELL],
        "marketing_roi",
    ),
    figures(
        "return_on_spend_range",
        [*_PERIOD, "basis", *_CELL],
        "median_marketing_roi",
        rules=_ranged("attributed_revenue", "roas", "marketing_roi"),
    ),
    figures(
        "return_change",
        [*_PERIOD, "attribution_model", "kpi"],
        "own_change",
        rules=[kpi_rules.ExpectChangesToBeWhole],
    ),
)

COST_SUITES: tuple[PublishedSuite, ...] = (*_COSTS, *_RETURNS)
