"""Observations are summed up by month: what a summary says is a property of the scores."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.fitting.seeing import seeing, seen
from experiments.fitting.summaries import FEW, summaries, summed_up
from experiments.fitting.targets import ALL, PLACE, Observation, Targets
from simulation.course import simulate
from simulation.start import roster
from simulation.vocabulary import BEHAVIOUR_IDS
from tests.experiments.fitting.fits import scenario


def table(people, behaviours=("shared_vision", "shared_power"), months=(3, 9)):
    return [
        Observation(f"organisation-{k}", behaviour, month, 0.0, 0.1)
        for month in months
        for k in range(people)
        for behaviour in behaviours
    ]


@settings(max_examples=25)
@given(st.integers(1, 9), st.integers(0, 99), st.floats(-1, 1))
def test_a_shift_of_all_scores_moves_means_alone(people, seed, shift):
    rows = table(people)
    how = summaries(rows)
    values = np.random.default_rng(seed).random((4, len(rows)))
    moved = summed_up(values + shift, how) - summed_up(values, how)
    for k, one in enumerate(how):
        np.testing.assert_allclose(moved[:, k], shift if one.kind == "mean" else 0, atol=1e-12)


def test_few_organisations_stand_for_themselves_and_many_by_their_spread():
    assert [one.kind for one in summaries(table(FEW, months=(3,)))] == ["mean", "less", "spread"]
    assert [one.what for one in summaries(table(3, (ALL,), (3,)))] == ["mean", "organisation-0", "organisation-1"]
    assert [one.what for one in summaries([Observation(PLACE, ALL, 3, 0.2, 0.1)])] == ["mean"]


def test_what_is_seen_is_what_the_run_recorded():
    what = scenario()
    rows = [
        Observation(PLACE, ALL, 0, 0, 0.1),
        Observation(PLACE, "shared_vision", 12, 0, 0.1),
        Observation("organisation-3", ALL, 24, 0, 0.1),
        Observation("organisation-3", "shared_power", 24, 0, 0.1),
    ]
    run = simulate(what, 5, detail="full")
    place_before, vision, own, cell = seen(run, seeing(Targets(tuple(rows)), roster(what.place).ids))
    assert place_before == run.at("practice", 0)
    assert vision == run.behaviours[run.burn_in + 11, BEHAVIOUR_IDS.index("shared_vision")]
    np.testing.assert_allclose(own, run.practice[run.burn_in + 23, 3].mean())
    assert cell == run.practice[run.burn_in + 23, 3, BEHAVIOUR_IDS.index("shared_power")]
