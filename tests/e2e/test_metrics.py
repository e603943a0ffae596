"""MetricFlow's answers are the published tables' own numbers, to the last digit."""

import csv
import io

import duckdb
import pytest

from orchestration.dbt_runner import DbtProject
from orchestration.resources import Settings
from orchestration.semantics import Question, SemanticLayer
from tests.support.commands import scalehouse
from tests.support.project import Project

LINEAR = "{{ Dimension('credit__attribution_model') }} = 'linear'"
# the question, and what the tables say in the same columns
CASES = {
    "what channels cost by month": (
        Question(
            ["spend", "impressions", "clicks", "platform_conversions", "cost_per_click"],
            ["metric_time__month", "channel"],
        ),
        """
        select
            report_month, channel, spend, impressions, clicks, platform_conversions, cost_per_click
        from channel_monthly where impressions > 0
        """,
    ),
    "what channels cost by day": (
        Question(["spend", "clicks", "cost_per_click"], ["metric_time__day", "channel"]),
        """
        select report_date, channel, spend, clicks, cost_per_click
        from channel_daily where (report_date, channel) in (
            select (report_date, channel) from ad_performance_daily
        )
        """,
    ),
    "what campaigns cost": (
        Question(["spend", "clicks"], ["metric_time__month", "campaign", "channel"]),
        """
        select report_month, campaign, channel, spend, clicks
        from campaign_monthly where impressions > 0
        """,
    ),
    "what a platform cost, in all": (
        Question(
            ["spend", "cost_per_click"], [], ["{{ Dimension('ad__platform') }} = 'google_ads'"]
        ),
        """
        select sum(spend_reporting), cast(sum(spend_reporting) as double) / sum(clicks)
        from ad_performance_daily where platform = 'google_ads'
        """,
    ),
    "touchpoints by day": (
        Question(["touchpoints"], ["metric_time__day", "channel"]),
        "select report_date, channel, touchpoints from channel_daily where touchpoints > 0",
    ),
    "what became of opportunities by quarter": (
        Question(
            ["closed_opportunities", "won_opportunities", "lost_opportunities", "win_rate"],
            ["metric_time__quarter"],
        ),
        """
        select
            date_trunc('quarter', close_date), count(*), count(*) filter (where is_won),
            count(*) filter (where not is_won), avg(cast(is_won as integer))
        from opportunities where is_closed group by all
        """,
    ),
    "what became of opportunities by industry": (
        Question(["won_opportunities", "win_rate", "won_revenue"], ["account__industry"]),
        """
        select
            industry, count(*) filter (where is_won), avg(cast(is_won as integer)),
            sum(coalesce(net_amount_reporting, 0))
        from opportunities join accounts using (account_id) where is_closed group by all
        """,
    ),
    "what accounts have brought": (
        Question(["won_opportunities", "won_revenue"], ["account"]),
        """
        select account_id, won_opportunities, won_revenue from accounts
        where account_id in (select account_id from opportunities where is_closed)
        """,
    ),
    "accounts by country": (
        Question(["accounts"], ["account__country"]),
        "select country, count(*) from accounts group by all",
    ),
    "new opportunities": (
        Question(["created_opportunities"], ["metric_time__month", "opportunity__source_system"]),
        """
        select date_trunc('month', created_date), source_system, count(*)
        from opportunities group by all
        """,
    ),
    "what channels earned under each model": (
        Question(
            ["credited_revenue"], ["metric_time__month", "channel", "credit__attribution_model"]
        ),
        """
        select report_month, channel, attribution_model, booked_credit
        from attribution_by_channel where conversion_type = 'closed_won'
        """,
    ),
    "what campaigns started under one model": (
        Question(["attributed_pipeline", "attributed_leads"], ["campaign"], [LINEAR]),
        """
        select
            campaign, sum(booked_credit) filter (where conversion_type = 'opportunity_created'),
            sum(booked_credit) filter (where conversion_type = 'lead_created')
        from attribution_by_campaign
        where attribution_model = 'linear' and channel <> 'unattributed'
            and conversion_type in ('opportunity_created', 'lead_created')
        group by all
        """,
    ),
    "attribution coverage": (
        Question(["attributed_revenue", "attribution_coverage"], where=[LINEAR]),
        "select distinct attributed_revenue, attribution_coverage from data_trust",
    ),
    "every model shares out the won revenue": (
        Question(["credited_revenue"], ["credit__attribution_model"]),
        """
        select attribution_model, sum(net_amount_reporting)
        from opportunities
        cross join (select distinct attribution_model from attribution_touchpoints)
        group by all
        """,
    ),
    "how far leads have come": (
        Question(["leads", "mqls", "sqls"], ["metric_time__month", "channel"]),
        "select cohort_month, first_channel, leads, mqls, sqls from funnel_by_cohort",
    ),
}

