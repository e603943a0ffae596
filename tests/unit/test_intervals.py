"""Intervals for shares, counts and samples: published figures, coverage, degenerate input."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, bootstrap, poisson

from analytics.errors import StatisticsError
from analytics.intervals import (
    bootstrap_change_interval,
    bootstrap_interval,
    poisson_intervals,
    share_change_intervals,
    wilson_intervals,
)

DAYS_TO_WIN = [12, 30, 31, 44, 58, 60, 75, 91, 130, 210, 365]


def test_wilson_is_the_published_interval() -> None:
    # Newcombe 1998, Statistics in Medicine 17: 857-872, table I
    low, high = wilson_intervals([81, 15, 0, 1], [263, 148, 20, 29])
    assert low == pytest.approx([0.2553, 0.0624, 0, 0.0061], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)


@given(n=st.integers(1, 5_000), data=st.data(), confidence=st.floats(0.5, 0.999))
def test_wilson_agrees_with_scipy(n: int, data: st.DataObject, confidence: float) -> None:
    k = data.draw(st.integers(0, n))
    low, high = wilson_intervals([k], [n], confidence)
    known = binomtest(k, n).proportion_ci(confidence, method="wilson")
    assert (low[0], high[0]) == pytest.approx((known.low, known.high), abs=1e-9)
    assert 0 <= low[0] <= k / n <= high[0] <= 1


def test_without_trials_there_is_no_interval() -> None:
    low, high = wilson_intervals([0, 0], [0, 10])
    assert np.isnan([low[0], high[0]]).all()
    assert (low[1], high[1]) == pytest.approx((0, 0.2775), abs=5e-5)
    assert [len(end) for end in wilson_intervals([], [])] == [0, 0]


def test_a_count_is_bounded_by_the_poisson_counts_that_would_be_as_rare() -> None:
    low, high = poisson_intervals([0, 1, 10])
    assert (low[0], high[0]) == pytest.approx((0, 3.6889), abs=5e-5)
    assert (low[2], high[2]) == pytest.approx((4.7954, 18.3904), abs=5e-5)
    assert poisson.sf(9, low[2]) == pytest.approx(0.025)
    assert poisson.cdf(10, high[2]) == pytest.approx(0.025)


def test_the_change_of_a_share_is_newcombes_published_interval() -> None:
    # Newcombe 1998, Statistics in Medicine 17: 873-890, table II, method 10
    base, now = ([48, 3, 0, 0], [80, 10, 20, 10]), ([56, 9, 0, 10], [70, 10, 10, 10])
    low, high = share_change_intervals(base, now)
    assert low == pytest.approx([0.0524, 0.1705, -0.1611, 0.6075], abs=5e-5)
    assert high == pytest.approx([0.3339, 0.8090, 0.2775, 1.0], abs=5e-5)


def test_a_change_from_nothing_has_no_interval() -> None:
    low, high = share_change_intervals(([0, 1], [0, 4]), ([1, 0], [4, 0]))
    assert np.isnan([*low, *high]).all()


def test_the_mean_of_a_small_sample_has_the_interval_that_scipy_finds() -> None:
    found = bootstrap_interval(DAYS_TO_WIN, "mean")
    known = bootstrap(
        (DAYS_TO_WIN,), np.mean, n_resamples=20_000, rng=np.random.default_rng(7)
    ).confidence_interval
    assert found == pytest.approx((known.low, known.high), rel=0.04)


def test_the_median_of_a_small_sample_lies_between_order_statistics() -> None:
    # the 2nd and the 10th of 11 hold the median in 98.8 % of samples, the 3rd and 9th in 93.5 %
    found = bootstrap_interval(DAYS_TO_WIN, "median")
    assert found is not None
    assert 30 <= found.low <= 31
    assert 130 <= found.high <= 210


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_the_interval_holds_the_true_figure_about_as_often_as_it_says(statistic: str) -> None:
    true = {"mean": 1.0, "median": np.log(2)}[statistic]
    random = np.random.default_rng(1)
    hits = 0
    for _ in range(300):
        found = bootstrap_interval(random.exponential(size=25), statistic, confidence=0.9)
        hits += found.low <= true <= found.high
    assert 0.84 <= hits / 300 <= 0.95


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_the_order_of_the_sample_changes_nothing(statistic: str) -> None:
    one = bootstrap_interval(DAYS_TO_WIN, statistic, seed=3)
    assert one == bootstrap_interval(DAYS_TO_WIN[::-1], statistic, seed=3)


def test_the_seed_decides_what_is_drawn() -> None:
    one, other = (bootstrap_interval(DAYS_TO_WIN, "mean", seed=seed) for seed in (3, 4))
    assert one != other
    assert one == pytest.approx(other, rel=0.05)


def test_a_narrower_confidence_gives_a_narrower_interval() -> None:
    wide, narrow = (bootstrap_interval(DAYS_TO_WIN, "mean", confidence=c) for c in (0.95, 0.5))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_a_sample_that_says_nothing_has_no_interval() -> None:
    assert bootstrap_interval([], "mean") is None
    assert bootstrap_interval([5], "median") is None
    assert bootstrap_interval([5, 5, 5], "mean") == (5, 5)
    assert bootstrap_change_interval([5], [4, 4], "mean") is None
    assert bootstrap_change_interval([0, 0, 9], [4, 4], "mean") is None


def test_a_relative_change_holds_the_change_of_the_samples() -> None:
    base, now = [100.0, 110, 90, 105, 95] * 8, [80.0, 88, 72, 84, 76] * 8
    found = bootstrap_change_interval(base, now, "mean")
    # the delta method: relative variance of both means adds up; 0.8 is the ratio
    error = 0.8 * np.hypot(np.std(base) / 100, np.std(now) / 80) / np.sqrt(40)
    assert found == pytest.approx((-0.2 - 1.96 * error, -0.2 + 1.96 * error), abs=0.003)
    scaled = bootstrap_change_interval([2 * n for n in base], [2 * n for n in now], "mean")
    assert scaled == pytest.approx(found)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wilson_intervals([2], [1]), "successes must not exceed trials"),
        (lambda: wilson_intervals([-1], [1]), "successes must not be negative"),
        (lambda: wilson_intervals([1, 1], [1]), "successes must have 1 numbers, not 2"),
        (lambda: wilson_intervals([1], [1], 1), "confidence must be between 0 and 1, not 1"),
        (lambda: poisson_intervals([0.5]), "counts must be whole"),
        (lambda: poisson_intervals([1], 0), "confidence must be between 0 and 1, not 0"),
        (
            lambda: share_change_intervals(([1], [1]), ([1, 1], [1, 1])),
            "base and now must have the same length",
        ),
        (lambda: bootstrap_interval([1, float("nan")], "mean"), "sample must be finite"),
        (lambda: bootstrap_change_interval([1], [np.inf], "mean"), "now must be finite"),
    ],
)
def test_impossible_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(StatisticsError, match=f"^{message}$"):
        call()
