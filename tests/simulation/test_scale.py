"""Ten thousand organisations fit into two gigabytes, agents and all."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.memory

ROOT = Path(__file__).parents[2]
LIMIT = 2_000_000_000


def test_ten_thousand_organisations_within_two_gigabytes() -> None:
    command = [sys.executable, "-m", "tests.simulation.scale_run", "10000", "120", "months"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    peak, _, practice = printed.split()
    assert 10_000 * 9 * 8 < int(peak) < LIMIT
    assert 0 < float(practice) < 1
