"""Compiled mechanisms: an edit is noticed, names are unambiguous, both ways of running call the same mechanisms."""

import ast
import importlib
import inspect
import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import pytest

import simulation
from simulation import mechanisms, month, numba_cache
from simulation.numba_cache import _definitions, kernel_sources
from simulation.parameters import Parameters
from simulation.partner_plan import Plan
from simulation.run import Course
from simulation.scenario import Scenario, Structure, load_place, load_route
from simulation.scenario.structure import Codes
from simulation.state import State

PACKAGE = Path(simulation.__file__).parent

# An edit is noticed

RIGIDITY = """
import numpy as np
from simulation.numba_cache import cache_folder
from simulation.mechanisms.pressure import update_rigidity
rigidity, ones = np.zeros(1), np.ones(1)
update_rigidity(rigidity, np.zeros(1), ones, np.zeros(1), np.ones(1, dtype=np.bool_), 1.0, 0.1, 0.8, 0.4)
print(rigidity[0], len(list(cache_folder().rglob("*.nbc"))), cache_folder().name)
"""


@pytest.mark.slow
def test_an_edit_of_a_mechanism_changes_the_number(tmp_path: Path) -> None:
    """The edit is in a function that a cached mechanism calls, which Numba's own cache does not notice.

    A rigidity of .8 · logistic(0) = .4 becomes .8 · .25; the first number comes back with the first text, from the
    cache.
    """
    copied = tmp_path / "simulation"
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__", "_scenarios"))
    (tmp_path / "scenarios").mkdir()
    arithmetic = copied / "mechanisms" / "arithmetic.py"
    before = arithmetic.read_text(encoding="utf-8")
    after = before.replace("return 1.0 / (1.0 + math.exp(-y))", "return 0.5 / (1.0 + math.exp(-y))")
    assert after != before

    def run() -> tuple[float, int, str]:
        environment = {**os.environ, "BEHAVIOURS_CACHE": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", RIGIDITY],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        number, files, folder = done.stdout.split()
        return float(number), int(files), folder

    first = run()
    arithmetic.write_text(after, encoding="utf-8")
    edited = run()
    assert first[0] == pytest.approx(0.4)
    assert edited[0] == pytest.approx(0.2)
    assert first[2] != edited[2]
    arithmetic.write_text(before, encoding="utf-8")
    assert run() == first


def test_every_source_of_a_kernel_is_in_the_hash() -> None:
    """Each module whose function is compiled, and each module that one takes a constant or a type from."""
    hashed = {path.resolve() for path in kernel_sources()}
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        kernels = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _is_kernel(node)]
        assert not kernels or path.resolve() in hashed, path.name
        used = {node.id for kernel in kernels for node in ast.walk(kernel) if isinstance(node, ast.Name)}
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simulation."):
                source = PACKAGE.parent / (str(node.module).replace(".", "/") + ".py")
                taken = used & {name.asname or name.name for name in node.names}
                assert not taken or source.resolve() in hashed, f"{path.name} takes {taken} from {node.module}"


def _is_kernel(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(mark) in ("compiled", "inlined", "borrowing") for mark in function.decorator_list)


def test_what_says_the_same_to_the_compiler_has_the_same_hash() -> None:
    source = kernel_sources()[-1].read_text(encoding="utf-8")
    told = source.replace("\n\n\n", "\n\n\n# Another word about it.\n", 1)
    assert told != source
    assert list(_definitions(told)) == list(_definitions(source))
    assert list(_definitions(source + "\n\nMORE = 1\n")) != list(_definitions(source))


HASHES = """
from simulation.numba_cache import kernels_hash
from experiments.manifest import engine
from simulation.outcomes import shown
print(kernels_hash(), engine(), shown("practice").title)
"""


def test_another_word_for_an_outcome_costs_no_compilation_and_no_run_and_another_series_does(tmp_path: Path) -> None:
    for package in ("simulation", "experiments"):
        ignored = shutil.ignore_patterns("__pycache__", "_scenarios")
        shutil.copytree(PACKAGE.parent / package, tmp_path / package, ignore=ignored)
    registry = tmp_path / "simulation" / "outcomes.py"
    before = registry.read_text(encoding="utf-8")

    def hashes() -> list[str]:
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", HASHES]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.split(maxsplit=2)

    first = hashes()
    registry.write_text(before.replace("Practice, all nine behaviours", "How people work together"), encoding="utf-8")
    other_words = hashes()
    assert other_words[:2] == first[:2]
    assert other_words[2] != first[2]
    entry = '    Outcome("living", '
    registry.write_text(before.replace(entry, f'    Outcome("more"),\n{entry}'), encoding="utf-8")
    other_series = hashes()
    assert other_series[0] != first[0]
    assert other_series[1] != first[1]


