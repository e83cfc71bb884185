"""Essay claims: plan, run, what was found."""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments import arms
from experiments.arms import FIRST_SEED
from experiments.contrast import (
    Check,
    ClaimFinding,
    Family,
    Leaning,
    Left,
    PatternFinding,
    Space,
    State,
    Under,
    Without,
)
from experiments.design import Grid, LatinHypercube
from experiments.errors import FailedRunsError
from experiments.essay_claims import CLAIMS, Claim
from experiments.executors import Executor
from experiments.factors import Factor
from experiments.inference import (
    CONFIDENCE,
    FEWEST_TOLD,
    HOLDS,
    OPEN,
    OPPOSITE,
    SMALL,
    Estimate,
    Intervals,
    Rule,
    Share,
    adjusted_intervals,
    estimate,
    is_enough,
    mean_intervals,
    normal_factor,
    resampled,
    share_of,
    told,
)
from experiments.memory import memory_problems
from experiments.model_patterns import FAMILIES
from experiments.replicates import KEPT_SERIES, Replicates, joined_replicates, run_arm
from experiments.results import load
from experiments.runner import Progress, Tell, sweep
from experiments.sequential import MOST, confidence_of_each, planned_looks
from experiments.structures import ALTERNATIVES
from experiments.work import Arm, Work
from simulation import MODEL_VERSION
from simulation.limits import SEEDS_ALLOWED, seeds_problem
from simulation.outcomes import PRACTICE_MATTERS
from simulation.parameters import BY_NAME, PARAMETERS
from simulation.run import READ_AT, exit_month
from simulation.scenario import Problem, Scenario
from simulation.scenario.value_objects import refuse
from simulation.state import Floats
from simulation.text import counted

MOST_NAMED = 3
"""Parameters that are named, those that tell most first."""
_ALMOST_ONE = 1 - 1e-12


def leanings(effect: Floats, told: NDArray[np.str_], design: pl.DataFrame) -> tuple[Leaning, ...]:
    """Return the parameters whose rank correlation with the effect is clear, at most three, the strongest first.

    `effect` is each point's mean effect, to the side claimed; `told` is what can be told there; `design` has a row a
    point and a column a parameter. Correlations are over all points: whether a point can be told depends on its size.
    Intervals are Fisher's, adjusted for the number of parameters (Bonferroni).
    """
    measured = np.isfinite(effect)
    if measured.sum() < FEWEST_TOLD or not np.ptp(effect[measured]):
        return ()
    names = [name for name in design.columns if name in BY_NAME]
    values = design.select(names).to_numpy()
    correlation = rank_correlations(values[measured], effect[measured])
    spread = normal_factor(1 - (1 - CONFIDENCE) / len(names)) / np.sqrt(measured.sum() - 3)
    middle = np.arctanh(np.clip(correlation, -_ALMOST_ONE, _ALMOST_ONE))
    low, high = np.tanh(middle - spread), np.tanh(middle + spread)
    found = []
    for k in np.argsort(-np.abs(correlation), kind="stable")[:MOST_NAMED]:
        if low[k] > 0 or high[k] < 0:
            upper = values[:, k] > _middle(names[k])
            shares = (_share(told[~upper]), _share(told[upper]))
            found.append(Leaning(names[k], float(correlation[k]), float(low[k]), float(high[k]), *shares))
    return tuple(found)


def _share(told: NDArray[np.str_]) -> Share:
    """Return the share that holds of the points that can be told."""
    return share_of(int((told == HOLDS).sum()), int((told != OPEN).sum()))


def rank_correlations(values: Floats, effect: Floats) -> Floats:
    """Return the rank correlation of each column with the effect (Spearman's, ties at their mean rank)."""
    from scipy import stats

    ranks, sizes = stats.rankdata(values, axis=0), stats.rankdata(effect)
    ranks -= ranks.mean(axis=0)
    sizes -= sizes.mean()
    spread = np.sqrt((ranks**2).sum(axis=0) * (sizes**2).sum())
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(sizes @ ranks / spread)


def _middle(name: str) -> float:
    parameter = BY_NAME[name]
    return (float(parameter.low or 0) + float(parameter.high or 0)) / 2


# Lay out what the claims run: at the defaults, under other structures, and over the space of all parameters.
#
# What arms of several claims share is run once: arms are known by the hash of their content.


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


