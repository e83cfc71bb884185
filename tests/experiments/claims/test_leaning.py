"""The parameters that are named are those that tell where a claim holds, and none where there is nothing to tell."""

import numpy as np
import polars as pl
import pytest

from experiments.claims.leaning import leanings, rank_correlations
from experiments.claims.rules import HOLDS, OPEN, SMALL
from experiments.claims.wording import leaning_sentence
from simulation.parameters import PARAMETERS

POINTS = 240


def drawn(seed: int) -> pl.DataFrame:
    """Return points drawn from all plausible ranges."""
    rng = np.random.default_rng(seed)
    return pl.DataFrame({p.name: rng.uniform(p.low or 0.0, p.high or 0.0, POINTS) for p in PARAMETERS if p.swept})


def test_a_planted_parameter_is_named_first_with_its_side():
    design = drawn(1)
    days, pressure = design["partner_days"].to_numpy(), design["initial_pressure"].to_numpy()
    held = (days > 30) & (pressure < 1.0)
    found = leanings(np.where(held, HOLDS, SMALL), design)
    assert {one.parameter for one in found} >= {"partner_days", "initial_pressure"}
    by_name = {one.parameter: one for one in found}
    assert by_name["partner_days"].correlation > 0 > by_name["initial_pressure"].correlation
    assert by_name["partner_days"].upper.value > by_name["partner_days"].lower.value
    assert by_name["partner_days"].low < by_name["partner_days"].correlation < by_name["partner_days"].high
    assert "with partner days in the upper half of its range" in leaning_sentence(by_name["partner_days"])
    assert "with initial pressure in the lower half of its range" in leaning_sentence(by_name["initial_pressure"])


def test_nothing_is_named_where_there_is_nothing_to_tell():
    rng = np.random.default_rng(7)
    named = [bool(leanings(np.where(rng.random(POINTS) < 0.4, HOLDS, SMALL), drawn(k))) for k in range(60)]
    assert np.mean(named) < 0.15, "one in twenty is expected"


def test_points_that_can_not_be_told_do_not_count():
    design = drawn(3)
    held = np.where(design["partner_days"].to_numpy() > 30, HOLDS, SMALL)
    held[:200] = OPEN
    assert leanings(held, design)[0].parameter == "partner_days"
    held[:225] = OPEN
    assert leanings(held, design) == ()
    assert leanings(np.full(POINTS, HOLDS), design) == ()


def test_rank_correlations_are_those_of_scipy():
    from scipy import stats

    rng = np.random.default_rng(2)
    values, held = rng.random((50, 3)), rng.random(50) < 0.5
    expected = [stats.spearmanr(values[:, k], held).statistic for k in range(3)]
    assert rank_correlations(values, held) == pytest.approx(expected)
