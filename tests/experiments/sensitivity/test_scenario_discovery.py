"""Regions and scores: a planted box is found, chance is not, and too few points are refused."""

import numpy as np
import pytest

from experiments.reporting.sensitivity import limit_words, scores_sentence, search_verdict
from experiments.sensitivity.adequacy import is_enough
from experiments.sensitivity.analysis import Search
from experiments.sensitivity.data import Axis, Question, Subject
from experiments.sensitivity.feature_scoring import checks, scores
from experiments.sensitivity.scenario_discovery import enough_to_seek, line_of, near, region
from experiments.work import work_of
from simulation.scenario import Scenario

RNG = np.random.default_rng(1)
POINTS = 240
AXES = [Axis(name, RNG.random(POINTS)) for name in ("a", "b", "c")]
KIND = Axis("kind", None, tuple(RNG.choice(["x", "y", "z"], POINTS).tolist()))
A, B = (np.asarray(axis.numbers) for axis in AXES[:2])
PLANTED = (A > 0.5) & (np.array(KIND.choices) != "y")


@pytest.fixture(scope="module")
def planted():
    return region([*AXES, KIND], PLANTED, halves=3)


def test_a_planted_region_is_found_and_holds_up(planted):
    limits = {limit.axis.name: limit for limit in planted.limits}
    assert set(limits) == {"a", "kind"}
    assert limits["a"].low == pytest.approx(0.5, abs=0.05)
    assert np.isnan(limits["a"].quasi_p[1]), "its high end is the sample's own"
    assert limits["kind"].choices == ("x", "z")
    assert all(limit.again == 1 for limit in planted.limits)
    assert planted.coverage > 0.9
    assert planted.density > 0.9
    assert planted.holds
    assert limit_words(limits["a"]).startswith("a is above 0.")
    assert limit_words(limits["kind"]) == "kind is x or z"


def test_density_and_coverage_are_those_of_the_points_inside(planted):
    a, kind = (next(limit for limit in planted.limits if limit.axis.name == name) for name in ("a", "kind"))
    inside = (a.low <= A) & (a.high >= A) & np.isin(np.array(KIND.choices), list(kind.choices))
    assert planted.inside == inside.sum()
    assert planted.density == pytest.approx(PLANTED[inside].mean())
    assert planted.coverage == pytest.approx(inside[PLANTED].mean())
    assert planted.mass == pytest.approx(inside.mean())


def test_the_halves_are_read_on_points_they_never_saw(planted):
    assert len(planted.held_density) == 3
    assert np.all(planted.held_density > planted.held_base)
    assert np.all(planted.held_density <= 1)
    assert planted.way["taken"].sum() == 1


def test_chance_is_no_region_that_holds_up():
    found = region(AXES[:2], np.random.default_rng(8).random(POINTS) < 0.3, halves=3)
    assert not found.holds


def test_points_drawn_together_stay_together_in_a_half():
    groups = np.arange(POINTS) // 8
    found = region(AXES[:1], A > 0.6, groups=groups, halves=1)
    assert found.held_density[0] > 0.9


def test_a_region_is_sought_only_with_points_on_both_sides():
    few = np.zeros(100, dtype=bool)
    few[:5] = True
    held = enough_to_seek(few, 2)
    assert not is_enough(held)
    assert "5 of 100 points lie on the side sought and 95 do not" in held[0].words
    assert is_enough(enough_to_seek(np.arange(100) < 50, 2))
    assert not is_enough(enough_to_seek(np.arange(100) < 50, 12))
    with pytest.raises(ValueError, match="some points"):
        region(AXES, np.ones(POINTS, dtype=bool))


def test_a_factor_without_effect_scores_no_higher_than_chance_and_a_strong_one_does():
    outcomes = 2 * A + np.where(np.array(KIND.choices) == "y", 1.0, 0.0) + 0.1 * np.random.default_rng(2).random(POINTS)
    found = scores([*AXES, KIND], outcomes, times=3, trees=40)
    assert found.above_chance == ["a", "kind"]
    assert found.low[1] <= found.chance
    assert is_enough(checks(found))
    assert "a and kind stand out" in scores_sentence(found)


def test_forests_that_explain_nothing_say_that_the_sample_is_too_small():
    found = scores(AXES, np.random.default_rng(9).random(POINTS), times=2, trees=40)
    assert not is_enough(checks(found))
    assert scores_sentence(found).startswith("The sample is too small to tell by feature scoring")


def test_a_single_factor_can_be_scored():
    assert scores(AXES[:1], A**2, times=1, trees=20).above_chance == ["a"]


def test_lines_are_asked_for_or_read_from_the_data():
    means = np.linspace(0, 0.6, 100)
    usual = line_of(means, Question(), difference=False)
    assert (usual.value, usual.above) == (0.25, True)
    low = line_of(means / 10, Question(), difference=False)
    assert low.value == pytest.approx(0.045, abs=0.006)
    assert 0.2 < low.sought(means / 10).mean() < 0.4
    below = line_of(means, Question(below=0.1), difference=False)
    assert below.sought(means).sum() == (means < 0.1).sum()
    ahead, behind = (line_of(means, Question(ahead=by), difference=True) for by in (None, -0.05))
    assert (ahead.value, ahead.above) == (0.02, True)
    assert (behind.value, behind.above) == (-0.05, False)


def test_how_many_points_luck_may_have_put_on_the_other_side():
    line = line_of(np.linspace(0, 0.6, 100), Question(), difference=False)
    sure = np.repeat(np.linspace(0, 0.6, 100)[:, None], 5, axis=1) + np.array([-1, 0, 1, 0, 0]) * 1e-4
    assert near(sure, line) < 0.02
    assert near(sure + np.array([-1, 0, 1, 0.5, -0.5]), line) == 1
    assert np.isnan(near(sure[:, :1], line))


def test_where_no_point_or_every_point_is_sought_that_is_said():
    subject = Subject(work_of([Scenario()]).arms[0], None, np.zeros((30, 2)), "")
    line = line_of(np.zeros(30), Question(above=0.5), difference=False)
    said = [search_verdict(Search(line, 30, count, (), 0.0, None), Question(), subject).words for count in (0, 30)]
    assert said[0].startswith("At none of the 30 points practice at the end is above 5.0 of 10")
    assert said[1].startswith("At all 30 points")
