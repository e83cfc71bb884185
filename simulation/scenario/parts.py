"""Read the parts of a scenario from their TOML files."""

from collections.abc import Mapping
from typing import Any

from simulation.scenario.checks import implausible
from simulation.scenario.find import Found
from simulation.scenario.pressure import Pressure
from simulation.scenario.problems import Findings, Path_
from simulation.scenario.route import Route
from simulation.scenario.toml import Document, read_toml
from simulation.scenario.validation import validated

NAME = ("name",)
"""Files don't name themselves: a part's name is its file's."""


def read_route(found: Found, findings: Findings) -> Route | None:
    """Return the route of a file, or None with problems added."""
    document = read_toml(found.path, findings)
    if document is None:
        return None
    return route_from(document.data, document, findings, name=found.name)


def route_from(data: Any, document: Document, findings: Findings, *, name: str, path: Path_ = ()) -> Route | None:
    """Return the route that a table says, or None with problems added."""
    route = validated(Route, data, document, findings, path=path, hidden=NAME)
    return route and route.model_copy(update={"name": name})


def read_pressure(found: Found, findings: Findings) -> Pressure | None:
    """Return the pressure of a file, or None with problems added."""
    document = read_toml(found.path, findings)
    if document is None:
        return None
    return pressure_from(document.data, document, findings, name=found.name)


def pressure_from(data: Any, document: Document, findings: Findings, *, name: str, path: Path_ = ()) -> Pressure | None:
    """Return the pressure that a table says, or None with problems added."""
    pressure = validated(Pressure, data, document, findings, path=path, hidden=NAME)
    if pressure is None:
        return None
    note_implausible(pressure.parameters, document, findings, path=(*path, "parameters"))
    return pressure.model_copy(update={"name": name})


def note_implausible(values: Mapping[str, float], document: Document, findings: Findings, *, path: Path_) -> None:
    """Add a note for each number outside its plausible range."""
    for text in implausible(values):
        findings.note(text, file=document.file, line=document.line((*path, text.split()[0])))
