"""What CONTRIBUTING.md shows is done in a copy of the repository: its blocks of code are what is tested here.

So page and test can't part, and nobody needs to touch more files than the page names.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path

import pytest

from experiments.runner import sweep
from simulation.outcomes import RUN_COLUMNS, SERIES
from simulation.run import simulate
from simulation.scenario import load_scenario
from tests import appearances
from tests.experiments.command import ROOT, surroundings, words
from tests.experiments.plans import runs_of

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
pytestmark = [pytest.mark.process, pytest.mark.slow]
BLOCK = re.compile(r"^```(python|toml|diff)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILES = {
    "Add a mechanism": {
        "simulation/mechanisms/vacancies.py", "simulation/parameters.py", "simulation/state.py", "simulation/month.py",
        "simulation/ablations.py",
    },
    "Add a route, a pressure or a place": {"scenarios/routes/help-first.toml"},
    "Add an outcome": {"simulation/outcomes.py", "simulation/recorder.py"},
    "Add an executor": {"experiments/executors.py"},
}  # fmt: skip
"""By errand, the files that it may touch."""
MORE = "vacancies_under_pressure"
"""The number of the mechanism that the page shows."""


def blocks(errand: str) -> list[tuple[str, str]]:
    """Return kind and text of each block of code under a heading of the page."""
    return BLOCK.findall(re.split(rf"^## {re.escape(errand)}$", PAGE, flags=re.MULTILINE)[1].split("\n## ")[0])


def changes(kind: str, text: str) -> dict[str, Callable[[str], str]]:
    """Return by file what a block makes of its text: a new file, or a few lines beside those that are there."""
    if kind != "diff":
        name, _, new = text.partition("\n")
        return {name.removeprefix("# "): lambda _: new}
    parts = re.split(r"^--- (.+)\n", text, flags=re.MULTILINE)[1:]
    return {name: partial(patched, hunks=hunks) for name, hunks in zip(parts[::2], parts[1::2], strict=True)}


def patched(text: str, hunks: str) -> str:
    """Return a text with the hunks of a diff applied; the lines of each stand in it once."""
    for hunk in hunks.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        before, after = ("".join(line[1:] for line in lines if line[0] in signs) for signs in (" -", " +"))
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


@dataclass(frozen=True)
class Copy:
    """A copy of the repository, in which the errands are done."""

    folder: Path

    def run(self, *arguments: object, **more: str) -> str:
        """Run the command with the copy's packages; return what it prints."""
        return self.python(*words(*arguments)[1:], **more)

    def python(self, *arguments: object, **more: str) -> str:
        """Run Python with the copy's packages; return what it prints."""
        return self.done(sys.executable, *map(str, arguments), **more)

    def done(self, *command: str, **more: str) -> str:
        """Run a command in the copy, uncompiled unless asked: the same bits, and no half minute of compiling."""
        environment = surroundings(**{"PYTHONPATH": str(self.folder), "NUMBA_DISABLE_JIT": "1"} | more)
        for name in ("MAKEFLAGS", "MAKEOVERRIDES", "ARGS"):  # of the `make test` that runs this
            environment.pop(name, None)
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @cache  # noqa: B019 (one copy a file of tests)
    def outcomes(self, *arguments: object, **more: str) -> dict[str, float]:
        """Return the outcomes of a run of half a year on a seed."""
        found = json.loads(self.run("run", *arguments, "--months", 6, "--seed", 3, "--json", **more))["outcomes"]
        return {name: value for name, value in found.items() if value is not None}

    def text(self, name: str) -> str:
        """Return the text of a file."""
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """All that git knows of, with the three errands done as the page shows them, and what `make docs` writes."""
    folder = tmp_path_factory.mktemp("copy")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for kind, text in chain.from_iterable(map(blocks, FILES)):
        for name, change in changes(kind, text).items():
            path = folder / name
            path.write_text(change(path.read_text("utf-8") if path.exists() else ""), encoding="utf-8")
    (folder / ".venv").mkdir()
    (folder / ".venv" / ".installed").touch()
    copy = Copy(folder)
    (folder / ".python").symlink_to(sys.prefix)  # make can't name a folder with a blank in its path
    copy.done("make", "docs", "BIN=.python/bin")
    return copy


