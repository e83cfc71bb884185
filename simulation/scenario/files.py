"""TOML to objects and objects to TOML."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import Field, ValidationError

from simulation.scenario.errors import Findings, Path_, Problem, ProblemError
from simulation.scenario.events import Event
from simulation.scenario.library import KINDS, Found, Kind, find, ready
from simulation.scenario.place import Organisation, PlaceFile, PlaceHeader, Relationship
from simulation.scenario.pressure import Pressure
from simulation.scenario.route import Route
from simulation.scenario.scenario import Scenario
from simulation.scenario.structure import Structure
from simulation.scenario.tables import Organisations, csv_text, read_organisations, read_relationships
from simulation.scenario.toml_positions import Document, read_toml
from simulation.scenario.validation import add_errors, validated
from simulation.scenario.value_objects import Frozen, Numbers, Switches, implausible
from simulation.vocabulary import BEHAVIOUR_IDS

NAME = ("name",)
"""Files don't name themselves: a part's name is its file's."""


def read_route(found: Found, findings: Findings) -> Route | None:
    """Return the route of a file, or None with problems added."""
    document = read_toml(found.path, findings)
    return None if document is None else route_from(document.data, document, findings, name=found.name)


def route_from(data: Any, document: Document, findings: Findings, *, name: str, path: Path_ = ()) -> Route | None:
    """Return the route that a table says, or None with problems added."""
    route = validated(Route, data, document, findings, path=path, hidden=NAME)
    return route and route.model_copy(update={"name": name})


def read_pressure(found: Found, findings: Findings) -> Pressure | None:
    """Return the pressure of a file, or None with problems added."""
    document = read_toml(found.path, findings)
    return None if document is None else pressure_from(document.data, document, findings, name=found.name)


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


ORGANISATIONS, RELATIONSHIPS = "organisations.csv", "relationships.csv"


class PlaceDocument(PlaceHeader):
    """What may stand in place.toml; `scale` is that of the tables' columns practice, trust and strength.

    `doubts` are what an import was not sure of: said again whenever the place is read, and nothing else.
    """

    doubts: tuple[str, ...] = ()
    scale: Literal["0-1", "0-10", "1-10", "percent"] = "0-1"


def read_place(found: Found, findings: Findings) -> PlaceFile | None:
    """Return the place of a folder, or None with everything that is wrong in its files added."""
    document = read_toml(found.path, findings)
    if document is None and not found.path.parent.is_dir():
        return None
    data = document.data if document is not None else {}
    header = None if document is None else validated(PlaceDocument, data, document, findings)
    if header is not None and document is not None:
        for text in header.doubts:
            findings.note(f"{text} (take it out of doubts once it is settled)", file=document.file)
        note_implausible(header.parameters, document, findings, path=("parameters",))
    if "generated" in data:
        _refuse_tables(found.path.parent, findings)
        organisations, relationships = None, None
    else:
        organisations, relationships = _tables(found.path.parent, str(data.get("scale", "0-1")), findings)
    if header is None or document is None or findings.problems:
        return None
    return _place_of_folder(header, organisations, relationships, found, document, findings)


def _tables(folder: Path, scale: str, findings: Findings) -> tuple[Organisations | None, list[Relationship] | None]:
    organisations = read_organisations(folder / ORGANISATIONS, scale=scale, findings=findings)
    ids = None if organisations is None else organisations.ids
    return organisations, read_relationships(folder / RELATIONSHIPS, scale=scale, ids=ids, findings=findings)


def _refuse_tables(folder: Path, findings: Findings) -> None:
    for name in (ORGANISATIONS, RELATIONSHIPS):
        if (folder / name).exists():
            message = "stands beside place.toml, which says to generate the place"
            findings.add(message, file=str(folder), value=name, allowed="the tables or [generated], not both")


