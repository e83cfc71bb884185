"""Lay out a map: two routes, two factors cut into steps, one outcome, and the looks at which its cells are judged.

A cell is one value of each factor; cells are numbered row by row, the first factor (x) running quickest.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from experiments.comparison_plan import FIRST_SEED, PRIMARY
from experiments.design import Row, Table
from experiments.factors import Factor, applied
from experiments.looking import planned_looks
from experiments.mapping.axes import read_axis
from experiments.measures import READ_AT, RUN_COLUMNS
from experiments.shown import shown
from experiments.statistics import FEWEST_TO_RANK
from experiments.sweep_plan import Plan
from experiments.sweep_work import Arm, Work
from simulation.limits import SEEDS_ALLOWED, seeds_problem
from simulation.scenario import ProblemError, Route, Scenario, load_route, load_scenario
from simulation.scenario.base import Frozen
from simulation.scenario.problems import Findings
from simulation.version import MODEL_VERSION

SCENARIO = "generated"
X, Y = "initial_pressure", "initial_trust"
STEPS, MOST_STEPS, MOST_PAIRS = 9, 100, 100_000
WIDEST = 1_000_000
MOST = 320
"""Pairs of runs at which a cell ends, decided or not, unless told."""
OUTCOMES = tuple(name for name in RUN_COLUMNS if name not in ("take_off", *(f"practice_{at}" for at in READ_AT)))
"""Outcomes of which every run has a number at the month that is read."""


class MapPlan(Frozen):
    """All that decides a map: `arms` are the first route and the second, `looks` the pairs at which a cell is judged.

    `precision` is a half-width in the model's own scale. The outcome is read at the scenario's last month.
    """

    arms: tuple[Arm, Arm]
    x: Factor
    y: Factor
    outcome: str = "practice"
    looks: tuple[int, ...]
    precision: float | None = None
    first_seed: int = FIRST_SEED
    model_version: int = MODEL_VERSION

    @property
    def routes(self) -> tuple[str, str]:
        """Names of the two routes; a difference is the first minus the second."""
        return self.arms[0].route, self.arms[1].route

    @property
    def month(self) -> int:
        """Programme month at which the outcome is read: the last that is run."""
        return self.arms[0].what.months

    @property
    def points(self) -> tuple[Row, ...]:
        """Values (x, y) of every cell."""
        return tuple((x, y) for y in self.y.levels() for x in self.x.levels())

    @property
    def shape(self) -> tuple[int, int]:
        """Rows (values of y) and columns (values of x)."""
        return len(self.y.levels()), len(self.x.levels())

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.points)

    @property
    def fewest_runs(self) -> int:
        """Runs where every cell stops at the first look."""
        return 2 * self.cells * self.looks[0]

    @property
    def most_runs(self) -> int:
        """Runs where every cell goes on to the last look: what a fixed design of as many pairs takes."""
        return 2 * self.cells * self.looks[-1]

    def round(self, number: int, cells: Sequence[int]) -> Plan:
        """Return the sweep that brings cells from one look to the next; rounds are counted from 0."""
        before = (0, *self.looks)[number]
        rows = tuple(self.points[cell] for cell in cells)
        work = Work(
            title=f"A map's runs {before + 1} to {self.looks[number]} in each of {len(cells)} cells",
            arms=self.arms, factors=(_ranged(self.x), _ranged(self.y)), design=Table(file=""),
            table=hashlib.sha256(json.dumps([rows]).encode()).hexdigest(), points=len(rows),
            replicates=self.looks[number] - before, first_seed=self.first_seed + before,
            model_version=self.model_version,
        )  # fmt: skip
        return Plan(work, rows)


def plan_map(
    scenario: Scenario | str = SCENARIO,
    routes: Sequence[Route | str] = PRIMARY,
    *,
    x: str = X,
    y: str = Y,
    steps: int = STEPS,
    outcome: str = "practice",
    month: int | None = None,
    precision: float | None = None,
    most: int = MOST,
    first_seed: int = FIRST_SEED,
    notes: list[str] | None = None,
) -> MapPlan:
    """Return a map's plan, everything loaded and tried at the corners. Raises ProblemError with all that is wrong.

    `x` and `y` are factors by their dotted names, over their plausible ranges or as `name=low..high`; `precision` is a
    half-width in shown points (practice: 0-10); `month` is the programme month to read, the last unless told.
    """
    findings = Findings()
    what = load_scenario(scenario, notes=notes) if isinstance(scenario, str) else scenario
    _check_numbers(findings, steps, most, first_seed, precision, outcome)
    arms = _arms(_read_at(what, month, findings), routes, findings, notes)
    if len(arms) != 2 or findings.problems:
        raise ProblemError(findings.problems)
    across = read_axis(x, "--x", steps, arms, findings)
    up = read_axis(y, "--y", steps, arms, findings)
    if across is None or up is None:
        raise ProblemError(findings.problems)
    if across.name == up.name:
        findings.add("is on both axes: a map needs two factors", key="--y", value=y)
    elif not findings.problems:
        _try_corners(across, up, arms, findings)
    if month is not None and "months" in (across.name, up.name):
        findings.add("can't be chosen where a factor is the number of months", key="--month", value=month)
    return findings.settle(
        None
        if findings.problems
        else MapPlan(
            arms=(arms[0], arms[1]), x=across, y=up, outcome=outcome, looks=planned_looks(most), first_seed=first_seed,
            precision=None if precision is None else precision / shown(outcome).factor,
        ),
        notes,
    )  # fmt: skip


def _ranged(factor: Factor) -> Factor:
    return factor.model_copy(update={"steps": None})


def _arms(
    what: Scenario, routes: Sequence[Route | str], findings: Findings, notes: list[str] | None
) -> tuple[Arm, ...]:
    ways = [load_route(route, notes=notes) if isinstance(route, str) else route for route in routes]
    names = [way.name for way in ways]
    if len(ways) != 2:
        findings.add("is how many routes were named", key="--routes", value=len(ways), allowed="two")
    elif names[0] == names[1]:
        findings.add("is given twice as a route: a map compares two", key="--routes", value=names[0])
    return tuple(
        Arm(scenario=what.name, route=way.name, pressure=what.pressure.name, what=what.changed(route=way))
        for way in ways
    )


def _read_at(what: Scenario, month: int | None, findings: Findings) -> Scenario:
    """Return the scenario that ends at the month to read: what comes later can't change what was before."""
    if month is None or month == what.months:
        return what
    if not 1 <= month <= what.months:
        findings.add("is not a month of the programme", key="--month", value=month, allowed=f"1 to {what.months}")
        return what
    return what.changed(months=month)


