"""Turn decisions into a scenario: a route of phases and events that the command line runs to the same bits."""

from collections.abc import Sequence

from dashboard.decisions.decision import Decision
from dashboard.decisions.phases import decided_route
from dashboard.decisions.pooled import in_sequence, pooled_months
from dashboard.decisions.tree import Tree
from dashboard.remembered import remembered
from simulation.scenario import ProblemError, Route, Scenario

MOST_KEPT = 256


def scenario_of(base: Scenario, decisions: Sequence[Decision], *, seed: int) -> Scenario:
    """Return the base with decisions made on the way; without any, the base itself.

    Running it from the start gives the same bits as running the base to the month of a decision, forking into it and
    going on. The seed counts only where a decision falls into the pooled months of an opportunistic route: these are
    then written down as they come on this seed. Raises ProblemError for organisations that are not there, and the like.
    """
    if not decisions:
        return base
    events = tuple(event for decision in decisions for event in decision.events)
    scenario = base.changed(events=(*base.events, *events)) if events else base
    changing = [decision for decision in decisions if decision.changes_route]
    if not changing:
        return scenario
    route = in_sequence(scenario, seed) if depends_on_seed(base.route, decisions) else scenario.route
    for decision in changing:
        route = decided_route(route, decision, months=scenario.months)
    return scenario.changed(route=route)


def kept_scenario(base: Scenario, decisions: Sequence[Decision], *, seed: int) -> Scenario:
    """Return `scenario_of`, the same object each time, so that its run is found again at once."""
    made = tuple(decisions)
    return _scenario(base, made, seed if depends_on_seed(base.route, made) else 0)


def kept_route(scenario: Scenario, *, seed: int) -> Route:
    """Return a scenario's route as a sequence: an opportunistic one as it comes on this seed."""
    return _in_sequence(scenario, seed) if scenario.route.order == "opportunistic" else scenario.route


def depends_on_seed(route: Route, decisions: Sequence[Decision]) -> bool:
    """Tell whether decisions cut into months that an opportunistic route takes as windows open."""
    first = min((decision.month for decision in decisions if decision.changes_route), default=None)
    return first is not None and first < pooled_months(route)


def problems_of(base: Scenario, tree: Tree, index: int, *, seed: int) -> tuple[str, ...]:
    """Return in words what keeps a branch from being run in this scenario; nothing where it can be."""
    try:
        scenario_of(base, tree.path(index), seed=seed)
    except ProblemError as error:
        return tuple(str(problem) for problem in error.problems)
    return ()


@remembered(MOST_KEPT)
def _scenario(base: Scenario, decisions: tuple[Decision, ...], seed: int) -> Scenario:
    return scenario_of(base, decisions, seed=seed)


_in_sequence = remembered(MOST_KEPT)(in_sequence)
