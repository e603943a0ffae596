"""A CRM that nobody here wrote: one contract, one staging model a table, and its known numbers."""

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.dbt_sql import render
from tests.support.project import Project, add_source, copied

HERE = Path(__file__).parent / "maven_crm"
DATA = Path(__file__).parents[3] / "shared" / "data" / "maven_crm"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"{DATA.name}'s files are not here")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copied(tmp_path_factory.mktemp("maven"))
    add_source(project, HERE, "maven_crm")
    landing = project.landing / "maven_crm"
    landing.mkdir()
    for name in ("sales_pipeline", "accounts", "products", "sales_teams"):
        shutil.copy(DATA / f"{name}.csv", landing)
    project.run("run")
    return project


def test_the_stages_and_the_won_revenue_are_the_known_ones(project: Project) -> None:
    stages = dict(project.query("select stage, count(*) from opportunities group by 1"))
    assert stages == {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
    assert project.query("select sum(amount_reporting) from opportunities where is_won") == [
        (Decimal(10005534),)
    ]


def test_revenue_by_month_is_the_known_one_under_every_model(project: Project) -> None:
    with (DATA / "oracle_revenue_by_month.csv").open() as file:
        expected = [(row["month"], Decimal(row["revenue"])) for row in csv.DictReader(file)]
    models = project.query("select distinct attribution_model from attribution_by_channel")
    assert len(models) == 20
    for (model,) in models:
        found = project.query(
            f"""
            select strftime(report_month, '%Y-%m'), sum(booked_credit) from attribution_by_channel
            where conversion_type = 'closed_won' and attribution_model = '{model}'
            group by 1 order by 1
            """
        )
        assert found == expected


def test_revenue_without_people_is_unattributed_with_the_reason(project: Project) -> None:
    assert project.query(
        "select distinct channel, unattributed_reason from attribution_touchpoints"
    ) == [("unattributed", "no_buying_group")]


def test_the_win_rate_and_the_cycle_of_all_time_are_the_known_ones(project: Project) -> None:
    [found] = project.query(
        """
        select won, lost, won_revenue, win_rate, cycle_days, opportunities, grade_reason,
            null_reason, pipeline_velocity, pipeline_velocity_low, pipeline_velocity_high
        from pipeline_velocity
        where period = 'all' and basis = 'period' and breakdown = 'all'
        """
    )
    # the 500 that only prospect have no date on which they began; the last quarter goes on
    assert found[:3] == (4238, 2473, Decimal(10005534))
    assert found[3:8] == (pytest.approx(4238 / 6711), 57, 8300, "freshness", None)
    assert round(found[3], 5) == 0.63150
    velocity, low, high = found[8:]
    assert velocity == pytest.approx(8300 * 4238 / 6711 * (10005534 / 4238) / 57)
    assert low < velocity < high


def test_quarters_add_up_to_what_was_closed_and_won_in_all(project: Project) -> None:
    assert project.query(
        """
        select basis, sum(won), sum(lost), sum(won_revenue) from pipeline_velocity
        where period = 'quarter' and breakdown = 'all' group by 1 order by 1
        """
    ) == [(basis, 4238, 2473, Decimal(10005534)) for basis in ("cohort", "period")]


@pytest.mark.parametrize(
    ("oracle", "label"),
    [("oracle_by_product", "product"), ("oracle_by_manager", "manager")],
)
def test_outcomes_by_product_and_by_manager_are_the_known_ones(
    project: Project, oracle: str, label: str
) -> None:
    with (DATA / f"{oracle}.csv").open() as file:
        expected = [
            (*row[:1], *map(int, row[1:4]), Decimal(row[4]), pytest.approx(float(row[5])))
            for row in list(csv.reader(file))[1:]
        ]
    win_rate = render("{{ win_rate('won', 'lost') }}", is_text=True)
    # neither is published; the CRM writes GTXPro where its list of products says GTX Pro
    found = project.query(
        f"""
        with outcomes as (
            select
                if(product = 'GTXPro', 'GTX Pro', product) as product,
                manager,
                is_won,
                is_closed,
                net_amount_reporting
            from opportunities
            inner join read_csv('{DATA / "sales_pipeline.csv"}') using (opportunity_id)
            inner join read_csv('{DATA / "sales_teams.csv"}') using (sales_agent)
        )
        select
            {label},
            count(*) as deals,
            count(*) filter (where is_won) as won,
            count(*) filter (where is_closed and not is_won) as lost,
            sum(net_amount_reporting) as revenue,
            {win_rate} as win_rate
        from outcomes group by 1 order by 1
        """
    )
    assert found == expected


def test_revenue_without_people_has_no_evidence_and_no_coverage(project: Project) -> None:
    assert project.query("select distinct evidence_grade from opportunity_evidence") == [("D",)]
    assert project.query(
        "select distinct attribution_coverage, grade from attribution_coverage_quarterly "
        "where reason <> 'attributed'"
    ) == [(0, "D")]
    assert project.query(
        "select sum(sourced_revenue), sum(won_revenue) from sourced_revenue_quarterly "
        "where definition = 'first_touch'"
    ) == [(0, Decimal(10005534))]
