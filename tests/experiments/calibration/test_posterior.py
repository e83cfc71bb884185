"""What sets tell is computed from them: other sets, other verdicts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.calibration.abc_smc import Population
from experiments.calibration.posterior import NARROW, quantiles, resampled, told, trade_offs
from experiments.calibration.priors import Chosen, Prior

NAMES = ("one", "two", "three")
CHOSEN = Chosen(tuple(Prior(name, 2.0, 4.0) for name in NAMES))
EXPLAINED = np.zeros(3)


def population(unit, weights=None):
    """Return sets from values on 0-1 of their priors."""
    n = len(unit)
    weights = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    return Population(0, 1.0, 2 + 2 * np.asarray(unit), weights / weights.sum(), np.ones(n), 4 * n)


def verdicts(unit, weights=None, **more):
    return [one.verdict for one in told(CHOSEN, population(unit, weights), EXPLAINED, **({"reproduces": True} | more))]


def test_sets_from_the_prior_itself_tell_hardly_ever_anything():
    rng = np.random.default_rng(1)
    found = [verdicts(rng.random((200, 3)), rng.exponential(size=200)) for _ in range(40)]
    assert sum(any(one != "can't tell" for one in some) for some in found) <= 3


def test_verdicts_follow_the_sets():
    rng = np.random.default_rng(2)
    unit = rng.random((200, 3))
    unit[:, 0] = 0.4 + 0.3 * unit[:, 0]
    unit[:, 1] = unit[:, 1] ** 1.8
    assert verdicts(unit) == ["narrowed", "leans", "can't tell"]
    assert verdicts(unit, reproduces=False) == ["not to be read"] * 3
    first = told(CHOSEN, population(unit), EXPLAINED, reproduces=True)[0]
    assert first.ratio < NARROW
    assert 2.8 < first.low < first.median < first.high < 3.4


def test_a_few_heavy_sets_tell_nothing():
    unit = 0.45 + 0.1 * np.random.default_rng(3).random((200, 3))
    weights = np.full(200, 1e-6)
    weights[:5] = 1
    assert verdicts(unit, weights) == ["can't tell"] * 3


def test_unknowns_that_make_up_for_one_another():
    rng = np.random.default_rng(4)
    unit = rng.random((300, 3))
    unit[:, 1] = 1 - unit[:, 0] + 0.05 * (rng.random(300) - 0.5)
    (pair,) = trade_offs(CHOSEN, population(unit))
    assert (pair.first, pair.second) == ("one", "two")
    assert pair.correlation < -0.9


@settings(max_examples=40)
@given(arrays(float, st.integers(2, 40), elements=st.floats(-5, 5)), st.integers(1, 4))
def test_a_weight_is_a_set_standing_several_times(values, times):
    weights = np.ones(len(values))
    weights[0] = times
    plain = np.concatenate([np.repeat(values[:1], times), values[1:]])
    low, high = plain.min(), plain.max()
    found = quantiles(values, weights, (0.0, 0.25, 0.5, 1.0))
    assert np.all(np.diff(found) >= -1e-12)
    assert found[0] >= low - 1e-12
    assert found[-1] <= high + 1e-12
    assert quantiles(values, 7 * weights, (0.25,)) == pytest.approx(quantiles(values, weights, (0.25,)))


@settings(max_examples=40)
@given(arrays(float, st.integers(1, 30), elements=st.floats(0.01, 5)), st.integers(1, 60), st.integers(0, 9))
def test_sets_are_drawn_by_weight_as_evenly_as_can_be(weights, number, seed):
    rows = resampled(weights, number, seed=seed)
    count = np.bincount(rows, minlength=len(weights))
    assert count.sum() == number
    assert np.all(np.abs(count - number * weights / weights.sum()) < 1 + 1e-9)
