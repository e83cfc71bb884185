"""The how-tos on parts of one's own run as they stand, and name all that can be asked for."""

import ast
import os
import re
import runpy
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from simulation.own_mechanism import OF_ITS_OWN, POINTS
from simulation.policy import Decision, PartnerView
from simulation.run import simulate
from simulation.scenario import load_route, load_scenario

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
MECHANISM, POLICY, OUTCOME = (
    (HOW_TO / f"own-{name}.md").read_text(encoding="utf-8") for name in ("mechanism", "policy", "outcome")
)


def run(page: str) -> dict[str, Any]:
    """Run a page's one block of Python and return its names."""
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(code, "how-to", "exec"), names)
    return names


def test_the_mechanism_of_the_page_runs_and_moves_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    run(MECHANISM)
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["0", "1", "2"]
    assert all(float(without) > float(with_it) for _, without, with_it in rows)


def written(page: str, folder: Path) -> None:
    """Write a page's blocks of Python as the files that they say they are."""
    for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        (folder / code.split()[1]).write_text(code, encoding="utf-8")


def printed(program: str, folder: Path) -> list[str]:
    """Run a program of a page in a process of its own and return the lines that it prints."""
    environment = os.environ | {"PYTHONPATH": str(HOW_TO.parents[1])}
    command = [sys.executable, program]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.process
@pytest.mark.slow
def test_the_policy_of_the_page_is_compared_and_swept(tmp_path: Path) -> None:
    written(POLICY, tmp_path)
    compared, swept = printed("my_study.py", tmp_path)
    assert re.fullmatch(r"TrustFirst minus prototype-led: [+-][\d.]+ of 10, [\w ]+", compared)
    assert all(0 < practice < 1 for practice in ast.literal_eval(swept).values())


def test_the_policy_of_the_page_runs_beside_the_route(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(POLICY, tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    names = runpy.run_path(str(tmp_path / "try_it.py"))
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    route = load_scenario("gateshead").changed(route=load_route("prototype-led"))
    assert [float(row[2]) for row in rows] == [simulate(route, seed)["practice"][-1] for seed in range(3)]
    assert len({row[1] for row in rows}) == 3
    assert simulate(names["own"], 0, policy=names["policy"]).exit_month == 60


@pytest.mark.process
@pytest.mark.slow
def test_the_outcome_of_the_page_is_compared_swept_and_mapped(tmp_path: Path) -> None:
    written(OUTCOME, tmp_path)
    compared, swept, mapped = printed("my_study.py", tmp_path)
    assert re.fullmatch(r"compared: [+-][\d.]+ of 10, from [+-][\d.]+ to [+-][\d.]+: [\w ]+", compared)
    assert 0 < float(swept.split()[1]) < 1
    assert len(mapped.split(",")) == 4


def test_the_pages_name_every_point_and_all_that_is_seen_and_decided() -> None:
    for page, names in (
        (MECHANISM, [*POINTS, *OF_ITS_OWN]),
        (POLICY, [field.name for field in fields(PartnerView)]),
        (POLICY, list(Decision.model_fields)),
    ):
        assert [name for name in names if f"`{name}`" not in page] == []
    table = MECHANISM[MECHANISM.index("| point |") :]
    assert [name for name in re.findall(r"`(\w+)`", table) if name in POINTS][: len(POINTS)] == list(POINTS)
