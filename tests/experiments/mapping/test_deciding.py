"""A cell is judged by its own runs alone, the same way round for both routes, and stays honest however often."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.mapping.cells import Found, fresh, going_on, grown
from experiments.mapping.deciding import Rule, decide
from tests.experiments.mapping.maps import small_plan

RULE = Rule((20, 40), 0.02)
MIRROR = {
    "first ahead": "second ahead", "second ahead": "first ahead", "leans to first": "leans to second",
    "leans to second": "leans to first",
}  # fmt: skip
SEEDS = st.integers(0, 2**32 - 1)


@cache
def nine_cells():
    return small_plan(precision=None)


def drawn(seed, pairs=20, shift=0.0, spread=0.05):
    """Two routes' outcomes on the same seeds; a third of the pairs do not differ."""
    rng = np.random.default_rng(seed)
    second = rng.uniform(0, 1, pairs)
    return second + np.where(rng.uniform(size=pairs) < 1 / 3, 0.0, rng.normal(shift, spread, pairs)), second


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from([20, 40]), st.floats(-0.1, 0.1), st.sampled_from([0.0, 1e-9, 0.01, 0.3]))
def test_exchanging_the_routes_flips_the_sign_and_mirrors_the_verdict(seed, pairs, shift, spread):
    first, second = drawn(seed, pairs, shift, spread)
    here, there = decide(RULE, first, second), decide(RULE, second, first)
    assert (there.difference, there.low, there.high) == (-here.difference, -here.high, -here.low)
    assert there.verdict == MIRROR.get(here.verdict, here.verdict)
    assert (there.why, there.replicates) == (here.why, here.replicates)


@settings(max_examples=25, deadline=None)
@given(SEEDS, SEEDS, st.integers(0, 8))
def test_a_cell_s_decision_uses_only_its_own_runs(seed, other, k):
    plan = nine_cells()

    def found(which, cells, pairs):
        rng = np.random.default_rng(which)
        values = rng.normal(0.3, 0.05, (cells, 2, pairs)) + rng.uniform(-0.1, 0.1, (cells, 2, 1))
        return Found(values, values, np.zeros(values.shape, dtype=bool))

    one, another = found(seed, 9, 20), found(other, 9, 20)
    mixed = Found(another.outcome.copy(), another.practice.copy(), another.failed)
    mixed.outcome[k], mixed.practice[k] = one.outcome[k], one.practice[k]
    cells, changed = grown(plan, fresh(plan), one), grown(plan, fresh(plan), mixed)
    assert cells[k].decision == changed[k].decision
    if not cells[k].decision.goes_on:
        return
    more = found(seed + 1, 1, 20)
    again = []
    for state in (cells, changed):
        on = going_on(state)
        rest = found(other + 1, len(on), 20)
        rest.outcome[on.index(k)] = more.outcome[0]
        again.append(grown(plan, state, rest)[k].decision)
    assert again[0] == again[1]
    assert again[0].replicates == 40


def test_two_equal_routes_stop_at_the_first_look_without_a_difference():
    first, _ = drawn(3)
    found = decide(RULE, first, first)
    assert (found.difference, found.low, found.high) == (0, 0, 0)
    assert (found.verdict, found.why) == ("no difference that matters", "too small to matter")


@pytest.mark.parametrize(
    ("shift", "spread", "precision", "verdict", "why"),
    [
        (0.2, 0.01, None, "first ahead", "sign"),
        (-0.2, 0.01, None, "second ahead", "sign"),
        (0.025, 0.02, None, "leans to first", "sign"),
        (0.002, 0.01, None, "no difference that matters", "too small to matter"),
        (0.0, 0.5, None, "undecided", "goes on"),
        (0.2, 0.1, 0.01, "first ahead", "goes on"),
        (0.2, 0.01, 0.05, "first ahead", "narrow enough"),
        (0.002, 0.01, 0.001, "no difference that matters", "goes on"),
    ],
)
def test_when_a_cell_stops_and_why(shift, spread, precision, verdict, why):
    second = np.linspace(0.2, 0.4, 20)
    first = second + shift + spread * np.linspace(-1, 1, 20)
    found = decide(Rule((20, 40), 0.02, precision), first, second)
    assert (found.verdict, found.why) == (verdict, why)
    assert found.goes_on == (why == "goes on")


def test_at_the_last_look_a_cell_stops_undecided():
    first, second = drawn(5, 40, spread=0.9)
    found = decide(RULE, first, second)
    assert (found.verdict, found.why) == ("undecided", "last look")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_cell_with_a_run_that_has_no_number_is_not_measured_and_stops(bad):
    first, second = drawn(5)
    first[3] = bad
    found = decide(RULE, first, second)
    assert (found.verdict, found.why) == ("not measured", "not measured")
    assert np.isnan([found.difference, found.low, found.high]).all()


def test_looking_again_and_again_does_not_make_a_difference_out_of_chance():
    rng, cells = np.random.default_rng(11), 300
    rule = Rule((20, 40, 80), 0.0)
    wrong = 0
    for _ in range(cells):
        values = rng.normal(0, 1, 80)
        looked = (decide(rule, values[:n], np.zeros(n)) for n in rule.looks)
        wrong += next((found.why == "sign" for found in looked if not found.goes_on), False)
    assert wrong / cells <= 0.05 + 2 * (0.05 * 0.95 / cells) ** 0.5
