"""What docs/how-to/fit.md tells people works, and its example is what it says."""

import re
import shlex
from shutil import copy

import pytest

from experiments.calibration.observations import read_targets
from experiments.calibration.priors import DEFAULT
from experiments.cli.main import main
from simulation.scenario import load_scenario
from tests.experiments.command import ROOT

FOLDER = ROOT / "docs" / "how-to"
PAGE = (FOLDER / "fit.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def test_the_page_s_python_makes_the_example(tmp_path, monkeypatch):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "fit.md", "exec"), {})
    assert (tmp_path / "survey.csv").read_text() == (FOLDER / "survey.csv").read_text()


def test_the_table_on_the_page_can_be_read(tmp_path):
    (block,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "survey.csv").write_text(block)
    found = read_targets(tmp_path / "survey.csv", load_scenario("gateshead"))
    assert [one.month for one in found.observations] == [6, 6, 18]


def test_the_example_fits_its_place_and_the_page_names_the_default():
    assert len(read_targets(FOLDER / "survey.csv", load_scenario("gateshead")).observations) == 288
    for name in DEFAULT:
        assert f"`{name}`" in PAGE


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("behaviours fit")])
def test_every_command_of_the_page_can_be_carried_out(command, tmp_path, monkeypatch, capsys):
    copy(FOLDER / "survey.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main([*shlex.split(command)[1:], "--dry-run"]) == 0
    assert "288 observations" in capsys.readouterr().out
