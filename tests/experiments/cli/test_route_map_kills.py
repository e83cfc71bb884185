"""Kill the command, interrupt it, fill the disk: the same command goes on and gives the same bits."""

import json
import random
import resource
import signal
import subprocess
import sys
import time

import pytest

from experiments.manifest import faults
from experiments.reporting.result_files import write_map
from experiments.route_map import carry_out, plan_map, read
from tests.experiments.command import ROOT, started, surroundings, words
from tests.experiments.maps import RESULTS, contents

pytestmark = pytest.mark.kills

KILLS = 7
MONTH, STEPS, MOST, PRECISION = 3, 3, 60, 0.01
PLAN = plan_map(month=MONTH, steps=STEPS, most=MOST, precision=PRECISION)
ASKED: tuple[object, ...] = (
    "map", "--month", MONTH, "--steps", STEPS, "--most", MOST, "--precision", PRECISION, "--no-report",
    "--executor", "serial",
)  # fmt: skip


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("expected") / "map"
    carry_out(PLAN, folder, report=False, write=write_map)
    return contents(folder)


def test_the_command_is_killed_again_and_again_and_the_map_is_the_uninterrupted_one(tmp_path, expected):
    folder, chance, killed = tmp_path / "map", random.Random(3), 0
    watched = ["map.json", "rounds/1/sweep.json", "rounds/1/runs", "rounds/2", "rounds/2/sweep.json", "rounds/3/runs"]
    command = [sys.executable, "-m", "tests.experiments.kills"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=surroundings(), stdin=pipe, stdout=pipe, text=True) as killer:
        for k in range(KILLS):
            watch = folder / (watched[k] if k < len(watched) else chance.choice(RESULTS))
            delay = chance.uniform(0, 0.05)
            asked = {"arguments": [*map(str, ASKED), "--out", str(folder)], "watch": str(watch), "delay": delay}
            killer.stdin.write(json.dumps(asked) + "\n")
            killer.stdin.flush()
            killed += killer.stdout.readline().strip() == "killed"
            read(folder)
        killer.stdin.close()
    assert killed >= KILLS // 2, "most kills came too late to tell anything"
    found = carry_out(PLAN, folder, report=False, write=write_map)
    assert found.finished
    assert contents(folder) == expected
    assert faults(folder) == []
    assert not list(folder.glob("**/*.tmp"))


def test_ctrl_c_stops_with_130_and_the_same_command_goes_on(tmp_path, expected):
    folder = tmp_path / "map"
    process = started(*ASKED, "--out", folder, cwd=tmp_path)
    while process.poll() is None and not (folder / "rounds/1/sweep.json").exists():
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=100)[1]
    assert process.returncode == 130, said
    assert "the same command goes on" in said
    assert "Traceback" not in said
    carry_out(PLAN, folder, report=False, write=write_map)
    assert contents(folder) == expected


def test_the_disk_is_full_and_later_has_room_again(tmp_path, expected):
    folder = tmp_path / "map"

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    full = subprocess.run(
        words(*ASKED, "--out", folder), cwd=tmp_path, env=surroundings(), capture_output=True, text=True,
        preexec_fn=fill, timeout=100,
    )  # fmt: skip
    assert full.returncode == 1, full.stderr
    assert "can't be written" in full.stderr
    assert "the same command goes on" in full.stderr
    assert "Traceback" not in full.stderr
    assert not (folder / "manifest.json").exists()
    carry_out(PLAN, folder, report=False, write=write_map)
    assert contents(folder) == expected
