"""Whoever carries a sweep out, the bits and the table are the same: one contract that every way inherits."""

import signal
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import polars as pl
import psutil
import pytest

from experiments import executors
from experiments.compare import compare
from experiments.contrast import arms_on
from experiments.design import LatinHypercube
from experiments.errors import FailedRunsError
from experiments.executors import Cluster, Executor, Processes, Serial, Threads, WorkersError
from experiments.factors import Factor
from experiments.merge import merge
from experiments.replicates import ArmsWorkload, moves_of_trust
from experiments.runner import carried_out, sweep
from experiments.work import Work, work_of
from simulation.outcomes import RUN_COLUMNS
from simulation.policy import route_for
from simulation.run import Trajectory, month_values, run_values, simulate
from simulation.scenario import load_scenario
from tests.experiments.clusters import cluster
from tests.experiments.command import started, surroundings
from tests.experiments.plans import assert_same, cut, months_of, plan_file, runs_of, small_work
from tests.experiments.policies import HelpAWhile


def partly_failing() -> Work:
    """Return 24 runs of which the last six have a range of starting practice that ends before it begins."""
    factors = [Factor(name="place.generated.practice_high", values=(0.3, 0.05))]
    factors += [Factor(name="place.generated.practice_low", values=(0.0, 0.1))]
    scenario = load_scenario("generated").changed(months=3)
    return cut(work_of([scenario], factors, replicates=6), 5)


@lru_cache(maxsize=1)
def reference() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what a serial sweep stores."""
    folder = Path(mkdtemp()) / "reference"
    sweep(small_work(), folder)
    return runs_of(folder), months_of(folder)


ARMS = {name: load_scenario(place).changed(months=6) for name, place in (("one", "generated"), ("two", "gateshead"))}
SEEDS = range(3, 16)


@lru_cache(maxsize=1)
def arms_reference() -> dict[str, list[Trajectory]]:
    """Return what the model gives for every arm, seed by seed."""
    return {name: [simulate(arm, seed, detail="full") for seed in SEEDS] for name, arm in ARMS.items()}


class Contract:
    """What every way to carry out a sweep keeps to."""

    def carry_out(self, work: Work, folder: Path) -> Path:
        """Carry the work out and return the folder of the whole."""
        return sweep(work, folder / "sweep", executor=self.executor()).folder

    def executor(self) -> Executor:
        """Return the executor."""
        raise NotImplementedError

    def test_the_table_and_its_bits_are_the_serial_ones(self, tmp_path):
        folder = self.carry_out(small_work(), tmp_path)
        runs, months = reference()
        assert_same(runs_of(folder), runs)
        assert months_of(folder).equals(months)
        assert (folder / "manifest.json").is_file()

    def test_a_run_that_fails_is_a_row_and_the_others_go_on(self, tmp_path):
        runs = runs_of(self.carry_out(partly_failing(), tmp_path))
        bad = runs.filter(pl.col("status") == "failed")
        assert bad["run"].to_list() == list(range(18, 24))
        assert bad["error"].str.contains("practice_low").all()
        assert bad["traceback"].str.contains("ProblemError").all()
        assert bad["practice"].null_count() == len(bad)
        good = runs.filter(pl.col("status") == "ok")
        assert len(good) == 18
        assert good["practice"].is_not_nan().all()
        assert good["error"].null_count() == len(good)


class ExecutorContract(Contract):
    """What every executor keeps to: the sweep's, and the same for arms whose runs stay in memory."""

    def test_arms_on_seeds_have_the_bits_of_the_model(self):
        with arms_on(SEEDS, [ARMS, {"one": ARMS["one"]}], executor=self.executor(), watched=[ARMS["two"]]) as runs:
            found, again = runs(ARMS), runs({"one": ARMS["one"]})
        assert again["one"].series["practice"] is found["one"].series["practice"]  # it was run once
        for name, trajectories in arms_reference().items():
            for series, values in found[name].series.items():
                assert np.array_equal(values, [one[series][one.burn_in - 1 :] for one in trajectories]), series
        moves = [moves_of_trust(one) for one in arms_reference()["two"]]
        assert np.array_equal(found["two"].trust_moves, moves, equal_nan=True)
        assert found["one"].trust_moves.shape == (len(SEEDS), 0)

    def test_a_policy_in_code_runs_beside_routes_in_comparison_and_sweep(self, tmp_path):
        policy, place = HelpAWhile(), ARMS["one"]
        own = place.changed(route=route_for(policy))
        expected = [simulate(own, seed, policy=policy)["practice"][-1] for seed in range(5, 8)]
        asked: dict[str, Any] = {"replicates": 3, "first_seed": 5}
        found = compare([place], ["none", policy], pressures=False, structures=False, executor=self.executor(), **asked)
        assert found.runs.filter(pl.col("route") == "HelpAWhile")["practice"].to_list() == expected
        runs = runs_of(self.carry_out(work_of([place], routes=["none", policy], **asked), tmp_path))
        assert runs.filter(pl.col("route") == "HelpAWhile")["practice"].to_list() == expected

    def test_arms_of_another_model_are_refused(self):
        work = ArmsWorkload((ARMS["one"],), sources="others")
        with self.executor() as who:
            who.begin(work)
            with pytest.raises((RuntimeError, WorkersError), match="of the model"):
                list(carried_out(work, work.jobs(0, [0], [1]), who))


