"""Adding an ad platform takes a contract and a staging model, and no other edit by hand."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.project import add_source, copied

HERE = Path(__file__).parent / "tiktok_ads"
EXPORT = """\
ADVERTISER_ID,CAMPAIGN_ID,CAMPAIGN_NAME,ADGROUP_ID,AD_ID,STAT_TIME_DAY,CURRENCY,IMPRESSIONS,CLICKS,SPEND,CONVERSION
7000000000000000001,18,2026-Launch,5,99000000000000000001,2026-05-04,EUR,1000,12,34.56,-
7000000000000000001,18,2026-Launch,5,99000000000000000001,2026-05-05,EUR,500,3,5.44,2
"""


def test_a_contract_and_a_staging_model_are_enough(tmp_path: Path) -> None:
    project = copied(tmp_path)
    add_source(project, HERE, "tiktok_ads")
    (project.landing / "tiktok_ads").mkdir()
    (project.landing / "tiktok_ads" / "ad_daily_2026-05.csv").write_text(EXPORT)
    project.run("run")
    assert project.query(
        "select channel, campaign, sum(spend), sum(clicks) from campaign_monthly group by all"
    ) == [("paid_social", "2026-launch", Decimal("40.00"), 15)]
    assert project.query("select platform, sum(spend) from ad_performance_daily group by 1") == [
        ("tiktok_ads", pytest.approx(Decimal("40.00")))
    ]
    assert project.query("select source, rows_loaded from data_trust") == [("tiktok_ads", 2)]
