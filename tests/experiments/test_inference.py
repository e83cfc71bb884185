"""One rule makes every verdict, and one function picks every interval: change the data, and the sentence changes."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.contrast import Left
from experiments.inference import (
    FEWEST_TO_RANK,
    HOLDS,
    OPEN,
    OPPOSITE,
    SMALL,
    TOLD,
    Estimate,
    Kind,
    above,
    adjusted_intervals,
    below,
    claim_verdict,
    estimate,
    intervals,
    is_enough,
    left_and_change,
    mean_intervals,
    median_band,
    paired_differences,
    replicates_needed,
    resampled,
    share_ahead,
    share_of,
    state_of,
    verdict,
    within,
)
from experiments.reporting.claims import sentence
from experiments.reporting.phrases import verdict_words
from experiments.structures import Leaning, Space
from tests.experiments.estimates import at, finding, under

MIDDLE = st.floats(-0.2, 0.2)
HALF = st.floats(0, 0.2)
KINDS: tuple[Kind, ...] = ("mean", "means together", "mean of few", "difference of shares")


def around(effect: float, half: float, seeds: int = 200) -> Estimate:
    return Estimate(effect, effect - half, effect + half, seeds)


# The verdict: one rule, with a side claimed and without.


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
        (nan, nan, "not measured"),
    ],
)
def test_where_no_side_is_claimed_the_verdict_is_where_the_interval_lies(low: float, high: float, said: str) -> None:
    found = Estimate((low + high) / 2, low, high, FEWEST_TO_RANK)
    turned = Estimate(-found.effect, -high, -low, FEWEST_TO_RANK)
    assert verdict(found, matters=0.02) == verdict(turned, matters=0.02) == said
    assert verdict(replace(found, seeds=FEWEST_TO_RANK - 1), matters=0.02) == "too few replicates"


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
        (nan, nan, OPEN),
    ],
)
def test_where_a_side_is_claimed_what_does_not_hold_is_told_apart_by_what_matters(mean, half, expected):
    assert verdict(around(mean, half), side=above(), matters=0.02) == expected
    assert verdict(around(mean, half, 6), side=above(), matters=0.02, fewest=0) == expected
    assert verdict(around(mean, half, 6), side=above(), matters=0.02) == "too few replicates"


@pytest.mark.parametrize(
    ("side", "holds", "fails", "open_"),
    [
        (above(), (0.01, 0.3), (-0.3, 0.0), (-0.1, 0.1)),
        (above(0.3), (0.31, 0.5), (0.1, 0.3), (0.2, 0.4)),
        (below(), (-0.3, -0.01), (0.0, 0.3), (-0.1, 0.1)),
        (below(-1.0), (-2.0, -1.1), (-1.0, 0.0), (-1.5, -0.5)),
        (within(0.02), (-0.02, 0.02), (0.021, 0.1), (0.01, 0.03)),
    ],
)
def test_with_nothing_too_small_a_claim_holds_where_the_whole_interval_lies_on_its_side(side, holds, fails, open_):
    for (low, high), said in ((holds, "holds"), (fails, "fails"), (open_, "undecided")):
        assert verdict(Estimate((low + high) / 2, low, high, 40), side=side) == said
    assert [str(side) for side in (above(0.3), below(), within(0.02))] == ["above 0.3", "below 0", "within ±0.02"]


@given(MIDDLE, HALF)
def test_the_other_side_is_judged_alike(mean, half):
    up = verdict(around(mean, half), side=above(), matters=0.02)
    down = verdict(around(-mean, half), side=below(), matters=0.02)
    claimed_otherwise = verdict(around(mean, half), side=below(), matters=0.02)
    assert up == down
    assert claimed_otherwise == {HOLDS: OPPOSITE, OPPOSITE: HOLDS}.get(up, up)


@given(MIDDLE, HALF, HALF)
def test_a_narrower_interval_never_turns_a_verdict_round(mean, half, less):
    wide = verdict(around(mean, half), side=above(), matters=0.02)
    narrow = verdict(around(mean, min(half, less)), side=above(), matters=0.02)
    assert wide in (OPEN, narrow)


@given(st.floats(-1, 1), st.floats(0, 1))
def test_nobody_wins_where_the_interval_spans_zero(middle: float, half: float) -> None:
    found = around(middle, half)
    if found.low <= 0 <= found.high:
        assert verdict(found, matters=0.02) in ("undecided", "no difference that matters")
        assert verdict(found, matters=0.02, side=above()) in (OPEN, SMALL)


@pytest.mark.parametrize(
    ("left", "change", "state"),
    [
        (around(0.0, 0.002), around(0.05, 0.01), "gone"),
        (around(-0.04, 0.01), around(0.09, 0.02), "gone"),
        (around(0.03, 0.005), around(0.02, 0.005), "weaker"),
        (around(0.05, 0.01), around(0.0, 0.01), "still there"),
        (around(0.045, 0.005), around(0.005, 0.001), "still there"),  # clear, but too small to matter
        (around(0.02, 0.05), around(0.03, 0.05), "unclear"),
        (around(0.01, 0.03), around(0.04, 0.02), "gone"),
    ],
)
def test_what_becomes_of_an_effect_without_its_mechanism(left, change, state):
    assert state_of(left, change, side=above(), said=HOLDS, matters=0.02) == state
    assert state_of(left, change, side=above(), said=OPEN, matters=0.02) == "nothing to lose"
    turned = [replace(one, effect=-one.effect, low=-one.high, high=-one.low) for one in (left, change)]
    assert state_of(*turned, side=below(), said=HOLDS, matters=0.02) == state


def test_where_nothing_is_too_small_a_loss_need_only_be_clear_and_what_holds_even_so_is_still_there():
    assert state_of(around(0.0, 0.001), around(0.006, 0.001), side=above(), said=HOLDS) == "gone"
    assert state_of(around(0.4, 0.01), around(0.1, 0.01), side=above(0.3), said=HOLDS) == "still there"


# What is said of a claim as a whole.


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
    assert {said: verdict_words(one) for said, one in words.items()} == {said: said for said in words}
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


def test_a_claim_says_what_became_of_it_by_the_same_rule():
    left = Left(0.03, 0.025, 0.035, 0.02, 0.015, 0.03)
    assert finding(left=left).state == "weaker"
    assert finding(left=left, **at(0.0)).state == "nothing to lose"


@pytest.mark.parametrize(("strength", "more"), [(0.7, ""), (0.3, " and how the other numbers combine")])
def test_a_number_that_tells_only_part_is_not_told_as_all(strength, more):
    leaning = Leaning("partner_days", strength, 0.1, 0.9, share_of(1, 10), share_of(9, 10))
    words = verdict_words(finding(space=Space(100, 6, 40, 50, 5, 5, (leaning,))))
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


# Intervals by the kind of estimate: what each must hold whatever the numbers.


DRAWS = {
    "normal": (lambda rng, shape: rng.normal(size=shape), 0.0),
    "skewed": (lambda rng, shape: rng.exponential(size=shape), 1.0),
    "two values": (lambda rng, shape: (rng.random(shape) < 0.4) * 1.0, 0.4),
}


@pytest.mark.parametrize(
    ("kind", "seeds", "draws", "least"),
    [
        ("mean of few", 6, "normal", 0.93),
        ("difference of shares", 60, "two values", 0.91),
        ("function of means", 60, "normal", 0.91),
    ],
)
def test_the_interval_of_each_kind_holds_the_truth_about_as_often_as_it_says(kind, seeds, draws, least):
    draw, truth = DRAWS[draws]
    combine = (lambda means: means[:, 0]) if kind == "function of means" else None
    rng = np.random.default_rng(7)
    found = [estimate(draw(rng, seeds), kind=kind, combine=combine, name="C") for _ in range(300)]
    assert {(one.kind, one.seeds) for one in found} == {(kind, seeds)}
    assert least <= np.mean([one.low <= truth <= one.high for one in found]) <= 0.985


@pytest.mark.parametrize("kind", KINDS)
def test_swapping_the_arms_turns_every_kind_of_interval_round(kind):
    values = np.random.default_rng(2).exponential(size=30) - 0.5
    one, other = estimate(values, kind=kind), estimate(-values, kind=kind)
    assert (other.effect, *other.ends) == pytest.approx((-one.effect, -one.high, -one.low), abs=1e-12)
    assert one.half_width == pytest.approx((one.high - one.low) / 2)


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_the_seeds_does_not_matter(kind):
    """Resampling takes seeds by their place, so a bootstrap's ends are the same but for the luck of its draws."""
    rng = np.random.default_rng(5)
    values = rng.normal(0.1, 1, size=200)
    one, other = estimate(values, kind=kind), estimate(rng.permutation(values), kind=kind)
    assert other.effect == pytest.approx(one.effect, abs=1e-12)
    exact = 1e-12 if kind == "mean of few" else 0.1 * one.half_width
    assert other.ends == pytest.approx(one.ends, abs=exact)


