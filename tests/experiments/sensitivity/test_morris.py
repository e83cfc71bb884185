"""Morris screening: exact on a line, uneven where factors act together, honest where walks are few."""

import numpy as np
import pytest

from experiments.sensitivity.adequacy import is_enough
from experiments.sensitivity.morris import Screening, checks, elementary_effects, screening
from tests.experiments.sensitivity.samples import morris

SLOPES = np.array([3.0, -1.0, 0.0, 0.5])
NAMES = list("abcd")


def found(walks: int, bend: float = 0.0, noise: float = 0.0, matters: float | None = 0.2) -> Screening:
    design, sample = morris(walks, 4)
    luck = noise * np.random.default_rng(5).normal(size=len(sample))
    outcomes = sample @ SLOPES + bend * sample[:, 0] * sample[:, 1] + luck
    result = screening(outcomes, NAMES, design, matters=matters)
    assert result is not None
    return result


def test_effects_of_a_line_are_its_slopes_without_spread():
    result = found(12)
    assert result.mean == pytest.approx(SLOPES)
    assert result.size == pytest.approx(np.abs(SLOPES))
    assert result.spread == pytest.approx(np.zeros(4), abs=1e-9)
    assert [result.judgement(k) for k in range(4)] == ["matters", "matters", "hardly matters", "matters"]
    assert result.tied == (0,)
    assert is_enough(checks(result))


def test_the_values_agree_with_effects_taken_step_by_step():
    design, sample = morris(10, 4)
    outcomes = sample @ SLOPES + 2 * sample[:, 0] * sample[:, 1]
    effects = elementary_effects(sample.reshape(-1, 5, 4), outcomes.reshape(-1, 5))
    result = screening(outcomes, NAMES, design, matters=0.2)
    assert result is not None
    assert result.mean == pytest.approx(effects.mean(axis=0))
    assert result.spread == pytest.approx(effects.std(axis=0, ddof=1))


def test_factors_that_act_together_have_effects_that_spread():
    result = found(20, bend=4.0)
    assert result.spread[0] > 0.5
    assert result.spread[2] == pytest.approx(0, abs=1e-9)
    assert result.spread_low[0] < result.spread[0] < result.spread_high[0]


def test_a_factor_without_effect_under_luck_has_a_mean_whose_interval_holds_zero():
    result = found(30, noise=0.05)
    k = NAMES.index("c")
    assert result.mean_low[k] < 0 < result.mean_high[k]
    assert result.judgement(k) == "hardly matters"


def test_luck_makes_it_impossible_to_tell():
    result = found(10, noise=0.3)
    assert any(result.judgement(k) == "can't be told" for k in range(4))
    assert not is_enough(checks(result))


def test_few_walks_are_called_few():
    few = {check.name: check.passed for check in checks(found(4, bend=4.0))}
    assert not few["walks enough"]
    assert is_enough(checks(found(12)))


def test_without_a_smallest_difference_the_line_is_a_part_of_the_spread():
    assert found(12, matters=None).line > 0


def test_only_whole_walks_count():
    design, sample = morris(10, 4)
    outcomes = sample @ SLOPES
    outcomes[[3, 7, 8]] = np.nan
    result = screening(outcomes, NAMES, design, matters=0.2)
    assert result is not None
    assert result.walks == 8
    assert result.mean == pytest.approx(SLOPES)
    assert screening(np.full(len(sample), np.nan), NAMES, design, matters=0.2) is None