# figures that tables of KPIs withhold below three cases: what they show, the metric answers
KPI_CASES = {
    "what a customer costs": (
        Question(["blended_cac", "fully_loaded_cac"], ["metric_time__quarter"]),
        """
        select period_start, blended_cac, fully_loaded_cac from blended_acquisition_cost
        where period = 'quarter' and lag = 'none' and blended_cac is not null
        """,
    ),
    "who goes on to the next stage": (
        Question(["stage_conversion"], ["metric_time__month", "stage__from_stage"]),
        """
        select cohort_month, from_stage, stage_conversion from funnel_conversion
        where breakdown = 'all' and stage_conversion is not null
        """,
    ),
    "what spend returns": (
        Question(["roas_linear"], ["metric_time__quarter", "channel"]),
        """
        select period_start, breakdown_value, roas from return_on_spend
        where breakdown = 'channel' and attribution_model = 'linear' and basis = 'sale_date'
            and roas is not null
        """,
    ),
    "how many opportunities are won": (
        Question(["win_rate"], ["metric_time__quarter"]),
        """
        select period_start, win_rate from pipeline_velocity
        where period = 'quarter' and basis = 'period' and breakdown = 'all'
            and win_rate is not null
        """,
    ),
    "what marketing sourced": (
        Question(["sourced_revenue"], ["metric_time__quarter", "origin__definition"]),
        "select period_start, definition, sourced_revenue from sourced_revenue_quarterly",
    ),
}


@pytest.fixture(scope="module")
def layer(company: Project) -> SemanticLayer:
    settings = Settings(home=company.home, landing=company.landing)
    return SemanticLayer(DbtProject.of(settings).semantic_manifest())


@pytest.mark.parametrize(("question", "table"), CASES.values(), ids=CASES)
def test_a_metric_is_what_the_published_table_says(
    company: Project, layer: SemanticLayer, question: Question, table: str
) -> None:
    answer = layer.sql(question)
    assert company.query(answer) != []
    assert company.query(f"({answer}) except all ({table})") == []
    assert company.query(f"({table}) except all ({answer})") == []


@pytest.mark.parametrize(("question", "table"), KPI_CASES.values(), ids=KPI_CASES)
def test_a_kpi_that_is_shown_is_what_its_metric_answers(
    company: Project, layer: SemanticLayer, question: Question, table: str
) -> None:
    assert company.query(table) != []
    assert company.query(f"({table}) except all ({layer.sql(question)})") == []


def test_every_metric_can_be_asked_by_all_that_is_offered(
    company: Project, layer: SemanticLayer
) -> None:
    metrics = layer.metrics()
    assert len(metrics) > 20
    for metric in metrics:
        assert company.query(layer.sql(Question([metric.name], metric.group_by))), metric.name


def test_the_calendar_has_every_day_that_a_metric_can_have(
    company: Project, layer: SemanticLayer
) -> None:
    for model in layer.manifest["semantic_models"]:
        table = model["node_relation"]["alias"]
        times = {each["name"] for each in model["dimensions"] if each["type"] == "time"}
        condition = "where is_closed" if table == "opportunities" else ""
        for time in times:
            outside = f"""
                select cast({time} as date) from {table} {condition}
                except select calendar_date from calendar
            """
            assert company.query(outside) == [], (table, time)
    [(days, first, last)] = company.query(
        "select count(*), min(calendar_date), max(calendar_date) from calendar"
    )
    assert days == (last - first).days + 1
    assert (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)


def test_the_command_answers_as_the_tables_do(
    company: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCALEHOUSE_HOME", str(company.home))
    written = scalehouse(
        *["metrics", "query", "--metrics", "clicks", "--group-by", "channel", "--format", "csv"],
        *["--order", "-clicks", "--limit", "2"],
    )
    assert list(csv.reader(io.StringIO(written)))[1:] == [
        [channel, str(clicks)]
        for channel, clicks in company.query(
            "select channel, sum(clicks) from channel_daily group by all order by 2 desc limit 2"
        )
    ]
    assert "win_rate" in scalehouse("metrics", "list")
    sql = scalehouse("metrics", "query", "--metrics", "clicks", "--explain")
    with duckdb.connect(str(company.current.resolve()), read_only=True) as snapshot:
        assert snapshot.execute(sql).fetchall() == company.query(
            "select sum(clicks) from channel_daily"
        )
