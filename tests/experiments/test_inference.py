"""One rule tells every interval, and verdicts follow from it: change the data, and the sentence changes."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.contrast import Leaning, Left, Space
from experiments.inference import (
    FEWEST_TO_RANK,
    HOLDS,
    OPEN,
    OPPOSITE,
    SMALL,
    TOLD,
    adjusted_intervals,
    claim_verdict,
    is_enough,
    mean_intervals,
    median_band,
    one_told,
    paired_differences,
    replicates_needed,
    share_ahead,
    share_of,
    verdict,
)
from experiments.reporting.claims import sentence
from experiments.reporting.phrases import claim_verdict_words
from tests.experiments.estimates import at, finding, under

MIDDLE = st.floats(-0.2, 0.2)
HALF = st.floats(0, 0.2)


@pytest.mark.parametrize(
    ("mean", "half", "expected"),
    [
        (0.05, 0.02, HOLDS),
        (0.021, 0.02, HOLDS),  # beyond zero, and as much as matters
        (0.015, 0.01, OPEN),  # beyond zero, but perhaps too small to matter
        (0.015, 0.005, SMALL),
        (0.0, 0.0, SMALL),
        (0.05, 0.06, OPEN),
        (-0.05, 0.02, OPPOSITE),
        (-0.015, 0.005, SMALL),
    ],
)
def test_what_an_interval_tells(mean, half, expected):
    assert one_told(mean, mean - half, mean + half, sign=1, matters=0.02) == expected


@given(MIDDLE, HALF)
def test_the_other_side_is_told_alike(mean, half):
    up = one_told(mean, mean - half, mean + half, sign=1, matters=0.02)
    down = one_told(-mean, -mean - half, -mean + half, sign=-1, matters=0.02)
    claimed_otherwise = one_told(mean, mean - half, mean + half, sign=-1, matters=0.02)
    assert up == down
    assert claimed_otherwise == {HOLDS: OPPOSITE, OPPOSITE: HOLDS}.get(up, up)


@given(MIDDLE, HALF, HALF)
def test_a_narrower_interval_never_turns_what_is_told_round(mean, half, less):
    wide = one_told(mean, mean - half, mean + half, sign=1, matters=0.02)
    half = min(half, less)
    narrow = one_told(mean, mean - half, mean + half, sign=1, matters=0.02)
    assert wide in (OPEN, narrow)


def test_what_is_not_measured_can_not_be_told():
    assert one_told(float("nan"), float("nan"), float("nan"), sign=1, matters=0.02) == OPEN


@pytest.mark.parametrize(
    ("defaults", "held", "points", "structures", "expected"),
    [
        (HOLDS, 80, 100, [HOLDS, OPEN], "holds"),
        (HOLDS, 79, 100, [HOLDS, HOLDS], "depends"),
        (HOLDS, 100, 100, [HOLDS, SMALL], "depends"),
        (HOLDS, 100, 100, [HOLDS, OPPOSITE], "depends"),
        (HOLDS, 100, 100, [HOLDS, OPEN, OPEN], "undecided"),
        (HOLDS, 19, 19, [HOLDS], "undecided"),
        (OPEN, 100, 100, [HOLDS], "undecided"),
        (SMALL, 100, 100, [HOLDS], "does not hold"),
        (OPPOSITE, 100, 100, [HOLDS], "does not hold"),
    ],
)
def test_claim_verdicts(defaults, held, points, structures, expected):
    assert claim_verdict(defaults, held=held, points_told=points, structures=structures) == expected


def test_changing_the_data_changes_the_sentence():
    words = {
        "holds": finding(),
        "depends on how the numbers combine": finding(space=Space(100, 6, 40, 50, 5, 5)),
        "depends on structure (local)": finding(structures=(under(0.05), under(0.0, "local"))),
        "does not hold: too small to matter": finding(**at(0.005)),
        "does not hold: it is the other way round": finding(**at(-0.05)),
        "undecided": finding(**at(0.02, 0.03)),
    }
    assert {said: claim_verdict_words(one) for said, one in words.items()} == {said: said for said in words}
    assert len({sentence(one) for one in words.values()}) == len(words)
    assert "Over 100 points of the plausible ranges of all parameters it holds in 90% (83 to 94%)" in sentence(
        finding()
    )
    assert "it is too small to matter with local" in sentence(words["depends on structure (local)"])
    for told in (
        "+0.50 of 10 (95% interval +0.45 to +0.55; +0.40 to +0.60 adjusted for the number of claims), as claimed",
        "the effect is gone",
    ):
        assert told in sentence(finding())


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (Left(0.0, -0.002, 0.002, 0.05, 0.04, 0.06), "gone"),
        (Left(-0.04, -0.05, -0.03, 0.09, 0.07, 0.1), "gone"),
        (Left(0.03, 0.025, 0.035, 0.02, 0.015, 0.03), "weaker"),
        (Left(0.05, 0.04, 0.06, 0.0, -0.01, 0.01), "still there"),
        (Left(0.02, -0.03, 0.07, 0.03, -0.02, 0.08), "unclear"),
        (Left(0.01, -0.02, 0.04, 0.04, 0.02, 0.06), "gone"),
    ],
)
def test_what_is_left_without_a_mechanism(left, state):
    assert finding(left=left).state == state
    assert finding(left=left, **at(0.0)).state == "nothing to lose"


@pytest.mark.parametrize(("strength", "more"), [(0.7, ""), (0.3, " and how the other numbers combine")])
def test_a_number_that_tells_only_part_is_not_told_as_all(strength, more):
    leaning = Leaning("partner_days", strength, 0.1, 0.9, share_of(1, 10), share_of(9, 10))
    words = claim_verdict_words(finding(space=Space(100, 6, 40, 50, 5, 5, (leaning,))))
    assert words == f"depends on partner days{more}"


def test_shares_have_wilson_s_interval():
    share = share_of(8, 10)
    assert (share.value, share.low, share.high) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)
    assert np.isnan(share_of(0, 0).value)


def test_counts_of_a_space_cover_all_points():
    space = Space(points=100, seeds=6, holds=40, small=30, opposite=10, open=20)
    assert sum(space.counts[kind] for kind in TOLD) == space.points
    assert space.of_told.value == pytest.approx(0.5)
    assert space.share(HOLDS).value == pytest.approx(0.4)


# Intervals, probabilities and verdicts: what they must hold whatever the numbers.


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