def _place_of_folder(
    header: PlaceDocument,
    organisations: Organisations | None,
    relationships: list[Relationship] | None,
    found: Found,
    document: Document,
    findings: Findings,
) -> PlaceFile | None:
    fields = {name: getattr(header, name) for name in PlaceHeader.model_fields}
    fields["name"] = found.name
    if organisations is not None:
        fields["organisations"] = tuple(organisations.organisations)
        fields["relationships"] = tuple(relationships or ())
        fields["council"] = header.council or _only_council(organisations, findings, file=document.file)
    try:
        return PlaceFile(**fields)
    except ValidationError as error:
        add_errors(error, PlaceFile, document.data, document, findings)
        return None


def _only_council(organisations: Organisations, findings: Findings, *, file: str) -> str | None:
    councils = [one.id for one in organisations.organisations if one.kind == "council"]
    if len(councils) == 1:
        findings.note(f"the council is '{councils[0]}', the only organisation of that kind", file=file)
        return councils[0]
    findings.note("no council is named, so no site is chosen for its tie to the council", file=file)
    return None


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
    place = _place_of_file(data.get("place", "generated"), found, document, findings)
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


def _place_of_file(source: Any, found: Found, document: Document, findings: Findings) -> PlaceFile | None:
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


# Load places, routes, pressures and scenarios: ready ones by name, people's own by path.
#
# A text with a slash or ending in .toml, and a `Path`, are paths; anything else is first a ready one's name.
# Where a ready one and a file of yours have the same spelling, the text is refused and `./name` means yours.
#
# Every function raises `ProblemError`, which holds all that is wrong with the files at once; `notes`, a list,
# takes what was assumed and what is unusual.


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


_KEPT = ("title", "description", "months", "profile", "without", "structure", "events", "pressure", "route")


def write_scenario(scenario: Scenario, folder: Path, *, name: str = "scenario") -> str:
    """Return how a plan file in a folder names a scenario: a ready one's name, or a file that is written there.

    Raises OSError, and ValueError where what was written is not the same scenario.
    """
    if scenario.name in ready("scenarios") and _same(load_scenario(scenario.name), scenario):
        return scenario.name
    place = scenario.place.name
    if place not in ready("places") or load_place(place).content_hash() != scenario.place.content_hash():
        (folder / "place").mkdir(parents=True, exist_ok=True)
        for file, text in place_files(scenario.place).items():
            (folder / "place" / file).write_text(text, encoding="utf-8")
        place = "./place"
    said = scenario.model_dump(mode="json", by_alias=True, include=set(_KEPT), exclude_none=True)
    for part in ("pressure", "route"):
        said[part].pop("name", None)
    said["parameters"] = scenario.parameters | scenario.settings
    path = folder / f"{name}.toml"
    comments = ["The scenario that was fitted, as it was. Illustrative, not predictive."]
    path.write_text(toml_text({"place": place} | said, comments=comments), encoding="utf-8")
    if not _runs_alike(load_scenario(path), scenario):
        msg = f"{path} does not hold the scenario as it was"
        raise ValueError(msg)
    return f"./{name}.toml"


def _same(one: Scenario, other: Scenario) -> bool:
    return one.content_hash() == other.content_hash()


def _runs_alike(one: Scenario, other: Scenario) -> bool:
    """Tell whether two scenarios decide the same runs; which part a number stands in makes no difference."""
    alone: dict[str, Any] = {"parameters": {}, "settings": {}}
    try:
        bare = [scenario.changed(**alone) for scenario in (one, other)]
    except ProblemError:
        return False
    return one.numbers == other.numbers and _same(*bare)


