"""What docs/how-to/map.md tells people to type works."""

import re
import shlex

import pytest

from experiments.cli.main import main
from tests.experiments.command import ROOT
from tests.experiments.maps import small_map

PAGE = (ROOT / "docs/how-to/map.md").read_text()
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_can_be_carried_out(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(command)
    assert program == "behaviours"
    assert main([*arguments, "--dry-run"]) == 0
    assert "two routes" in capsys.readouterr().out


def test_the_page_s_python_reads_a_map(tmp_path, monkeypatch, capsys):
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "results").mkdir()
    (tmp_path / "results/map").symlink_to(small_map()[1])
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "map.md", "exec"), {})
    assert "verdict" in capsys.readouterr().out
