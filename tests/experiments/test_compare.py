"""A comparison is paired, independent of how it is carried out, and says what its numbers say."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from experiments import replicates
from experiments.arms import FIRST_SEED
from experiments.compare import Report, carry_out_plan, compare, folder_of, works_of
from experiments.comparison import Comparison
from experiments.comparison_plan import SCENARIOS, ComparisonPlan, plan_comparison, ready_routes
from experiments.contrast import Paired, contrast_rows, pressure_row, primary_rows
from experiments.errors import FailedRunsError
from experiments.executors import EXECUTORS, Means, Processes, Serial, Threads
from experiments.runner import Interrupted
from simulation.outcomes import MONTH_COLUMNS, RUN_COLUMNS
from simulation.run import simulate
from simulation.scenario import ProblemError, Scenario, load_route, load_scenario
from tests.experiments.clusters import cluster

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


@pytest.mark.parametrize("executor", [Serial(), Threads(1), Threads(3), Processes(2)], ids=lambda one: one.name)
def test_whoever_carries_it_out_changes_nothing(small: Comparison, executor: Any) -> None:
    same(small, compare(["generated", "gateshead"], ROUTES, replicates=23, months=30, executor=executor,
                        structures=False))  # fmt: skip


@pytest.mark.cluster
def test_a_cluster_changes_nothing(small: Comparison) -> None:
    with cluster(1) as (address, _):
        who = EXECUTORS["cluster"](Means(1, address=address))
        same(small, compare(["generated", "gateshead"], ROUTES, replicates=23, months=30, executor=who,
                            structures=False))  # fmt: skip


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
    assert np.allclose(small.portraits["generated", "none"].trust_after, trust)
    picture = small.pictures["generated"]
    assert len(picture.tie_from) == len(picture.tie_to) == len(trust)


def test_portraits_are_means_over_replicates(small: Comparison) -> None:
    scenario = load_scenario("gateshead").changed(route=load_route("none"), months=30)
    runs = [simulate(scenario, FIRST_SEED + k, detail="full") for k in range(23)]
    portrait = small.portraits["gateshead", "none"]
    assert np.allclose(portrait.practice_after, np.mean([run.practice[-1] for run in runs], axis=0))
    assert np.allclose(portrait.trust_before, np.mean([run.trust[11] for run in runs], axis=0))


@pytest.fixture
def plan() -> ComparisonPlan:
    return plan_comparison(["generated", "gateshead"], ROUTES, replicates=23, months=30, structures=False)


def times(folder: Path) -> dict[Path, int]:
    """Return when each part was written."""
    return {path: path.stat().st_mtime_ns for path in folder.glob("*/*/*.parquet")}


def test_finished_runs_are_kept_and_used_again(tmp_path: Path, small: Comparison, plan: ComparisonPlan) -> None:
    ticks: list[int] = []

    @contextmanager
    def counting(_what: str, _runs: int) -> Iterator[Report]:
        yield lambda done, _total: ticks.append(done)

    carry_out_plan(plan, parts=tmp_path, executor=Serial())
    kept = times(tmp_path)
    same(small, carry_out_plan(plan, parts=tmp_path, stage=counting))
    assert ticks == [2 * 3 * 23, plan.runs]  # all were there
    assert times(tmp_path) == kept


def test_a_part_that_is_damaged_is_run_again(tmp_path: Path, small: Comparison, plan: ComparisonPlan) -> None:
    carry_out_plan(plan, parts=tmp_path)
    for kind in ("runs", "months", "portraits"):
        path = sorted(tmp_path.glob(f"*/{kind}/*.parquet"))[len(kind) % 3]
        path.write_bytes(path.read_bytes()[:100])
    (tmp_path / "left.tmp").write_bytes(b"half")
    same(small, carry_out_plan(plan, parts=tmp_path))
    assert not (tmp_path / "left.tmp").exists()


def test_parts_of_other_runs_are_not_used_and_go(tmp_path: Path) -> None:
    def planned(**more: Any) -> ComparisonPlan:
        usual: dict[str, Any] = {"replicates": 3, "months": 24, "pressures": False, "structures": False}
        return plan_comparison(["generated"], ROUTES[:2], **(usual | more))

    plans = [planned(), planned(months=25), planned(first_seed=5), planned(replicates=4)]
    assert len({folder_of(work) for plan in plans for work, _ in works_of(plan)}) == 4
    for plan in plans[:2]:
        carry_out_plan(plan, parts=tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == [folder_of(work) for work, _ in works_of(plan)]


def test_stopping_keeps_what_is_finished(tmp_path: Path, small: Comparison, plan: ComparisonPlan) -> None:
    stop = Event()

    @contextmanager
    def stage(_what: str, _runs: int) -> Iterator[Report]:
        def report(done: int, _total: int) -> None:
            if done >= 100 and not stop.is_set():
                stop.set()
                os.kill(os.getpid(), signal.SIGINT)

        yield report

    with pytest.raises(Interrupted) as stopped:
        carry_out_plan(plan, executor=Threads(1), parts=tmp_path, stage=stage)
    assert 0 < stopped.value.kept < stopped.value.total == plan.runs
    kept = times(tmp_path)
    same(small, carry_out_plan(plan, parts=tmp_path))
    assert kept.items() <= times(tmp_path).items()


def test_a_run_that_fails_ends_the_work_and_is_run_again(
    tmp_path: Path, small: Comparison, plan: ComparisonPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = replicates.run_once

    def broken(scenario: Scenario, seed: int, **more: Any) -> Any:
        if seed == FIRST_SEED + 9:
            msg = "no such month"
            raise RuntimeError(msg)
        return true(scenario, seed, **more)

    with monkeypatch.context() as patch:
        patch.setattr(replicates, "run_once", broken)
        for _ in range(2):
            with pytest.raises(FailedRunsError, match=rf"failed on seed {FIRST_SEED + 9}: RuntimeError: no such month"):
                carry_out_plan(plan, executor=Serial(), parts=tmp_path)
    same(small, carry_out_plan(plan, parts=tmp_path))


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
