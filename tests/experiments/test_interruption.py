"""Ctrl-C is heard in every wait, what is finished is kept, and what is at hand is not waited for long."""

import os
import signal
import subprocess
import threading
import time

import pytest

from experiments.interruption import GRACE, Late, at_hand, stop_at_signals, until
from experiments.store import status
from tests.experiments.command import started
from tests.experiments.plans import plan_file

pytestmark = pytest.mark.kills

LONG = {
    "compare": ("compare", "generated", "--replicates", "20000", "--no-report", "--out", "out"),
    "processes": ("sweep", "plan.toml", "--out", "out", "--workers", "1"),
    "threads": ("sweep", "plan.toml", "--out", "out", "--executor", "threads", "--workers", "1"),
    "serial": ("sweep", "plan.toml", "--out", "out", "--executor", "serial"),
    "map": ("map", "--no-report", "--out", "out"),
    "claims": ("claims", "--no-report", "--workers", "1", "--out", "out"),
}
BEGUN = {"compare": "out.unfinished/parts/*/runs/*", "map": "out/rounds/1/runs/*", "claims": "out/runs/*/runs/*"}
BOUND = 20.0
"""Seconds that a loaded machine may take for what takes one; without ears the work takes minutes."""


def stopped(name, tmp_path, *, group):
    """Start long work, send Ctrl-C once some of it is stored, and return what it said, its status and the seconds."""
    plan = plan_file(tmp_path, months=600, points=2000, replicates=40)
    plan.write_text(plan.read_text().replace("runs_a_part = 5", "runs_a_part = 20"))
    process = started(*LONG[name], cwd=tmp_path, start_new_session=True)
    while process.poll() is None and not list(tmp_path.glob(BEGUN.get(name, "out/runs/*"))):
        time.sleep(0.01)
    began = time.monotonic()
    (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
    try:
        said = process.communicate(timeout=120)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return said, process.returncode, time.monotonic() - began


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("compare", True), ("processes", False),
        *(pytest.param(name, group, marks=pytest.mark.full) for name in LONG for group in (True, False)),
    ],
)  # fmt: skip
def test_a_command_stops_at_once_and_what_is_finished_is_kept(tmp_path, name, group):
    said, code, seconds = stopped(name, tmp_path, group=group)
    assert code == 130, said
    assert seconds < BOUND, said
    assert "Traceback" not in said
    assert "Stopped" in said
    assert list(tmp_path.glob(BEGUN.get(name, "out/runs/*.parquet")))
    assert not list(tmp_path.glob("out/**/*.tmp"))
    if name in ("processes", "threads", "serial"):
        assert status(tmp_path / "out").done > 0


def test_a_wait_of_ours_is_interrupted_after_polars_was_imported():
    never = threading.Event()
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        until(lambda seconds: never.wait(seconds))


def interrupted_for(seconds):
    """Send Ctrl-C to this process, and go on working for a while."""
    os.kill(os.getpid(), signal.SIGINT)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)


def test_what_is_at_hand_gets_a_moment_and_no_more():
    with stop_at_signals() as stop, pytest.raises(Late), at_hand(stop):
        interrupted_for(60 * GRACE)
    with stop_at_signals() as stop:
        with at_hand(stop):
            interrupted_for(0)
        time.sleep(1.5 * GRACE)  # what comes after is not interrupted
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            interrupted_for(1)
