"""What docs/how-to/analyse.md tells people to type works."""

import re
import shlex
from inspect import signature
from pathlib import Path
from typing import get_args

from experiments.cli.analyse import analyse as command
from experiments.design import Design
from experiments.plan import load_plan
from experiments.reporting.tables import tables
from experiments.sensitivity import adequacy
from experiments.sensitivity.data import question_of
from experiments.sensitivity.scenario_discovery import AGAIN, HALVES
from tests.experiments.sensitivity.samples import ONE, swept

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "analyse.md").read_text(encoding="utf-8")


def test_every_command_line_has_options_that_the_command_takes():
    lines = re.findall(r"^behaviours analyse .*$", PAGE, re.MULTILINE)
    assert len(lines) == 6
    options = {name.replace("_", "-") for name in signature(command).parameters}
    for line in lines:
        given = {word.removeprefix("--") for word in shlex.split(line) if word.startswith("--")}
        assert given <= options
    work = load_plan("sobol-indices").work
    assert question_of(work, month=24).column == "practice_24"


def test_the_numbers_it_tells_are_those_of_the_rules():
    assert f"±{adequacy.WIDE:g}, no index moved by more than {adequacy.MOVED:g}" in PAGE
    assert f"{adequacy.FEWEST_SIDES} points on either side" in PAGE
    assert f"{adequacy.FEWEST_A_FACTOR} points a factor" in PAGE
    assert f"`--halves`, {HALVES} unless" in PAGE
    assert AGAIN == 0.7
    assert "seven in ten" in PAGE
    designs = re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    assert set(designs) < {kind.model_fields["type"].default for kind in get_args(get_args(Design)[0])}


def test_the_lines_of_python_run(tmp_path, capsys):
    folder = swept(tmp_path, "one-at-a-time", routes=ONE, months=6)
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    names: dict[str, object] = {}
    exec(compile(code.replace("results/sobol", str(folder)), "how-to", "exec"), names)
    assert "Prototype-led 6" in capsys.readouterr().out
    assert set(tables(names["found"])) >= {"answers", "steps"}  # type: ignore[arg-type]
