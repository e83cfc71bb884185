"""One thing at a time, and how much of what is seen is luck."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.design import OneAtATime
from experiments.factors import Factor
from experiments.sensitivity.adequacy import luck_of
from experiments.sensitivity.one_at_a_time import steps_of
from experiments.work import work_of
from simulation.scenario import Scenario

WORK = work_of(
    [Scenario(months=1)],
    [Factor(name="trust_gain", values=(0.05, 0.1)), Factor(name="structure.influence", values=("hill", "linear"))],
    design=OneAtATime(),
    replicates=30,
)


def outcomes(steps: list[float], *, seeds: int = 30) -> np.ndarray:
    rng = np.random.default_rng(1)
    shared = rng.normal(0, 0.2, seeds)
    return np.stack([0.4 + step + shared + rng.normal(0, 0.01, seeds) for step in (0.0, *steps)])


def test_a_step_is_a_difference_on_the_same_seeds():
    found = steps_of(outcomes([0.1, 0.0, -0.1, 0.02]), WORK, matters=0.02)
    assert found is not None
    assert [(step.factor, step.value) for step in found.steps] == [
        ("trust_gain", 0.05), ("trust_gain", 0.1), ("structure.influence", "hill"), ("structure.influence", "linear"),
    ]  # fmt: skip
    assert [step.verdict for step in found.steps[:3]] == ["ahead", "no difference that matters", "ahead"]
    first = found.steps[0]
    assert first.low < first.difference < first.high
    assert first.adjusted_low <= first.low
    assert first.high <= first.adjusted_high
    assert first.high - first.low < 0.02, "luck that points share is paired away"


def test_seeds_that_a_point_lacks_count_nowhere_and_a_point_without_runs_has_no_step():
    values = outcomes([0.1, 0.0, -0.1, 0.02])
    values[2, 4:] = np.nan
    values[4] = np.nan
    found = steps_of(values, WORK, matters=0.02)
    assert found is not None
    assert [step.pairs for step in found.steps] == [4, 4, 4]
    assert {step.verdict for step in found.steps} == {"too few replicates"}
    values[0] = np.nan
    assert steps_of(values, WORK, matters=0.02) is None


def test_luck_that_all_points_share_leaves_nothing_between_them():
    rng = np.random.default_rng(2)
    points, seeds = rng.normal(0, 1, 200)[:, None], rng.normal(0, 1, 8)[None]
    shared = luck_of(points + seeds)
    own = luck_of(points + rng.normal(0, 1, (200, 8)))
    assert shared is not None
    assert own is not None
    assert shared.left.high < 1e-6
    assert not shared.is_too_much
    assert own.left.low < 1 / 9 < own.left.high
    assert own.of_run.low < 0.5 < own.of_run.high
    assert own.is_too_much


def test_more_seeds_leave_less_luck():
    rng = np.random.default_rng(4)
    values = rng.normal(0, 1, (100, 1)) + rng.normal(0, 1, (100, 40))
    few, many = luck_of(values[:, :3]), luck_of(values)
    assert few is not None
    assert many is not None
    assert many.left.value < few.left.value


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.floats(0, 3), st.floats(0.01, 3), st.integers(2, 6))
def test_shares_are_shares(seed, between, within, seeds):
    rng = np.random.default_rng(seed)
    found = luck_of(between * rng.normal(size=(30, 1)) + within * rng.normal(size=(30, seeds)))
    assert found is not None
    for share in (found.of_run, found.left):
        assert 0 <= share.low <= share.high <= 1
        assert 0 <= share.value <= 1


@pytest.mark.parametrize("shape", [(50, 1), (2, 5)])
def test_too_little_tells_nothing_of_luck(shape):
    assert luck_of(np.random.default_rng(0).normal(size=shape)) is None
    assert luck_of(np.ones((10, 4))) is None
