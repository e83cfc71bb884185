"""An outcome is declared once and is met everywhere: a new one is an entry and the lines that record it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import appearances

ROOT = Path(__file__).parents[1]
TOUCHED = {
    "simulation/outcomes.py": (
        '    Outcome("inequality",',
        '    _ten("highest", "Highest practice", "of the organisation that practises most", "run", "report", "pages",\n'
        '         "claims", definition="highest mean practice of an organisation"),\n'
        '    Outcome("inequality",',
    ),
    "simulation/recorder.py": (
        "    row[AT.living] = living\n",
        "    row[AT.living] = living\n"
        "    for i in range(s.alive.shape[0]):\n"
        "        if s.alive[i]:\n"
        "            row[AT.highest] = max(row[AT.highest], s.practice[i].mean())\n",
    ),
}
"""What an outcome takes: by file, what stands there and what takes its place."""


@pytest.mark.parametrize("name", ["trust", "inequality", "lost"])
def test_an_outcome_is_met_everywhere(name: str) -> None:
    assert appearances.appearances(name) == list(appearances.PLACES)


@pytest.mark.slow
@pytest.mark.process
def test_a_new_outcome_takes_its_entry_and_the_lines_that_record_it(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "_scenarios")
    for package in ("simulation", "experiments", "dashboard", "scenarios"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(appearances.__file__, tmp_path)
    for name, (before, after) in TOUCHED.items():
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text.count(before) == 1
        (tmp_path / name).write_text(text.replace(before, after), encoding="utf-8")
    environment = os.environ | {"BEHAVIOURS_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "appearances.py", "highest"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == list(appearances.PLACES)
