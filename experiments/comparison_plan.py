"""Lay out what a comparison of routes runs, with everything loaded and checked before the first run."""

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.cases import Case
from simulation.scenario import ProblemError, Route, Scenario, available, load_pressure, load_route, load_scenario
from simulation.scenario.problems import Problem

FIRST_SEED = 1_000_000
"""Published comparisons use the seeds from here on; none of them was used while choosing defaults or tuning code."""
REPLICATES = 200
SCENARIOS = ("barking-and-dagenham", "gateshead")
PRIMARY = ("prototype-led", "manifesto-led")
"""The contrast named before any run: the first minus the second, mean practice at the last month, in each scenario."""
UNDER_PRESSURE = 4
"""The contrast under other pressures takes a quarter of the replicates, but not fewer than can rank anything."""
NO_PARTNER = "none"


@dataclass(frozen=True)
class ComparisonPlan:
    """All that is to be run."""

    cases: dict[str, tuple[Case, ...]]
    """By scenario: a case a route."""
    pressed: dict[tuple[str, str], tuple[Case, ...]]
    """By scenario and other pressure: the main pair of routes, first and second."""
    pair: tuple[str, str] | None
    """The two routes that the comparison is first about."""
    first_seed: int
    replicates: int
    notes: tuple[str, ...] = ()

    @property
    def routes(self) -> tuple[str, ...]:
        """Names of the routes."""
        return tuple(case.route for case in next(iter(self.cases.values())))

    @property
    def replicates_pressed(self) -> int:
        """Replicates of the contrast under each other pressure."""
        from experiments.statistics import FEWEST_TO_RANK

        return min(self.replicates, max(FEWEST_TO_RANK, self.replicates // UNDER_PRESSURE))

    @property
    def seeds(self) -> range:
        """Seeds of every route in every scenario."""
        return range(self.first_seed, self.first_seed + self.replicates)

    @property
    def seeds_pressed(self) -> range:
        """Seeds of the contrast under other pressures."""
        return self.seeds[: self.replicates_pressed]

    @property
    def runs(self) -> int:
        """Runs in all."""
        own = sum(len(cases) for cases in self.cases.values()) * self.replicates
        return own + sum(len(cases) for cases in self.pressed.values()) * self.replicates_pressed


def plan_comparison(
    scenarios: Sequence[Scenario | str] = SCENARIOS,
    routes: Sequence[Route | str] | None = None,
    *,
    replicates: int = REPLICATES,
    first_seed: int = FIRST_SEED,
    months: int | None = None,
    pressures: bool = True,
) -> ComparisonPlan:
    """Return all that a comparison runs; names are loaded, and everything is checked.

    Routes default to all ready ones, months to each scenario's own. `pressures` also plans the main pair of routes
    under each other ready pressure. Raises ProblemError with all that is wrong.
    """
    _refuse(_number_problems(replicates, first_seed, scenarios, routes))
    loaded = [load_scenario(item) if isinstance(item, str) else item for item in scenarios]
    names = ready_routes() if routes is None else routes
    ways = [load_route(item) if isinstance(item, str) else item for item in names]
    _refuse(_twice("scenario", [scenario.name for scenario in loaded]))
    _refuse(_twice("route", [route.name for route in ways]))
    if months is not None:
        loaded = [scenario.changed(months=months) for scenario in loaded]
    cases = {scenario.name: _cases(scenario, ways) for scenario in loaded}
    pair = main_pair([route.name for route in ways])
    notes: list[str] = []
    pressed: dict[tuple[str, str], tuple[Case, ...]] = {}
    if pressures and pair is not None:
        chosen = [route for name in pair for route in ways if route.name == name]
        for scenario in loaded:
            pressed |= _pressed(scenario, chosen, notes)
    return ComparisonPlan(cases, pressed, pair, first_seed, replicates, tuple(notes))


def ready_routes() -> list[str]:
    """Return all ready routes: without a partner first, then the two that are compared first, then the others."""
    names = [ready.name for ready in available("routes")]
    first = [name for name in (NO_PARTNER, *reversed(PRIMARY)) if name in names]
    return first + [name for name in names if name not in first]


def main_pair(routes: Sequence[str]) -> tuple[str, str] | None:
    """Return the two routes that matter first: the primary pair, else the second with a partner, then the first.

    >>> main_pair(["none", "blended", "opportunistic"])
    ('opportunistic', 'blended')
    """
    if all(route in routes for route in PRIMARY):
        return PRIMARY
    entered = [route for route in routes if route != NO_PARTNER]
    return (entered[1], entered[0]) if len(entered) > 1 else None


def _cases(scenario: Scenario, routes: Sequence[Route], pressure: str | None = None) -> tuple[Case, ...]:
    """Return a scenario's cases, a route each."""
    name = scenario.pressure.name if pressure is None else pressure
    return tuple(Case(scenario.name, route.name, name, scenario.changed(route=route)) for route in routes)


def _pressed(scenario: Scenario, routes: Sequence[Route], notes: list[str]) -> dict[tuple[str, str], tuple[Case, ...]]:
    """Return the cases under each ready pressure but the scenario's own; one that does not fit becomes a note."""
    found = {}
    for ready in available("pressures"):
        pressure = load_pressure(ready.name)
        if pressure.content_hash() == scenario.pressure.content_hash():
            continue
        try:
            under = scenario.changed(pressure=pressure)
            found[scenario.name, ready.name] = _cases(under, routes, ready.name)
        except ProblemError as error:
            notes.append(f"{scenario.name} was not tried under the pressure {ready.name}: {error}")
    return found


def _number_problems(
    replicates: int,
    first_seed: int,
    scenarios: Sequence[Scenario | str],
    routes: Sequence[Route | str] | None,
) -> list[Problem]:
    problems = []
    if replicates < 1:
        problems.append(Problem("is not a number of replicates", value=str(replicates), allowed="1 or more"))
    if first_seed < 0:
        problems.append(Problem("is not a seed", value=str(first_seed), allowed="0 or more"))
    if not scenarios:
        problems.append(Problem("there is no scenario to compare routes in"))
    if routes is not None and not routes:
        problems.append(Problem("there is no route to compare"))
    return problems


def _twice(kind: str, names: Sequence[str]) -> list[Problem]:
    """Return a problem for every name that stands twice: results are told apart by name."""
    twice = sorted({name for name in names if list(names).count(name) > 1})
    return [
        Problem(f"is given twice as a {kind}; results are told apart by name", value=name or "(no name)")
        for name in twice
    ]


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise ProblemError(problems)
