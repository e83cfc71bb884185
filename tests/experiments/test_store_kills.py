"""Kill the command and its workers, fill the disk, take the memory: nothing is lost, nothing counted twice."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time

import polars as pl
import psutil
import pytest

from experiments import executors
from experiments.executors import Processes
from experiments.factors import Factor
from experiments.manifest import faults
from experiments.runner import resume, sweep
from experiments.store import journal, status
from experiments.work import work_of
from simulation.scenario import load_scenario
from tests.experiments.command import ROOT, surroundings, words
from tests.experiments.plans import assert_same, cut, months_of, plan_file, runs_of, small_work

pytestmark = pytest.mark.kills

KILLS = [8, pytest.param(20, marks=pytest.mark.full)]
"""How often a process is killed: some moments, and many in `make test-full`."""
DEADLY = (
    "import os, signal, sys; sys.path[:] = {path!r}\n"
    "from experiments import replicates, worker\n"
    "true = replicates.run_once\n"
    "def deadly(scenario, seed, **more):\n"
    "    if seed % 3 == 0:\n"
    "        os.kill(os.getpid(), signal.SIGKILL)\n"
    "    return true(scenario, seed, **more)\n"
    "replicates.run_once = deadly\n"
    "worker.main({number})\n"
)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What an uninterrupted sweep of the plan stores."""
    folder = tmp_path_factory.mktemp("expected")
    sweep(plan_file(folder, points=20, keep="months"), folder / "sweep")
    return runs_of(folder / "sweep"), months_of(folder / "sweep")


def assert_complete(folder, expected):
    """Assert that a folder holds every run once, with the bits of an uninterrupted sweep, and nothing else."""
    assert_same(runs_of(folder), expected[0])
    assert months_of(folder).equals(expected[1])
    assert faults(folder) == []
    assert not list(folder.glob("**/*.tmp"))
    noted = [entry.number for entry in journal(folder)]
    assert sorted(noted) == list(range(len(list(folder.glob("runs/*")))))


@pytest.mark.parametrize("kills", KILLS)
def test_the_command_is_killed_again_and_again_and_the_result_is_the_uninterrupted_one(kills, tmp_path):
    plan, folder = plan_file(tmp_path, points=70, keep="months"), tmp_path / "sweep"
    chance, stored, halfway = random.Random(7), [], set()
    arguments = ["sweep", str(plan), "--out", str(folder), "--executor", "serial"]
    command = [sys.executable, "-m", "tests.experiments.kills"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=surroundings(), stdin=pipe, stdout=pipe, text=True) as killer:
        for k in range(kills):
            part = folder / "runs" / f"{len(stored) + chance.randrange(4):06d}.parquet"
            watch = folder if k < 3 else part
            asked = {"arguments": arguments, "watch": str(watch), "delay": chance.uniform(0, 0.03)}
            killer.stdin.write(json.dumps(asked) + "\n")
            killer.stdin.flush()
            assert killer.stdout.readline().strip() in ("killed", "ended")
            before = set(stored)
            stored = [path.name for path in folder.glob("runs/*.parquet")]
            assert before <= set(stored)
            halfway |= {len(stored)} - {0, 84}
            for path in folder.glob("*/*.parquet"):
                pl.read_parquet(path)
        killer.stdin.close()
    assert len(halfway) >= kills // 2, "most kills came too early or too late to tell anything"
    sweep(plan, folder)
    sweep(plan, tmp_path / "whole")
    assert_complete(folder, (runs_of(tmp_path / "whole"), months_of(tmp_path / "whole")))


def test_a_worker_is_killed_and_only_time_is_lost(tmp_path):
    executor, killed = Processes(2), []

    def kill(progress):
        if progress.done >= 10 and not killed:
            killed.append(executor.pids[0])
            os.kill(executor.pids[0], signal.SIGKILL)

    found = sweep(small_work(), tmp_path / "sweep", executor=executor, progress=kill)
    sweep(small_work(), tmp_path / "whole")
    assert killed
    assert (found.done, found.failed) == (36, 0)
    assert_same(runs_of(tmp_path / "sweep"), runs_of(tmp_path / "whole"))


