"""Carry comparisons out, keep their runs by content, and read them: levels, paired differences, verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dashboard.jobs import Job, Jobs, Piece, Work
from dashboard.memo import Bounded
from dashboard.pages.compare.question import INGREDIENTS, Arm, Asked
from experiments.comparison import Contrast
from experiments.contrast import Effect, at, contrast_row, difference, estimates, minus, of, route_contrast
from experiments.executors import default_workers
from experiments.inference import BAND, Kind, Verdict, intervals, median_band
from experiments.replicates import Block, run_block
from simulation.outcomes import MONTH_COLUMNS, RUN_COLUMNS, shown_in
from simulation.scenario import Problem, ProblemError, Scenario
from simulation.state import Floats

MOST_THREADS = 8
MOST_BYTES = 160 * 2**20
"""Memory that what is kept for everybody may take."""
MOST_BYTES_EACH = 128 * 2**20
"""Memory that one comparison's results may take."""
TOO_MUCH = "That is more than this machine keeps at once: choose fewer seeds, months or routes."
OUTCOMES = shown_in("pages")
"""What is kept of each run, and can be read."""
_OF_RUN = [RUN_COLUMNS.index(name) for name in OUTCOMES]
_OF_MONTH = [MONTH_COLUMNS.index(name) for name in OUTCOMES]


class Runs(NamedTuple):
    """What the runs of one arm showed on S seeds over M months, read-only, in the model's scale."""

    ends: Floats  # (S, len(OUTCOMES)), at the last month
    months: NDArray[np.float32]  # (S, M + 1, len(OUTCOMES)), to seven digits

    @property
    def bytes(self) -> int:
        """Memory."""
        return self.ends.nbytes + self.months.nbytes


def bytes_of(asked: Asked) -> int:
    """Return about how much memory a comparison takes."""
    return asked.runs * len(OUTCOMES) * (4 * (asked.months + 1) + 8)


def runs_of(block: Block) -> Runs:
    """Return what is kept of a block."""
    return Runs(_frozen(block.outcomes[:, _OF_RUN]), _frozen(block.months[:, :, _OF_MONTH]))


def joined(blocks: list[Runs]) -> Runs:
    """Join blocks in order of their seeds."""
    if len(blocks) == 1:
        return blocks[0]
    return Runs(
        _frozen(np.concatenate([one.ends for one in blocks])), _frozen(np.concatenate([one.months for one in blocks]))
    )


def _frozen(array: NDArray) -> NDArray:  # type: ignore[type-arg]
    array.flags.writeable = False
    return array


class KeptBlocks(Bounded[tuple[str, Arm, range], Runs]):
    """The runs used last, by scenario, arm and block of seeds, up to so many bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Begin with none."""
        super().__init__(most_bytes, lambda runs: runs.bytes)


KEPT = KeptBlocks()
Blocks = dict[tuple[Arm, range], Runs]


@dataclass(frozen=True)
class Found:
    """Runs of every arm, seed by seed; nothing in it changes."""

    asked: Asked
    runs: Mapping[Arm, Runs]

    @classmethod
    def of(cls, asked: Asked, blocks: Mapping[tuple[Arm, range], Runs]) -> "Found":
        """Put blocks together in the order of the seeds."""
        return cls(asked, {arm: joined([blocks[arm, block] for block in asked.blocks]) for arm in asked.arms})

    def values(self, arm: Arm, outcome: str, month: int) -> Floats:
        """Return an outcome of every run at a month, (seeds,), in the model's scale; at the last one to all digits."""
        k, runs = OUTCOMES.index(outcome), self.runs[arm]
        if month == self.asked.months:
            return runs.ends[:, k]
        return runs.months[:, month, k].astype(np.float64)

    @property
    def outcomes(self) -> dict[str, "ArmRuns"]:
        """The runs of every arm by its name, as the effects of experiments read them."""
        return {arm.name: ArmRuns(self, arm) for arm in self.runs}

    def paths(self, arm: Arm, outcome: str) -> Floats:
        """Return an outcome of every run by month, (seeds, months + 1)."""
        return self.runs[arm].months[:, :, OUTCOMES.index(outcome)].astype(np.float64)


JOBS = Jobs("comparison", workers=min(MOST_THREADS, default_workers()), most=8)


def work_of(asked: Asked, kept: KeptBlocks = KEPT) -> Work[Found]:
    """Return the work of running what is not kept yet. Raises ProblemError where something asked can't be run."""
    if bytes_of(asked) > MOST_BYTES_EACH:
        raise ProblemError([Problem(TOO_MUCH)])
    scenarios = {arm: asked.scenario(arm) for arm in asked.arms}
    blocks = _known(asked, kept)
    pieces: list[Piece] = []
    for block in asked.blocks:
        for group in asked.groups():
            if missing := tuple(arm for arm in group if (arm, block) not in blocks):
                pieces.append(partial(_run, asked, scenarios, missing, block, kept, blocks))
    done = sum(len(block) for _, block in blocks)
    return Work(asked, pieces, lambda: Found.of(asked, blocks), asked.runs, done)


