"""The command's workers are forked from it where they can be: they die with it, and one that dies is replaced."""

import signal
import subprocess
import sys
import time

import psutil
import pytest

from experiments.processes import Processes
from experiments.sweep import sweep
from tests.experiments.command import started, surroundings
from tests.experiments.sweep.plans import assert_same, plan_file, runs_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are started, not forked")
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


def test_workers_of_a_process_that_has_threads_are_started(tmp_path):
    executor = Processes(1)  # Polars is loaded here, and has threads
    with executor:
        executor.start()
        (pid,) = executor.pids
        assert "experiments.worker" in " ".join(psutil.Process(pid).cmdline())


def test_nothing_that_has_threads_is_loaded_before_workers_are_forked(tmp_path):
    plan = plan_file(tmp_path)
    code = (
        "import sys\nfrom experiments.sweep_plan import load_plan\n"
        f"load_plan({str(plan)!r})\n"
        "from experiments.processes import Processes, _can_fork\nassert _can_fork()\n"
        "with Processes(2) as executor:\n    executor.start()\n    assert _can_fork(), sorted(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=surroundings(), cwd=tmp_path, timeout=PATIENCE)