_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(data: Mapping[str, Any], *, comments: Sequence[str] = ()) -> str:
    """Return data as the text of a TOML file, with comments above; keys whose value is None are left out.

    >>> print(toml_text({"title": "A", "phases": [{"months": 6, "shares": {"help": 0.5}}]}))
    title = "A"
    <BLANKLINE>
    [[phases]]
    months = 6
    shares = { help = 0.5 }
    <BLANKLINE>
    """
    data = {name: value for name, value in data.items() if value is not None}
    plain = toml_lines({name: value for name, value in data.items() if not _is_table(value)})
    groups = [[line for text in comments for line in toml_comment(text)], plain]
    for name, value in data.items():
        if isinstance(value, Mapping):
            groups.append([f"[{_bare_key(name)}]", *toml_lines(value)])
        elif _is_table(value):
            groups += [[f"[[{_bare_key(name)}]]", *toml_lines(row)] for row in value]
    head, *tables = ["\n".join(group) for group in groups if group]
    if comments and plain:
        head = f"{head}\n{tables.pop(0)}"
    return "\n\n".join([head, *tables]) + "\n"


def _is_table(value: Any) -> bool:
    """Tell whether a value is a table, or a list of nothing but tables."""
    rows = isinstance(value, list | tuple) and len(value) > 0 and all(isinstance(row, Mapping) for row in value)
    return isinstance(value, Mapping) or rows


def toml_lines(table: Mapping[str, Any]) -> list[str]:
    """Return a mapping as lines of TOML, everything below the first level inline; keys whose value is None left out.

    >>> toml_lines({"months": 60, "design": {"type": "table"}})
    ['months = 60', 'design = { type = "table" }']
    """
    return [f"{_bare_key(name)} = {_inline_value(value)}" for name, value in table.items() if value is not None]


def _inline_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(toml_lines(value))} }}" if value else "{}"
    return f"[{', '.join(map(_inline_value, value))}]"


def toml_string(text: str) -> str:
    """Return a TOML string: JSON's escapes are TOML's too, which also escapes the sign for deletion."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _bare_key(name: str) -> str:
    return name if _BARE.fullmatch(name) else toml_string(name)


def toml_comment(text: str, *, item: bool = False) -> list[str]:
    """Return a text as lines of a comment, or of an item in one.

    >>> toml_comment("a note", item=True)
    ['# - a note']
    """
    first, later = ("# - ", "#   ") if item else ("# ", "# ")
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    lines = wrap(plain, 116, break_on_hyphens=False) or [""]
    return [((later if position else first) + line).rstrip() for position, line in enumerate(lines)]


ILLUSTRATIVE = "Illustrative, not predictive. Names here may be of real bodies and people: ask before you show them."


def place_files(place: PlaceFile) -> dict[str, str]:
    """Return the texts of place.toml and its tables by name, from which the same place is read to the bit.

    A generated place has no tables.
    """
    said = place.model_dump(mode="json", include=set(PlaceHeader.model_fields), exclude_defaults=True)
    if place.generated is not None:
        said |= {"generated": place.generated.model_dump(mode="json", exclude_defaults=True)}
        return {"place.toml": toml_text(said, comments=[ILLUSTRATIVE])}
    return {
        "place.toml": toml_text({"scale": "0-1"} | said, comments=[ILLUSTRATIVE]),
        "organisations.csv": _organisations(place.organisations),
        "relationships.csv": csv_text(
            ("from", "to", "strength", "trust", "kind"),
            ((tie.source, tie.target, _cell(tie.strength), _cell(tie.trust), tie.kind) for tie in place.relationships),
        ),
    }


def _organisations(organisations: Sequence[Organisation]) -> str:
    """Return the table, with one column of practice where no organisation's behaviours differ, else nine."""
    nine = any(one.practice is not None and len(set(one.practice)) > 1 for one in organisations)
    columns = BEHAVIOUR_IDS if nine else ("practice",)
    rows = []
    for one in organisations:
        practice = [""] * len(columns) if one.practice is None else [_cell(value) for value in one.practice]
        rows.append(
            [one.id, one.name, one.kind, one.role, _cell(one.size), *practice[: len(columns)], _cell(one.threshold),
             _cell(one.budget_exposure)]
        )  # fmt: skip
    return csv_text(("id", "name", "kind", "role", "size", *columns, "threshold", "budget_exposure"), rows)


def _cell(value: float | None) -> str:
    return "" if value is None else repr(float(value))
