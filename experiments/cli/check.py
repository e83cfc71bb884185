"""`behaviours check`: look any file of one's own over, and say all that is wrong."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.console import answer, fail
from experiments.cli.options import App
from simulation.text import counted

if TYPE_CHECKING:
    from simulation.scenario import Scenario

commands = App(rank=110)


EXAMPLES = """\b
Examples:
  behaviours check my-town                    a place's folder
  behaviours check my-route.toml              a route, a pressure, a scenario or a plan, told by its keys
  behaviours check my-route.toml --as route
  behaviours check survey.csv --scale 0-10 --starts 2024-01 --scenario gateshead
"""


class File(StrEnum):
    """Kinds of file that can be looked over."""

    place = "place"
    route = "route"
    pressure = "pressure"
    scenario = "scenario"
    plan = "plan"
    survey = "survey"


@commands.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file, or the folder of a place.")],
    kind: Annotated[
        File | None, typer.Option("--as", help="What it is. Default: told by its name and its keys.")
    ] = None,
    scenario: Annotated[str | None, typer.Option(metavar="NAME", help="Whose organisations a survey is about.")] = None,
    place: Annotated[str | None, typer.Option(metavar="PLACE", help="The same, by the place.")] = None,
    scale: Annotated[str, typer.Option(metavar="0-10|1-10|0-1|percent", help="The scale of a survey's scores.")] = "",
    starts: Annotated[str, typer.Option(metavar="2024-01", help="Month 1, where a survey has dates.")] = "",
) -> None:
    """Look a file over and say all that is wrong: a place, route, pressure, scenario, plan or survey."""
    from simulation.scenario import ProblemError

    notes: list[str] = []
    try:
        about = options.loaded(scenario, place, notes) if scenario is not None or place is not None else None
        look_over(file, (kind or _kind(file)).value, about, notes, scale=scale, starts=starts)
    except ProblemError as error:
        options.tell(notes)
        raise fail(error) from None


def look_over(
    path: Path, kind: str, about: Scenario | None = None, notes: list[str] | None = None, **survey: str
) -> None:
    """Read a file as a kind and say what it holds. Raises ProblemError with all that is wrong."""
    told: list[str] = [] if notes is None else notes
    title, holds = _read(path, kind, about, told, survey)
    options.tell(told)
    data = {"file": str(path), "kind": kind, "title": title, "holds": holds, "notes": told}
    answer(lambda: data, lambda: f"{title}: nothing is wrong ({holds}).")


def _read(path: Path, kind: str, about: Scenario | None, notes: list[str], survey: dict[str, str]) -> tuple[str, str]:
    """Return a file's title and what it holds."""
    from simulation.scenario import load_place, load_pressure, load_route, load_scenario

    if kind == "survey":
        from experiments.calibration.observations import read_targets

        many = counted(len(read_targets(path, about, notes=notes, **survey).observations), "observation")
        return path.name, f"a survey of {many}"
    if kind == "plan":
        from experiments.plan import load_plan

        work = load_plan(path, notes=notes).work
        return work.title or path.stem, f"a plan of {counted(work.runs, 'run')}"
    if kind == "place":
        place = load_place(path, notes=notes)
        people, ties = len(place.organisations), len(place.relationships)
        tables = f"{counted(people, 'organisation')}, {counted(ties, 'relationship')}"
        return place.title or place.name, tables if place.from_file else "a generated place"
    if kind == "route":
        route = load_route(path, notes=notes)
        return route.title or route.name, f"a route of {counted(len(route.phases), 'phase')}"
    if kind == "pressure":
        pressure = load_pressure(path, notes=notes)
        return pressure.title or pressure.name, f"a pressure with {counted(len(pressure.events), 'event')}"
    scenario = load_scenario(path, notes=notes)
    return scenario.title or scenario.name, f"a scenario of {counted(scenario.months, 'month')}"


def _kind(path: Path) -> File:
    """Tell what a file is: a table by its name, a TOML file by the kind that knows most of its keys."""
    from simulation.scenario import Problem, ProblemError

    if not path.exists() or path.is_dir() or path.name == "place.toml":
        return File.place
    ending, allowed = path.suffix.casefold(), [kind.value for kind in File]
    if ending == ".csv" and path.name not in ("organisations.csv", "relationships.csv"):
        return File.survey
    if ending == ".toml":
        keys, known = _keys(path), _known_keys()
        best = max(known, key=lambda kind: len(keys & known[kind]))
        if keys & known[best]:
            return best
        message = "has no key of any kind of file; say what it is with --as"
    elif ending == ".csv":
        message, allowed = "is one table of a place: both are looked over together", [f"the folder, {path.parent}"]
    else:
        message = "is no file that is looked over; a stakeholder map is read by `behaviours place import`"
        allowed = ["a place's folder", "a .toml file", "a survey as .csv"]
    raise ProblemError([Problem(message, value=str(path), allowed=", ".join(allowed))])


def _keys(path: Path) -> set[str]:
    """Return a TOML file's keys. Raises ProblemError where it can't be read."""
    from simulation.scenario.errors import Findings
    from simulation.scenario.toml_positions import read_toml

    findings = Findings()
    return set(findings.settle(read_toml(path, findings)).data)


def _known_keys() -> dict[File, set[str]]:
    """Return the keys that each kind of TOML file knows; of kinds that know as many of a file's, the first is taken."""
    from experiments.plan import PlanDocument
    from simulation.scenario.files import PlaceDocument, ScenarioDocument
    from simulation.scenario.pressure import Pressure
    from simulation.scenario.route import Route

    models: dict[File, Any] = {
        File.pressure: Pressure, File.scenario: ScenarioDocument, File.route: Route, File.plan: PlanDocument,
        File.place: PlaceDocument,
    }  # fmt: skip
    return {kind: set(model.model_fields) - {"name"} for kind, model in models.items()}
