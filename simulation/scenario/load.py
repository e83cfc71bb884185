"""Load places, routes, pressures and scenarios: ready ones by name, people's own by path.

A text with a slash or ending in .toml, and a `Path`, are paths; anything else is first a ready one's name.
Where a ready one and a file of yours have the same spelling, the text is refused and `./name` means yours.

Every function raises `ProblemError`, which holds all that is wrong with the files at once; `notes`, a list,
takes what was assumed and what is unusual.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from simulation.scenario.find import KINDS, Found, Kind, find, ready
from simulation.scenario.parts import read_pressure, read_route
from simulation.scenario.place_folder import read_place
from simulation.scenario.places import PlaceFile
from simulation.scenario.pressure import Pressure
from simulation.scenario.problems import Findings, Problem
from simulation.scenario.route import Route
from simulation.scenario.scenario import Scenario
from simulation.scenario.scenario_file import read_scenario
from simulation.scenario.toml import read_toml

T = TypeVar("T")


class Ready(NamedTuple):
    """A ready place, route, pressure or scenario."""

    name: str
    title: str
    description: str


def load_place(source: str | Path, *, notes: list[str] | None = None) -> PlaceFile:
    """Load a place by name, or from its folder."""
    return _load("places", source, read_place, notes)


def load_route(source: str | Path, *, notes: list[str] | None = None) -> Route:
    """Load a route by name, or from its file."""
    return _load("routes", source, read_route, notes)


def load_pressure(source: str | Path, *, notes: list[str] | None = None) -> Pressure:
    """Load a pressure by name, or from its file."""
    return _load("pressures", source, read_pressure, notes)


def load_scenario(source: str | Path, *, notes: list[str] | None = None) -> Scenario:
    """Load a scenario by name, or from its file; its parts by name, or by path from its folder."""
    return _load("scenarios", source, read_scenario, notes)


def check_place(source: str | Path, *, notes: list[str] | None = None) -> list[Problem]:
    """Return all that is wrong with a place's files; an empty list where it can be loaded."""
    findings = Findings()
    found = find("places", source, findings)
    if found is not None:
        read_place(found, findings)
    if notes is not None:
        notes.extend(findings.notes)
    return findings.problems


def available(kind: Kind) -> list[Ready]:
    """Return what is kept ready of a kind, by name. Raises ProblemError where there is no such kind."""
    findings = Findings()
    if kind not in KINDS:
        findings.add("is nothing that is kept ready", value=kind, allowed=KINDS, like=KINDS)
        return findings.settle(None)
    entries = []
    for name, found in ready(kind).items():
        document = read_toml(found.path, findings)
        data = document.data if document is not None else {}
        entries.append(Ready(name, str(data.get("title", name)), str(data.get("description", ""))))
    return findings.settle(entries)


def _load(
    kind: Kind,
    source: str | Path,
    read: Callable[[Found, Findings], T | None],
    notes: list[str] | None,
) -> T:
    findings = Findings()
    found = find(kind, source, findings)
    return findings.settle(None if found is None else read(found, findings), notes)
