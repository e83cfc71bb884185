"""A plan is checked before the first run: one clear error names what is wrong and the nearest that is right."""

import pytest

from experiments.mapping import plan_map
from simulation.scenario import ProblemError, load_route, load_scenario
from tests.experiments.mapping.maps import small_plan


def test_by_default_a_map_spans_pressure_and_trust_over_their_plausible_ranges():
    plan = plan_map()
    assert (plan.x.name, plan.x.low, plan.x.high) == ("initial_pressure", 0.88, 1.04)
    assert (plan.y.name, plan.y.low, plan.y.high) == ("initial_trust", 0.1, 0.5)
    assert (plan.cells, plan.looks, plan.month) == (81, (20, 40, 80, 160, 320), 120)
    assert (plan.fewest_runs, plan.most_runs) == (3_240, 51_840)
    assert float(str(plan.points[1][0])) > float(str(plan.points[0][0]))
    assert plan.points[1][1] == plan.points[0][1]


def test_a_round_runs_the_cells_that_go_on_on_the_seeds_that_come_next():
    plan = small_plan()
    work, rows = plan.round(1, [2, 7])
    assert rows == (plan.points[2], plan.points[7])
    assert (work.points, work.replicates, work.first_seed) == (2, 20, 1_000_020)
    assert [arm.route for arm in work.arms] == list(plan.routes)


def test_precision_is_said_in_the_scale_shown():
    assert small_plan(precision=None).precision is None
    assert small_plan(precision=0.2).precision == pytest.approx(0.02)
    assert small_plan(precision=5, outcome="reach").precision == pytest.approx(0.05)


def test_any_number_of_a_scenario_can_be_an_axis():
    plan = small_plan(x="place.network.neighbours=4..8", y="P0=0.9:1", steps=5)
    assert plan.x.name == "place.generated.network.neighbours"
    assert plan.x.levels() == (4, 5, 6, 7, 8)
    assert plan.y.name == "initial_pressure"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"x": "initial_presure"}, r"--x: 'initial_presure' .*did you mean 'initial_pressure'"),
        ({"y": "route.number_of_site=2:4"}, r"--y: .*did you mean 'route.number_of_sites'"),
        ({"x": "T0"}, "is on both axes"),
        ({"x": "initial_pressure=-1:1"}, "--x: .*allowed"),
        ({"x": "initial_trust=0.5:0.1", "y": "P0"}, "not above its start"),
        ({"x": "initial_pressure=1"}, "is no range; allowed: initial_pressure=LOW..HIGH"),
        ({"x": "initial_pressure=a:b"}, "is no range"),
        ({"x": "initial_infrastructure"}, "has no plausible range; allowed: initial_infrastructure=LOW..HIGH"),
        ({"x": "structure.influence"}, "is not a number"),
        ({"x": "route=0:1"}, "is not a number"),
        ({"x": "route.number_of_sites=2:4.5"}, "whole numbers"),
        ({"steps": 1}, "--steps: '1' is the number of steps; allowed: 2 to 100"),
        ({"most": 19}, "--most: '19' .*allowed: 20 or more"),
        ({"first_seed": -1}, "--seed"),
        ({"outcome": "practise"}, "--outcome: 'practise' .*did you mean 'practice'"),
        ({"outcome": "take_off"}, "--outcome: 'take_off'"),
        ({"month": 121}, "--month: '121' .*allowed: 1 to 120"),
        ({"month": 24, "x": "months=24:48"}, "--month"),
        ({"precision": 0.0}, "--precision: '0'"),
        ({"precision": float("nan")}, "--precision: 'nan'"),
        ({"routes": ["none", "none"]}, "--routes: 'none' is given twice"),
        ({"routes": ["none"]}, "--routes: '1' .*allowed: two"),
        ({"routes": ["none", "manifesto-let"]}, "did you mean 'manifesto-led'"),
        ({"x": "slip_back=0.1:0.35", "y": "slip_back_rigidity=0:9"}, "do not go together"),
    ],
)
def test_what_can_not_be_mapped_is_refused_in_words(asked, words):
    with pytest.raises(ProblemError, match=words):
        plan_map(load_scenario("generated"), **asked)


def test_two_files_with_the_same_content_are_two_routes():
    route = load_route("blended")
    twin = route.model_copy(update={"name": "twin"})
    assert small_plan(routes=[route, twin]).routes == ("blended", "twin")


def test_a_range_outside_the_plausible_one_is_noted():
    notes = []
    small_plan(x="initial_pressure=0.5:1", notes=notes)
    assert any("initial_pressure = 0.5 lies outside its plausible range" in text for text in notes)
