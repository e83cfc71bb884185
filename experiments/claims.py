"""Essay claims: plan, run, what was found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments import inference
from experiments.arms import FIRST_SEED
from experiments.callable_module import call_as
from experiments.contrast import Left, Outcomes, PairedExperiment, estimates
from experiments.design import Grid, LatinHypercube
from experiments.errors import FailedRunsError
from experiments.essay_claims import CLAIMS, Claim, chosen
from experiments.executors import Executor
from experiments.factors import Factor
from experiments.inference import (
    CONFIDENCE,
    HOLDS,
    OPEN,
    OPPOSITE,
    SMALL,
    Estimate,
    State,
    Verdict,
    changes,
    claim_verdict,
    intervals,
    is_enough,
    side_of,
    state_of,
    verdict,
)
from experiments.memory import memory_problems
from experiments.replicates import Replicates
from experiments.results import load
from experiments.runner import Progress, Tell, sweep
from experiments.sequential import MOST, confidence_of_each, planned_looks
from experiments.structures import ALTERNATIVES, Space, leanings
from experiments.work import Arm, Work
from simulation import MODEL_VERSION
from simulation.limits import SEEDS_ALLOWED, seeds_problem
from simulation.outcomes import PRACTICE_MATTERS, shown_in
from simulation.parameters import PARAMETERS
from simulation.run import exit_month
from simulation.scenario import Problem, Scenario
from simulation.scenario.value_objects import refuse
from simulation.state import Floats
from simulation.text import counted

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
COLUMNS = shown_in("claims")
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
    stored = results.scan_runs()
    columns = [name for name in COLUMNS if name in stored.collect_schema()]  # one begun before has fewer
    frame = stored.select("run", *columns).collect()
    shape = (work.points, len(work.arms), work.replicates)
    table: dict[str, Floats] = {}
    for column in columns:
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
            {name: np.concatenate([part[key].series[name] for part in parts]) for name in first.series},
            NO_MOVES,
            first.months,
            first.leaving,
        )
        for key, first in parts[0].items()
    }


def effects(claim: Claim, runs: Runs, scenarios: Mapping[str, Scenario]) -> Floats:
    """Return a claim's paired effects, a value a seed, from its arms among the runs."""
    return claim.check.effect(outcomes_of(scenarios, runs))


def outcomes_of(scenarios: Mapping[str, Scenario], runs: Runs) -> Outcomes:
    """Return the replicates of each arm among the runs."""
    return {name: runs[scenario.content_hash()] for name, scenario in scenarios.items()}


def read_points(folder: Path) -> pl.DataFrame:
    """Return the points of a sweep: a row a point, a column a parameter by its name."""
    design = load(folder).design
    return design.rename(lambda name: name.removeprefix(OWN_NUMBERS))


# What was found about a claim, as numbers; what is told of them is worked out from the numbers each time.


@dataclass(frozen=True)
class Under:
    """An effect under a structural alternative, its interval adjusted for the number of alternatives."""

    name: str
    words: str
    effect: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ClaimFinding:
    """What was found about one claim. `low` and `high` are its own interval, the others adjusted for all claims."""

    name: str
    topic: str
    quote: str
    says: str
    compared: str
    quantity: str
    unit: str
    outcome: str
    sign: int
    matters: float
    without: str
    note: str
    seeds: int
    effect: float
    low: float
    high: float
    adjusted_low: float
    adjusted_high: float
    left: Left
    structures: tuple[Under, ...]
    space: Space

    def under(self, alternative: Under) -> Verdict:
        """Return what can be told under an alternative."""
        return self._told(Estimate(alternative.effect, alternative.low, alternative.high))

    def _told(self, found: Estimate) -> Verdict:
        return verdict(found, matters=self.matters, side=side_of(self.sign), fewest=0)

    @property
    def _adjusted(self) -> Estimate:
        return Estimate(self.effect, self.adjusted_low, self.adjusted_high, self.seeds, "means together")

    @property
    def at_defaults(self) -> Verdict:
        """Return what can be told at the defaults, by the adjusted interval."""
        return self._told(self._adjusted)

    @property
    def state(self) -> State:
        """Return what became of the effect with its mechanism switched off."""
        side = side_of(self.sign)
        return state_of(*self.left.estimates, side=side, said=self.at_defaults, matters=self.matters)

    @property
    def kept(self) -> int:
        """Return under how many alternatives the claim holds."""
        return sum(self.under(found) == HOLDS for found in self.structures)

    @property
    def changed_by(self) -> tuple[Under, ...]:
        """Return the alternatives under which the effect is clearly the other way round, or too small to matter."""
        return tuple(found for found in self.structures if changes(self.under(found)))

    @property
    def verdict(self) -> Verdict:
        """Return the verdict, by the rule of `experiments.inference`."""
        return claim_verdict(
            self.at_defaults,
            held=self.space.holds,
            points_told=self.space.points_told,
            structures=[self.under(found) for found in self.structures],
        )

    @property
    def holds_widely(self) -> bool:
        """Tell whether the claim holds in enough of the space."""
        return inference.holds_widely(self.space.holds, self.space.points_told)


