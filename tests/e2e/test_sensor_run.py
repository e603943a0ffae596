"""The run that a new file of one source starts: a part of the graph, published whole."""

import dagster as dg

from ingest.contract import load_contracts
from orchestration.definitions import build_definitions
from orchestration.resources import Settings
from orchestration.schedules import downstream_of
from tests.e2e.test_faults import HEADER, google_row, put
from tests.support.project import Project


def test_a_sources_new_file_is_published_without_touching_the_others(
    own_company: Project,
) -> None:
    settings = Settings(home=own_company.home, landing=own_company.landing, sighting_seconds=0.05)
    defs = build_definitions(settings)
    [google] = [contract for contract in load_contracts() if contract.source == "google_ads"]
    before = own_company.query("select sum(clicks) from ad_performance_daily")[0][0]
    persons = own_company.query("select count(distinct person_id) from touchpoints")
    put(own_company, "google_ads/ad_daily_2026-10.csv", HEADER + google_row(5))

    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def("refresh").execute_in_process(
            instance=instance,
            asset_selection=downstream_of(defs.get_repository_def(), google),
        )
    assert result.success
    materialized = {
        event.asset_key.path[0] + "/" + event.asset_key.path[1]
        for event in result.get_asset_materialization_events()
        if event.asset_key
    }
    assert "raw/google_ads" in materialized
    assert "raw/hubspot" not in materialized
    assert own_company.query("select sum(clicks) from ad_performance_daily") == [(before + 5,)]
    assert own_company.query("select count(distinct person_id) from touchpoints") == persons
