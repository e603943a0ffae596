"""What goes wrong in a landing folder, and what readers and operators then see."""

import shutil
from pathlib import Path

import pytest

from tests.support.project import Project, in_place

HEADER = (
    "customer_id,campaign_id,campaign_name,ad_group_id,ad_group_name,ad_id,segments_date,"
    "impressions,clicks,cost_micros,conversions,conversions_value\n"
)


# the sample company's Google account that is billed in euros
EUR_ACCOUNT = "4418820173"


def google_row(clicks: int, day: str = "2026-10-01") -> str:
    return f"{EUR_ACCOUNT},1,2026-late-brand,1,x,77,{day},100,{clicks},1500000,0,0\n"


def put(project: Project, name: str, text: str) -> Path:
    path = project.landing / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_negative_clicks_stop_the_run_and_status_names_the_line(own_company: Project) -> None:
    before = own_company.current.resolve()
    name = "google_ads/ad_daily_2026-10.csv"
    put(own_company, name, HEADER + google_row(5) + google_row(-1, "2026-10-02"))

    printed = own_company.run("run", expect=1)
    assert "check contract failed" in printed
    assert "warehouse_models" not in printed
    assert own_company.current.resolve() == before
    told = own_company.run("status", expect=1)
    assert f"held {name}: line 3: clicks: must not be below 0" in told

    own_company.run("withdraw", name, "--reason", "the export is wrong")
    own_company.run("run")
    own_company.run("status")
    assert own_company.current.resolve() != before


def test_a_refused_file_holds_nobody_back_and_waits_for_a_decision(own_company: Project) -> None:
    name = "google_ads/ad_daily_2026-10.csv"
    put(own_company, name, HEADER.replace("clicks", "Klicks") + google_row(5))
    put(own_company, "google_ads/ad_daily_2026-11.csv", HEADER + google_row(4))

    own_company.run("run")
    assert own_company.query("select sum(clicks) from ad_performance_daily where ad_id = '77'") == [
        (4,)
    ]
    told = own_company.run("status")
    assert f"refused {name}: {name}, line 1: column 'clicks' is missing" in told
    assert "the nearest is 'Klicks'" in told
    assert own_company.query("select files_open from data_trust where source = 'google_ads'") == [
        (1,)
    ]
    own_company.run("accept", name, "--reason", "a test export")
    assert name not in own_company.run("status")


def test_without_one_platform_everything_else_is_published(
    company: Project, tmp_path: Path
) -> None:
    project = in_place(tmp_path)
    shutil.copytree(company.landing, project.landing, dirs_exist_ok=True)
    shutil.rmtree(project.landing / "linkedin_ads")
    project.run("run")
    assert "not connected" in project.run("status")
    platforms = {name for (name,) in project.query("select platform from ad_performance_daily")}
    assert platforms == {"google_ads", "meta_ads", "microsoft_ads"}


@pytest.mark.parametrize(
    "sql",
    ["create table x as select 1", "select * from read_text('/etc/hostname')", "select nonsense"],
    ids=["writing", "reaching out", "a wrong name"],
)
def test_a_query_can_only_read_what_is_published(company: Project, sql: str) -> None:
    assert "error: " in company.run("query", sql, expect=2)