# Work out what was found about each claim from the stored runs.


@dataclass(frozen=True)
class Points:
    """What every point of parameter space showed of one claim: arrays (points,)."""

    effect: Floats
    low: Floats
    high: Floats
    told: NDArray[np.str_]


def at_defaults(
    claims: Sequence[Claim], runs: Runs, *, confidence: float = CONFIDENCE
) -> list[tuple[Estimate, Estimate]]:
    """Return each claim's effect with its own interval, and with one that holds for all claims together.

    With all claims of the essay they are adjusted together by the bootstrap (max-t). With some of them, what the others
    share with these is not known, so each is taken at a confidence that allows for any sharing (Bonferroni).
    """
    experiments = [claim.experiment for claim in claims]
    outcomes = [outcomes_of(claim.scenarios(), runs) for claim in claims]

    def alone(confidence: float) -> list[Estimate]:
        pairs = zip(experiments, outcomes, strict=True)
        return [one.estimate(arms, confidence=confidence) for one, arms in pairs]

    own = alone(confidence)
    refuse_failed(own)
    if len(claims) == len(CLAIMS):
        together = estimates(experiments, outcomes, kind="means together", confidence=confidence)
    else:
        together = alone(1 - (1 - confidence) / len(CLAIMS))
    return list(zip(own, together, strict=True))


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
    found = []
    for claim, (own, adjusted) in zip(claims, at_defaults(claims, runs, confidence=confidence), strict=True):
        experiment = claim.experiment
        on, off = (outcomes_of(claim.scenarios(ablated=ablated), runs) for ablated in (False, True))
        left = experiment.left(on, off, confidence=confidence)
        refuse_failed(left)
        found.append(
            ClaimFinding(
                name=claim.name, topic=claim.topic, quote=claim.quote, says=claim.says, compared=claim.compared,
                quantity=experiment.quantity, unit=experiment.unit, outcome=claim.outcome, sign=claim.sign,
                matters=claim.matters, without=claim.without, note=claim.note, seeds=own.seeds,
                effect=own.effect, low=own.low, high=own.high,
                adjusted_low=adjusted.low, adjusted_high=adjusted.high,
                left=Left.of(*left), structures=under_structures(experiment, under),
                space=space_of(points[claim.name], design, point_seeds, sign=claim.sign),
            )
        )  # fmt: skip
    return tuple(found)


def under_structures(experiment: PairedExperiment, runs: Runs) -> tuple[Under, ...]:
    """Return a claim's effect under every alternative; intervals hold together over the alternatives (Bonferroni)."""
    arms = [experiment.varied(repeat=repeat) for repeat in experiment.repeats]
    found = experiment.repeated([outcomes_of(scenarios, runs) for scenarios in arms])
    refuse_failed(found)
    pairs = zip(experiment.repeats, found, strict=True)
    return tuple(Under(one.name, one.words, there.effect, *there.ends) for one, there in pairs)


def points_of(claim: Claim, runs: Runs, point_seeds: int) -> Points:
    """Return what every point showed of a claim: the mean over its seeds with Student's 95% interval."""
    values = effects(claim, runs, claim.scenarios()).reshape(-1, point_seeds)
    found = intervals(values.T, kind="mean of few")
    told = [claim.experiment.verdict(one, fewest=0) for one in found.estimates()]
    return Points(found.mean, found.low, found.high, np.array(told))


def space_of(found: Points, design: pl.DataFrame, point_seeds: int, *, sign: int) -> Space:
    """Count the points, and name the parameters along which the effect grows to the side claimed."""
    holds, small, opposite, unclear = (int((found.told == kind).sum()) for kind in (HOLDS, SMALL, OPPOSITE, OPEN))
    grows = leanings(sign * found.effect, found.told, design)
    return Space(len(found.told), point_seeds, holds, small, opposite, unclear, grows)


def refuse_failed(found: Iterable[Estimate]) -> None:
    """Raise ValueError where a run failed whose effect must not be missing: at the defaults, under a structure."""
    if any(np.isnan(one.effect) for one in found):
        msg = "some runs have failed: see the columns error and traceback of the runs"
        raise ValueError(msg)


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
    pairs = zip(plan.claims, at_defaults(plan.claims, runs, confidence=confidence), strict=True)
    return tuple(
        claim.name
        for claim, (_, together) in pairs
        if not is_enough(together.half_width, precision_of(claim, plan.precision or 0.0))
    )


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


def claims(
    names: Sequence[str] = (),
    *,
    out: Path | str | None = None,
    executor: Executor | None = None,
    progress: Tell | None = None,
    **options: Any,
) -> Answer:
    """Hold claims of the essay against the model (default: all) and return what they came to.

    `options` are those of `ClaimsPlan`, such as `seeds` and `points`. Runs are kept in the folder `out`, if one is
    given, and are not run again. Raises ProblemError for a name that no claim has, or bad options; see `carry_out`.
    """
    plan = ClaimsPlan(claims=chosen(names), **options)
    with TemporaryDirectory() if out is None else nullcontext(out) as folder:
        return carry_out(plan, Path(folder), executor=executor, progress=progress)


call_as(__name__, claims)
