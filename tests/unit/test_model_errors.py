"""How wrong a model is: shares beside true ones, averaged over companies."""

import pytest

from analytics.model_errors import GradedModel, grade_model, model_error_channels, model_errors

EFFECTS = {"webinar": 0.3, "email": 0.1, "direct": 0.0}


def graded(**credits_by_channel: float) -> GradedModel:
    found = grade_model("linear", "typical", EFFECTS, credits_by_channel)
    assert found is not None
    return found


def test_credits_in_the_right_proportion_are_no_error() -> None:
    found = graded(webinar=750, email=250)
    assert found.grade.mean_absolute_error == pytest.approx(0)
    assert found.grade.channels == ("direct", "email", "webinar")


def test_credit_that_no_channel_got_is_told_apart() -> None:
    found = graded(webinar=600, email=200, unattributed=200)
    assert found.grade.worst_error == pytest.approx(0)
    assert found.unattributed_share == pytest.approx(0.2)


def test_a_channel_that_the_truth_does_not_know_has_no_effect() -> None:
    found = graded(webinar=500, email=250, content=250)
    assert found.grade.channels[0] == "content"
    assert found.grade.bias[0] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("effects", "credits_by_channel"),
    [({"webinar": 0.0}, {"webinar": 1.0}), (EFFECTS, {"unattributed": 5.0}), (EFFECTS, {})],
    ids=["nothing caused", "nothing attributed", "no credit"],
)
def test_there_is_nothing_to_grade(effects: dict, credits_by_channel: dict) -> None:
    assert grade_model("linear", "typical", effects, credits_by_channel) is None


def test_errors_are_averaged_over_companies_and_the_worst_is_of_any() -> None:
    [row] = model_errors(
        [graded(webinar=100), graded(direct=60, webinar=30, email=10, unattributed=100)]
    ).to_dict("records")
    assert (row["attribution_model"], row["scenario"], row["companies"]) == (
        "linear", "typical", 2,
    )  # fmt: skip
    assert row["mean_absolute_error"] == pytest.approx((0.5 / 3 + 1.2 / 3) / 2)
    assert (row["worst_channel"], row["worst_error"]) == ("direct", pytest.approx(0.6))
    assert (row["most_biased_channel"], row["largest_bias"]) == ("direct", pytest.approx(0.3))
    assert row["unattributed_share"] == pytest.approx(0.25)


def test_a_channel_that_only_one_company_met_counts_as_nothing_in_the_other() -> None:
    rows = model_error_channels([graded(webinar=75, email=25), graded(content=100)])
    [content] = rows[rows["channel"] == "content"].to_dict("records")
    assert content["attributed_share"] == pytest.approx(0.5)
    assert content["bias"] == pytest.approx(0.5)
    assert rows["bias"].sum() == pytest.approx(0)