def test_a_run_that_kills_its_worker_is_the_only_one_that_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "_WORKER", DEADLY)
    work = cut(work_of([load_scenario("generated").changed(months=3)], replicates=4), 4)
    found = sweep(work, tmp_path / "sweep", executor=Processes(1))
    runs = runs_of(tmp_path / "sweep")
    bad = runs.filter(pl.col("status") == "failed")
    assert found.failed == len(bad) == 1
    assert bad["seed"][0] % 3 == 0
    assert bad["error"].str.contains("SIGKILL").all()
    assert runs["run"].to_list() == list(range(4))
    monkeypatch.undo()
    assert resume(tmp_path / "sweep", retry=True).failed == 0
    sweep(work, tmp_path / "whole")
    assert_same(runs_of(tmp_path / "sweep"), runs_of(tmp_path / "whole"))


def test_a_run_that_ends_a_serial_sweep_is_spoken_of_when_it_goes_on(tmp_path):
    folder = tmp_path / "sweep"
    replaced = "from experiments.runner import sweep\nsweep({plan!r}, {folder!r})"
    code = DEADLY.replace("worker.main({number})", replaced)
    code = code.format(path=sys.path, plan=str(plan_file(tmp_path)), folder=str(folder))
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=surroundings(), timeout=100)
    assert ended.returncode == -signal.SIGKILL
    found = resume(folder)
    assert (found.done, found.failed) == (24, 0)
    assert any("ended suddenly" in note and "`--executor processes`" in note for note in found.notes)
    assert not resume(folder).notes


@pytest.mark.memory
def test_a_run_too_large_for_a_worker_s_memory_fails_alone(tmp_path):
    sizes = [Factor(name="place.generated.organisations", values=(12, 1_000_000))]
    scenario = load_scenario("generated").changed(months=1200)
    work = cut(work_of([scenario], sizes, replicates=2), 1)
    found = sweep(work, tmp_path / "sweep", executor=Processes(1, memory=6 << 30))
    runs = runs_of(tmp_path / "sweep")
    assert (found.done, found.failed) == (4, 2)
    assert runs["status"].to_list() == ["ok", "ok", "failed", "failed"]
    assert runs["error"][2].startswith(("MemoryError", "_ArrayMemoryError"))


@pytest.mark.parametrize("limit", [15_000, *(pytest.param(limit, marks=pytest.mark.full) for limit in (3_000, 26_000))])
def test_the_disk_is_full_and_later_has_room_again(tmp_path, expected, limit):
    plan, folder = plan_file(tmp_path, points=20, keep="months"), tmp_path / "sweep"
    arguments = ("sweep", plan, "--out", folder, "--executor", "serial")

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    full = subprocess.run(
        words(*arguments),
        cwd=tmp_path,
        env=surroundings(),
        capture_output=True,
        text=True,
        preexec_fn=fill,
        timeout=100,
    )
    if full.returncode != 0:
        assert full.returncode == 1, full.stderr
        assert "can't be written" in full.stderr
        assert "Traceback" not in full.stderr
    assert (full.returncode == 0) == (folder / "manifest.json").exists()
    assert not list(folder.glob("**/*.tmp"))
    assert limit > 20_000 or full.returncode == 1
    sweep(plan, folder)
    assert_complete(folder, expected)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_command_with_workers_is_stopped_and_goes_on(tmp_path, expected, how):
    plan, folder = plan_file(tmp_path, points=20, keep="months"), tmp_path / "sweep"
    command = words("sweep", plan, "--out", folder, "--workers", 2)
    process = subprocess.Popen(
        command, cwd=tmp_path, env=surroundings(), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while process.poll() is None and not list(folder.glob("runs/*.parquet")):
        time.sleep(0.002)
    workers = psutil.Process(process.pid).children() if process.poll() is None else []
    if how == signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does: to the workers too
    else:
        process.send_signal(how)
    said = process.communicate(timeout=60)[1]
    assert psutil.wait_procs(workers, timeout=20)[1] == []
    if how != signal.SIGKILL and process.returncode != 0:
        assert process.returncode == 130, said
        assert "are stored" in said
    assert "Traceback" not in said
    now = status(folder)
    assert (now.done, now.failed) == (len(runs_of(folder)), 0)
    found = resume(folder)
    assert found.kept == now.done
    assert any("ended suddenly" in note for note in found.notes) == (process.returncode == -signal.SIGKILL)
    assert_complete(folder, expected)
