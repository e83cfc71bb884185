"""Carry the claims out on the sweep core, stage by stage, and work out what they came to.

Every stage is a sweep in a folder of its own: what is stored is kept whatever happens, and the same plan goes on.
"""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from experiments.claims.answer import Answer, about, precision_of
from experiments.claims.judging import at_defaults, judged, points_of
from experiments.claims.plan import ClaimsPlan, defaults, space, structures
from experiments.claims.stored import Runs, joined, read_points, read_runs
from experiments.errors import FailedRunsError
from experiments.executors import Executor
from experiments.looking import confidence_of_each
from experiments.statistics import CONFIDENCE, is_enough
from experiments.sweep import Progress, Tell, sweep
from experiments.sweep_work import Work
from simulation.text import counted

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
