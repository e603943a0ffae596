"""Which rules each published table of KPIs must fulfil before readers see it."""

from collections.abc import Callable, Sequence
from functools import partial

from expectations import kpi_rules
from expectations.bad_rows import BadRowsExpectation
from expectations.published_suite import PublishedSuite, published


def _figures(
    table: str,
    keys: Sequence[str],
    figure: str,
    *,
    intervals: Sequence[str] = (),
    rules: Sequence[Callable[..., BadRowsExpectation]] = (),
) -> PublishedSuite:
    """Build the suite of a table with a grade a row.

    ``null_reason`` explains where ``figure`` is missing; ``intervals`` are the figures that have
    a ``_low`` and a ``_high``.
    """
    graded = [
        partial(kpi_rules.ExpectFiguresToBeExplained, figure=figure),
        kpi_rules.ExpectGradesToBeKnown,
        *(partial(kpi_rules.ExpectIntervalsToBeOrdered, figure=name) for name in intervals),
    ]
    return published(table, keys, [*graded, *rules])


KPI_SUITES: tuple[PublishedSuite, ...] = (
    published("metric_dictionary", ["kpi"]),
    published("kpi_baseline", ["kpi", "variant", "breakdown", "breakdown_value", "frozen_at"]),
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
    _figures(
        "acquisition_cost",
        [*_PERIOD, "attribution_model", "lag", *_CELL],
        "paid_cac",
        intervals=["paid_cac"],
    ),
    _figures(
        "acquisition_cost_range",
        [*_PERIOD, "lag", *_CELL],
        "median_paid_cac",
        rules=_ranged("paid_cac"),
    ),
    _figures("cost_per_stage", [*_PERIOD, "attribution_model", *_CELL], "cost_per_lead"),
    _figures(
        "blended_acquisition_cost",
        [*_PERIOD, "lag"],
        "cac_payback_months",
        intervals=["blended_cac"],
    ),
)

_RETURNS = (
    _figures(
        "return_on_spend",
        [*_PERIOD, "attribution_model", "basis", *_CELL],
        "marketing_roi",
    ),
    _figures(
        "return_on_spend_range",
        [*_PERIOD, "basis", *_CELL],
        "median_marketing_roi",
        rules=_ranged("attributed_revenue", "roas", "marketing_roi"),
    ),
    _figures(
        "return_change",
        [*_PERIOD, "attribution_model", "kpi"],
        "own_change",
        rules=[kpi_rules.ExpectChangesToBeWhole],
    ),
)

KPI_SUITES: tuple[PublishedSuite, ...] = (
    published("metric_dictionary", ["kpi"]),
    *_COSTS,
    *_RETURNS,
)