# Read a sweep's runs as the replicates that effects are worked out from.


KEPT = "kept_after_exit"
COLUMNS = (*KEPT_SERIES, *(f"practice_{month}" for month in READ_AT), KEPT)
NO_MOVES = np.empty((0, 2))

Runs = Mapping[str, "StoredReplicates"]
"""Replicates by the hash of an arm's content, each flat over points and seeds: (points x seeds,)."""


@dataclass(frozen=True)
class StoredReplicates(Replicates):
    """Runs of one arm as a sweep keeps them: `series` has a column an outcome, not a column a month."""

    months: int
    leaving: int | None

    def at(self, name: str, month: int) -> Floats:
        """Return a series at the end of a month that sweeps keep. Raises ValueError for any other month."""
        column = name if month == self.months else f"{name}_{month}"
        if column not in self.series:
            msg = f"a sweep keeps no {name} at month {month}"
            raise ValueError(msg)
        return self.series[column]

    def kept(self, leaving: int) -> Floats:
        """Return practice 24 months after the partner left in a month, less practice then."""
        if leaving != self.leaving:
            msg = f"the partner leaves at month {self.leaving}, not {leaving}"
            raise ValueError(msg)
        return self.series[KEPT]


def read_runs(folder: Path) -> Runs:
    """Return the replicates of every arm of a finished sweep; a run that failed is nan."""
    results = load(folder)
    work = results.work
    frame = results.scan_runs().select("run", *COLUMNS).collect()
    shape = (work.points, len(work.arms), work.replicates)
    table: dict[str, Floats] = {}
    for column in COLUMNS:
        values = np.full(work.runs, np.nan)
        values[frame["run"].to_numpy()] = frame[column].fill_null(float("nan")).to_numpy()
        table[column] = values.reshape(shape)
    return {
        arm.hash: _of(arm.what, {name: values[:, k] for name, values in table.items()})
        for k, arm in enumerate(work.arms)
    }


def _of(scenario: Scenario, columns: Mapping[str, Floats]) -> StoredReplicates:
    series = {name: values.ravel() for name, values in columns.items()}
    return StoredReplicates(series, NO_MOVES, scenario.months, exit_month(scenario))


def joined(parts: Sequence[Runs]) -> Runs:
    """Return the runs of several sweeps over the same arms as one."""
    return {
        key: StoredReplicates(
            {name: np.concatenate([part[key].series[name] for part in parts]) for name in COLUMNS},
            NO_MOVES,
            first.months,
            first.leaving,
        )
        for key, first in parts[0].items()
    }


def effects(claim: Claim, runs: Runs, scenarios: Mapping[str, Scenario]) -> Floats:
    """Return a claim's paired effects, a value a seed, from its arms among the runs."""
    arms = {name: runs[scenario.content_hash()] for name, scenario in scenarios.items()}
    return claim.check.effect(arms)


def read_points(folder: Path) -> pl.DataFrame:
    """Return the points of a sweep: a row a point, a column a parameter by its name."""
    design = load(folder).design
    return design.rename(lambda name: name.removeprefix(OWN_NUMBERS))


# Work out what was found about each claim from the stored runs.


@dataclass(frozen=True)
class Points:
    """What every point of parameter space showed of one claim: arrays (points,)."""

    effect: Floats
    low: Floats
    high: Floats
    told: NDArray[np.str_]


@dataclass(frozen=True)
class Reach:
    """A claim's intervals at the defaults: its own, and adjusted for all claims of the essay."""

    own: Intervals
    adjusted: Intervals


def at_defaults(claims: Sequence[Claim], runs: Runs, *, confidence: float = CONFIDENCE) -> Reach:
    """Return the intervals of the claims' effects, together at a confidence.

    With all claims of the essay they are adjusted together by the bootstrap (max-t). With some of them, what the others
    share with these is not known, so each is taken at a confidence that allows for any sharing (Bonferroni).
    """
    table = np.column_stack([_whole(effects(claim, runs, claim.scenarios())) for claim in claims])
    own = _each_alone(table, confidence)
    if len(claims) == len(CLAIMS):
        return Reach(own, adjusted_intervals(table, confidence=confidence))
    return Reach(own, _each_alone(table, 1 - (1 - confidence) / len(CLAIMS)))


