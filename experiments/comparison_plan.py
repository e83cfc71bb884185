"""What a comparison runs: routes, seeds, pressures and structures, checked before anything slow is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from experiments import memory
from experiments.arms import (
    FIRST_SEED,
    NO_PARTNER,
    PRIMARY,
    REPLICATES,
    UNDER_PRESSURE,
    UNDER_STRUCTURE,
    main_pair,
)
from experiments.sequential import Rule, rule_of
from experiments.structures import choices, plain, under
from experiments.work import KEYS, Arm, name_of
from simulation.limits import SEEDS_ALLOWED, seeds_problem
from simulation.outcomes import Outcome
from simulation.own_outcome import OwnOutcome, described
from simulation.policy import Policy
from simulation.scenario import ProblemError, Route, Scenario, available, load_pressure, load_route, load_scenario
from simulation.scenario.errors import Problem

Pair = tuple[Arm, ...]
"""The main two routes in one scenario, first and second."""
Repeats = dict[tuple[str, str], Pair]
"""By scenario, and by the name of the pressure or structure."""


def cases_of(scenario: Scenario, routes: Sequence[Route | Policy]) -> tuple[Arm, ...]:
    """Return a scenario's arms, a route or policy each."""
    return tuple(Arm.of(scenario, route) for route in routes)


def under_pressures(scenarios: Sequence[Scenario], routes: Sequence[Route | Policy], notes: list[str]) -> Repeats:
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
    routes: Sequence[Route | Policy],
    own: Mapping[str, Sequence[Arm]],
    notes: list[str],
) -> Repeats:
    """Return the cases under each structure but a scenario's own; one that does not fit becomes a note.

    `own` are the scenarios' cases. What several scenarios come to under a structure, or what one of them is itself, is
    planned once: it is the same object.
    """
    names = [name_of(route) for route in routes]
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


def _of_routes(cases: Sequence[Arm], names: Sequence[str]) -> Pair:
    return tuple(case for name in names for case in cases if case.route == name)


# Lay out what a comparison of routes runs, with everything loaded and checked before the first run.


SCENARIOS = ("barking-and-dagenham", "gateshead")
BYTES_A_RUN, BYTES_A_MONTH = 8_000, 440
"""What a run and each of its months take in memory until a comparison is written, as measured on 12,000 runs."""


