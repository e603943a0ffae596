"""Which published rows each KPI's picture shows. Nothing is calculated here but labels.

Every query names its columns as the picture's function does, in the order of drawing.
"""

SCOREBOARD = """
select period_start, is_complete and grade < 'D' as is_firm, value, value_low, value_high,
    interval_kind, sample_size, target_value, null_reason
from kpis
where kpi = ? and is_headline and breakdown = 'all' and period = 'quarter'
order by period_start
"""

COVERAGE = """
select coverage.period_start, coverage.reason as series, coverage.share_of_revenue as value,
    scoreboard.target_value, coverage.null_reason
from attribution_coverage_quarterly as coverage
left join kpis as scoreboard
    on coverage.period_start = scoreboard.period_start
    and scoreboard.kpi = 'attribution_coverage'
    and scoreboard.period = 'quarter'
    and scoreboard.breakdown = 'all'
order by coverage.period_start, coverage.reason
"""

# which months are over is known from costs, that have every month
_MONTHS = """
select period_start, is_complete
from blended_acquisition_cost
where period = 'month' and lag = 'none'
"""

CLICKS = f"""
select report_month as month, replace(channel, '_', ' ') as series,
    cast(cost_per_click as double) as value, coalesce(months.is_complete, true) as is_firm
from channel_monthly
left join ({_MONTHS}) as months on channel_monthly.report_month = months.period_start
where spend > 0
order by sum(spend) over (partition by channel) desc, channel, report_month
"""


def _latest_year(table: str, figure: str) -> str:
    """Return the condition of the last year that has figures, one that is over where there is."""
    return f"""period = 'year' and breakdown = 'channel' and period_start = (
    select coalesce(
        max(period_start) filter (is_complete and {figure} is not null),
        max(period_start) filter ({figure} is not null),
        max(period_start)
    )
    from {table}
    where period = 'year' and breakdown = 'channel'
)"""


def stage_cost(stage: str) -> str:
    """Return the query of what the ``stage`` costs in each channel, a row a channel and model."""
    counted = {"lead": "leads", "mql": "mqls", "opportunity": "opportunities"}[stage]
    figure = f"cost_per_{stage}"
    return f"""
select breakdown_value as name, attribution_model, period_start, is_complete, {figure} as value,
    coalesce({counted}, 0) as sample_size,
    case when null_reason = 'no_spend' then null_reason else 'too_few_cases' end as null_reason
from cost_per_stage
where {_latest_year("cost_per_stage", figure)}
order by breakdown_value, attribution_model
"""


CHANNEL_COST = f"""
select breakdown_value as name, period_start, is_complete, median_paid_cac as value,
    least_paid_cac as value_low, most_paid_cac as value_high, sample_size, null_reason
from acquisition_cost_range
where lag = 'none' and {_latest_year("acquisition_cost_range", "median_paid_cac")}
order by breakdown_value
"""

_STAGE_ORDER = "list_position(['lead', 'mql', 'sql', 'opportunity'], from_stage)"

STAGE_DAYS = f"""
select from_stage || ' to ' || to_stage as name, days_in_stage as value,
    days_in_stage_p90 as value_high, converted as sample_size, null_reason
from stage_durations
where breakdown = 'all'
order by {_STAGE_ORDER}
"""

SURVIVAL = f"""
select
    curves.from_stage || ' to ' || curves.to_stage || ': '
        || coalesce(durations.median_days_to_next_stage || ' days', 'half not reached') as stage,
    curves.wait_days as days, curves.share_waiting as waiting,
    curves.share_waiting_low as waiting_low, curves.share_waiting_high as waiting_high,
    curves.share_reached as value
from stage_survival as curves
left join stage_durations as durations
    on curves.from_stage = durations.from_stage
    and curves.to_stage = durations.to_stage
    and curves.breakdown = durations.breakdown
    and curves.breakdown_value = durations.breakdown_value
where curves.breakdown = 'all'
-- a line looks the same with some forty steps; the last is where it ends
qualify row_number() over (partition by curves.from_stage order by curves.wait_days)
    % greatest(count(*) over (partition by curves.from_stage) // 40, 1) = 0
    or curves.wait_days = max(curves.wait_days) over (partition by curves.from_stage)
order by {_STAGE_ORDER.replace("from_stage", "curves.from_stage")}, curves.wait_days
"""

CONVERSIONS = f"""
select from_stage || ' to ' || to_stage || ', within ' || window_days || ' days' as stage,
    cohort_month as month, stage_conversion as value, stage_conversion_low as value_low,
    stage_conversion_high as value_high, is_mature, null_reason
from funnel_conversion
where breakdown = 'all'
order by {_STAGE_ORDER}, cohort_month
"""

INFLUENCED = """
select period_start, definition as series, cast(influenced_revenue as double) as value, null_reason
from influenced_revenue_quarterly
order by period_start, definition
"""

CHANCE = """
select period_start, definition as series, influenced_share as value,
    influenced_opportunity_share as opportunities,
    influenced_by_chance - least(2 * chance_deviation, influenced_by_chance) as opportunities_low,
    influenced_by_chance + least(2 * chance_deviation, 1 - influenced_by_chance)
        as opportunities_high,
    null_reason
from influenced_revenue_quarterly
order by period_start, definition
"""

SOURCED = """
select period_start, definition as series, cast(sourced_revenue as double) as value, null_reason
from sourced_revenue_quarterly
order by period_start, definition
"""

SOURCED_SHARE = """
select period_start, definition as series, sourced_share as value,
    sourced_opportunity_share as opportunities, sourced_opportunity_share_low as opportunities_low,
    sourced_opportunity_share_high as opportunities_high, null_reason
from sourced_revenue_quarterly
order by period_start, definition
"""

CLAIMS = f"""
select report_month as month, 'all platforms' as series, overclaim_ratio as value,
    coalesce(months.is_complete, true) as is_firm
from platform_claims_monthly
left join ({_MONTHS}) as months on platform_claims_monthly.report_month = months.period_start
order by report_month
"""

# a quarter's customers as far as all of them have come: later ages know the eldest alone
MARGINS = """
select cohort_quarter as cohort, age_months as age, realised_margin as value, customers,
    null_reason
from margin_by_cohort
where breakdown = 'all' and observed_customers = customers
order by cohort, age
"""

RENEWALS = """
select breakdown_value as name, renewal_rate as value, renewal_rate_low as value_low,
    renewal_rate_high as value_high, renewals_due as sample_size, 'too_few_cases' as null_reason
from lifetime_value
where breakdown in ('all', 'channel')
order by breakdown, breakdown_value
"""


def _expected(kpi: str, evidence: str, sample_size: str, reason: str = "null_reason") -> str:
    return f"""
select breakdown_value as name, {kpi} as value, cast(null as double) as value_low,
    cast(null as double) as value_high, {evidence} as evidence, {sample_size} as sample_size,
    coalesce({reason}, 'too_few_cases') as null_reason
from lifetime_value
where breakdown in ('all', 'channel')
order by breakdown, breakdown_value
"""


LIFETIME_VALUE = _expected("expected_lifetime_value", "first_year_margin_per_customer", "customers")
SIMPLE_VALUE = _expected(
    "simple_lifetime_value",
    "renewal_rate",
    "renewals_due",
    "case when renewal_rate = 1 then 'nobody_left' end",
)
PURCHASE_VALUE = _expected(
    "expected_purchase_value",
    "purchase_customers",
    "customers",
    "case when not is_purchase_settled then 'fit_not_settled' end",
)
VALUE_TO_COST = _expected("ltv_to_cac", "realised_margin_12_months", "observed_customers_12_months")
