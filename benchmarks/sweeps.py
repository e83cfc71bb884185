"""Measure sweeps: against Mesa's batch runner, two workers against one, bookkeeping against a bare loop, and memory."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.processes import MONTHS, POINTS, SEEDS, batch, command, plan, resident, words
from benchmarks.taking import Pair, Patience, Took, taken
from experiments.design import LatinHypercube, columns, plain
from experiments.factors import Factor
from experiments.sweep import sweep
from experiments.sweep_plan import work_of
from experiments.sweep_work import Work
from simulation.course import simulate
from simulation.scenario import Scenario, load_scenario

ROUNDS, SHARE = 4, 10
SEEDS_A_POINT = 10
LOOK_EVERY = 0.02


def against_batch_runner(runs: int, workers: int, patience: Patience) -> Pair:
    """Take the time of the batch runner and of a sweep, each cold and on as many processes.

    All runs are swept, then a tenth of them are given to the batch runner, four times; what the tenth takes is scaled
    to all runs, with what it takes to start counted once.
    """
    piece = runs // SHARE
    start = taken(lambda folder: batch(2, 0, workers, folder, organisations=3, months=1), patience)
    found = Pair([], [])
    for k in range(ROUNDS):
        found.fast.append(taken(lambda folder: command(plan(folder, SEEDS, replicates=runs), workers), patience))
        took = taken(lambda folder, k=k: batch(piece, k * piece, workers, folder), patience)  # type: ignore[misc]
        seconds = start.seconds + SHARE * (took.seconds - start.seconds)
        processor = start.processor + SHARE * (took.processor - start.processor)
        found.slow.append(Took(seconds, processor, took.others))
    return found


def not_compiled_yet(runs: int, workers: int, patience: Patience) -> Took:
    """Return what a sweep takes on a machine where the model has not been compiled."""

    def first(folder: Path) -> None:
        command(plan(folder, SEEDS, replicates=runs), workers, BEHAVIOURS_CACHE=str(folder / "cache"))

    return taken(first, patience)


def one_against_two(runs: int, rounds: int, patience: Patience) -> Pair:
    """Take the time of a sweep by one worker and by two, in turn."""

    def swept(workers: int) -> Took:
        points = runs // SEEDS_A_POINT
        return taken(
            lambda folder: command(plan(folder, POINTS, replicates=SEEDS_A_POINT, points=points), workers), patience
        )

    found = Pair([], [])
    for k in range(rounds):
        for workers in (1, 2) if k % 2 else (2, 1):
            found[workers - 1].append(swept(workers))
    return found


def stored_against_bare(runs: int, replicates: int, rounds: int, patience: Patience) -> Pair:
    """Take the time of a sweep with its store, and of a bare loop over the same runs, in turn, in this process.

    The bare loop has its scenarios ready and keeps nothing. The first round warms up and is not counted.
    """
    factors = [Factor(name="trust_gain", low=0.04, high=0.12), Factor(name="threshold", low=0.14, high=0.28)]
    scenario = load_scenario("generated").changed(months=MONTHS)
    design = LatinHypercube(points=runs // replicates)
    work = work_of([scenario], factors, routes=["prototype-led"], design=design, replicates=replicates)
    found = Pair([], [])
    for _ in range(rounds + 1):
        found.slow.append(taken(lambda folder: sweep(work, folder / "sweep"), patience))
        ready = list(_runs(work))
        found.fast.append(taken(lambda _, ready=ready: [simulate(what, seed) for what, seed in ready], patience))  # type: ignore[misc]
    return Pair(found.slow[1:], found.fast[1:])


def _runs(work: Work) -> Iterator[tuple[Scenario, int]]:
    """Yield scenario and seed of every run of a sweep of one arm."""
    for row in zip(*columns(work.design, work.factors), strict=True):
        what = work.scenario(0, [plain(value) for value in row])
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
