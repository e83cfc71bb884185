"""The parameters that are named are those along which an effect grows, and none where there is nothing to tell."""

import numpy as np
import polars as pl
import pytest

from experiments.claims.leaning import leanings, rank_correlations
from experiments.claims.rules import FEWEST_TOLD, HOLDS, OPEN, SMALL
from experiments.claims.wording import leaning_sentence
from simulation.parameters import PARAMETERS

POINTS = 240


def drawn(seed: int) -> pl.DataFrame:
    """Return points drawn from all plausible ranges."""
    rng = np.random.default_rng(seed)
    return pl.DataFrame({p.name: rng.uniform(p.low or 0.0, p.high or 0.0, POINTS) for p in PARAMETERS if p.swept})


def test_planted_parameters_are_named_with_their_sides():
    design = drawn(1)
    days, pressure = design["partner_days"].to_numpy(), design["initial_pressure"].to_numpy()
    effect = np.where(days > 30, 0.05, 0.0) * np.where(pressure < 1.0, 1.0, 0.2)
    found = leanings(effect, np.where(effect > 0.02, HOLDS, SMALL), design)
    by_name = {one.parameter: one for one in found}
    assert {"partner_days", "initial_pressure"} <= by_name.keys()
    assert by_name["partner_days"].correlation > 0 > by_name["initial_pressure"].correlation
    assert by_name["partner_days"].upper.value > by_name["partner_days"].lower.value
    assert by_name["partner_days"].low < by_name["partner_days"].correlation < by_name["partner_days"].high
    assert "where partner days is high" in leaning_sentence(by_name["partner_days"])
    assert "where initial pressure is low" in leaning_sentence(by_name["initial_pressure"])


def test_nothing_is_named_where_there_is_nothing_to_tell():
    rng, told = np.random.default_rng(7), np.full(POINTS, SMALL)
    named = [bool(leanings(rng.normal(size=POINTS), told, drawn(k))) for k in range(60)]
    assert np.mean(named) < 0.15, "one in twenty is expected"


def test_shares_leave_out_what_can_not_be_told_and_failed_points_do_not_count():
    design = drawn(3)
    days = design["partner_days"].to_numpy()
    told = np.where(days > 32.5, HOLDS, OPEN)
    effect = days / 100
    effect[:5] = np.nan
    (first, *_) = leanings(effect, told, design)
    assert (first.parameter, first.upper.value) == ("partner_days", 1.0)
    assert "none, for none can be told in the lower half" in leaning_sentence(first)
    assert leanings(np.zeros(POINTS), told, design) == ()
    effect[FEWEST_TOLD - 1 :] = np.nan
    assert leanings(effect, told, design) == ()


def test_rank_correlations_are_those_of_scipy():
    from scipy import stats

    rng = np.random.default_rng(2)
    values, effect = rng.random((50, 3)), rng.integers(0, 9, 50).astype(float)
    expected = [stats.spearmanr(values[:, k], effect).statistic for k in range(3)]
    assert rank_correlations(values, effect) == pytest.approx(expected)
