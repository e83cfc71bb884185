"""Write an opportunistic route as a sequence: the months of breadth and depth as they come on one seed.

An opportunistic route pools its first two phases and takes them month by month, as the place's strategic window opens.
Windows open by luck, so which months are breadth is known once a seed is. Written down, they can be cut at a month.
"""

from itertools import groupby

from simulation.course import simulate
from simulation.mechanisms.partner import BREADTH, DEPTH
from simulation.scenario import Phase, Route, Scenario


def in_sequence(scenario: Scenario, seed: int) -> Route:
    """Return the scenario's opportunistic route as a sequence that runs to the same bits on this seed.

    Breadth after depth keeps its sites, even where all of them have closed, as the opportunistic route does.
    """
    route = scenario.route
    found = simulate(scenario, seed, detail="organisations")
    open_months = [bool(month) for month in found["strategic_window"][found.burn_in :] > 0.5]
    working = [bool(row.any()) for row in found.by_organisation["on_site"][found.burn_in :] > 0.5]
    spells: list[Phase] = []
    month = 0
    for kind, group in groupby(_kinds(route, open_months)):
        length, phase = len(list(group)), route.phases[kind]
        if kind == BREADTH and spells:
            sites = "keep" if month >= len(working) or working[month] else ()
            phase = phase.model_copy(update={"sites": sites})
        spells.append(phase.model_copy(update={"months": length}))
        month += length
    return route.model_copy(update={"order": "sequence", "phases": (*spells, *route.phases[2:])})


def pooled_months(route: Route) -> int:
    """Return how many months an opportunistic route pools; none in a sequence."""
    return sum(phase.months for phase in route.phases[:2]) if route.order == "opportunistic" else 0


def _kinds(route: Route, open_months: list[bool]) -> list[int]:
    """Return which of the two phases each pooled month belongs to, by the rule of simulation.mechanisms.partner."""
    left = {BREADTH: route.phases[BREADTH].months, DEPTH: route.phases[DEPTH].months}
    kinds = []
    for month in range(pooled_months(route)):
        opened = month < len(open_months) and open_months[month]
        kind = BREADTH if left[BREADTH] > 0 and (opened or left[DEPTH] == 0) else DEPTH
        left[kind] -= 1
        kinds.append(kind)
    return kinds