class TestSerial(ExecutorContract):
    """In this process."""

    def executor(self):
        return Serial()


class TestThreads(ExecutorContract):
    """On threads."""

    def executor(self):
        return Threads(2)


class TestProcesses(ExecutorContract):
    """On two processes."""

    def executor(self):
        return Processes(2)


class TestParts(Contract):
    """In three parts, as three machines would, and merged."""

    def carry_out(self, work, folder):
        parts = [folder / f"part-{i}" for i in (1, 2, 3)]
        for i, part in enumerate(parts):
            sweep(work, part, part=(i + 1, 3))
        return merge(parts, folder / "whole").folder


@pytest.fixture(scope="module")
def two_workers():
    """A scheduler's address and its two workers, of which a later test kills one."""
    with cluster(2) as found:
        yield found


@pytest.mark.cluster
class TestCluster(ExecutorContract):
    """On a Dask cluster: a real scheduler, and two workers as processes."""

    @pytest.fixture(autouse=True)
    def _on_a_cluster(self, two_workers):
        self.address = two_workers[0]

    def executor(self):
        return Cluster(self.address)


DEADLY = (
    "import os, signal, sys; sys.path[:] = {path!r}\n"
    "from experiments import replicates, worker\n"
    "true = replicates.run_arm\n"
    "def deadly(arm, seeds, **more):\n"
    "    mark = os.environ.get('DIES_ONCE', '')\n"
    "    if 5 in seeds and not os.path.exists(mark):\n"
    "        open(mark, 'w').close() if mark else None\n"
    "        os.kill(os.getpid(), signal.SIGKILL)\n"
    "    return true(arm, seeds, **more)\n"
    "replicates.run_arm = deadly\n"
    "worker.main({number})\n"
)


@pytest.mark.kills
def test_a_worker_that_dies_on_arms_costs_time_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "_WORKER", DEADLY)
    monkeypatch.setenv("DIES_ONCE", str(tmp_path / "died"))
    with arms_on(SEEDS, [ARMS], executor=Processes(1)) as runs:
        found = runs(ARMS)
    assert (tmp_path / "died").exists()
    for name, trajectories in arms_reference().items():
        assert np.array_equal(found[name].at("practice", 6), [one.at("practice", 6) for one in trajectories])


@pytest.mark.kills
def test_a_run_of_an_arm_that_kills_every_worker_is_named(monkeypatch):
    monkeypatch.setattr(executors, "_WORKER", DEADLY)
    with (
        pytest.raises(FailedRunsError, match="failed on seed 5: the worker process was ended by SIGKILL"),
        arms_on(SEEDS, [ARMS], executor=Processes(1)) as runs,
    ):
        runs(ARMS)


@pytest.mark.cluster
@pytest.mark.kills
def test_a_cluster_s_worker_is_killed_half_way_and_the_table_is_the_same(tmp_path, two_workers):
    address, workers = two_workers
    work = small_work(runs_a_chunk=1)
    killed = []

    def kill(progress):
        if progress.done >= progress.total // 3 and not killed:
            workers[0].kill()
            killed.append(time.monotonic())

    found = sweep(work, tmp_path / "sweep", executor=Cluster(address), progress=kill)
    assert killed
    assert workers[0].wait(20)
    assert (found.done, found.failed) == (work.runs, 0)
    assert_same(runs_of(tmp_path / "sweep"), reference()[0])


def test_a_stored_run_is_what_the_model_gives(tmp_path):
    work = small_work()
    sweep(work, tmp_path / "sweep")
    runs, months = runs_of(tmp_path / "sweep"), months_of(tmp_path / "sweep")
    for run in (0, 17, 35):
        row = runs.row(run, named=True)
        arm = work.arms[["none", "prototype-led"].index(row["route"])].what
        settings = {"trust_gain": row["trust_gain"]}
        structure = arm.structure.model_copy(update={"influence": row["structure.influence"]})
        trajectory = simulate(arm.changed(settings=settings, structure=structure), row["seed"])
        found = [row[name] for name in RUN_COLUMNS]
        assert np.array_equal(found, run_values(trajectory), equal_nan=True)
        stored = months.filter(pl.col("run") == run).drop("run", "month").to_numpy()
        assert (stored == month_values(trajectory).astype("float32")).all()


