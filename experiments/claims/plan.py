"""Lay out what the claims run: at the defaults, under other structures, and over the space of all parameters.

What arms of several claims share is run once: arms are known by the hash of their content.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from experiments.claims.alternatives import ALTERNATIVES
from experiments.claims.claim import Claim
from experiments.comparison_plan import FIRST_SEED
from experiments.design import Grid, LatinHypercube
from experiments.factors import Factor
from experiments.looking import MOST, planned_looks
from experiments.memory import memory_problems
from experiments.sweep_work import Arm, Work
from simulation.limits import SEEDS_ALLOWED, seeds_problem
from simulation.parameters import PARAMETERS
from simulation.scenario import Problem, Scenario
from simulation.scenario.checks import refuse

SEEDS, STRUCTURE_SEEDS = 200, 30
"""Paired seeds at the defaults, and under each structural alternative."""
POINTS, POINT_SEEDS = 240, 6
"""Points of parameter space, and paired seeds at each."""
POINTS_A_BLOCK = 20
"""Points that share seeds. Each block has its own, so that the luck of a few seeds is not that of all points."""
SPACE_SEEDS = 100_000
"""How far the seeds of the space lie behind the first one."""
OWN_NUMBERS = "parameters."
"""What begins a factor's name so that it sets a scenario's own number, over which the numbers of an arm stand."""


BYTES_A_RUN = 600
"""What a run takes in memory when verdicts are taken, roughly: a number for each outcome, and what it is of."""
MOST_POINTS = 100_000


@dataclass(frozen=True, kw_only=True)
class ClaimsPlan:
    """All that decides the runs; `precision` is asked of practice, on 0-1.

    Raises ProblemError for seeds or points that there can't be, or more runs than this machine's memory holds.
    """

    claims: tuple[Claim, ...]
    seeds: int = SEEDS
    structure_seeds: int = STRUCTURE_SEEDS
    points: int = POINTS
    point_seeds: int = POINT_SEEDS
    first_seed: int = FIRST_SEED
    precision: float | None = None
    most: int = MOST

    def __post_init__(self) -> None:
        """Refuse what can't be run."""
        refuse(self._problems())

    def _problems(self) -> list[Problem]:
        if self.points > MOST_POINTS:
            return [Problem("is too many points", key="--points", value=f"{self.points:,}",
                            allowed=f"up to {MOST_POINTS:,}")]  # fmt: skip
        arms, blocks = 2 * len(self.claims), -(-self.points // POINTS_A_BLOCK)
        taken = (
            ("--replicates" if self.precision is None else "--most", self.looks[-1], 2 * arms),
            ("--structure-replicates", self.structure_seeds, arms * len(ALTERNATIVES)),
            ("--point-replicates", self.point_seeds, arms * self.points),
        )
        found = []
        for key, seeds, runs in taken:
            each = runs * BYTES_A_RUN
            found += memory_problems(seeds * each, key=key, value=seeds, each=each)
        last = max(self.looks[-1], self.structure_seeds, SPACE_SEEDS + blocks * self.point_seeds)
        if not found and (wrong := seeds_problem(self.first_seed, last)):
            found.append(Problem(wrong, key="--seed", value=str(self.first_seed), allowed=SEEDS_ALLOWED))
        return found

    @property
    def looks(self) -> tuple[int, ...]:
        """Paired seeds at the defaults at each planned look."""
        return planned_looks(self.most) if self.precision is not None else (self.seeds,)


def defaults(plan: ClaimsPlan) -> Iterator[tuple[str, Work]]:
    """Yield a folder's name and its work for each look: the seeds that it adds."""
    arms = _arms(_named(plan.claims), _named(plan.claims, ablated=True))
    before = 0
    for seeds in plan.looks:
        title = "The essay's claims at the defaults, with and without their mechanisms"
        yield f"defaults-from-{before:05d}", _work(title, arms, seeds - before, plan.first_seed + before)
        before = seeds


def structures(plan: ClaimsPlan) -> tuple[str, Work]:
    """Return the folder's name and the work under every structural alternative."""
    changed = (
        (f"{name}, {alternative.name}", alternative.change(scenario))
        for alternative in ALTERNATIVES
        for name, scenario in _named(plan.claims)
    )
    title = "The essay's claims under other structural choices"
    return "structures", _work(title, _arms(changed), plan.structure_seeds, plan.first_seed)


def space(plan: ClaimsPlan) -> list[tuple[str, Work]]:
    """Return folders' names and works of the blocks of points, a Latin hypercube each over every plausible range."""
    arms, found = _arms(_named(plan.claims)), []
    for number, first in enumerate(range(0, plan.points, POINTS_A_BLOCK)):
        points = min(POINTS_A_BLOCK, plan.points - first)
        design = LatinHypercube(points=points, seed=number)
        work = Work(
            title="The essay's claims over the plausible ranges of all parameters",
            arms=arms,
            factors=factors(),
            design=design,
            points=points,
            replicates=plan.point_seeds,
            first_seed=plan.first_seed + SPACE_SEEDS + number * plan.point_seeds,
        )
        found.append((f"space-{number:03d}", work))
    return found


def factors() -> tuple[Factor, ...]:
    """Return every parameter that has a plausible range, over that range."""
    return tuple(Factor(name=OWN_NUMBERS + p.name, low=p.low, high=p.high) for p in PARAMETERS if p.swept)


def _named(claims: Iterable[Claim], *, ablated: bool = False) -> Iterator[tuple[str, Scenario]]:
    for claim in claims:
        for arm, scenario in claim.scenarios(ablated=ablated).items():
            yield f"{claim.name}: {arm}{', without' if ablated else ''}", scenario


def _arms(*groups: Iterable[tuple[str, Scenario]]) -> tuple[Arm, ...]:
    """Return scenarios as arms of a sweep, each content once, under the name it has first."""
    found: dict[str, Arm] = {}
    for group in groups:
        for name, scenario in group:
            arm = Arm(scenario=name, route=scenario.route.name, pressure=scenario.pressure.name, what=scenario)
            found.setdefault(arm.hash, arm)
    return tuple(found.values())


def _work(title: str, arms: tuple[Arm, ...], replicates: int, first_seed: int) -> Work:
    return Work(title=title, arms=arms, design=Grid(), points=1, replicates=replicates, first_seed=first_seed)