def _check_numbers(
    findings: Findings, steps: int, most: int, first_seed: int, precision: float | None, outcome: str
) -> None:
    def check(good: bool, message: str, key: str, value: Any, allowed: str | Iterable[str], like: Any = ()) -> None:
        if not good:
            findings.add(message, key=key, value=value, allowed=allowed, like=like)

    check(2 <= steps <= MOST_STEPS, "is the number of steps", "--steps", steps, f"2 to {MOST_STEPS}")
    check(most >= FEWEST_TO_RANK, "is too few to rank anything", "--most", most, f"{FEWEST_TO_RANK} or more")
    wrong = seeds_problem(first_seed, max(most, 1))
    check(not wrong, wrong, "--seed", first_seed, SEEDS_ALLOWED)
    check(most <= MOST_PAIRS, "is more than a cell needs", "--most", most, f"up to {MOST_PAIRS:,}")
    check(outcome in OUTCOMES, "is no outcome that a map shows", "--outcome", outcome, OUTCOMES, OUTCOMES)
    if precision is not None:
        good = isfinite(precision) and 0 < precision <= WIDEST
        allowed = f"a half-width above 0 and up to {WIDEST:,}, such as 0.2"
        check(good, "is not a precision", "--precision", f"{precision:g}", allowed)


def _try_corners(across: Factor, up: Factor, arms: Sequence[Arm], findings: Findings) -> None:
    """Add what is wrong where both factors are at an end; each alone was tried before."""
    for x in (across.at(0), across.at(1)):
        for y in (up.at(0), up.at(1)):
            for arm in arms:
                try:
                    applied(arm.what, (across, up), (x, y))
                except ProblemError as error:
                    findings.add(f"do not go together: {error}", value=f"{across.name} {x:g} and {up.name} {y:g}")
                    return