def kept_found(asked: Asked, kept: KeptBlocks = KEPT) -> Found | None:
    """Return a comparison from what is kept, or None where a part of it is not there."""
    blocks = _known(asked, kept)
    return Found.of(asked, blocks) if len(blocks) == len(asked.arms) * len(asked.blocks) else None


def _known(asked: Asked, kept: KeptBlocks) -> Blocks:
    found = {(arm, block): kept.get((asked.identity, arm, block)) for block in asked.blocks for arm in asked.arms}
    return {key: runs for key, runs in found.items() if runs is not None}


def _run(
    asked: Asked, scenarios: Mapping[Arm, Scenario], arms: tuple[Arm, ...], block: range, kept: KeptBlocks,
    blocks: Blocks, job: Job[Any],
) -> None:  # fmt: skip
    """Run arms that share each seed's start on a block of seeds; the job is looked at before every run."""
    found = run_block([scenarios[arm] for arm in arms], block, tick=job.tick, stopped=lambda: job.stopped)
    for arm, result in zip(arms, found, strict=True):
        runs = blocks[arm, block] = runs_of(result)
        kept.put((asked.identity, arm, block), runs)


class ArmRuns(NamedTuple):
    """The runs of one arm, as an experiment's effect reads them."""

    found: Found
    arm: Arm

    def at(self, outcome: str, month: int) -> Floats:
        """Return an outcome of every run at a month, (seeds,)."""
        return self.found.values(self.arm, outcome, month)


@dataclass(frozen=True)
class End:
    """Where an outcome stands under a route: median, mean, and what bounds nine runs in ten."""

    median: float
    low: float
    high: float
    mean: float


def band_path(found: Found, route: str, outcome: str) -> Floats:
    """Return low, median and high (5, 50, 95%) by month, (3, months + 1)."""
    bounds: Floats = np.quantile(found.paths(Arm(route), outcome), BAND, axis=0)
    return bounds


def difference_path(found: Found, pair: tuple[str, str], outcome: str) -> Floats:
    """Return the mean paired difference by month and its own 95% interval, (3, months + 1)."""
    first, second = (found.paths(Arm(route), outcome) for route in pair)
    between = intervals(first - second)
    return np.stack([between.mean, between.low, between.high])


def end_of(found: Found, route: str, outcome: str, month: int) -> End:
    """Return where an outcome stands at a month."""
    values = found.values(Arm(route), outcome, month)
    low, median, high = median_band(values)
    return End(median, low, high, float(values.mean()))


def contrasts(
    found: Found, pairs: list[tuple[str, str]], outcome: str, month: int, *, together: bool = True
) -> list[Contrast]:
    """Return the contrast of each pair of routes; with `together`, intervals that hold for all of them at once.

    Verdicts are read from the interval that is given.
    """
    experiments = [route_contrast(first, second, outcome, month) for first, second in pairs]
    arms = found.outcomes
    kind: Kind = "means together" if together else "mean"
    found_rows = zip(pairs, experiments, estimates(experiments, [arms] * len(pairs), kind=kind), strict=True)
    return [
        Contrast(first=first, second=second, outcome=outcome, month=month, **contrast_row(experiment, arms, one))
        for (first, second), experiment, one in found_rows
    ]


@dataclass(frozen=True)
class Loss:
    """What is lost when one ingredient is taken away: the mean over seeds, with a 95% interval that holds for all."""

    ingredient: str
    mean: float
    low: float
    high: float
    verdict: Verdict


def losses(found: Found, routes: tuple[str, ...], outcome: str, month: int) -> list[Loss]:
    """Return what each ingredient contributes, the largest first: with it minus without it, on the same seeds.

    Of one route, or of the difference between two: first minus second.
    """
    lead = _lead(routes, "", outcome, month)
    experiments = [
        replace(
            route_contrast(routes[0], routes[-1], outcome, month),
            effect=minus(lead, _lead(routes, name, outcome, month)),
        )
        for name in INGREDIENTS
    ]
    lost = estimates(experiments, [found.outcomes] * len(experiments), kind="means together")
    rows = [
        Loss(name, one.effect, *one.ends, experiment.verdict(one))
        for name, experiment, one in zip(INGREDIENTS, experiments, lost, strict=True)
    ]
    return sorted(rows, key=lambda row: -abs(row.mean))


def _lead(routes: tuple[str, ...], without: str, outcome: str, month: int) -> Effect:
    """Return the effect: what one route comes to, or the first less the second, with an ingredient taken away."""
    names = [Arm(route, without).name for route in routes]
    read = at(outcome, month)
    return of(names[0], read) if len(names) == 1 else difference(names[0], names[1], read)
