"""Measure sweeps: against Mesa's batch runner, two workers against one, shared luck, what is added, and memory."""

import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from benchmarks.processes import MONTHS, ORGANISATIONS, POINTS, SEEDS, batch, command, plan, resident, words
from benchmarks.taking import Pair, Patience, Took, taken
from experiments import replicates
from experiments.design import LatinHypercube
from experiments.factors import Factor
from experiments.runner import sweep
from experiments.work import Work, work_of
from simulation.run import Course
from simulation.scenario import PlaceFile, Scenario, load_scenario
from simulation.scenario.place import Generated

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


class Shares(NamedTuple):
    """What a sweep in one process took, and what of it its runs took: seconds."""

    whole: float
    runs: float

    @property
    def added(self) -> float:
        """Return what is added to the runs, in %."""
        return 100 * (self.whole / self.runs - 1)


def added_to_runs(runs: int, seeds: int, rounds: int, *, organisations: int = ORGANISATIONS) -> list[Shares]:
    """Take the time of a sweep in this process and of every run in it, by one clock: what disturbs one disturbs both.

    All but the runs themselves is what is added: building and checking scenarios, reading outcomes, naming, tables,
    files. The first round warms up and is not counted.
    """
    work = _work(["prototype-led"], "threshold", runs // seeds, seeds, organisations)
    return [_shares(work) for _ in range(rounds + 1)][1:]


def _work(routes: list[str], other: str, points: int, seeds: int, organisations: int) -> Work:
    factors = [Factor(name="trust_gain", low=0.04, high=0.12), Factor(name=other, low=0.14, high=0.22)]
    place = PlaceFile(name="generated", generated=Generated(organisations=organisations))
    scenario = load_scenario("generated").changed(months=MONTHS, place=place)
    return work_of([scenario], factors, routes=routes, design=LatinHypercube(points=points), replicates=seeds)


def shared_luck(runs: int, seeds: int, rounds: int, *, organisations: int) -> list[tuple[float, float]]:
    """Take the time of a sweep in this process that draws every run's luck anew, and of one that shares it, in turn.

    Two routes at points that differ in two parameters, on the same seeds; the first round warms up.
    """
    work = _work(["manifesto-led", "prototype-led"], "adoption_rate", runs // (2 * seeds), seeds, organisations)
    found = []
    for k in range(rounds + 1):
        took = {most: _seconds(work, most) for most in ((0, replicates.MOST_SHARED) if k % 2 else
                                                        (replicates.MOST_SHARED, 0))}  # fmt: skip
        found.append((took[0], took[replicates.MOST_SHARED]))
    return found[1:]


def _seconds(work: Work, most: int) -> float:
    before, replicates.SHARED = replicates.SHARED, replicates.SharedLuck(most)
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        try:
            sweep(work, Path(folder) / "sweep")
        finally:
            replicates.SHARED = before
        return time.perf_counter() - began


def _shares(work: Work) -> Shares:
    inside, simulated = 0.0, replicates.simulated

    def timed(scenario: Scenario, seed: int, **more: Any) -> Course:
        nonlocal inside
        began = time.perf_counter()
        found = simulated(scenario, seed, **more)
        inside += time.perf_counter() - began
        return found

    with TemporaryDirectory() as folder:
        replicates.simulated = timed
        began = time.perf_counter()
        try:
            sweep(work, Path(folder) / "sweep")
        finally:
            replicates.simulated = simulated
        return Shares(time.perf_counter() - began, inside)


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
