"""Plan what repeats the main contrast: two routes under each other ready pressure, and under each other structure."""

from collections.abc import Mapping, Sequence

from experiments.cases import Case
from experiments.structures import choices, plain, under
from simulation.scenario import ProblemError, Route, Scenario, available, load_pressure

Pair = tuple[Case, ...]
"""The main two routes in one scenario, first and second."""
Repeats = dict[tuple[str, str], Pair]
"""By scenario, and by the name of the pressure or structure."""


def cases_of(scenario: Scenario, routes: Sequence[Route]) -> tuple[Case, ...]:
    """Return a scenario's cases, a route each."""
    name = scenario.pressure.name
    return tuple(Case(scenario.name, route.name, name, scenario.changed(route=route)) for route in routes)


def under_pressures(scenarios: Sequence[Scenario], routes: Sequence[Route], notes: list[str]) -> Repeats:
    """Return the cases under each ready pressure but a scenario's own; one that does not fit becomes a note."""
    found = {}
    ready = [load_pressure(pressure.name) for pressure in available("pressures")]
    for scenario in scenarios:
        for pressure in ready:
            if pressure.content_hash() == scenario.pressure.content_hash():
                continue
            try:
                found[scenario.name, pressure.name] = cases_of(scenario.changed(pressure=pressure), routes)
            except ProblemError as error:
                notes.append(f"{scenario.name} was not tried under the pressure {pressure.name}: {error}")
    return found


def under_structures(
    scenarios: Sequence[Scenario],
    routes: Sequence[Route],
    own: Mapping[str, Sequence[Case]],
    notes: list[str],
) -> Repeats:
    """Return the cases under each structure but a scenario's own; one that does not fit becomes a note.

    `own` are the scenarios' cases. What several scenarios come to under a structure, or what one of them is itself, is
    planned once: it is the same object.
    """
    names = [route.name for route in routes]
    bare = [scenario.changed(route=Route()) for scenario in scenarios]
    known = {plain(one).content_hash(): _of_routes(own[one.name], names) for one in bare}
    found = {}
    for scenario in bare:
        for choice in choices():
            try:
                other = under(scenario, choice)
                if other is None:
                    continue
                identity = other.content_hash()
                if identity not in known:
                    known[identity] = cases_of(other, routes)
                found[scenario.name, choice.name] = known[identity]
            except ProblemError as error:
                notes.append(f"{scenario.name} was not tried under the structure “{choice.title}”: {error}")
    return found


def _of_routes(cases: Sequence[Case], names: Sequence[str]) -> Pair:
    return tuple(case for name in names for case in cases if case.route == name)
