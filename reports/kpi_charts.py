"""One picture a KPI of the metric dictionary: its words, its rows and its form."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

from reports import kpi_queries as queries
from reports.groups import dots, ranges, strips, waits
from reports.lifetimes import ages, expectations
from reports.pictures import Words, unit_text
from reports.revenue import shares, side_by_side, stacked
from reports.stages import conversions, survival
from reports.trends import months, trend


@dataclass(frozen=True)
class Picture:
    """What is special about a KPI's picture: its title, its figure's name on the axis, its rows."""

    title: str
    name: str
    query: str


_QUARTERLY = queries.SCOREBOARD

PICTURES = {
    "accurately_attributed_share": Picture(
        "How much of influenced revenue is attributed on good evidence",
        "Share of influenced revenue",
        _QUARTERLY,
    ),
    "attribution_coverage": Picture(
        "How much of won revenue has a touchpoint to credit",
        "Share of won revenue",
        queries.COVERAGE,
    ),
    "average_deal_value": Picture("What a won deal is worth", "Mean deal", _QUARTERLY),
    "blended_cac": Picture("What marketing pays for a customer", "Blended CAC", _QUARTERLY),
    "cac_payback_months": Picture(
        "How long a customer's margin takes to pay back", "Payback", _QUARTERLY
    ),
    "cost_per_click": Picture("What a click costs", "Cost per click", queries.CLICKS),
    "cost_per_lead": Picture(
        "What a lead costs, by channel", "Cost per lead", queries.stage_cost("lead")
    ),
    "cost_per_mql": Picture(
        "What a qualified lead costs, by channel", "Cost per MQL", queries.stage_cost("mql")
    ),
    "cost_per_opportunity": Picture(
        "What an opportunity costs, by channel",
        "Cost per opportunity",
        queries.stage_cost("opportunity"),
    ),
    "cycle_days": Picture("How long a win takes", "Median cycle", _QUARTERLY),
    "days_in_stage": Picture(
        "How long those who moved on had stayed in a stage", "Time in stage", queries.STAGE_DAYS
    ),
    "expected_lifetime_value": Picture(
        "What a new customer's contracts will bring", "Expected value", queries.LIFETIME_VALUE
    ),
    "expected_purchase_value": Picture(
        "What further purchases will bring", "Expected value", queries.PURCHASE_VALUE
    ),
    "fully_loaded_cac": Picture(
        "What marketing and sales pay for a customer", "Fully loaded CAC", _QUARTERLY
    ),
    "influenced_revenue": Picture(
        "Won revenue that marketing touched before", "Influenced revenue", queries.INFLUENCED
    ),
    "influenced_share": Picture(
        "Touched by marketing: more often than by chance?", "Share", queries.CHANCE
    ),
    "ltv_to_cac": Picture(
        "Lifetime value against acquisition cost", "LTV ÷ CAC", queries.VALUE_TO_COST
    ),
    "marketing_roi": Picture(
        "Margin above cost, per unit of marketing cost", "Marketing ROI", _QUARTERLY
    ),
    "median_days_to_next_stage": Picture(
        "How long until the next stage, who still waits counted", "Wait", queries.SURVIVAL
    ),
    "overclaim_ratio": Picture(
        "Conversions claimed by the platforms, per lead of the CRM", "Overclaim", queries.CLAIMS
    ),
    "paid_cac": Picture("Media spend for a customer, by channel", "Paid CAC", queries.CHANNEL_COST),
    "pipeline_velocity": Picture("How fast the pipeline wins", "Pipeline velocity", _QUARTERLY),
    "realised_margin": Picture(
        "What a customer has brought by age", "Realised margin", queries.MARGINS
    ),
    "renewal_rate": Picture("How many contracts renew", "Renewal rate", queries.RENEWALS),
    "roas": Picture("Revenue per unit of media spend", "ROAS", _QUARTERLY),
    "simple_lifetime_value": Picture(
        "A first idea of what a customer is worth", "Simple value", queries.SIMPLE_VALUE
    ),
    "sourced_revenue": Picture(
        "Won revenue that came from marketing, three definitions",
        "Sourced revenue",
        queries.SOURCED,
    ),
    "sourced_share": Picture(
        "Won revenue that came from marketing, as a share",
        "Share",
        queries.SOURCED_SHARE,
    ),
    "stage_conversion": Picture(
        "How many reach the next stage in time", "Reached it", queries.CONVERSIONS
    ),
    "win_rate": Picture("How many closed opportunities are won", "Win rate", _QUARTERLY),
}

# what is special about a figure by quarter
_TRENDS = {
    "blended_cac": {"is_logarithmic": True},
    "fully_loaded_cac": {"is_logarithmic": True},
    "marketing_roi": {"reference": 0},
    "roas": {"reference": 1},
}


def chart(kpi: str, frame: pd.DataFrame, unit: str, currency: str) -> alt.TopLevelMixin:
    """Return the picture of ``kpi`` from the rows of its query.

    ``unit`` is the metric dictionary's; ``currency`` the code of the reporting currency.
    """
    picture = PICTURES[kpi]
    words = Words(picture.title, picture.name, unit_text(unit, currency), currency)
    if picture.query is _QUARTERLY:
        return trend(frame, words, **_TRENDS.get(kpi, {}))
    return _DRAWN[kpi](frame, words)


def _costs(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    return strips(frame, words, _year(frame))


def _channel_costs(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    return ranges(frame, words, _year(frame))


def _year(frame: pd.DataFrame) -> str:
    if frame.empty:
        return ""
    so_far = "" if frame["is_complete"].all() else " so far"
    return f"{frame['period_start'].iloc[0].year}{so_far}; log axis"


def _clicks(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    return months(frame, words, "No interval")


def _claims(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    note = "Above the dashes the platforms claim more than there were. No interval"
    return months(frame, words, note, reference=1)


def _definitions(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    return side_by_side(frame, words, "Definitions of the same thing, never to be added up")


def _influenced_share(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    return shares(frame, words, "by chance alone, ± 2 sd")


def _sourced_share(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    return shares(frame, words, "its 95 % interval")


def _lifetime_value(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    unit = f"{words.currency} per customer"
    evidence = Words("the first year's margin", "First year's margin", unit, words.currency)
    return expectations(frame, words, evidence)


def _purchase_value(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    evidence = Words("the customers to learn from", "Customers", "number", words.currency)
    return expectations(frame, words, evidence)


def _value_to_cost(frame: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    unit = f"{words.currency} per customer"
    evidence = Words("margin of twelve months", "Realised margin", unit, words.currency)
    return expectations(frame, words, evidence, reference=3)


_DRAWN = {
    "attribution_coverage": stacked,
    "cost_per_click": _clicks,
    "cost_per_lead": _costs,
    "cost_per_mql": _costs,
    "cost_per_opportunity": _costs,
    "days_in_stage": waits,
    "expected_lifetime_value": _lifetime_value,
    "expected_purchase_value": _purchase_value,
    "influenced_revenue": _definitions,
    "influenced_share": _influenced_share,
    "ltv_to_cac": _value_to_cost,
    "median_days_to_next_stage": survival,
    "overclaim_ratio": _claims,
    "paid_cac": _channel_costs,
    "realised_margin": ages,
    "renewal_rate": dots,
    "simple_lifetime_value": dots,
    "sourced_revenue": _definitions,
    "sourced_share": _sourced_share,
    "stage_conversion": conversions,
}