def _each_alone(table: Floats, confidence: float) -> Intervals:
    """Return intervals of each column as if it stood alone: to the last bit what a claim run alone gives."""
    found = [mean_intervals(column, confidence=confidence) for column in np.ascontiguousarray(table.T)]
    return Intervals(*(np.concatenate(parts) for parts in zip(*map(_arrays, found), strict=True)))


def _arrays(found: Intervals) -> tuple[Floats, ...]:
    return found.mean, found.low, found.high, found.half_width


def judged(
    claims: Sequence[Claim],
    runs: Runs,
    under: Runs,
    points: Mapping[str, Points],
    design: pl.DataFrame,
    *,
    point_seeds: int,
    confidence: float = CONFIDENCE,
) -> tuple[ClaimFinding, ...]:
    """Return what was found about each claim: at the defaults, under the alternatives, and over the points."""
    reach = at_defaults(claims, runs, confidence=confidence)
    found = []
    for k, claim in enumerate(claims):
        seeds = len(effects(claim, runs, claim.scenarios()))
        found.append(
            ClaimFinding(
                name=claim.name, topic=claim.topic, quote=claim.quote, says=claim.says, compared=claim.compared,
                quantity=claim.check.quantity, unit=claim.check.unit, outcome=claim.outcome, sign=claim.sign,
                matters=claim.matters, without=claim.without, note=claim.note, seeds=seeds,
                effect=float(reach.own.mean[k]), low=float(reach.own.low[k]), high=float(reach.own.high[k]),
                adjusted_low=float(reach.adjusted.low[k]), adjusted_high=float(reach.adjusted.high[k]),
                left=left_of(claim, runs, confidence=confidence), structures=under_structures(claim, under),
                space=space_of(points[claim.name], design, point_seeds, sign=claim.sign),
            )
        )  # fmt: skip
    return tuple(found)


def left_of(claim: Claim, runs: Runs, *, confidence: float) -> Left:
    """Return what is left of a claim's effect with its mechanism switched off, on the same seeds."""
    on = _whole(effects(claim, runs, claim.scenarios()))
    off = _whole(effects(claim, runs, claim.scenarios(ablated=True)))
    found = mean_intervals(np.column_stack([off, on - off]), confidence=confidence)
    ends = [(float(found.mean[k]), float(found.low[k]), float(found.high[k])) for k in range(2)]
    return Left(*ends[0], *ends[1])


def under_structures(claim: Claim, runs: Runs) -> tuple[Under, ...]:
    """Return a claim's effect under every alternative; intervals hold together over the alternatives (Bonferroni)."""
    changed = [
        {name: alternative.change(scenario) for name, scenario in claim.scenarios().items()}
        for alternative in ALTERNATIVES
    ]
    table = np.column_stack([_whole(effects(claim, runs, scenarios)) for scenarios in changed])
    found = mean_intervals(table, confidence=1 - (1 - CONFIDENCE) / len(ALTERNATIVES))
    return tuple(
        Under(one.name, one.words, float(found.mean[k]), float(found.low[k]), float(found.high[k]))
        for k, one in enumerate(ALTERNATIVES)
    )


def points_of(claim: Claim, runs: Runs, point_seeds: int) -> Points:
    """Return what every point showed of a claim: the mean over its seeds with Student's 95% interval."""
    values = effects(claim, runs, claim.scenarios()).reshape(-1, point_seeds)
    mean, half = values.mean(axis=1), student_half_widths(values)
    low, high = mean - half, mean + half
    return Points(mean, low, high, told(mean, low, high, sign=claim.sign, matters=claim.matters))


def student_half_widths(values: Floats) -> Floats:
    """Return how far the 95% interval of each row's mean reaches, as if its values were normal: few seeds tell no more.

    A row without spread has an interval without width.
    """
    from scipy import stats

    seeds = values.shape[1]
    factor = float(stats.t.ppf((1 + CONFIDENCE) / 2, seeds - 1))
    return factor * values.std(axis=1, ddof=1) / np.sqrt(seeds)


def space_of(found: Points, design: pl.DataFrame, point_seeds: int, *, sign: int) -> Space:
    """Count the points, and name the parameters along which the effect grows to the side claimed."""
    counts = {kind: int((found.told == kind).sum()) for kind in (HOLDS, SMALL, OPPOSITE, OPEN)}
    return Space(
        len(found.told), point_seeds, counts[HOLDS], counts[SMALL], counts[OPPOSITE], counts[OPEN],
        leanings(sign * found.effect, found.told, design),
    )  # fmt: skip


