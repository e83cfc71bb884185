"""Sobol' indices: right where they are known, honest about how sure they are."""

from functools import cache

import numpy as np
import pytest

from experiments.design import Sobol
from experiments.sensitivity.adequacy import is_enough
from experiments.sensitivity.data import looks
from experiments.sensitivity.sobol import Indices, checks, indices
from tests.experiments.sensitivity.samples import ISHIGAMI_FIRST, ISHIGAMI_TOTAL, ishigami, sobol

NAMES = ["one", "two", "three", "dummy"]


@cache
def found(points: int, *, noise: float = 0.0, second_order: bool = False) -> Indices:
    design, sample = sobol(points, second_order=second_order)
    luck = noise * np.random.default_rng(3).normal(size=len(sample))
    result = indices(ishigami(sample) + luck, NAMES, design)
    assert result is not None
    return result


def test_the_indices_of_a_known_function_are_those_known():
    result = found(1024)
    assert result.first == pytest.approx(ISHIGAMI_FIRST, abs=0.03)
    assert result.total == pytest.approx(ISHIGAMI_TOTAL, abs=0.03)
    assert np.all(np.abs(result.first - ISHIGAMI_FIRST) <= result.first_half + 1e-3)
    assert np.all(np.abs(result.total - ISHIGAMI_TOTAL) <= result.total_half + 1e-3)
    assert result.first_sum == pytest.approx(sum(ISHIGAMI_FIRST), abs=result.first_sum_half)


def test_second_indices_find_the_one_pair_that_acts_together():
    pairs = found(256, second_order=True).pairs
    assert {pairs[0].one, pairs[0].other} == {"one", "three"}
    assert pairs[0].value == pytest.approx(ISHIGAMI_TOTAL[2], abs=pairs[0].half)
    assert all(abs(pair.value) <= pair.half + 1e-9 for pair in pairs[1:])


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_a_factor_without_effect_has_a_first_index_whose_interval_holds_zero(noise):
    result = found(256, noise=noise)
    k = NAMES.index("dummy")
    assert result.first[k] - result.first_half[k] <= 0 <= result.first[k] + result.first_half[k]
    assert result.first_half[k] > 0 or noise == 0
    assert result.judgement(k) == "hardly matters"


def test_a_small_sample_is_called_too_small_and_a_large_one_is_not():
    small, large = found(16), found(1024)
    assert not is_enough(checks(small))
    assert is_enough(checks(large))
    assert small.widest[1] > large.widest[1]
    assert small.needed > 16
    assert large.needed == 1024


def test_factors_that_can_not_be_ranked_are_named_together():
    assert [NAMES[k] for k in found(1024).tied] == ["one"]
    design, sample = sobol(64, 2)
    alike = indices(sample[:, 0] + sample[:, 1], ["a", "b"], design)
    assert alike is not None
    assert sorted(alike.tied) == [0, 1]


def test_only_whole_blocks_count():
    design, sample = sobol(64)
    outcomes = ishigami(sample)
    outcomes[3 * 6 + 2] = np.nan
    outcomes[60 * 6 :] = np.nan
    result = indices(outcomes, NAMES, design)
    assert result is not None
    assert (result.blocks, result.planned) == (59, 64)
    assert result.looks == (14, 29, 59)
    kept = np.isfinite(outcomes.reshape(64, 6)).all(axis=1)
    alone = indices(outcomes.reshape(64, 6)[kept].ravel(), NAMES, design)
    assert alone is not None
    assert np.array_equal(alone.total, result.total)


def test_what_does_not_vary_or_is_hardly_there_has_no_indices():
    design, sample = sobol(64)
    assert indices(np.ones(len(sample)), NAMES, design) is None
    outcomes = np.full(len(sample), np.nan)
    outcomes[: 7 * 6] = ishigami(sample)[: 7 * 6]
    assert indices(outcomes, NAMES, design) is None


def test_the_same_outcomes_give_the_same_intervals():
    first, again = found(32), found.__wrapped__(32)
    assert np.array_equal(first.first_half, again.first_half)


def test_indices_that_contradict_one_another_are_said_to():
    result = found(1024)
    broken = Indices(**{**vars(result), "first": result.first + 0.5, "first_sum": result.first_sum + 2})
    accord = checks(broken)[-1]
    assert not accord.passed
    assert "more than the whole" in accord.words
    assert "above its total" in accord.words
    below = checks(Indices(**{**vars(result), "first": result.first - 1}))[-1]
    assert "below zero" in below.words


def test_looks_are_nested_and_never_more_than_there_is():
    for blocks in range(2, 40):
        at = looks(blocks)
        assert at[-1] == blocks
        assert all(count <= blocks for count in at)


def test_a_design_of_another_size_is_refused_by_its_shape():
    with pytest.raises(ValueError, match="reshape"):
        indices(np.arange(25.0), NAMES, Sobol(points=4))
