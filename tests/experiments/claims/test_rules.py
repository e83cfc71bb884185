"""One rule tells every interval, and verdicts follow from it: change the data, and the sentence changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.claims.finding import Leaning, Left, Space
from experiments.claims.rules import HOLDS, OPEN, OPPOSITE, SMALL, TOLD, one_told, share_of, verdict
from experiments.claims.wording import sentence, verdict_words
from tests.experiments.claims.findings import at, finding, under

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
def test_verdicts(defaults, held, points, structures, expected):
    assert verdict(defaults, held=held, points_told=points, structures=structures) == expected


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
