"""A branch to a scenario; repeats with other luck."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from dashboard.memo import remembered
from dashboard.pages.decide.branches import Decision, Tree
from dashboard.runs import by_month
from simulation.mechanisms.partner import BREADTH, DEPTH
from simulation.run import Trajectory, simulate
from simulation.scenario import Phase, ProblemError, Route, Scenario, Shares
from simulation.state import Floats


def decided_route(route: Route, decision: Decision, *, months: int) -> Route:
    """Return a route in sequence that goes as before until the decision; `months` is when the run ends."""
    if not decision.changes_route:
        return route
    before, after = cut(route.phases, decision.month)
    work = _new_work if decision.shares is not None else _same_work
    phases = [*before, *work(before, after, decision, months)]
    if decision.until is not None:
        phases = cut(phases, decision.until)[0]
    talks_from = min(route.open_from, decision.month) if decision.open_talk == "from-month" else route.open_from
    return route.model_copy(update={"phases": tuple(phases), "open_from": talks_from})


def cut(phases: Sequence[Phase], month: int) -> tuple[list[Phase], list[Phase]]:
    """Return the phases before a month and those from it on; of one that is cut, the second part keeps its sites."""
    before, after, left = [], [], month
    for phase in phases:
        if left >= phase.months:
            before.append(phase)
        elif left > 0:
            before.append(phase.model_copy(update={"months": left}))
            after.append(phase.model_copy(update={"months": phase.months - left, "sites": "keep"}))
        else:
            after.append(phase)
        left = max(left - phase.months, 0)
    return before, after


def phase_at(route: Route, month: int) -> Phase | None:
    """Return the phase of a route in sequence that contains a month; None where there is no partner."""
    after = cut(route.phases, month)[1]
    return after[0] if after and not _is_pause(after[0]) else None


def _new_work(before: list[Phase], after: list[Phase], decision: Decision, months: int) -> list[Phase]:
    """Return the phase in which days are spent as decided, after a pause where the partner had left."""
    month, end = decision.month, _length(before) + _length(after)
    leaving = decision.until if decision.until is not None else end if end > month else months
    if leaving <= month:
        return []
    worked = [phase for phase in before if not _is_pause(phase)]
    planned = [*worked, *after[:1]]
    usual = "keep" if worked else after[0].sites if after else "choose"
    phase = Phase(
        name=f"Decided at month {month}",
        months=leaving - month,
        shares=decision.shares or Shares(),
        sites=usual if decision.sites is None else decision.sites,
        open_talk=decision.open_talk or (planned[-1].open_talk if planned else None),
    )
    away = month - _length(before)
    pause = [Phase(name="No partner", months=away, shares=Shares(), sites=(), open_talk="never")] if away else []
    return [*pause, phase]


def _same_work(before: list[Phase], after: list[Phase], decision: Decision, months: int) -> list[Phase]:
    """Return the work that was planned, at other sites or with other talk; longer, where the partner stays longer."""
    month, end = decision.month, _length(before) + _length(after)
    more = (decision.until or 0) - end
    if more > 0 and after:
        after = [*after[:-1], after[-1].model_copy(update={"months": after[-1].months + more})]
    elif more > 0 and before and end == month:
        after = [before[-1].model_copy(update={"months": more, "sites": "keep"})]
    if decision.open_talk is not None:
        after = [phase.model_copy(update={"open_talk": decision.open_talk}) for phase in after]
    if decision.sites is not None and after:
        after = [after[0].model_copy(update={"sites": decision.sites}), *after[1:]]
    return after


def _is_pause(phase: Phase) -> bool:
    """Tell whether the partner is away: nothing is done, nowhere."""
    return phase.sites == () and not any(phase.shares.as_tuple())


def _length(phases: Sequence[Phase]) -> int:
    return sum(phase.months for phase in phases)


# Write an opportunistic route as a sequence: the months of breadth and depth as they come on one seed.
#
# An opportunistic route pools its first two phases and takes them month by month, as the place's strategic window
# opens.
# Windows open by luck, so which months are breadth is known once a seed is. Written down, they can be cut at a month.


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


Run = Callable[[Scenario, int], Trajectory]

REPEATS = 30
LOW, HIGH = 5, 95
"""Percentiles: nine runs in ten lie between."""


@dataclass(frozen=True)
class Band:
    """Where nine runs in ten of a branch lie, month by month from month 0, and how many runs there are."""

    low: Floats  # (months + 1,)
    middle: Floats  # (months + 1,)
    high: Floats  # (months + 1,)
    runs: int


def band(
    base: Scenario,
    decisions: Sequence[Decision],
    seeds: Sequence[int],
    *,
    outcome: str = "practice",
    run: Run = simulate,
) -> Band:
    """Return the band of a branch over seeds; other branches on the same seeds share all luck with it."""
    same = None if depends_on_seed(base.route, decisions) else scenario_of(base, decisions, seed=0)
    found = [run(same or scenario_of(base, decisions, seed=seed), seed) for seed in seeds]
    values = np.array([by_month(trajectory, outcome) for trajectory in found])
    low, middle, high = np.percentile(values, [LOW, 50, HIGH], axis=0)
    return Band(low, middle, high, len(values))
