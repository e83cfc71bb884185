"""Read a scenario's file, which names or holds a place, a pressure and a route."""

from typing import Any, Literal

from pydantic import Field, ValidationError

from simulation.scenario.base import Frozen
from simulation.scenario.events import Event
from simulation.scenario.find import Found, Kind, find
from simulation.scenario.named import Numbers, Switches
from simulation.scenario.parts import note_implausible, pressure_from, read_pressure, read_route, route_from
from simulation.scenario.place_folder import read_place
from simulation.scenario.places import PlaceFile
from simulation.scenario.pressure import Pressure
from simulation.scenario.problems import Findings
from simulation.scenario.route import Route
from simulation.scenario.scenario import Scenario
from simulation.scenario.structure import Structure
from simulation.scenario.toml import Document, read_toml
from simulation.scenario.validation import add_errors, validated


class ScenarioDocument(Frozen):
    """What may stand in a scenario's file; a pressure and a route are named, or held as a table."""

    title: str = ""
    description: str = ""
    place: str = "generated"
    pressure: str | dict[str, Any] = "none"
    route: str | dict[str, Any] = "none"
    months: int = Field(120, ge=1, le=1200)
    profile: Literal["full", "lean"] = "full"
    without: Switches = ()
    structure: Structure = Structure()
    parameters: Numbers = Field(default_factory=dict)
    events: tuple[Event, ...] = ()


def read_scenario(found: Found, findings: Findings) -> Scenario | None:
    """Return the scenario of a file, or None with everything that is wrong in it and in its parts added."""
    document = read_toml(found.path, findings)
    if document is None:
        return None
    said = validated(ScenarioDocument, document.data, document, findings)
    data = document.data
    place = _place(data.get("place", "generated"), found, document, findings)
    pressure = _pressure(data.get("pressure", "none"), found, document, findings)
    route = _route(data.get("route", "none"), found, document, findings)
    if said is None or place is None or pressure is None or route is None:
        return None
    note_implausible(said.parameters, document, findings, path=("parameters",))
    fields = {name: getattr(said, name) for name in ScenarioDocument.model_fields}
    fields |= {"name": found.name, "place": place, "pressure": pressure, "route": route}
    try:
        scenario = Scenario(**fields)
    except ValidationError as error:
        add_errors(error, Scenario, data, document, findings)
        return None
    _note_late_events(scenario, document, findings)
    return scenario


def _part(kind: Kind, key: str, source: Any, found: Found, document: Document, findings: Findings) -> Found | None:
    """Find a part by the name or path that the scenario's file gives; paths start from its folder."""
    if not isinstance(source, str):
        return None  # said already by the file's own validation
    base = found.path.parent
    file, line = document.file, document.line((key,))
    part = Findings()
    result = find(kind, source, part, base=base, file=file if line is None else f"{file}, line {line}", key=key)
    findings.take(part)
    return result


def _place(source: Any, found: Found, document: Document, findings: Findings) -> PlaceFile | None:
    part = _part("places", "place", source, found, document, findings)
    return part and read_place(part, findings)


def _pressure(source: Any, found: Found, document: Document, findings: Findings) -> Pressure | None:
    if isinstance(source, dict):
        return pressure_from(source, document, findings, name=found.name, path=("pressure",))
    part = _part("pressures", "pressure", source, found, document, findings)
    return part and read_pressure(part, findings)


def _route(source: Any, found: Found, document: Document, findings: Findings) -> Route | None:
    if isinstance(source, dict):
        return route_from(source, document, findings, name=found.name, path=("route",))
    part = _part("routes", "route", source, found, document, findings)
    return part and read_route(part, findings)


def _note_late_events(scenario: Scenario, document: Document, findings: Findings) -> None:
    for event in scenario.all_events:
        if event.month >= scenario.months:
            text = f"the event {event.type} of month {event.month} comes after the run's end"
            findings.note(text, file=document.file)
