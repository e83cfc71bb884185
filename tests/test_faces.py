"""What the packages offer: a list that is held here, loaded when it is asked for, and the same whatever comes first."""

import inspect
import re
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import experiments
import experiments.callable_module as callable_module
import simulation

FACES = {
    "simulation": {
        "MODEL_VERSION", "OUTCOMES", "Decision", "Mechanism", "Outcome", "PartnerView", "Place", "Policy",
        "PolicyError", "ProblemError", "Route", "Scenario", "Trajectory", "load_place", "load_pressure", "load_route",
        "load_scenario", "route_for", "simulate",
    },
    "experiments": {
        "ALTERNATIVES", "Ablation", "Factor", "FitPlan", "PairedExperiment", "above", "analyse", "arm", "at",
        "below", "claims", "compare", "difference", "fit", "load", "load_plan", "load_tables", "resume", "route_map",
        "sweep", "to_pandas", "under_pressures", "within", "work_of",
    },
}  # fmt: skip
ROOMS_TOO = ("claims", "compare", "route_map")
"""What is a module as well."""
PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "from-python.md"
HEAVY = {"mesa", "numba", "numpy", "polars", "scipy", "matplotlib", "solara"}


@pytest.mark.parametrize("package", [simulation, experiments], ids=lambda package: package.__name__)
def test_members(package: ModuleType) -> None:
    assert set(package.__all__) == FACES[package.__name__]
    assert set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        assert getattr(package, name) is not None
    types = inspect.getsource(package).partition("if TYPE_CHECKING:")[2].partition("\n\n")[0]
    assert {line.rpartition(" as ")[2] for line in types.strip().splitlines()} == set(package.__all__) - {
        "MODEL_VERSION"
    }
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = package.nothing_like_it


def test_every_member_is_told_of_and_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for names in FACES.values() for name in names if f"`{name}`" not in text] == []
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    with redirect_stdout(StringIO()) as said:
        exec(compile(code, PAGE.name, "exec"), {"__name__": "script"})
    assert " True" in said.getvalue(), "a run that is stepped is the run that is not"


@pytest.mark.process
@pytest.mark.parametrize("package", FACES)
def test_a_package_is_imported_without_what_is_heavy(package: str) -> None:
    program = f"import sys, {package}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


@pytest.mark.process
@pytest.mark.parametrize("name", ROOMS_TOO)
@pytest.mark.parametrize(
    "first", ["import experiments.{0}", "from experiments import {0}", "from experiments.{0} import {0}", "import os"]
)
def test_a_room_is_what_one_does_in_it_whatever_is_imported_first(name: str, first: str) -> None:
    program = f"""
{first.format(name)}
import inspect, types
import experiments
import experiments.{name}
import experiments.{name} as room
from experiments import {name} as face
from experiments.{name} import {name} as function
assert isinstance(room, types.ModuleType) and face is room is experiments.{name}
assert callable(face) and room.{name} is function
assert inspect.signature(face) == inspect.signature(function)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_room_that_is_called_does_what_its_function_does() -> None:
    room = ModuleType("room")
    sys.modules["room"] = room
    try:
        callable_module.call_as("room", lambda *given, **named: (given, named))
        assert room(1, two=2) == ((1,), {"two": 2})  # type: ignore[operator]
        assert room.__name__ == "room"
    finally:
        del sys.modules["room"]


def test_results_are_had_as_polars_and_as_pandas_has_them(tmp_path) -> None:
    scenario = simulation.load_scenario("gateshead").changed(months=6)
    trajectory = simulation.simulate(scenario, seed=1)
    polars, pandas = trajectory.to_polars(), trajectory.to_pandas()
    assert polars.columns == list(pandas.columns)
    assert polars.shape == pandas.shape == (7, len(polars.columns))
    assert pandas["practice"].to_list() == polars["practice"].to_list() == trajectory["practice"][11:].tolist()
    found = experiments.compare([scenario], ["none", "blended"], replicates=2, pressures=False, structures=False)
    assert set(found.tables) == {"runs", "months", "levels", "contrasts"}
    assert found.to_pandas("levels")["replicates"].to_list() == found.levels["replicates"].to_list()
    stored = experiments.load(experiments.sweep(experiments.work_of([scenario], replicates=2), tmp_path / "s").folder)
    assert stored.to_pandas()["seed"].to_list() == stored.runs["seed"].to_list()
    for results in (found, stored):
        with pytest.raises(simulation.ProblemError, match="is no table of these results"):
            results.to_pandas("nothing")


@pytest.mark.slow
def test_claims_and_maps_run_from_their_faces(tmp_path) -> None:
    options: dict[str, Any] = {"steps": 2, "most": 20}
    found = experiments.route_map("generated", out=tmp_path / "map", **options)
    assert found.cells.height == 4
    assert experiments.route_map("generated", out=tmp_path / "map", **options).cells.equals(found.cells)
    few: dict[str, Any] = {"seeds": 2, "structure_seeds": 2, "points": 2, "point_seeds": 2}
    answer = experiments.claims(["open-talk-too-early"], **few)
    assert [finding.name for finding in answer.findings] == ["open-talk-too-early"]
    with pytest.raises(simulation.ProblemError, match="is not a claim"):
        experiments.claims(["no-such-claim"])
