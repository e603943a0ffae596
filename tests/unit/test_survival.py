"""Durations of which some are still open: a published curve, worked cases, invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import StatisticsError
from analytics.survival import cumulative_incidence, fit_survival

# weeks in remission under 6-MP, Freireich et al. 1963 (Blood 21: 699-716); 0 is still in remission
REMISSION = [
    (6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1),
    (17, 0), (19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0),
]  # fmt: skip


def test_the_curve_of_the_remission_trial_is_the_published_one() -> None:
    curve = fit_survival(*zip(*REMISSION, strict=True))
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.events.tolist() == [3, 1, 1, 1, 1, 1, 1]
    survival = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    errors = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert curve.survival == pytest.approx(survival, abs=5e-5)
    assert curve.standard_errors == pytest.approx(errors, abs=5e-5)
    assert (curve.median, curve.p90, curve.observed_until) == (23, None, 35)


def test_a_curve_worked_by_hand() -> None:
    # 5 deals: won after 10 and 20 days, open at 20, won after 40, open at 50
    curve = fit_survival([40, 20, 10, 50, 20], [True, False, True, False, True])
    assert curve.times.tolist() == [10, 20, 40]
    assert curve.at_risk.tolist() == [5, 4, 2]
    assert curve.survival == pytest.approx([4 / 5, 3 / 5, 3 / 10])
    assert curve.standard_errors[1] == pytest.approx(0.6 * np.sqrt(1 / 20 + 1 / 12))
    assert [curve.survival_at(day) for day in (0, 9, 10, 19, 50)] == pytest.approx(
        [1, 1, 0.8, 0.8, 0.3]
    )
    assert curve.survival_at(51) is None
    assert (curve.median, curve.p90) == (40, None)


def test_leaving_out_the_open_ones_would_flatter() -> None:
    lasted, happened = zip(*REMISSION, strict=True)
    closed = [time for time, done in REMISSION if done]
    assert fit_survival(closed, [True] * len(closed)).median == 10
    assert fit_survival(lasted, happened).median == 23


def test_an_interval_on_the_log_log_scale_worked_by_hand() -> None:
    curve = fit_survival(*zip(*REMISSION, strict=True))
    low, high = curve.survival_interval_at(12)
    relative = np.sqrt(3 / (21 * 18) + 1 / (17 * 16) + 1 / (15 * 14))
    survival = 18 / 21 * 16 / 17 * 14 / 15
    shift = 1.959964 * relative / -np.log(survival)
    assert np.log(-np.log([low, high])) == pytest.approx(
        np.log(-np.log(survival)) + np.array([shift, -shift]), abs=1e-6
    )
    assert (low, high) == pytest.approx((0.5032, 0.8894), abs=5e-5)


def test_what_is_reached_exactly_is_reached() -> None:
    curve = fit_survival(range(1, 11), [True] * 10)
    assert (curve.median, curve.p90) == (5, 9)
    assert curve.time_reached_by(0.3) == 3
    assert curve.survival[-1] == 0
    assert np.isnan(curve.standard_errors[-1])
    assert curve.survival_at(1_000) == 0


@pytest.mark.parametrize(
    ("lasted", "happened", "known_until"),
    [([], [], None), ([3, 8], [False, False], 8), ([0], [False], 0)],
    ids=["no duration", "all open", "opened just now"],
)
def test_without_an_event_nothing_is_reached(
    lasted: list, happened: list, known_until: float | None
) -> None:
    curve = fit_survival(lasted, happened)
    assert (curve.times.tolist(), curve.median, curve.p90) == ([], None, None)
    assert curve.survival_at(100) is None
    if known_until is not None:
        assert curve.survival_at(known_until) == 1
        assert curve.survival_interval_at(known_until) is None


def test_an_outcome_that_rules_out_the_other_is_not_an_open_one() -> None:
    # two won, two lost, one open: of all 5, 2/5 are lost at day 10, and of the 3 left 2 are won
    incidence = cumulative_incidence([10, 10, 20, 30, 30], ["lost", "lost", "won", "won", None])
    assert incidence.times.tolist() == [10, 20, 30]
    assert incidence.share["lost"] == pytest.approx([0.4, 0.4, 0.4])
    assert incidence.share["won"] == pytest.approx([0, 0.2, 0.4])
    assert incidence.open_share == pytest.approx([0.6, 0.4, 0.2])
    taken_for_open = fit_survival([10, 10, 20, 30, 30], [False, False, True, True, False])
    assert 1 - taken_for_open.survival[-1] == pytest.approx(2 / 3)


durations = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["won", "lost", None])), min_size=1, max_size=40
)


@given(rows=durations)
def test_shares_of_all_outcomes_and_the_open_add_up(rows: list) -> None:
    incidence = cumulative_incidence(*zip(*rows, strict=True))
    total = sum(incidence.share.values(), incidence.open_share)
    assert total == pytest.approx(np.ones(len(incidence.times)))


@given(rows=durations)
def test_without_open_ones_the_curve_is_the_share_that_lasted_longer(rows: list) -> None:
    lasted = [time for time, _ in rows]
    curve = fit_survival(lasted, [True] * len(lasted))
    longer = [np.mean(np.array(lasted) > time) for time in curve.times]
    assert curve.survival == pytest.approx(longer, abs=1e-12)
    # with everything observed, Greenwood's error is that of a share
    expected = np.sqrt(curve.survival * (1 - curve.survival) / len(lasted))
    assert curve.standard_errors[:-1] == pytest.approx(expected[:-1])


@given(rows=durations, data=st.data())
def test_the_order_of_the_durations_changes_nothing(rows: list, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    one, other = (
        fit_survival([time for time, _ in some], [end == "won" for _, end in some])
        for some in (rows, shuffled)
    )
    assert one.survival.tobytes() == other.survival.tobytes()
    assert one.observed_until == other.observed_until


def test_the_curve_is_that_of_statsmodels() -> None:
    duration = pytest.importorskip("statsmodels.duration.survfunc")
    random = np.random.default_rng(2)
    lasted, happened = random.integers(1, 60, 200), random.random(200) < 0.6
    known, curve = duration.SurvfuncRight(lasted, happened), fit_survival(lasted, happened)
    assert curve.survival == pytest.approx(known.surv_prob)
    assert curve.standard_errors == pytest.approx(known.surv_prob_se)
    assert curve.median == known.quantile(0.5)


@pytest.mark.parametrize(
    ("lasted", "happened", "message"),
    [
        ([-1], [True], "durations must not be negative"),
        ([float("nan")], [True], "durations must be finite"),
        ([1, 2], [True], "is_event must have 2 numbers, not 1"),
    ],
)
def test_impossible_durations_are_refused(lasted: list, happened: list, message: str) -> None:
    with pytest.raises(StatisticsError, match=f"^{message}$"):
        fit_survival(lasted, happened)


def test_impossible_questions_are_refused() -> None:
    curve = fit_survival([1], [True])
    with pytest.raises(StatisticsError, match=r"^share must be between 0 and 1, not 1$"):
        curve.time_reached_by(1)
    with pytest.raises(StatisticsError, match=r"^confidence must be between 0 and 1, not 2$"):
        curve.survival_interval_at(1, 2)