def test_a_kind_picks_its_interval_and_no_other():
    values = np.random.default_rng(3).normal(size=(25, 3))
    assert np.array_equal(intervals(values).half_width, mean_intervals(values).half_width)
    assert np.array_equal(intervals(values, kind="means together").half_width, adjusted_intervals(values).half_width)
    with pytest.raises(ValueError, match="no kind of means"):
        intervals(values, kind="difference of shares")
    with pytest.raises(ValueError, match="combines"):
        estimate(values)
    with pytest.raises(ValueError, match="combines"):
        resampled(values, name="C")
    assert np.isnan(estimate(np.array([0.1, nan])).effect)


def test_intervals_of_few_seeds_are_student_s():
    from scipy import stats

    values = np.array([[0.1, 0.2, 0.4], [0.3, 0.3, 0.3]])
    low, high = stats.t.interval(0.95, 2, loc=values[0].mean(), scale=stats.sem(values[0]))
    assert intervals(values.T, kind="mean of few").half_width == pytest.approx([(high - low) / 2, 0.0])


def test_shares_stay_within_their_bounds_and_the_same_values_give_the_same_interval():
    values = np.repeat([1.0, 0.0], [38, 2])
    found = estimate(values, kind="difference of shares", name="C")
    assert found == estimate(values, kind="difference of shares", name="C")
    assert (found.low > 0.8, found.high) == (True, 1.0)
    assert estimate(values).high > 1.0  # what the kind is for


@pytest.mark.parametrize("kind", ["mean", "difference of shares"])
def test_what_is_left_and_what_is_lost_add_up(kind):
    rng = np.random.default_rng(4)
    on, off = rng.normal(0.3, 0.1, 40), rng.normal(0.1, 0.1, 40)
    left, change = left_and_change(on, off, kind=kind, name="C")
    assert left.effect + change.effect == pytest.approx(estimate(on).effect)
    assert change.low < 0.2 < change.high


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
    for kind in ("mean", "means together"):
        one, other = intervals(differences, kind=kind), intervals(-differences, kind=kind)
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