def _whole(values: Floats) -> Floats:
    """Return paired effects of seeds at the defaults or under a structure. Raises ValueError where a run failed."""
    if not np.isfinite(values).all():
        msg = "some runs have failed: see the columns error and traceback of the runs"
        raise ValueError(msg)
    return values


# Hold what the claims came to: findings, points, and what they were found on; frozen, with no word of judgement.


@dataclass(frozen=True, kw_only=True)
class Answer:
    """All that was found; `about` is plain data that says on what."""

    findings: tuple[ClaimFinding, ...]
    points: Mapping[str, Points]
    design: pl.DataFrame
    about: dict[str, Any]
    notes: tuple[str, ...] = field(default=())


def precision_of(claim: Claim, precision: float) -> float:
    """Return the half-width asked of a claim's interval, in its own unit.

    `precision` is asked of practice; another unit's is larger as its smallest difference that matters is larger.
    """
    return precision * claim.matters / PRACTICE_MATTERS


def about(plan: ClaimsPlan, *, looks: tuple[int, ...], confidence: float, wide: tuple[str, ...]) -> dict[str, Any]:
    """Say on what the claims were found: seeds, points, how the looking stopped; `looks` are those that were taken."""
    stopping = None
    if plan.precision is not None:
        stopping = {
            "precision": plan.precision,
            "planned": list(plan.looks),
            "taken": list(looks),
            "confidence": confidence,
            "too_wide": list(wide),
        }
    return {
        "claims": len(plan.claims),
        "all_claims": len(CLAIMS),
        "first_seed": plan.first_seed,
        "seeds": looks[-1],
        "structure_seeds": plan.structure_seeds,
        "points": plan.points,
        "point_seeds": plan.point_seeds,
        "points_a_block": POINTS_A_BLOCK,
        "parameters": len(factors()),
        "stopping": stopping,
        "model_version": MODEL_VERSION,
    }


# Carry the claims out on the sweep core, stage by stage, and work out what they came to.
#
# Every stage is a sweep in a folder of its own: what is stored is kept whatever happens, and the same plan goes on.


RUNS = "runs"
"""The folder of the sweeps inside that of the results."""
Say = Callable[[str], None]


class Stopped(Exception):
    """Work was asked to stop; what was finished is kept."""


def carry_out(plan: ClaimsPlan, out: Path, *, executor: Executor | None = None, progress: Tell | None = None) -> Answer:
    """Run what is missing in a folder and return what the claims came to.

    The answer does not depend on the executor, nor on how often the work was interrupted. Raises Stopped where it was
    asked to stop, SweepError where the folder holds other work, can't be written, or a run has failed that must not.
    """
    stages = _Stages(plan, out / RUNS, executor, progress)
    runs, looks, confidence = _at_defaults(plan, stages)
    under = read_runs(stages.run(*structures(plan)))
    stages.refuse_failures()
    folders = [stages.run(name, work) for name, work in space(plan)]
    around = joined([read_runs(folder) for folder in folders])
    points = {claim.name: points_of(claim, around, plan.point_seeds) for claim in plan.claims}
    design = pl.concat([read_points(folder) for folder in folders]).with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("point")
    )
    wide = _too_wide(plan, runs, confidence) if plan.precision is not None else ()
    return Answer(
        findings=judged(
            plan.claims, runs, under, points, design, point_seeds=plan.point_seeds, confidence=confidence
        ),
        points=points,
        design=design,
        about=about(plan, looks=looks, confidence=confidence, wide=wide),
        notes=stages.notes,
    )  # fmt: skip


def _at_defaults(plan: ClaimsPlan, stages: "_Stages") -> tuple[Runs, tuple[int, ...], float]:
    """Return the runs at the defaults, look by look until every interval is narrow enough, and the looks taken."""
    confidence = confidence_of_each(plan.looks) if plan.precision is not None else CONFIDENCE
    parts, taken = [], 0
    for taken, (name, work) in enumerate(defaults(plan), start=1):  # noqa: B007
        parts.append(read_runs(stages.run(name, work)))
        stages.refuse_failures()
        if plan.precision is not None and not _too_wide(plan, joined(parts), confidence):
            break
    return joined(parts), plan.looks[:taken], confidence


