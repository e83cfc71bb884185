"""A map gives the same bits whoever runs it and however often it is stopped, and says what it stands on."""

from contextlib import contextmanager

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from experiments.executors import Processes, Threads
from experiments.factors import applied
from experiments.loading import load
from experiments.manifest import faults, read_manifest
from experiments.mapping import carry_out, read
from experiments.mapping.folder import round_folder
from experiments.mapping.rounds import Stopped
from experiments.output_folder import OutputError
from experiments.sweep_files import SweepError
from simulation.course import simulate
from simulation.scenario import load_route
from tests.experiments.mapping.maps import contents, small_map, small_plan
from tests.experiments.mapping.test_deciding import MIRROR


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "map"
    carry_out(small_plan(), folder, report=False)
    return folder


def test_threads_change_no_result(tmp_path, whole):
    carry_out(small_plan(), tmp_path / "map", executor=lambda: Threads(3), report=False)
    assert contents(tmp_path / "map") == contents(whole)


def test_processes_change_no_result(tmp_path):
    plan = small_plan(steps=2, most=20)
    carry_out(plan, tmp_path / "here", report=False)
    carry_out(plan, tmp_path / "there", executor=lambda: Processes(2), report=False)
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
    short = carry_out(small_plan(months=26, month=24, steps=2, most=20), tmp_path / "short", report=False)
    carry_out(small_plan(months=26, steps=2, most=20), tmp_path / "long", report=False)
    runs = load(tmp_path / "long/rounds/1").runs
    ends = runs.filter(pl.col("point") == 3).sort("replicate")
    first, second = (ends.filter(pl.col("route") == route)["practice_24"].to_numpy() for route in short.plan.routes)
    assert short.cells["difference"][3] == pytest.approx(float((first - second).mean()), abs=1e-15)
    assert short.cells["first_median"][3] == np.median(first)


def test_two_equal_routes_do_not_differ_anywhere_and_have_no_line(tmp_path):
    route = load_route("blended")
    plan = small_plan(routes=[route, route.model_copy(update={"name": "twin"})], steps=2)
    found = carry_out(plan, tmp_path / "map", report=False)
    assert set(found.cells["verdict"]) == {"no difference that matters"}
    assert (found.cells["difference"] == 0).all()
    assert set(found.cells["replicates"]) == {20}
    lines = found.contours
    assert (lines.break_even, lines.low, lines.high) == ((), (), ())


def test_exchanging_the_routes_gives_the_mirrored_map(tmp_path):
    plan = small_plan(months=24, steps=2, most=20, precision=None)
    here = carry_out(plan, tmp_path / "here", report=False)
    turned = plan.model_copy(update={"arms": plan.arms[::-1]})
    there = carry_out(turned, tmp_path / "there", report=False)
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
        carry_out(small_plan(), folder, watch=watch, report=False)
    part = read(folder)
    assert not part.finished
    assert set(part.cells["replicates"]) == {20}
    with pytest.raises(
        OutputError,
        match=r"another map, and nothing is written over: x\.steps: 3 there, 4 here; y\.steps: 3 there, 4 here",
    ):
        carry_out(small_plan(steps=4), folder, report=False)
    with pytest.raises(OutputError, match=r"precision: 0\.0015 there, 0\.003 here"):
        carry_out(small_plan(precision=0.03), folder, report=False)
    carry_out(small_plan(), folder, report=False)
    assert contents(folder) == contents(whole)
    assert faults(folder) == []
    before = (folder / "manifest.json").read_bytes()
    carry_out(small_plan(), folder, report=False)
    assert (folder / "manifest.json").read_bytes() == before


def test_with_a_precision_a_cell_goes_on_until_its_interval_is_that_narrow(whole):
    cells = read(whole).cells
    narrow = cells["half_width"] <= 0.0015
    assert (narrow == (cells["stopped"] == "narrow enough")).all()
    assert cells.filter(~narrow)["replicates"].to_list() == [40] * int((~narrow).sum())
    assert set(cells["verdict"]) == {"no difference that matters"}


def test_a_cell_in_which_a_run_fails_is_not_measured_and_the_others_are(tmp_path, monkeypatch):
    from experiments import sweep_runs

    true = sweep_runs._one

    def failing(scenario, seed, *, months):
        if scenario.numbers.initial_trust > 0.4 and seed == 1_000_003:
            msg = "no"
            raise ValueError(msg)
        return true(scenario, seed, months=months)

    monkeypatch.setattr(sweep_runs, "_one", failing)
    found = carry_out(small_plan(most=20), tmp_path / "map", report=False)
    assert found.cells["verdict"].to_list()[6:] == ["not measured"] * 3
    assert "not measured" not in found.cells["verdict"].to_list()[:6]
    assert found.cells["failed"].to_list() == [0] * 6 + [2] * 3
    assert np.isnan(found.grid("difference")[2]).all()


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds other files"):
        carry_out(small_plan(), tmp_path)
    with pytest.raises(SweepError, match="holds no map"):
        read(tmp_path)
    with pytest.raises(OutputError, match="is a file"):
        carry_out(small_plan(), tmp_path / "mine.txt")
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
