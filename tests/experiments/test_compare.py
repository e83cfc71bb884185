"""A comparison is paired, independent of how it is carried out, and says what its numbers say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from experiments.arms import FIRST_SEED, Case, Task
from experiments.compare import carry_out_plan, compare, tasks_of
from experiments.comparison_plan import SCENARIOS, plan_comparison, ready_routes
from experiments.contrast import Paired, contrast_rows, pressure_row, primary_rows
from experiments.replicates import run_block
from experiments.results import Comparison
from experiments.runner import Interrupted, Parts, Report, carry_out, default_workers, seed_blocks
from simulation.outcomes import MONTH_COLUMNS, RUN_COLUMNS
from simulation.run import month_values, run_values, simulate
from simulation.scenario import ProblemError, Scenario, load_route, load_scenario

ROUTES = ("none", "manifesto-led", "prototype-led")
TABLES = ("runs", "months", "levels", "contrasts", "pressures", "runs_under_pressures")


@pytest.fixture(scope="module")
def small() -> Comparison:
    return compare(["generated", "gateshead"], ROUTES, replicates=23, months=30, workers=1, structures=False)


def same(one: Comparison, other: Comparison) -> None:
    for table in TABLES:
        assert_frame_equal(getattr(one, table), getattr(other, table), check_exact=True)
    for key, portrait in one.portraits.items():
        for name in ("practice_before", "practice_after", "trust_before", "trust_after", "pressure_after"):
            assert np.array_equal(getattr(portrait, name), getattr(other.portraits[key], name))


@pytest.mark.parametrize("name", ["generated", "gateshead", "a-champion-leaves"])
def test_a_block_gives_the_runs_of_the_model_to_the_last_bit(name: str) -> None:
    scenario = load_scenario(name).changed(months=40)
    cases = tuple(Case(name, route, "", scenario.changed(route=load_route(route))) for route in ROUTES)
    for case, block in zip(cases, run_block(Task(cases, 5, 3)), strict=True):
        for k in range(3):
            alone = simulate(case.what, 5 + k)
            assert np.array_equal(block.outcomes[k], run_values(alone), equal_nan=True)
            assert np.array_equal(block.months[k], month_values(alone).astype(np.float32), equal_nan=True)


def test_every_route_meets_the_same_seeds_and_the_same_luck(small: Comparison) -> None:
    seeds = [part["seed"].to_list() for part in small.runs.partition_by("scenario", "route")]
    assert seeds == [list(range(FIRST_SEED, FIRST_SEED + 23))] * 6
    here = small.months.filter(pl.col("scenario") == "gateshead")
    luck = here.pivot("route", index=["seed", "month"], values="strategic_window")
    assert luck["none"].equals(luck["prototype-led"])
    first = small.months.filter(pl.col("month") == 0).drop("route").unique()
    assert len(first) == 2 * 23  # before the first month the routes are one


def test_the_difference_is_that_of_the_pairs(small: Comparison) -> None:
    one = small.contrasts.row(0, named=True)
    runs = small.runs.filter(pl.col("scenario") == one["scenario"]).pivot("route", index="seed", values="practice")
    pairs = (runs[one["first"]] - runs[one["second"]]).to_numpy()
    assert one["difference"] == pytest.approx(pairs.mean(), abs=1e-15)
    assert one["ahead"] == np.mean(pairs > 0)
    unpaired = np.hypot(*(runs[one[key]].std() for key in ("first", "second")))
    assert pairs.std(ddof=1) < unpaired / 2  # what pairing is for


def test_one_contrast_is_named_beforehand_in_each_scenario(small: Comparison) -> None:
    named = small.contrasts.filter("named_beforehand")
    assert named["scenario"].to_list() == ["generated", "gateshead"]
    assert set(named["first"]) == {"prototype-led"}
    assert set(named["second"]) == {"manifesto-led"}
    assert set(zip(named["outcome"], named["month"], strict=True)) == {("practice", 30)}
    assert (named["adjusted_high"] - named["adjusted_low"] > named["high"] - named["low"]).all()
    rest = small.contrasts.filter(~pl.col("named_beforehand"))
    assert rest["low"].equals(rest["adjusted_low"])
    keys = ["scenario", "first", "second", "outcome", "month"]
    assert small.contrasts.select(keys).is_duplicated().sum() == 0


def test_all_that_was_asked_for_is_compared(small: Comparison) -> None:
    groups = {"practice", "perspective", "power", "participation", "practice_shared_vision"}
    assert groups | {"reach", "trust", "pressure", "failure_demand_share", "infrastructure"} <= set(
        small.contrasts["outcome"]
    )
    assert set(RUN_COLUMNS) == set(small.levels["outcome"])
    assert {"take_off", "kept_after_exit"} <= set(small.levels["outcome"])
    assert {12, 24, 30} == set(small.contrasts.filter(pl.col("outcome") == "practice")["month"])
    assert set(MONTH_COLUMNS) < set(small.months.columns)


def test_the_main_contrast_is_tried_under_every_other_ready_pressure(small: Comparison) -> None:
    tried = small.pressures.filter(pl.col("scenario") == "gateshead")
    assert set(tried["pressure"]) == {"austerity", "austerity-unabsorbed", "crisis", "recovery", "steady"}
    assert set(tried["replicates"]) == {20}
    assert not tried["named_beforehand"].any()
    one = tried.row(0, named=True)
    runs = small.runs_under_pressures.filter(
        (pl.col("scenario") == "gateshead") & (pl.col("under_pressure") == one["pressure"])
    ).pivot("route", index="seed", values="practice")
    assert one["difference"] == pytest.approx((runs[one["first"]] - runs[one["second"]]).mean())
    assert one["first_median"] == runs[one["first"]].median()


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_change_nothing(small: Comparison, workers: int) -> None:
    plain = compare(["generated", "gateshead"], ROUTES, replicates=23, months=30, workers=workers, structures=False)
    same(small, plain)


def test_the_same_route_twice_differs_by_exactly_nothing() -> None:
    route = load_route("prototype-led")
    twins = [route, route.model_copy(update={"name": "twin"})]
    found = compare(["generated"], twins, replicates=5, months=30, pressures=False, structures=False)
    assert set(found.contrasts["difference"]) == {0.0}
    assert set(found.contrasts["low"]) == {0.0}
    assert set(found.contrasts["ahead"]) == {0.5}


def test_swapping_the_labels_flips_the_sign() -> None:
    manifesto, prototype = load_route("manifesto-led"), load_route("prototype-led")
    swapped = [
        prototype.model_copy(update={"name": "manifesto-led"}),
        manifesto.model_copy(update={"name": "prototype-led"}),
    ]
    one = compare(
        ["generated"], [manifesto, prototype], replicates=6, months=24, pressures=False, structures=False
    ).contrasts
    other = compare(["generated"], swapped, replicates=6, months=24, pressures=False, structures=False).contrasts
    assert one["difference"].equals(-other["difference"])
    assert one["low"].equals(-other["high"])
    assert one["adjusted_low"].equals(-other["adjusted_high"])


def verdicts_of(difference: float, spread: float, replicates: int = 60) -> str:
    """Return the verdict that made-up runs lead to."""
    rng = np.random.default_rng(1)
    outcomes = np.zeros((replicates, len(RUN_COLUMNS)))
    higher = outcomes.copy()
    higher[:, RUN_COLUMNS.index("practice")] = difference + spread * rng.normal(size=replicates)
    practice = np.zeros((replicates, 11))
    paired = Paired("x", 10, {"manifesto-led": outcomes, "prototype-led": higher}, dict.fromkeys(ROUTES[1:], practice))
    row = next(row for row in contrast_rows(paired) if row["outcome"] == "practice")
    assert pressure_row(paired, "crisis", (ROUTES[2], ROUTES[1]))["verdict"] == row["verdict"]
    primary = primary_rows({"x": higher[:, RUN_COLUMNS.index("practice")]}, {"x": 10})
    assert primary["x"]["verdict"] == row["verdict"]
    return str(row["verdict"])


def test_changed_data_change_the_verdict() -> None:
    assert verdicts_of(0.1, 0.05) == "ahead"
    assert verdicts_of(-0.1, 0.05) == "ahead"
    assert verdicts_of(0.03, 0.07) == "leans"
    assert verdicts_of(0.0, 0.01) == "no difference that matters"
    assert verdicts_of(0.0, 0.5) == "undecided"
    assert verdicts_of(0.1, 0.05, replicates=19) == "too few replicates"


def test_an_outcome_that_is_not_reached_has_no_mean_difference(small: Comparison) -> None:
    without = small.contrasts.filter((pl.col("outcome") == "take_off") & (pl.col("second") == "none"))
    assert without.is_empty()
    assert small.contrasts["difference"].is_finite().all()


def test_ties_of_a_generated_place_are_the_first_seeds(small: Comparison) -> None:
    scenario = load_scenario("generated").changed(route=load_route("none"), months=30)
    trust = simulate(scenario, FIRST_SEED, detail="full").trust[-1]
    assert np.array_equal(small.portraits["generated", "none"].trust_after, trust)
    picture = small.pictures["generated"]
    assert len(picture.tie_from) == len(picture.tie_to) == len(trust)


def test_portraits_are_means_over_replicates(small: Comparison) -> None:
    scenario = load_scenario("gateshead").changed(route=load_route("none"), months=30)
    runs = [simulate(scenario, FIRST_SEED + k, detail="full") for k in range(23)]
    portrait = small.portraits["gateshead", "none"]
    assert np.allclose(portrait.practice_after, np.mean([run.practice[-1] for run in runs], axis=0))
    assert np.allclose(portrait.trust_before, np.mean([run.trust[11] for run in runs], axis=0))


def test_finished_blocks_are_kept_and_used_again(tmp_path: Path, small: Comparison) -> None:
    plan = plan_comparison(["generated", "gateshead"], ROUTES, replicates=23, months=30, structures=False)
    ticks: list[int] = []

    @contextmanager
    def counting(_what: str, _runs: int) -> Iterator[Report]:
        yield lambda done, _total: ticks.append(done)

    carry_out_plan(plan, parts=tmp_path, workers=1)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    same(small, carry_out_plan(plan, parts=tmp_path, stage=counting))
    assert ticks == [plan.runs]  # all were there
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == kept


def test_a_part_that_is_damaged_is_run_again(tmp_path: Path, small: Comparison) -> None:
    plan = plan_comparison(["generated", "gateshead"], ROUTES, replicates=23, months=30, structures=False)
    carry_out_plan(plan, parts=tmp_path)
    paths = sorted(tmp_path.iterdir())
    paths[0].write_bytes(paths[0].read_bytes()[:100])
    paths[1].write_bytes(b"")
    (tmp_path / "left.tmp").write_bytes(b"half")
    same(small, carry_out_plan(plan, parts=tmp_path))
    assert not (tmp_path / "left.tmp").exists()


def test_parts_of_other_runs_are_not_used(tmp_path: Path) -> None:
    one = plan_comparison(["generated"], ROUTES[:2], replicates=3, months=24, pressures=False, structures=False)
    parts = Parts(tmp_path)
    carry_out_plan(one, parts=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    changed = [
        plan_comparison(["generated"], ROUTES[:2], replicates=3, months=25, pressures=False, structures=False),
        plan_comparison(
            ["generated"], ROUTES[:2], replicates=3, months=24, first_seed=5, pressures=False, structures=False
        ),
        plan_comparison(["generated"], ROUTES[:2], replicates=4, months=24, pressures=False, structures=False),
    ]
    for plan in changed:
        task = tasks_of(plan)[0]
        assert [parts.load(case, task) for case in task.cases] == [None, None]


def test_stopping_keeps_what_is_finished(tmp_path: Path, small: Comparison) -> None:
    plan = plan_comparison(["generated", "gateshead"], ROUTES, replicates=23, months=30, structures=False)
    stop = Event()

    def progress(done: int, total: int) -> None:
        if done >= 200 and not stop.is_set():
            stop.set()
            raise KeyboardInterrupt  # as Ctrl-C would, in a worker

    with pytest.raises(Interrupted) as stopped:
        carry_out(tasks_of(plan), workers=1, parts=Parts(tmp_path), progress=progress)
    assert 0 < stopped.value.kept < stopped.value.total == plan.runs
    same(small, carry_out_plan(plan, parts=tmp_path))


def test_an_error_in_a_run_ends_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        msg = "no such month"
        raise RuntimeError(msg)

    monkeypatch.setattr("experiments.runner.run_block", broken)
    with pytest.raises(RuntimeError, match="no such month"):
        compare(["generated"], ["none"], replicates=2, months=12, pressures=False, structures=False)


def test_bad_plans_are_refused_with_all_that_is_wrong() -> None:
    with pytest.raises(ProblemError, match="did you mean 'gateshead'"):
        plan_comparison(["gatehead"])
    with pytest.raises(ProblemError, match="did you mean 'blended'"):
        plan_comparison(["gateshead"], ["blendid"])
    with pytest.raises(ProblemError) as error:
        plan_comparison([], [], replicates=0, first_seed=-1)
    assert len(error.value.problems) == 4
    with pytest.raises(ProblemError, match="twice"):
        plan_comparison(["gateshead", "gateshead"])
    with pytest.raises(ProblemError, match="twice"):
        plan_comparison(["gateshead"], ["none", "none"])


def test_by_default_both_places_and_all_ready_routes_are_compared() -> None:
    plan = plan_comparison()
    assert tuple(plan.cases) == SCENARIOS
    assert plan.routes[:3] == ("none", "manifesto-led", "prototype-led")
    assert set(plan.routes) == set(ready_routes())
    assert plan.replicates == 200
    assert plan.pair == ("prototype-led", "manifesto-led")


def test_other_pairs_are_exploratory() -> None:
    found = compare(
        [Scenario(name="x")],
        ["blended", "none", "opportunistic"],
        replicates=2,
        months=12,
        pressures=False,
        structures=False,
    )
    assert not found.contrasts["named_beforehand"].any()
    assert plan_comparison(["gateshead"], ["none", "blended"]).pair is None
    assert plan_comparison(["gateshead"], ["none", "blended"]).pressed == {}


def test_blocks_cover_every_seed_once() -> None:
    for seeds in (range(5, 6), range(0, 20), range(7, 90)):
        covered = [seed + k for seed, count in seed_blocks(seeds) for k in range(count)]
        assert covered == list(seeds)
    assert default_workers() >= 1
