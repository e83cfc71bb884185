"""Change a scenario by hand: `key=value`, as the command line's --set gives it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from simulation.parameters import BY_NAME, BY_SYMBOL
from simulation.scenario.checks import implausible, number_problems
from simulation.scenario.numbers import number_from
from simulation.scenario.places import Generated, Network, PlaceFile
from simulation.scenario.problems import Findings, ProblemError
from simulation.scenario.scenario import Scenario
from simulation.scenario.structure import Structure
from simulation.scenario.toml import Document
from simulation.scenario.validation import add_errors

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