def _too_wide(plan: ClaimsPlan, runs: Runs, confidence: float) -> tuple[str, ...]:
    """Return the claims whose adjusted interval is wider than was asked for."""
    found = at_defaults(plan.claims, runs, confidence=confidence).adjusted.half_width
    asked = [precision_of(claim, plan.precision or 0.0) for claim in plan.claims]
    pairs = zip(plan.claims, found, asked, strict=True)
    return tuple(claim.name for claim, half, most in pairs if not is_enough(float(half), most))


class _Stages:
    """Run sweeps one after the other, as one piece of work to whoever watches."""

    def __init__(self, plan: ClaimsPlan, folder: Path, executor: Executor | None, progress: Tell | None) -> None:
        self.folder, self.executor, self.progress = folder, executor, progress
        self.later = {name: work.runs for name, work in (structures(plan), *space(plan))}
        self.done = self.failed = self.kept = 0
        self.notes: tuple[str, ...] = ()

    def run(self, name: str, work: Work) -> Path:
        """Run a stage to its end and return its folder. Raises Stopped, SweepError."""
        self.later.pop(name, None)
        total, before = self.done + work.runs + sum(self.later.values()), (self.done, self.failed, self.kept)

        def tell(now: Progress) -> None:
            if self.progress is not None:
                done, failed, kept = before
                self.progress(Progress(done + now.done, failed + now.failed, total, kept + now.kept))

        found = sweep(work, self.folder / name, executor=self.executor, progress=tell)
        self.done, self.failed, self.kept = self.done + found.done, self.failed + found.failed, self.kept + found.kept
        self.notes += tuple(note for note in found.notes if note not in self.notes)
        if found.stopped or found.asked:
            msg = f"{self.done:,} of {counted(total, 'run')} are stored"
            raise Stopped(msg)
        return found.folder

    def refuse_failures(self) -> None:
        """Raise FailedRunsError where a run has failed: at the defaults, and under another structure, none may."""
        if self.failed:
            msg = f"{self.failed:,} runs in {self.folder} have failed; their columns error and traceback say why"
            raise FailedRunsError(msg)


# Run checks on paired seeds and return what they found.


Key = tuple[str, bool]
CHUNK = 25
"""Seeds that a process takes at a time."""
FEWEST_SEEDS = 4


def as_run(check: Check, profile: str, *, without: bool = False) -> dict[str, arms.Arm]:
    """Return a check's arms under a profile and its structural alternative, with its mechanism off if asked."""
    structure = dict([check.alternative.split("=")]) if check.alternative else {}
    settings = check.ablation.settings if without and check.ablation else {}
    return {name: arm.under(profile=profile, settings=settings, **structure) for name, arm in check.arms.items()}


def key_of(arm: arms.Arm) -> Key:
    """Return what makes an arm the same as another: then it is run once."""
    return arm.scenario.content_hash(), arm.watch_trust


def run_patterns(
    seeds: Sequence[int],
    names: Sequence[str] | None = None,
    *,
    workers: int = 1,
    profile: str = "full",
    tell: Callable[[str], None] | None = None,
) -> list[PatternFinding]:
    """Run the checks of the named families or checks (default: all) on the seeds, in the order of docs/odd.md.

    The seeds must be consecutive. `tell` hears each family's name as it begins. Raises ValueError for an unknown name
    or too few seeds.
    """
    if len(seeds) < FEWEST_SEEDS:
        msg = f"at least {FEWEST_SEEDS} seeds are needed, not {len(seeds)}"
        raise ValueError(msg)
    if list(seeds) != list(range(seeds[0], seeds[0] + len(seeds))):
        msg = "seeds must be consecutive"
        raise ValueError(msg)
    chosen = [(family, check) for family in FAMILIES for check in family.checks if _asked(family, check, names)]
    _refuse_unknown(names)
    findings: list[PatternFinding] = []
    runner = Runner(seeds, workers)
    variants = [
        (as_run(check, profile), as_run(check, profile, without=True) if check.ablation else {}) for _, check in chosen
    ]
    runner.expect(arm for pair in variants for arms in pair for arm in arms.values())
    with runner:
        for (family, check), (on, off) in zip(chosen, variants, strict=True):
            if tell and (not findings or findings[-1].pattern != family.name):
                tell(f"{family.name} {family.title}")
            findings.append(judge(family, check, runner.run(on), runner.run(off), seeds=seeds, profile=profile))
    return findings