def test_a_source_that_is_gone_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba_cache, "SOURCES", (*numba_cache.SOURCES, "gone"))
    with pytest.raises(FileNotFoundError, match=r"gone\.py"):
        kernel_sources()


PLACES = (
    Scenario(months=3),
    Scenario(route=load_route("opportunistic"), months=3, structure=Structure(update="asynchronous")),
    Scenario(place=load_place("gateshead"), route=load_route("blended"), months=3),
)


@pytest.mark.parametrize("kernel", ["run_months", "hold", "run_held"])
def test_a_kernel_is_given_one_kind_of_arguments(kernel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever runs, by month or in one go, in whatever place: for another kind it would be compiled again."""
    kinds = set()
    true = getattr(month, kernel)

    def spy(*arguments: Any) -> Any:
        kinds.add(tuple(numba.typeof(argument) for argument in arguments))
        return true(*arguments)

    monkeypatch.setattr(f"simulation.run.{kernel}", spy)
    for scenario in PLACES:
        for options in ({}, {"explain": True}, {"detail": "full", "explain": True}, {"detail": "organisations"}):
            course = Course(scenario, 1, **options)
            course.run(1)
            course.step()
            course.fork().run(3)
            course.run()
            Course(scenario, 1, luck=Course(scenario, 1).luck.draw(15)).run()
    assert len(kinds) == 1


# Names


BY_NAME = {mechanism.py_func.__name__: mechanism for mechanism in month.MONTH}
ASKED = {name: list(inspect.signature(mechanism.py_func).parameters) for name, mechanism in BY_NAME.items()}


def test_a_mechanisms_arguments_are_unambiguous() -> None:
    """No name stands in two of: state, numbers, choices, plan, what comes with the month."""
    sources = [set(fields._fields) for fields in (State, Parameters, Codes, Plan)] + [set(month.WITH_THE_MONTH)]
    for k, one in enumerate(sources):
        for other in sources[k + 1 :]:
            assert not one & other


@pytest.mark.parametrize("name", ASKED)
def test_a_mechanism_is_given_what_its_arguments_are_called(name: str) -> None:
    """`state.trust` for `trust`, `luck.energy[row]` for `energy_luck`, `conditions.days[month]` for `days`."""
    for argument in ASKED[name]:
        place = month.PLACES[argument].split("[")[0].split(".")[-1]
        assert argument in (place, f"{place}_luck")


def test_a_month_of_other_mechanisms_asks_for_what_there_is() -> None:
    def update_nothing(nowhere: float) -> None: ...

    with pytest.raises(KeyError, match="nowhere"):
        month.month_of([update_nothing])


def test_every_number_is_used_by_a_mechanism_or_at_the_start() -> None:
    """A number that nothing reads would be a setting without effect."""
    asked = {argument for arguments in ASKED.values() for argument in arguments}
    begins = {
        "initial_pressure", "failure_demand_share", "demand_growth", "budget_cut", "cut_absorbed", "initial_trust",
        "partner_days", "initial_partner_trust", "threshold", "threshold_spread", "initial_infrastructure",
    }  # fmt: skip
    assert set(Parameters._fields) - asked == begins
    for name in begins:
        used = [path for path in PACKAGE.glob("*.py") if f".{name}" in path.read_text(encoding="utf-8")]
        assert used, name


def test_every_update_of_every_mechanism_is_called() -> None:
    """Functions named update, choose, return or turn are mechanisms; none is left out of the month."""
    found = set()
    for module in pkgutil.iter_modules(mechanisms.__path__):
        loaded = importlib.import_module(f"simulation.mechanisms.{module.name}")
        found |= {
            name
            for name, value in vars(loaded).items()
            if name.startswith(("update_", "choose_", "return_", "turn_"))
            and value.py_func.__module__ == loaded.__name__
        }
    assert found == set(BY_NAME)
    assert len(month.MONTH) == len(found)
