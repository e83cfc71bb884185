"""Say what was compared, as plain data for a manifest: places, routes, pressures and numbers that are not defaults.

All that these functions return can be written as JSON; the report reads it from `Comparison.manifest`.
"""

from typing import Any

from simulation.parameters import ASSUMED, BY_NAME, ESSAY, PARAMETERS
from simulation.scenario.pressure import Pressure
from simulation.scenario.route import Route
from simulation.scenario.scenario import Scenario
from simulation.scenario.structure import Structure
from simulation.scenario.switches import LEAN, WITHOUT
from simulation.start import roster
from simulation.vocabulary import ACTIVITY_IDS


def describe_scenario(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario is, without its route: place, pressure, months, choices, changed numbers, events."""
    place, standard = scenario.place, Structure()
    people = roster(place)
    return {
        "title": scenario.title or place.title or scenario.name,
        "description": scenario.description,
        "hash": scenario.content_hash(),
        "months": scenario.months,
        "burn_in_months": scenario.structure.burn_in_months,
        "place": {
            "name": place.name,
            "title": place.title,
            "description": " ".join(place.description.split()),
            "need": " ".join(place.need.split()),
            "organisations": len(people.ids),
            "relationships": len(place.relationships),
            "days": scenario.numbers.partner_days,
            "days_reason": place.days_reason,
            "hash": place.content_hash(),
            "facts": [fact.model_dump() for fact in place.facts],
        },
        "pressure": describe_pressure(scenario.pressure),
        "budget": None if scenario.budget is None else scenario.budget.model_dump(mode="json"),
        "profile": scenario.profile,
        "without": list(scenario.without),
        "structure": {
            name: value for name, value in scenario.structure.model_dump().items() if value != getattr(standard, name)
        },
        "changed": changed_numbers(scenario),
        "events": [event.model_dump(mode="json") for event in scenario.all_events],
    }


def describe_route(route: Route) -> dict[str, Any]:
    """Return what a route is: its phases with their months and shares of days."""
    return {
        "title": route.title,
        "description": route.description,
        "months": route.months,
        "days_factor": route.days_factor,
        "months_of_days": route.days_spent,
        "order": route.order,
        "number_of_sites": route.number_of_sites,
        "phases": [
            {"name": phase.name, "months": phase.months}
            | {name: share for name, share in zip(ACTIVITY_IDS, phase.shares.as_tuple(), strict=True) if share}
            for phase in route.phases
        ],
        "hash": route.content_hash(),
    }


def describe_pressure(pressure: Pressure) -> dict[str, Any]:
    """Return what a pressure is: title, description and sources."""
    return {
        "name": pressure.name,
        "title": pressure.title,
        "description": pressure.description,
        "sources": list(pressure.sources),
        "hash": pressure.content_hash(),
    }


def changed_numbers(scenario: Scenario) -> list[dict[str, Any]]:
    """Return every number of a scenario that is not the model's default, with where it was changed."""
    values = scenario.numbers._asdict()
    return [
        {
            "name": parameter.name,
            "default": parameter.default,
            "value": values[parameter.name],
            "unit": parameter.unit,
            "meaning": parameter.meaning,
            "basis": parameter.basis,
            "plausible": parameter.is_plausible(values[parameter.name]),
            "changed_in": _changed_in(scenario, parameter.name),
        }
        for parameter in PARAMETERS
        if values[parameter.name] != parameter.default
    ]


def _changed_in(scenario: Scenario, name: str) -> str:
    """Return the part of a scenario that has the last word on a number."""
    parts: list[tuple[str, Any]] = [
        ("settings", scenario.settings),
        *((f"without {switch}", WITHOUT[switch].parameters) for switch in reversed(scenario.without)),
        ("the lean profile", LEAN if scenario.profile == "lean" else {}),
        ("the scenario", scenario.parameters),
        ("the pressure", scenario.pressure.parameters),
        ("the place", scenario.place.parameters),
        ("the place", {} if scenario.place.days is None else {"partner_days": scenario.place.days}),
    ]
    return next((part for part, numbers in parts if name in numbers), "the model")


def informed_numbers() -> tuple[int, int]:
    """Return how many of the model's numbers a source informs, and how many there are."""
    return sum(parameter.basis not in (ASSUMED, ESSAY) for parameter in PARAMETERS), len(BY_NAME)