@pytest.mark.parametrize("errand", FILES)
def test_no_other_file_is_touched(errand: str) -> None:
    touched = [name for kind, text in blocks(errand) for name in changes(kind, text)]
    assert sorted(touched) == sorted(FILES[errand])


def test_the_mechanism_acts_by_its_number_and_is_switched_off(copied: Copy, tmp_path: Path) -> None:
    setting = tmp_path / "strained.toml"
    setting.write_text(f'place = "generated"\nroute = "blended"\n[parameters]\n{MORE} = 0.8\n', encoding="utf-8")
    still, acting = copied.outcomes("generated"), copied.outcomes(setting)
    ours = simulate(load_scenario("generated").changed(months=6), 3)
    assert {name: still[name] for name in SERIES} == {name: ours[name][-1] for name in SERIES}, "at first nothing moves"
    assert [acting[name] > still[name] for name in ("pressure", "practice")] == [True, False]
    assert copied.outcomes(setting, "--without", "vacancies") == still
    assert MORE in copied.run("list", "parameters")
    assert "no post stays empty for pressure" in copied.run("list", "mechanisms")


def test_the_mechanism_is_described(copied: Copy) -> None:
    page = copied.text("docs/odd.md")
    assert "`simulation/mechanisms/vacancies.py`\n\n```\nv = y / (1 + 2y)" in page
    assert f"| `{MORE}` | gv | 0 | 0 to 1 | 0 to 10 |" in page
    assert f"| `vacancies` | `{MORE}` = 0 |" in page
    assert "| `update_vacancies` | " in copied.text("docs/how-to/own-mechanism.md")
    assert MORE in copied.text("docs/schemas/pressure.json")
    copied.python("-m", "experiments.reporting.markdown", "odd", "--check")


def test_the_route_is_found_by_its_name(copied: Copy, tmp_path: Path) -> None:
    assert "help-first" in copied.run("list", "routes")
    assert "nothing is wrong" in copied.run("check", "scenarios/routes/help-first.toml")
    assert copied.outcomes("generated", "--route", "help-first") != copied.outcomes("generated", "--route", "none")
    asked = ("--routes", "help-first", "none", "--replicates", 2, "--no-pressures", "--no-structures", "--no-report")
    copied.run("compare", "generated", *asked, "--months", 2, "--out", tmp_path / "compared")
    contrasts = (tmp_path / "compared" / "contrasts.csv").read_text(encoding="utf-8")
    assert "generated,none,help-first,practice,2," in contrasts


def test_the_outcome_is_met_everywhere(copied: Copy) -> None:
    said = copied.python("-m", "tests.appearances", "highest")
    assert json.loads(said.splitlines()[-1]) == list(appearances.PLACES)
    assert 0 < copied.outcomes("generated")["practice"] < copied.outcomes("generated")["highest"] < 1
    assert "| `highest` | highest mean practice of an organisation |" in copied.text("docs/odd.md")
    assert "**Highest practice**" in copied.text("docs/glossary.md")


def test_the_executor_carries_a_sweep_out(copied: Copy, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('scenarios = ["generated"]\nreplicates = 2\nmonths = 2\n', encoding="utf-8")
    copied.run("sweep", plan, "--out", tmp_path / "gentle", "--executor", "gentle")
    sweep(plan, tmp_path / "serial")
    own, serial = (runs_of(tmp_path / name).select(RUN_COLUMNS) for name in ("gentle", "serial"))
    assert own.equals(serial)


@pytest.mark.full
def test_compiled_the_copy_has_the_same_bits(copied: Copy) -> None:
    compiled = {"NUMBA_DISABLE_JIT": "0", "BEHAVIOURS_CACHE": str(copied.folder / "cache")}
    assert copied.outcomes("generated", **compiled) == copied.outcomes("generated")