def _asked(family: Family, check: Check, names: Sequence[str] | None) -> bool:
    return names is None or family.name in names or check.name in names


def _refuse_unknown(names: Sequence[str] | None) -> None:
    known = {family.name for family in FAMILIES} | {check.name for family in FAMILIES for check in family.checks}
    unknown = sorted(set(names or ()) - known)
    if unknown:
        msg = f"no pattern is called {', '.join(unknown)}; there are {', '.join(sorted(known))}"
        raise ValueError(msg)


def judge(
    family: Family,
    check: Check,
    on: Mapping[str, Replicates],
    off: Mapping[str, Replicates],
    *,
    seeds: Sequence[int],
    profile: str = "full",
) -> PatternFinding:
    """Return what a check's arms show; `off` are the same arms with its mechanism switched off, or empty."""
    effect, draws = resampled(check.effect(on), check.combine, name=check.name)
    found = estimate(effect, draws)
    without = None
    if check.ablation and off:
        effect_off, draws_off = resampled(check.effect(off), check.combine, name=check.name)
        left, change = estimate(effect_off, draws_off), estimate(effect - effect_off, draws - draws_off)
        without = Without(
            meaning=check.ablation.meaning,
            effect=left.effect,
            low=left.low,
            high=left.high,
            change=change.effect,
            change_low=change.low,
            change_high=change.high,
            state=state_of(check.rule, found, left, change),
        )
    return PatternFinding(
        check=check.name,
        pattern=family.name,
        says=check.says,
        quantity=check.quantity,
        unit=check.unit,
        rule=str(check.rule),
        alternative=check.alternative,
        profile=profile,
        first_seed=seeds[0],
        seeds=len(seeds),
        effect=found.effect,
        low=found.low,
        high=found.high,
        verdict=check.rule.verdict(found.low, found.high),
        without=without,
    )


def state_of(rule: Rule, with_it: Estimate, left: Estimate, change: Estimate) -> State:
    """Return what became of an effect without its mechanism; `change` is the effect with it minus what was left."""
    if rule.verdict(with_it.low, with_it.high) != "holds":
        return "nothing to lose"
    if rule.verdict(left.low, left.high) == "holds":
        return "still there"
    if not (change.low > 0 if rule.sign > 0 else change.high < 0):
        return "unclear"
    nothing_left = left.low <= 0 if rule.sign > 0 else left.high >= 0
    return "gone" if nothing_left or rule.verdict(left.low, left.high) == "fails" else "weaker"


class Runner:
    """Runs arms once each on the seeds, here or in processes, and forgets an arm after its last use."""

    def __init__(self, seeds: Sequence[int], workers: int) -> None:
        """Take the seeds; with one worker everything runs in this process."""
        self.seeds = seeds
        self.uses: Counter[Key] = Counter()
        self.done: dict[Key, Replicates] = {}
        self.pool: Any = nullcontext()
        if workers > 1:
            self.pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))

    def expect(self, arms: Any) -> None:
        """Count the arms that will be asked for."""
        self.uses.update(key_of(arm) for arm in arms)

    def __enter__(self) -> "Runner":
        self.pool.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self.pool.__exit__(*failure)

    def run(self, arms: Mapping[str, arms.Arm]) -> dict[str, Replicates]:
        """Return the replicates of each arm."""
        keys = {name: key_of(arm) for name, arm in arms.items()}
        missing = {keys[name]: arm for name, arm in arms.items() if keys[name] not in self.done}
        self.done.update(self._replicates(missing))
        replicates = {name: self.done[key] for name, key in keys.items()}
        for key in keys.values():
            self.uses[key] -= 1
            if self.uses[key] <= 0:
                self.done.pop(key, None)
        return replicates

    def _replicates(self, arms: Mapping[Key, arms.Arm]) -> dict[Key, Replicates]:
        chunks = [self.seeds[start : start + CHUNK] for start in range(0, len(self.seeds), CHUNK)]
        submit = getattr(self.pool, "submit", None)
        if submit is None:
            return {key: run_arm(arm.scenario, self.seeds, watch_trust=arm.watch_trust) for key, arm in arms.items()}
        jobs = {
            key: [submit(run_arm, arm.scenario, chunk, watch_trust=arm.watch_trust) for chunk in chunks]
            for key, arm in arms.items()
        }
        return {key: joined_replicates([job.result() for job in parts]) for key, parts in jobs.items()}
