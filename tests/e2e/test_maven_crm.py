"""A CRM that nobody here wrote: one contract, one staging model a table, and its known numbers."""

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

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
