"""The published figures of the funnel against a second coding in pandas, from the landing files."""

from tests.oracle import kpis_lifecycle
from tests.oracle.kpis_stage_history import stage_history
from tests.oracle.landing import Landing
from tests.support.second_coding import Both, unlike

BREAKDOWN = ["from_stage", "to_stage", "breakdown", "breakdown_value"]


def test_funnel_conversion_is_the_same(both: Both) -> None:
    found = both.table("funnel_conversion")
    expected = kpis_lifecycle.funnel_conversion(both.second)
    assert unlike(found, expected, ["cohort_month", *BREAKDOWN]) == []
    assert {"all", "channel", "segment", "source", "campaign_type"} == {*found.breakdown}
    assert {True, False} == {*found.is_mature} == {*found.is_window_over}
    assert (found.inferred > 0).any()


def test_stage_durations_are_the_same(both: Both) -> None:
    found = both.table("stage_durations")
    expected = kpis_lifecycle.stage_durations(both.second)
    assert unlike(found, expected, BREAKDOWN) == []
    assert found.median_days_to_next_stage.notna().sum() > 5
    assert {"half_not_reached", None} <= {*found.null_reason}


def test_stage_survival_is_the_same(both: Both) -> None:
    found = both.table("stage_survival")
    expected = kpis_lifecycle.stage_survival(both.second)
    assert unlike(found, expected, [*BREAKDOWN, "wait_days"]) == []
    assert (found.lost > 0).any()


def test_stage_history_is_the_same(both: Both) -> None:
    found = both.table("stage_history")
    persons = found.subject_type == "person"
    found.loc[persons, "subject_id"] = found.subject_id[persons].map(both.labels)
    expected = stage_history(both.second, Landing(both.published.landing))
    assert unlike(found, expected, ["subject_type", "subject_id", "entry_number"]) == []
    assert {*found.subject_type} == {"person", "opportunity"}
    assert found.is_recycled.any()
    assert (found.skipped_stages > 0).any()