@dataclass(frozen=True)
class ComparisonPlan:
    """All that is to be run."""

    cases: dict[str, tuple[Arm, ...]]
    """By scenario: a case a route."""
    pressed: dict[tuple[str, str], Pair]
    """By scenario and other pressure."""
    pair: tuple[str, str] | None
    """The two routes that the comparison is first about."""
    first_seed: int
    replicates: int
    """With a rule to grow by: those at the first look, until it is known where it stops."""
    notes: tuple[str, ...] = ()
    structured: dict[tuple[str, str], Pair] = field(default_factory=dict)
    """By scenario and other structure; what several of them share, or is among `cases`, is the same object."""
    rule: Rule | None = None
    own: tuple[OwnOutcome, ...] = ()
    """Outcomes of one's own that are measured besides the model's."""

    def at(self, replicates: int) -> "ComparisonPlan":
        """Return the same plan with other replicates."""
        return replace(self, replicates=replicates)

    @property
    def routes(self) -> tuple[str, ...]:
        """Names of the routes."""
        return tuple(case.route for case in next(iter(self.cases.values())))

    @property
    def replicates_pressed(self) -> int:
        """Replicates of the contrast under each other pressure."""
        return self._part(UNDER_PRESSURE)

    @property
    def replicates_structured(self) -> int:
        """Replicates of the contrast under each other structure."""
        return self._part(UNDER_STRUCTURE)

    def _part(self, share: int) -> int:
        from experiments.inference import FEWEST_TO_RANK

        return min(self.replicates, max(FEWEST_TO_RANK, self.replicates // share))

    @property
    def seeds(self) -> range:
        """Seeds of every route in every scenario."""
        return range(self.first_seed, self.first_seed + self.replicates)

    @property
    def repeats(self) -> list[tuple[list[Arm], range]]:
        """Return the pairs that are run under other pressures and structures, each once, with their seeds."""
        own = {id(case) for cases in self.cases.values() for case in cases}
        structured = {id(pair[0]): pair for pair in self.structured.values() if id(pair[0]) not in own}
        return [
            ([arm for pair in pairs for arm in pair], self.seeds[:count])
            for pairs, count in (
                (self.pressed.values(), self.replicates_pressed),
                (structured.values(), self.replicates_structured),
            )
            if pairs
        ]

    @property
    def runs(self) -> int:
        """Runs in all."""
        own = sum(len(cases) for cases in self.cases.values()) * self.replicates
        return own + sum(len(arms) * len(seeds) for arms, seeds in self.repeats)

    def memory_problems(self) -> list[Problem]:
        """Return a problem where the runs take more memory than there is."""
        cases = [case for cases in self.cases.values() for case in cases]
        each = sum(BYTES_A_RUN + BYTES_A_MONTH * (case.what.months + 1) for case in cases)
        key = "--replicates" if self.rule is None else "--most"
        return memory.memory_problems(self.replicates * each, key=key, value=self.replicates, each=each)


def plan_comparison(
    scenarios: Sequence[Scenario | str] = SCENARIOS,
    routes: Sequence[Route | Policy | str] | None = None,
    *,
    replicates: int = REPLICATES,
    first_seed: int = FIRST_SEED,
    months: int | None = None,
    pressures: bool = True,
    structures: bool = True,
    rule: Rule | None = None,
    outcomes: Sequence[Outcome] = (),
) -> ComparisonPlan:
    """Return all that a comparison runs; names are loaded, and everything is checked.

    Routes default to all ready ones; one may be a policy in code (see `simulation.policy`). Months default to each
    scenario's own. `pressures` and `structures` also plan the main pair of routes under each other ready pressure, and
    under each other structure of the model. With a `rule`, replicates grow by it. `outcomes` are those of one's own.
    Raises ProblemError with all that is wrong.
    """
    _refuse(_number_problems(replicates, first_seed, scenarios, routes))
    loaded = [load_scenario(item) if isinstance(item, str) else item for item in scenarios]
    names = ready_routes() if routes is None else routes
    ways = [load_route(item) if isinstance(item, str) else item for item in names]
    _refuse(_twice("scenario", [scenario.name for scenario in loaded]))
    called = [name_of(way) for way in ways]
    _refuse(_twice("route", called))
    _refuse(_no_pair_to_grow_by(rule, called))
    if months is not None:
        loaded = [scenario.changed(months=months) for scenario in loaded]
    measured = described(outcomes, taken=(*KEYS, "under_structure"))
    cases = {scenario.name: cases_of(scenario, ways) for scenario in loaded}
    pair = main_pair(called)
    notes: list[str] = []
    chosen = [way for name in pair or () for way in ways if name_of(way) == name]
    pressed = under_pressures(loaded, chosen, notes) if pressures and pair else {}
    structured = under_structures(loaded, chosen, cases, notes) if structures and pair else {}
    start = replicates if rule is None else rule.looks[0]
    plan = ComparisonPlan(cases, pressed, pair, first_seed, start, tuple(notes), structured, rule, measured)
    most = plan.at(replicates if rule is None else rule.looks[-1])
    _refuse(most.memory_problems())
    _refuse(_seed_problems(first_seed, most.replicates))
    return plan


def asked_rule(replicates: int | None, precision: float | None, most: int | None) -> Rule | None:
    """Return the rule to grow by, or None where replicates are fixed. Raises ProblemError where both are asked for."""
    if precision is None:
        if most is not None:
            raise ProblemError([Problem("--most says where --precision ends, and there is none")])
        return None
    rule = rule_of(precision, most)
    if replicates is not None:
        words = "--replicates fixes how many there are, --precision lets them grow until they do: give one of the two"
        raise ProblemError([Problem(words)])
    return rule


def ready_routes() -> list[str]:
    """Return all ready routes: without a partner first, then the two that are compared first, then the others."""
    names = [ready.name for ready in available("routes")]
    first = [name for name in (NO_PARTNER, *reversed(PRIMARY)) if name in names]
    return first + [name for name in names if name not in first]


def _no_pair_to_grow_by(rule: Rule | None, routes: Sequence[str]) -> list[Problem]:
    if rule is None or main_pair(routes) is not None:
        return []
    words = "precision is that of the difference between two routes with a learning partner; name two, or leave it out"
    return [Problem(words)]


def _number_problems(
    replicates: int,
    first_seed: int,
    scenarios: Sequence[Scenario | str],
    routes: Sequence[Route | Policy | str] | None,
) -> list[Problem]:
    problems = []
    if replicates < 1:
        problems.append(Problem("is not a number of replicates", value=str(replicates), allowed="1 or more"))
    problems += _seed_problems(first_seed)
    if not scenarios:
        problems.append(Problem("there is no scenario to compare routes in"))
    if routes is not None and not routes:
        problems.append(Problem("there is no route to compare"))
    return problems


def _seed_problems(first: int, count: int = 1) -> list[Problem]:
    wrong = seeds_problem(first, count)
    return [Problem(wrong, key="--seed", value=str(first), allowed=SEEDS_ALLOWED)] if wrong else []


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
