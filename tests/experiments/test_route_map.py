"""The break-even line lies where the surface is zero, and nowhere where the routes never differ."""

from contextlib import contextmanager

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from experiments.executors import Processes, Threads
from experiments.factors import applied
from experiments.manifest import faults, read_manifest
from experiments.output_folder import OutputError
from experiments.reporting.result_files import write_map
from experiments.results import load
from experiments.route_map import Stopped, carry_out, contours, plan_map, read, round_folder, zero_lines
from experiments.store import SweepError
from simulation.run import simulate
from simulation.scenario import ProblemError, load_route, load_scenario
from tests.experiments.maps import contents, made_up, small_map, small_plan
from tests.experiments.test_sequential import MIRROR

X, Y = np.linspace(0.0, 2.0, 5), np.linspace(0.0, 1.0, 4)
ACROSS, UP = np.meshgrid(X, Y)


def test_the_line_of_a_slope_is_where_it_is_zero():
    surface = ACROSS - 0.7 + 0.2 * UP
    found = contours(X, Y, surface, surface - 0.1, surface + 0.1)
    for lines, shift in ((found.break_even, 0.0), (found.low, 0.1), (found.high, -0.1)):
        (line,) = lines
        np.testing.assert_allclose(line[:, 0], 0.7 + shift - 0.2 * line[:, 1], atol=1e-12)
        assert (line[:, 1].min(), line[:, 1].max()) == (0, 1)


def test_exchanging_the_routes_leaves_the_line_and_exchanges_its_sides():
    surface = np.sin(3 * ACROSS) + UP - 0.4
    here = contours(X, Y, surface, surface - 0.2, surface + 0.3)
    there = contours(X, Y, -surface, -(surface + 0.3), -(surface - 0.2))
    for one, other in ((here.break_even, there.break_even), (here.low, there.high), (here.high, there.low)):
        points = [{tuple(np.round(point, 9)) for line in lines for point in line} for lines in (one, other)]
        assert points[0] == points[1]
        assert points[0]


@pytest.mark.parametrize(
    "surface", [np.zeros(ACROSS.shape), *(sign * np.where(ACROSS > 0.9, ACROSS, 0.0) for sign in (1, -1))]
)
def test_where_the_routes_never_differ_there_is_no_line_nor_one_around_the_area(surface):
    found = contours(X, Y, surface, surface, surface)
    assert (found.break_even, found.low, found.high) == ((), (), ())


def test_no_line_runs_through_cells_without_a_number():
    surface = ACROSS - 0.7
    surface[:, 1] = np.nan
    assert zero_lines(X, Y, surface) == ()


def test_a_map_knows_its_lines():
    found = made_up(small_plan(x="initial_pressure=0.9:1.1", precision=None), np.tile([-0.1, 0.1, 0.1], (3, 1)))
    (line,) = found.contours.break_even
    assert 0.9 < line[:, 0].min() < line[:, 0].max() < 1.0
    low, high = (sorted(part[:, 0].mean() for part in lines) for lines in (found.contours.low, found.contours.high))
    assert high[0] < line[:, 0].mean() < low[0]


# A plan is checked before the first run: one clear error names what is wrong and the nearest that is right.


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


# A map gives the same bits whoever runs it and however often it is stopped, and says what it stands on.


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "map"
    carry_out(small_plan(), folder, report=False, write=write_map)
    return folder


def test_threads_change_no_result(tmp_path, whole):
    carry_out(small_plan(), tmp_path / "map", executor=lambda: Threads(3), report=False, write=write_map)
    assert contents(tmp_path / "map") == contents(whole)


def test_processes_change_no_result(tmp_path):
    plan = small_plan(steps=2, most=20)
    carry_out(plan, tmp_path / "here", report=False, write=write_map)
    carry_out(plan, tmp_path / "there", executor=lambda: Processes(2), report=False, write=write_map)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_a_cell_s_numbers_are_those_of_its_own_runs_on_shared_seeds(whole):
    found = read(whole)
    plan, row = found.plan, found.cells.row(4, named=True)
    ends = []
    for arm in plan.arms:
        what = applied(arm.what, (plan.x, plan.y), plan.points[4])
        seeds = range(plan.first_seed, plan.first_seed + row["replicates"])
        ends.append(np.array([simulate(what, seed).at("practice", 4) for seed in seeds]))
    assert row["difference"] == pytest.approx(float((ends[0] - ends[1]).mean()), abs=1e-15)
    assert row["first_median"] == np.median(ends[0])
    assert row["second_practice"] == np.median(ends[1])
    assert [row["x"], row["y"]] == list(plan.points[4])


def test_more_runs_are_spent_where_a_cell_goes_on_and_nowhere_else(whole):
    found, folder = read(whole), whole
    assert set(found.cells["replicates"]) == {20, 40}
    plan, before = found.plan, list(range(9))
    assert found.finished
    for number, pairs in enumerate(plan.looks):
        if not round_folder(folder, number).exists():
            assert not before
            break
        points = load(round_folder(folder, number)).design.drop("point").rows()
        assert points == [plan.points[k] for k in before]
        before = [k for k in before if found.cells["replicates"][k] > pairs]
    assert found.runs + found.saved == plan.most_runs
    assert found.runs == sum(len(load(path).runs) for path in (folder / "rounds").iterdir())


