"""What docs/how-to/sweep.md tells people to type works."""

import re
import shlex
import tomllib
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import get_args

import pytest

from dashboard import command as dashboard
from experiments import runner
from experiments.cli import analyse, sweep
from experiments.design import Design
from experiments.plan import load_plan, ready_plans

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "sweep.md").read_text(encoding="utf-8")
FACTORS = PAGE.split("## What can be a factor")[1].split("### ")[0]
COMMANDS: dict[str, Callable[..., object]] = {
    "sweep": sweep.sweep, "status": sweep.status, "resume": sweep.resume, "merge": sweep.merge,
    "export": sweep.export, "analyse": analyse.analyse, "dashboard": dashboard.dashboard,
}  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """The page's plan, as a person would save it."""
    path = tmp_path_factory.mktemp("plan") / "my-plan.toml"
    path.write_text(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0])
    return path


def test_every_command_line_has_options_that_the_command_takes():
    lines = re.findall(r"^behaviours .*$", PAGE, re.MULTILINE)
    assert len(lines) == 10
    for line in lines:
        _, name, *rest = shlex.split(line)
        options = {part.replace("_", "-") for part in signature(COMMANDS[name]).parameters}
        options |= {option.removesuffix("s") for option in options}  # what may be given several times is named for one
        assert {word.removeprefix("--") for word in rest if word.startswith("--")} <= options
        if name == "sweep":
            assert rest[0] in {*ready_plans(), "./my-plan.toml"}


def test_every_design_is_there():
    kinds = {kind.model_fields["type"].default for kind in get_args(get_args(Design)[0])}
    assert set(re.findall(r"^\| `([a-z-]+)` \| [^|]*\| [^|]*\|$", PAGE, re.MULTILINE)) == kinds | {"type"}


def test_the_plan_is_read_and_means_what_the_page_says(plan):
    work = load_plan(plan).work
    assert (work.points, len(work.arms), work.replicates) == (50, 2, 20)
    assert [factor.name for factor in work.factors] == ["initial_pressure", "trust_gain", "route.number_of_sites"]


@pytest.mark.parametrize("cell", re.findall(r"^\| (`.*?) \| ", FACTORS, re.MULTILINE))
def test_every_name_of_a_factor_is_one(cell, plan):
    values = {
        "route": ["blended"], "pressure": ["crisis"], "place": ["gateshead"], "without": ["evidence"],
        "structure.influence": ["hill"], "route.phases[1].shares.help": [0.1], "trust_gain": [0.05],
    }  # fmt: skip
    for name in re.findall(r"`([^`]+)`", cell.split(" | ")[0]):
        path = plan.with_name("one.toml")
        scenario = "generated" if name.startswith("place.") else "crisis"
        value = values.get(name, [1])
        path.write_text(f'scenarios = ["{scenario}"]\nroutes = ["prototype-led"]\n[factors]\n"{name}" = {value!r}\n')
        assert tomllib.loads(path.read_text())
        load_plan(path)


def test_the_lines_of_python_run(plan, tmp_path, capsys):
    pytest.importorskip("xarray", reason="the last line takes xarray, of the extra `analysis`")
    path = plan.with_name("small.toml")
    path.write_text(f"months = 3\n{plan.read_text()}".replace("replicates = 20", "replicates = 2"))
    runner.sweep(path, tmp_path / "sweep")
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    exec(compile(code.replace("results/mine", str(tmp_path / "sweep")), "how-to", "exec"), {})
    assert "prototype-led" in capsys.readouterr().out


def test_every_form_that_the_page_names_is_one():
    forms = set(re.findall(r"--to (\w+)", PAGE)) | set(re.findall(r"`(csv|parquet|xlsx|duckdb|netcdf)`", PAGE))
    assert forms == {form.value for form in sweep.Form}
