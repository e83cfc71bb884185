"""Anything of a scenario by its dotted name: find, set, rebuild."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from simulation.parameters import BY_NAME, BY_SYMBOL
from simulation.scenario.errors import Findings, ProblemError
from simulation.scenario.place import Generated, Network, PlaceFile
from simulation.scenario.scenario import Scenario
from simulation.scenario.structure import Structure
from simulation.scenario.tables import number_from
from simulation.scenario.toml_positions import Document
from simulation.scenario.validation import add_errors
from simulation.scenario.value_objects import implausible, number_problems

M = TypeVar("M", bound=BaseModel)

_ROUTE = ("number_of_sites", "site_rule", "council", "open_talk", "open_from", "days_factor")
_GENERATED = tuple(name for name in Generated.model_fields if name != "network")
SETTABLE = (
    "months",
    "profile",
    "place.days",
    "place.practice_low",
    "place.practice_high",
    *(f"structure.{name}" for name in Structure.model_fields),
    *(f"route.{name}" for name in _ROUTE),
    *(f"place.generated.{name}" for name in _GENERATED),
    *(f"place.network.{name}" for name in Network.model_fields),
)
"""What can be set besides parameters. `place.days` is the parameter `partner_days`."""
FILE = "--set"


def with_settings(scenario: Scenario, settings: Iterable[str], *, notes: list[str] | None = None) -> Scenario:
    """Return the scenario with settings like `trust_gain=0.1` or `structure.influence=linear` applied.

    Parameters go by readable name or by symbol; of a key set twice the last stands. Raises ProblemError with
    all that is wrong.

    >>> with_settings(Scenario(), ["months=60", "T0=0.4"]).settings
    {'initial_trust': 0.4}
    """
    findings = Findings()
    numbers: dict[str, float] = {}
    others: dict[str, Any] = {}
    for text in settings:
        key, separator, value = (part.strip() for part in text.partition("="))
        if not separator or not key or not value:
            findings.add("is not a setting", file=FILE, value=text or '""', allowed="key=value, such as months=60")
            continue
        name = "partner_days" if key in ("place.days", "days") else key.removeprefix("parameters.")
        name = BY_SYMBOL[name].name if name in BY_SYMBOL else name
        if name in BY_NAME:
            _set_number(name, key, value, numbers, findings)
        elif name in SETTABLE:
            others[name] = _parsed(value)
        else:
            allowed = f"a parameter (`behaviours list parameters`), {', '.join(SETTABLE)}"
            findings.add(
                "is nothing that can be set",
                file=FILE,
                value=key,
                allowed=allowed,
                like=[*BY_NAME, *SETTABLE],
            )
    changes = _changes(scenario, others, findings)
    for text in implausible(numbers):
        findings.note(text, file=FILE)
    return findings.settle(_applied(scenario, numbers, changes, findings), notes)


def _applied(
    scenario: Scenario, numbers: dict[str, float], changes: dict[str, Any], findings: Findings
) -> Scenario | None:
    if findings.problems:
        return None
    try:
        return scenario.changed(settings=scenario.settings | numbers, **changes)
    except ProblemError as error:
        findings.problems += [replace(problem, file=FILE) for problem in error.problems]
        return None


def _set_number(name: str, key: str, text: str, numbers: dict[str, float], findings: Findings) -> None:
    value = number_from(text)
    if isinstance(value, str):
        parameter = BY_NAME[name]
        allowed = f"a number from {parameter.hard_low:g} to {parameter.hard_high:g}"
        findings.add(value, file=FILE, key=key, value=text, allowed=allowed)
        return
    for problem in number_problems({name: value}):
        findings.add(problem.message, file=FILE, key=key, value=problem.value, allowed=problem.allowed)
    numbers[name] = value


def _parsed(text: str) -> Any:
    """Return a number, true or false, or the text itself."""
    value = number_from(text)
    if not isinstance(value, str):
        return int(value) if value.is_integer() and "." not in text and abs(value) < 1e15 else value
    return {"true": True, "false": False}.get(text, text)


def _changes(scenario: Scenario, others: dict[str, Any], findings: Findings) -> dict[str, Any]:
    """Return the changed parts of the scenario, with problems added."""
    changes: dict[str, Any] = {name: others[name] for name in ("months", "profile") if name in others}
    if structure := _below("structure.", others):
        changes["structure"] = _changed(scenario.structure, structure, "structure", findings)
    if route := _below("route.", others):
        changes["route"] = _changed(scenario.route, route, "route", findings)
    if place := _place_changes(scenario.place, others, findings):
        changes["place"] = _changed(scenario.place, place, "place", findings)
    return changes


def _place_changes(place: PlaceFile, others: dict[str, Any], findings: Findings) -> dict[str, Any]:
    changes = {name: value for name, value in _below("place.", others).items() if "." not in name}
    network, generated = _below("place.network.", others), _below("place.generated.", others)
    if not network and not generated:
        return changes
    if place.generated is None:
        key = next(name for name in others if name.startswith(("place.network.", "place.generated.")))
        findings.add("is for a generated place, and this one comes from files", file=FILE, value=key)
        return changes
    if network:
        generated["network"] = _changed(place.generated.network, network, "place.network", findings)
    changes["generated"] = _changed(place.generated, generated, "place.generated", findings)
    return changes


def _below(start: str, others: dict[str, Any]) -> dict[str, Any]:
    """Return the settings whose names begin so, without that beginning."""
    return {name.removeprefix(start): value for name, value in others.items() if name.startswith(start)}


def _changed(part: M, changes: dict[str, Any], key: str, findings: Findings) -> M:
    """Return a value object with other fields, or the same one with problems added."""
    fields = {name: getattr(part, name) for name in type(part).model_fields} | changes
    try:
        return type(part)(**fields)
    except ValidationError as error:
        add_errors(error, type(part), fields, Document({}, FILE), findings, path=(key,))
        return part


# Vary anything of a scenario by its dotted name: a parameter, a part by name, or a field of a part.
#
# `trust_gain` and `T0` are parameters; `route`, `pressure` and `place` take names of ready ones or paths; all else
# is a path into the scenario, positions counted from 1: `route.number_of_sites`, `route.phases[1].shares.help`,
# `pressure.events[1].size`, `place.network.neighbours`, `structure.influence`, `months`, `without`.


Value = bool | int | float | str
PARTS = ("route", "pressure", "place")
"""Factors whose values are names of parts."""
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def canonical(name: str) -> str:
    """Return a factor's name as columns and messages carry it.

    >>> canonical("T0"), canonical("parameters.trust_gain"), canonical("place.days")
    ('initial_trust', 'trust_gain', 'partner_days')
    >>> canonical("place.network.neighbours")
    'place.generated.network.neighbours'
    """
    name = name.strip().removeprefix("parameters.")
    if name in ("place.days", "days"):
        return "partner_days"
    if name.startswith("place.network."):
        return f"place.generated.{name.removeprefix('place.')}"
    return BY_SYMBOL[name].name if name in BY_SYMBOL else name


def steps_of(name: str) -> tuple[str | int, ...]:
    """Return a dotted name as a path, positions from 0.

    >>> steps_of("route.phases[2].shares.help")
    ('route', 'phases', 1, 'shares', 'help')
    """
    return tuple(key or int(position) - 1 for key, position in _STEP.findall(name))


def find_field(scenario: Scenario, name: str, findings: Findings, **where: Any) -> type | None:
    """Return what a factor's field holds (int, float or bool; object for other things); add what is wrong.

    `where` says where the name was read, as `Findings.add` takes it.
    """
    if name in BY_NAME:
        return float
    path = steps_of(name)
    part: Any = scenario
    for k, step in enumerate(path):
        known = _keys(part)
        if step not in known:
            holder = "".join(f"[{s + 1}]" if isinstance(s, int) else f".{s}" for s in path[:k]).lstrip(".")
            allowed = [
                f"{holder}[{s + 1}]" if isinstance(s, int) else f"{holder}.{s}" if holder else str(s) for s in known
            ]
            extra = ["a parameter (behaviours list parameters)"] if k == 0 else []
            message = f"is nothing that scenario {scenario.name or 'given'} has"
            like = [*BY_NAME, *allowed] if k == 0 else allowed
            findings.add(message, value=name, allowed=[*extra, *allowed] or "nothing here", like=like, **where)
            return None
        kind = _kind(part, step)
        part = getattr(part, str(step)) if isinstance(part, BaseModel) else part[step]
    if name in PARTS or name == "without":
        return object
    if isinstance(part, BaseModel | tuple | dict):
        findings.add(
            "holds several things: name one of them", value=name, allowed=[str(k) for k in _keys(part)], **where
        )
        return None
    return kind


def _keys(part: Any) -> list[str | int]:
    """Return the steps that lead on from a part."""
    if isinstance(part, Scenario):
        hidden = {"name", "title", "description", "parameters", "settings"}
        return [name for name in type(part).model_fields if name not in hidden]
    if isinstance(part, BaseModel):
        return [name for name in type(part).model_fields if name not in ("name", "title", "description", "type")]
    if isinstance(part, dict):
        return list(part)
    return list(range(len(part))) if isinstance(part, tuple) else []


def _kind(part: Any, step: str | int) -> type:
    """Return int, float or bool for a field that holds such, object for any other."""
    if not isinstance(part, BaseModel):
        value = part[step]
        return float if isinstance(value, float) else object
    annotation = type(part).model_fields[str(step)].annotation
    kinds = {annotation, *get_args(annotation)}
    return next((kind for kind in (int, float, bool) if kind in kinds), object)
