"""Measure sweeps: against Mesa's batch runner, two workers against one, bookkeeping against a bare loop, and memory."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.processes import MONTHS, POINTS, SEEDS, batch, command, plan, resident, seconds_of, timed, words
from experiments import load
from experiments.design import LatinHypercube
from experiments.factors import Factor
from experiments.sweep import sweep
from experiments.sweep_plan import work_of
from experiments.sweep_work import Work
from simulation.course import simulate
from simulation.scenario import Scenario, load_scenario

PIECES = 4
SEEDS_A_POINT = 10
LOOK_EVERY = 0.02


class Pair(NamedTuple):
    """Seconds of two ways of doing the same, round by round."""

    slow: list[float]
    fast: list[float]

    @property
    def ratios(self) -> list[float]:
        """How many times longer the slow way took, round by round."""
        return [slow / fast for slow, fast in zip(self.slow, self.fast, strict=True)]


def against_batch_runner(runs: int, workers: int) -> Pair:
    """Time the batch runner and a sweep, each cold and on as many processes.

    The batch runner is given the runs in four pieces, and each piece is scaled to all runs, with what it takes to start
    counted once; all runs are swept before each piece.
    """
    piece = runs // PIECES
    start = seconds_of(lambda folder: batch(2, 0, workers, folder, organisations=3, months=1))
    found = Pair([], [])
    for k in range(PIECES):
        found.fast.append(seconds_of(lambda folder: command(plan(folder, SEEDS, replicates=runs), workers)))
        seconds = seconds_of(lambda folder, k=k: batch(piece, k * piece, workers, folder))  # type: ignore[misc]
        found.slow.append(start + PIECES * (seconds - start))
    return found


def not_compiled_yet(runs: int, workers: int) -> float:
    """Return the seconds of a sweep on a machine where the model has not been compiled."""

    def first(folder: Path) -> None:
        command(plan(folder, SEEDS, replicates=runs), workers, BEHAVIOURS_CACHE=str(folder / "cache"))

    return seconds_of(first)


def one_against_two(runs: int, rounds: int) -> Pair:
    """Time a sweep by one worker and by two, in turn."""

    def swept(workers: int) -> float:
        points = runs // SEEDS_A_POINT
        return seconds_of(
            lambda folder: command(plan(folder, POINTS, replicates=SEEDS_A_POINT, points=points), workers)
        )

    found = Pair([], [])
    for k in range(rounds):
        for workers in (1, 2) if k % 2 else (2, 1):
            found[workers - 1].append(swept(workers))
    return found


def stored_against_bare(runs: int, replicates: int, rounds: int) -> Pair:
    """Time a sweep with its store, and a bare loop over the same runs, in turn, in this process; the first is not kept.

    The bare loop has its scenarios ready and keeps nothing.
    """
    factors = [Factor(name="trust_gain", low=0.04, high=0.12), Factor(name="threshold", low=0.14, high=0.28)]
    scenario = load_scenario("generated").changed(months=MONTHS)
    design = LatinHypercube(points=runs // replicates)
    work = work_of([scenario], factors, routes=["prototype-led"], design=design, replicates=replicates)
    found = Pair([], [])
    for _ in range(rounds + 1):
        with TemporaryDirectory() as name:
            folder = Path(name) / "sweep"
            found.slow.append(timed(lambda folder=folder: sweep(work, folder)))  # type: ignore[misc]
            ready = list(_runs(work, folder))
        found.fast.append(timed(lambda ready=ready: [simulate(what, seed) for what, seed in ready]))  # type: ignore[misc]
    return Pair(found.slow[1:], found.fast[1:])


def _runs(work: Work, folder: Path) -> Iterator[tuple[Scenario, int]]:
    """Yield scenario and seed of every run of a sweep."""
    for row in load(folder).design.drop("point").iter_rows():
        what = work.scenario(0, row)
        yield from ((what, work.first_seed + k) for k in range(work.replicates))


def peak_memory(runs: int, workers: int) -> tuple[float, float]:
    """Return the most that a sweep's processes together hold in memory, months kept, and what they write (GB)."""
    with TemporaryDirectory() as name:
        folder, points = Path(name), runs // SEEDS_A_POINT
        path = plan(folder, POINTS, replicates=SEEDS_A_POINT, points=points, keep="months")
        process = subprocess.Popen(words(path, workers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(LOOK_EVERY)
        if process.returncode:
            msg = f"the sweep ended with status {process.returncode}"
            raise RuntimeError(msg)
        return peak / 1e9, sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 1e9