def test_seeds_are_shared_by_all_points_and_routes(tmp_path):
    sweep(small_work(), tmp_path / "sweep")
    runs = runs_of(tmp_path / "sweep")
    assert runs.group_by("point", "route").agg(pl.col("seed").sort())["seed"].n_unique() == 1
    assert runs["id"].n_unique() == len(runs)


def test_a_large_design_is_read_in_windows_and_no_run_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.store.POINTS_AT_ONCE", 7)
    scenario = load_scenario("generated").changed(months=1)
    factors = [Factor(name="trust_gain", low=0.04, high=0.12)]
    work = cut(work_of([scenario], factors, design=LatinHypercube(points=40), replicates=2), 6)
    sweep(work, tmp_path / "sweep")
    runs = runs_of(tmp_path / "sweep")
    design = pl.read_parquet(tmp_path / "sweep" / "design.parquet")
    assert runs["run"].to_list() == list(range(80))
    assert runs.filter(pl.col("replicate") == 0)["trust_gain"].equals(design["trust_gain"])


# The command's workers are forked from it where they can be: they die with it, and one that dies is replaced.


forked = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are started, not forked")
PATIENCE = 60.0
SPREAD = 0.01


def workers_of(command: psutil.Process, count: int) -> list[psutil.Process]:
    """Wait until a command has so many workers, and return them."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = command.children()
        if len(found) == count:
            return found
        time.sleep(SPREAD)
    raise AssertionError(found)


def wait_for(folder, parts):
    """Wait until so many parts are stored."""
    end = time.monotonic() + PATIENCE
    while len(list(folder.glob("runs/*.parquet"))) < parts:
        assert time.monotonic() < end
        time.sleep(SPREAD)


@forked
@pytest.mark.kills
def test_workers_die_with_a_command_that_is_killed(tmp_path):
    plan = plan_file(tmp_path, months=240, points=500)
    with started("sweep", plan, "--out", tmp_path / "sweep", "--workers", "3", cwd=tmp_path) as process:
        command = psutil.Process(process.pid)
        workers = workers_of(command, 3)
        assert all(worker.cmdline() == command.cmdline() for worker in workers)  # forked: nothing was started anew
        wait_for(tmp_path / "sweep", 1)
        process.kill()
    _, left = psutil.wait_procs(workers, timeout=PATIENCE)
    assert left == []


@forked
@pytest.mark.kills
def test_a_worker_that_is_killed_is_replaced_by_one_that_is_started(tmp_path):
    plan = plan_file(tmp_path, months=120, points=60)
    with started("sweep", plan, "--out", tmp_path / "sweep", "--workers", "2", cwd=tmp_path) as process:
        command = psutil.Process(process.pid)
        first = workers_of(command, 2)
        wait_for(tmp_path / "sweep", 1)
        first[0].send_signal(signal.SIGKILL)
        gone, _ = psutil.wait_procs(first[:1], timeout=PATIENCE)
        assert gone
        second = [worker for worker in workers_of(command, 2) if worker not in first]
        assert second
        end = time.monotonic() + PATIENCE
        while any(worker.cmdline() == command.cmdline() for worker in second):  # it is a copy until it has begun anew
            assert time.monotonic() < end
            time.sleep(SPREAD)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "360 runs, 0 failed" in out
    sweep(plan, tmp_path / "whole")
    assert_same(runs_of(tmp_path / "sweep"), runs_of(tmp_path / "whole"))


@forked
@pytest.mark.process
def test_workers_of_a_process_that_has_threads_are_started(tmp_path):
    executor = Processes(1)  # Polars is loaded here, and has threads
    with executor:
        executor.start()
        (pid,) = executor.pids
        assert "experiments.worker" in " ".join(psutil.Process(pid).cmdline())


@forked
@pytest.mark.process
def test_nothing_that_has_threads_is_loaded_before_workers_are_forked(tmp_path):
    plan = plan_file(tmp_path)
    code = (
        "import sys\nfrom experiments.plan import load_plan\n"
        f"load_plan({str(plan)!r})\n"
        "from experiments.executors import Processes, _can_fork\nassert _can_fork()\n"
        "with Processes(2) as executor:\n    executor.start()\n    assert _can_fork(), sorted(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=surroundings(), cwd=tmp_path, timeout=PATIENCE)
