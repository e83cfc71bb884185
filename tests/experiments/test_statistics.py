"""Intervals, probabilities and verdicts: what they must hold whatever the numbers."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.statistics import (
    FEWEST_TO_RANK,
    adjusted_intervals,
    is_enough,
    mean_intervals,
    median_band,
    paired_differences,
    replicates_needed,
    share_ahead,
    verdict,
)

numbers = st.floats(-1, 1, allow_nan=False, width=32)
columns = arrays(np.float64, st.tuples(st.integers(2, 30), st.integers(1, 4)), elements=numbers)
one_column = arrays(np.float64, st.integers(1, 60), elements=numbers)


@settings(max_examples=60, deadline=None)
@given(columns)
def test_the_interval_holds_the_mean(differences: np.ndarray) -> None:
    found = mean_intervals(differences)
    assert np.allclose(found.mean, differences.mean(axis=0))
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()


@settings(max_examples=60, deadline=None)
@given(columns)
def test_swapping_the_routes_flips_the_sign_and_nothing_else(differences: np.ndarray) -> None:
    for intervals in (mean_intervals, adjusted_intervals):
        one, other = intervals(differences), intervals(-differences)
        assert np.array_equal(one.mean, -other.mean)
        assert np.array_equal(one.low, -other.high)
        assert np.array_equal(one.high, -other.low)


@settings(max_examples=60, deadline=None)
@given(one_column)
def test_swapping_the_routes_turns_the_probability_round(differences: np.ndarray) -> None:
    one, other = share_ahead(differences), share_ahead(-differences)
    assert one.value + other.value == pytest.approx(1)
    assert one.low + other.high == pytest.approx(1)
    assert 0 <= one.low <= one.value + 1e-12
    assert one.value <= one.high + 1e-12


@settings(max_examples=40, deadline=None)
@given(columns)
def test_adjusted_intervals_are_never_narrower(differences: np.ndarray) -> None:
    own, together = mean_intervals(differences), adjusted_intervals(differences)
    assert (together.half_width >= own.half_width - 1e-12).all()


def test_one_contrast_needs_no_adjustment() -> None:
    differences = np.random.default_rng(3).normal(size=(40, 1))
    assert mean_intervals(differences).half_width == adjusted_intervals(differences).half_width


@given(st.integers(1, 300), numbers)
def test_the_same_runs_differ_by_exactly_nothing(replicates: int, value: float) -> None:
    found = mean_intervals(paired_differences([value] * replicates, [value] * replicates))
    assert found.mean[0] == 0.0
    if replicates > 1:
        assert (found.low[0], found.high[0]) == (0.0, 0.0)


def test_intervals_do_not_depend_on_the_other_columns() -> None:
    differences = np.random.default_rng(4).normal(size=(30, 900))
    whole = mean_intervals(differences)
    assert np.allclose(whole.high[500], mean_intervals(differences[:, 500]).high[0], rtol=1e-12)


@pytest.mark.parametrize("replicates", [3, 20, 200])
def test_a_mean_is_the_same_bits_whatever_stands_beside_it(replicates: int) -> None:
    differences = np.random.default_rng(5).normal(size=(replicates, 50))
    for layout in (np.ascontiguousarray, np.asfortranarray):
        for whole in (mean_intervals(layout(differences)), adjusted_intervals(layout(differences))):
            alone = [mean_intervals(column).mean[0] for column in differences.T]
            assert whole.mean.tolist() == alone


DRAWS = {
    "normal": (lambda rng, shape: rng.normal(size=shape), 0.0),
    "skewed": (lambda rng, shape: rng.exponential(size=shape), 1.0),
    "two values": (lambda rng, shape: (rng.random(shape) < 0.4) * 1.0, 0.4),
}


@pytest.mark.parametrize("draws", DRAWS)
@pytest.mark.parametrize("replicates", [20, 200])
def test_intervals_hold_the_truth_as_often_as_they_say(draws: str, replicates: int) -> None:
    draw, truth = DRAWS[draws]
    found = mean_intervals(draw(np.random.default_rng(7), (replicates, 1_200)))
    coverage = np.mean((found.low <= truth) & (truth <= found.high))
    assert 0.925 <= coverage <= 0.985


def test_adjusted_intervals_hold_all_truths_together() -> None:
    rng = np.random.default_rng(8)
    together = own = 0
    for _ in range(200):
        differences = rng.normal(size=(40, 6))
        found, alone = adjusted_intervals(differences), mean_intervals(differences)
        together += int((np.abs(found.mean) <= found.half_width).all())
        own += int((np.abs(alone.mean) <= alone.half_width).all())
    assert together / 200 >= 0.91
    assert own / 200 < 0.85  # what the adjustment is for


def test_the_probability_of_being_ahead_holds_the_truth() -> None:
    rng = np.random.default_rng(9)
    held = [share.low <= 0.8 <= share.high for share in (share_ahead(rng.random(50) - 0.2) for _ in range(500))]
    assert 0.92 <= np.mean(held) <= 0.98


def test_ties_count_for_both_sides() -> None:
    assert share_ahead(np.zeros(30)).value == 0.5
    assert share_ahead(np.array([1.0, 0.0, -1.0, 1.0])).value == pytest.approx(0.625)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.019, 0.02, "no difference that matters"),
        (0.021, 0.4, "ahead"),
        (-0.4, -0.021, "ahead"),
        (0.001, 0.4, "leans"),
        (-0.4, -0.001, "leans"),
        (-0.001, 0.4, "undecided"),
        (-0.03, 0.03, "undecided"),
        (-inf, inf, "undecided"),
        (0.005, 0.015, "no difference that matters"),
    ],
)
def test_verdicts(low: float, high: float, said: str) -> None:
    assert verdict(low, high, matters=0.02, replicates=20) == said
    assert verdict(-high, -low, matters=0.02, replicates=20) == said
    assert verdict(low, high, matters=0.02, replicates=FEWEST_TO_RANK - 1) == "too few replicates"


@given(st.floats(-1, 1), st.floats(0, 1))
def test_nobody_wins_where_the_interval_spans_zero(middle: float, half: float) -> None:
    low, high = middle - half, middle + half
    if low <= 0 <= high:
        assert verdict(low, high, matters=0.02, replicates=200) in ("undecided", "no difference that matters")


def test_replicates_needed_are_enough() -> None:
    rng = np.random.default_rng(11)
    few = mean_intervals(rng.normal(0, 0.1, size=30)).half_width[0]
    needed = replicates_needed(few, 30, 0.02)
    assert needed is not None
    assert needed > 30
    many = mean_intervals(rng.normal(0, 0.1, size=needed)).half_width[0]
    assert many == pytest.approx(0.02, rel=0.25)
    assert replicates_needed(0.001, 30, 0.02) == FEWEST_TO_RANK
    assert is_enough(0.02, 0.02)
    assert not is_enough(0.0201, 0.02)


def test_one_replicate_says_nothing_about_spread() -> None:
    found = mean_intervals(np.array([0.3]))
    assert (found.low[0], found.high[0]) == (-inf, inf)
    assert replicates_needed(inf, 1, 0.02) is None


def test_levels_that_are_not_reached_or_not_measured() -> None:
    low, median, high = median_band(np.array([30.0, 40.0, inf, inf, inf]))
    assert (low, median, high) == (30.0, inf, inf)
    assert np.isnan(median_band(np.array([nan, nan]))).all()
    assert median_band(np.array([nan, 2.0])) == (2.0, 2.0, 2.0)


@pytest.mark.parametrize("bad", [np.array([0.1, nan]), np.array([inf, 0.1]), np.empty(0)])
def test_intervals_refuse_what_has_no_mean(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="paired differences"):
        mean_intervals(bad)
