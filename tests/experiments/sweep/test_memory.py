"""The coordinator's memory does not grow with the number of runs."""

import subprocess
import sys

from tests.experiments.command import ROOT, surroundings

MOST_MEGABYTES = 40


def test_a_million_runs_are_coordinated_in_flat_memory():
    command = [sys.executable, "-m", "tests.experiments.sweep.coordinating", "100000", "10"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < MOST_MEGABYTES, done.stdout
