"""Designs lay out the points they promise, and lay them out again from the same seed."""

import tracemalloc
import warnings
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SALib.sample import morris, sobol

from experiments import design as designs
from experiments.design import Grid, LatinHypercube, Morris, OneAtATime, Sobol, plain, size, unit_sample
from experiments.factors import Factor

RANGE = Factor(name="trust_gain", low=0.04, high=0.12)
OTHER = Factor(name="initial_pressure", low=0.9, high=1.1)
CHOICE = Factor(name="structure.influence", values=("hill", "linear", "threshold"))
COUNT = Factor(name="route.number_of_sites", low=3, high=7, whole=True)
DRAWN = [LatinHypercube(points=12), Sobol(points=8), Sobol(points=4, second_order=True), Morris(trajectories=3)]


def columns(design, factors):
    """Return every column as Python's own values."""
    return [[plain(value) for value in column] for column in designs.columns(design, factors)]


@pytest.mark.parametrize("design", [*DRAWN, Grid(), OneAtATime()], ids=lambda design: design.type)
def test_size_is_told_beforehand_and_the_same_seed_gives_the_same_points(design):
    factors = [RANGE.model_copy(update={"steps": 3}), CHOICE, COUNT.model_copy(update={"steps": 2})]
    first, second = columns(design, factors), columns(design, factors)
    assert first == second
    assert {len(column) for column in first} == {size(design, factors)}


@pytest.mark.parametrize("design", DRAWN[:2] + DRAWN[3:], ids=lambda design: design.type)
def test_another_seed_gives_other_points(design):
    assert columns(design, [RANGE, OTHER]) != columns(design.model_copy(update={"seed": 9}), [RANGE, OTHER])


def test_a_grid_holds_every_combination_once():
    points = list(zip(*columns(Grid(), [CHOICE, COUNT.model_copy(update={"steps": 5})]), strict=True))
    assert sorted(points) == [(choice, n) for choice in ("hill", "linear", "threshold") for n in (3, 4, 5, 6, 7)]


def test_a_latin_hypercube_uses_every_stretch_of_every_range_once():
    column = columns(LatinHypercube(points=12), [RANGE, OTHER])[0]
    stretches = np.floor((np.array(column) - 0.04) / 0.08 * 12).astype(int)
    assert sorted(stretches) == list(range(12))


def test_a_choice_and_a_count_get_equal_shares():
    choice, count = columns(LatinHypercube(points=15), [CHOICE, COUNT])
    assert Counter(choice) == dict.fromkeys(CHOICE.values, 5)
    assert Counter(count) == dict.fromkeys((3, 4, 5, 6, 7), 3)


def test_sobol_and_morris_are_salib_s_own_samples():
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [0, 1]]}
    theirs = sobol.sample(problem, 8, calc_second_order=False, seed=5)
    assert np.array_equal(unit_sample(Sobol(points=8, seed=5), 2), theirs)
    assert np.array_equal(unit_sample(Morris(trajectories=4, seed=5), 2), morris.sample(problem, 4, seed=5))


def test_morris_moves_one_factor_at_a_time():
    sample = unit_sample(Morris(trajectories=4), 3).reshape(4, 4, 3)
    moved = (np.diff(sample, axis=1) != 0).sum(axis=2)
    assert (moved == 1).all()


def test_one_at_a_time_leaves_all_others_as_they_are():
    first, second = columns(OneAtATime(), [CHOICE, COUNT.model_copy(update={"steps": 2})])
    assert first == [None, "hill", "linear", "threshold", None, None]
    assert second == [None, None, None, None, 3, 7]


def test_a_logarithmic_range_steps_by_ratios_and_keeps_its_ends():
    levels = Factor(name="partner_days", low=5, high=80, steps=5, scale="log").levels()
    assert levels[0] == 5
    assert levels[-1] == 80
    assert np.allclose(levels, [5, 10, 20, 40, 80])


@given(
    low=st.floats(-5, 5),
    span=st.floats(1e-3, 10),
    whole=st.booleans(),
    scale=st.sampled_from(["linear", "log"]),
    units=st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
def test_a_column_s_values_are_those_of_its_points(low, span, whole, scale, units):
    low = abs(low) + 0.1 if scale == "log" else low
    ends = (float(np.floor(low)), float(np.ceil(low + span))) if whole else (low, low + span)
    factor = Factor(name="x", low=ends[0], high=ends[1], whole=whole, scale=scale)
    assert [plain(value) for value in factor.along(np.array(units))] == [factor.at(unit) for unit in units]


def test_a_large_hypercube_needs_no_more_memory_than_its_columns_once():
    factors = [Factor(name=f"x{k}", low=0, high=1) for k in range(10)]
    tracemalloc.start()
    try:
        for column in designs.columns(LatinHypercube(points=50_000), factors):
            assert len(column) == 50_000
        assert tracemalloc.get_traced_memory()[1] < 5 * 8 * 50_000 + 1e6
    finally:
        tracemalloc.stop()


def test_sampling_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for design in DRAWN:
            columns(design, [RANGE, OTHER])