def test_an_earlier_month_is_read_as_a_whole_run_has_it(tmp_path):
    short = carry_out(
        small_plan(months=26, month=24, steps=2, most=20), tmp_path / "short", report=False, write=write_map
    )
    carry_out(small_plan(months=26, steps=2, most=20), tmp_path / "long", report=False, write=write_map)
    runs = load(tmp_path / "long/rounds/1").runs
    ends = runs.filter(pl.col("point") == 3).sort("replicate")
    first, second = (ends.filter(pl.col("route") == route)["practice_24"].to_numpy() for route in short.plan.routes)
    assert short.cells["difference"][3] == pytest.approx(float((first - second).mean()), abs=1e-15)
    assert short.cells["first_median"][3] == np.median(first)


def test_two_equal_routes_do_not_differ_anywhere_and_have_no_line(tmp_path):
    route = load_route("blended")
    plan = small_plan(routes=[route, route.model_copy(update={"name": "twin"})], steps=2)
    found = carry_out(plan, tmp_path / "map", report=False, write=write_map)
    assert set(found.cells["verdict"]) == {"no difference that matters"}
    assert (found.cells["difference"] == 0).all()
    assert set(found.cells["replicates"]) == {20}
    lines = found.contours
    assert (lines.break_even, lines.low, lines.high) == ((), (), ())


def test_exchanging_the_routes_gives_the_mirrored_map(tmp_path):
    plan = small_plan(months=24, steps=2, most=20, precision=None)
    here = carry_out(plan, tmp_path / "here", report=False, write=write_map)
    turned = plan.model_copy(update={"arms": plan.arms[::-1]})
    there = carry_out(turned, tmp_path / "there", report=False, write=write_map)
    assert set(here.cells["verdict"]) & set(MIRROR)
    np.testing.assert_array_equal(there.cells["difference"].to_numpy(), -here.cells["difference"].to_numpy())
    np.testing.assert_array_equal(there.cells["low"].to_numpy(), -here.cells["high"].to_numpy())
    assert [MIRROR.get(verdict, verdict) for verdict in there.cells["verdict"]] == here.cells["verdict"].to_list()
    assert there.cells["replicates"].to_list() == here.cells["replicates"].to_list()


def test_the_same_plan_goes_on_and_a_changed_one_is_refused_and_says_what_changed(tmp_path, whole):
    folder = tmp_path / "map"

    @contextmanager
    def watch(round_):
        if round_.number == 2:
            raise KeyboardInterrupt
        yield None

    with pytest.raises(KeyboardInterrupt):
        carry_out(small_plan(), folder, watch=watch, report=False, write=write_map)
    part = read(folder)
    assert not part.finished
    assert set(part.cells["replicates"]) == {20}
    with pytest.raises(
        OutputError,
        match=r"another map, and nothing is written over: x\.steps: 3 there, 4 here; y\.steps: 3 there, 4 here",
    ):
        carry_out(small_plan(steps=4), folder, report=False, write=write_map)
    with pytest.raises(OutputError, match=r"precision: 0\.0015 there, 0\.003 here"):
        carry_out(small_plan(precision=0.03), folder, report=False, write=write_map)
    carry_out(small_plan(), folder, report=False, write=write_map)
    assert contents(folder) == contents(whole)
    assert faults(folder) == []
    before = (folder / "manifest.json").read_bytes()
    carry_out(small_plan(), folder, report=False, write=write_map)
    assert (folder / "manifest.json").read_bytes() == before


def test_with_a_precision_a_cell_goes_on_until_its_interval_is_that_narrow(whole):
    cells = read(whole).cells
    narrow = cells["half_width"] <= 0.0015
    assert (narrow == (cells["stopped"] == "narrow enough")).all()
    assert cells.filter(~narrow)["replicates"].to_list() == [40] * int((~narrow).sum())
    assert set(cells["verdict"]) == {"no difference that matters"}


def test_a_cell_in_which_a_run_fails_is_not_measured_and_the_others_are(tmp_path, monkeypatch):
    from experiments import replicates

    true = replicates.run_once

    def failing(scenario, seed, **more):
        if scenario.numbers.initial_trust > 0.4 and seed == 1_000_003:
            msg = "no"
            raise ValueError(msg)
        return true(scenario, seed, **more)

    monkeypatch.setattr(replicates, "run_once", failing)
    found = carry_out(small_plan(most=20), tmp_path / "map", report=False, write=write_map)
    assert found.cells["verdict"].to_list()[6:] == ["not measured"] * 3
    assert "not measured" not in found.cells["verdict"].to_list()[:6]
    assert found.cells["failed"].to_list() == [0] * 6 + [2] * 3
    assert np.isnan(found.grid("difference")[2]).all()


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds other files"):
        carry_out(small_plan(), tmp_path, write=write_map)
    with pytest.raises(SweepError, match="holds no map"):
        read(tmp_path)
    with pytest.raises(OutputError, match="is a file"):
        carry_out(small_plan(), tmp_path / "mine.txt", write=write_map)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_results_open_anywhere_and_every_column_is_explained():
    found, folder = small_map()
    assert_frame_equal(pl.read_parquet(folder / "map.parquet"), found.cells)
    csv = pl.read_csv(folder / "map.csv")
    said = pl.read_csv(folder / "dictionary.csv")
    assert csv.columns == found.cells.columns
    assert said["column"].to_list() == sorted(csv.columns, key=said["column"].to_list().index)
    assert set(said["column"]) == set(csv.columns)
    assert said.null_count().sum_horizontal().sum() == 0
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest["rule"]["looks"] == [20, 40]
    assert set(manifest["routes"]) == set(found.plan.routes)
    assert "lock" not in manifest["files"]
    assert faults(folder) == []


def test_stopping_is_told_from_failing():
    assert not issubclass(Stopped, SweepError)
