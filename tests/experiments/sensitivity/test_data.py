"""What may be asked, on which axes, of which subjects."""

from itertools import permutations

import numpy as np
import polars as pl
import pytest

from experiments.design import OneAtATime, columns
from experiments.factors import Factor
from experiments.sensitivity.data import Cube, axes_of, label, other_pairs, own_value, plain, question_of, subjects_of
from experiments.store import design_frame
from experiments.work import work_of
from simulation.scenario import ProblemError, Scenario, load_route, load_scenario

SCENARIO = load_scenario("generated").changed(months=30)
WORK = work_of([SCENARIO], [Factor(name="trust_gain", values=(0.05, 0.1))], routes=["none", "blended", "prototype-led"])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"outcome": "practise"}, "did you mean 'practice'"),
        ({"month": 31}, "0 to 30"),
        ({"month": 12}, "allowed: 24"),
        ({"month": 24, "outcome": "trust"}, "was not kept"),
        ({"above": 2, "below": 1}, "one line at a time"),
        ({"pair": ("blended", "manifesto-led")}, "'manifesto-led' is no route of this sweep; allowed: none, blended"),
        ({"pair": ("blended", "prototype_led")}, "did you mean 'prototype-led'"),
        ({"pair": ("blended", "blended")}, "takes two routes"),
    ],
)
def test_what_can_not_be_asked_is_said(asked, words):
    with pytest.raises(ProblemError, match=words):
        question_of(WORK, **asked)


def test_what_months_do_not_measure_is_not_asked_of_a_month():
    kept = work_of([SCENARIO], WORK.factors, keep="months")
    assert question_of(kept, month=7, outcome="trust").column is None
    with pytest.raises(ProblemError, match="month by month"):
        question_of(kept, month=7, outcome="take_off")


def test_lines_are_given_in_the_scale_shown():
    assert question_of(WORK, above=2.5, ahead=-0.2).above == 0.25
    assert question_of(WORK, ahead=-0.2).ahead_by == pytest.approx(-0.02)
    assert question_of(WORK).ahead_by == 0.02
    assert question_of(WORK, outcome="reach", below=30).below == pytest.approx(0.3)
    assert question_of(WORK, month=24).column == "practice_24"


def test_an_empty_cell_is_the_scenario_s_own_value():
    factors = [
        Factor(name="trust_gain", values=(0.05, 0.1)),
        Factor(name="route.number_of_sites", values=(3, 8)),
        Factor(name="place.generated.network.kind", values=("random", "clustered")),
        Factor(name="without", values=("evidence",)),
        Factor(name="months", values=(12,)),
    ]
    work = work_of([SCENARIO], factors, design=OneAtATime())
    axes = {axis.name: axis for axis in axes_of(work, design_frame(work, columns(work.design, factors)), work.arms[0])}
    trust_gain, sites = axes["trust_gain"].numbers, axes["route.number_of_sites"].numbers
    assert trust_gain is not None
    assert sites is not None
    assert trust_gain[0] == SCENARIO.numbers.trust_gain
    assert sites[0] == SCENARIO.route.number_of_sites
    assert axes["place.generated.network.kind"].choices[0] == "small-world"
    assert axes["without"].choices[0] == "nothing"
    assert axes["months"].levels == (12.0, 30.0)
    assert own_value(Scenario(), "nothing.of.the.kind") is None
    assert label("route.phases[1].shares.help") == "route: phase 1 help"


def test_a_factor_with_one_value_is_no_axis():
    work = work_of([SCENARIO], [Factor(name="trust_gain", values=(0.05,))])
    assert axes_of(work, design_frame(work, columns(work.design, work.factors)), work.arms[0]) == []


def cube(values: np.ndarray, ended: np.ndarray | None = None) -> Cube:
    return Cube(values, np.isfinite(values) if ended is None else ended, pl.DataFrame())


def test_differences_come_first_and_are_paired_by_seed():
    values = np.random.default_rng(0).random((2, 3, 4))
    found, notes = subjects_of(WORK, cube(values))
    titles = ["Prototype-led minus blended", "No learning partner", "Blended", "Prototype-led"]
    assert [subject.title for subject in found] == titles
    assert [subject.is_difference for subject in found] == [True, False, False, False]
    assert np.array_equal(found[0].values, values[:, 2] - values[:, 1])
    assert notes == []


def test_any_two_routes_can_be_asked_for_and_the_others_are_offered():
    values = np.random.default_rng(0).random((2, 3, 4))
    names = ["none", "blended", "prototype-led"]
    for pair in permutations(names, 2):
        asked = question_of(WORK, pair=pair)
        found, _ = subjects_of(WORK, cube(values), asked.pair)
        assert (found[0].arm.route, found[0].second.route) == pair
        assert np.array_equal(found[0].values, values[:, names.index(pair[0])] - values[:, names.index(pair[1])])
        assert plain(asked)["pair"] == list(pair), "another pair is another analysis"
    assert "pair" not in plain(question_of(WORK))
    (offered,) = other_pairs(subjects_of(WORK, cube(values))[0])
    assert all(name in offered for name in names)
    two = work_of([SCENARIO], WORK.factors, routes=names[:2])
    assert other_pairs(subjects_of(two, cube(values[:, :2]))[0]) == []


def test_a_pair_is_refused_where_the_route_is_a_factor():
    varied = work_of([SCENARIO], [Factor(name="route", values=("blended", "none"))])
    with pytest.raises(ProblemError, match="the route is a factor"):
        question_of(varied, pair=("blended", "none"))


def test_a_point_counts_with_half_of_its_seeds():
    values = np.random.default_rng(0).random((2, 3, 4))
    values[0, 1, :2] = np.nan
    values[1, 1, :3] = np.nan
    found, _ = subjects_of(WORK, cube(values))
    blended = next(subject for subject in found if not subject.is_difference and subject.arm.route == "blended")
    assert blended.means[0] == pytest.approx(values[0, 1, 2:].mean())
    assert np.isnan(blended.means[1])


def test_a_route_whose_runs_end_without_the_outcome_is_left_out_and_named():
    values = np.random.default_rng(0).random((2, 3, 4))
    values[0, 2, 1] = np.inf
    found, notes = subjects_of(WORK, cube(values, np.ones_like(values, dtype=bool)))
    assert all(subject.arm.route != "prototype-led" for subject in found)
    assert "prototype-led" in notes[0]
    assert "1 of its runs" in notes[0]


def test_where_the_route_is_a_factor_no_subject_has_one_of_its_own():
    routes = {name: load_route(name) for name in ("none", "blended")}
    work = work_of([SCENARIO], [Factor(name="route", values=tuple(routes), routes=routes)])
    found, _ = subjects_of(work, cube(np.zeros((2, 1, 3))))
    assert [subject.title for subject in found] == ["Every route of the plan"]
