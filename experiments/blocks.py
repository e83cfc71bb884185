"""Run a block of paired seeds: one place under several routes, sharing each seed's start and luck."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.cases import Task
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS, month_values, run_values
from simulation.course import BLOCK_VALUES, Course
from simulation.observation import Trajectory
from simulation.randomness import Luck, Streams
from simulation.scenario.scenario import Scenario
from simulation.start import Start, begin
from simulation.state import Floats

PORTRAIT = ("practice_before", "practice_after", "trust_before", "trust_after", "pressure_after")


class Block(NamedTuple):
    """What the runs of one case showed on S seeds over M months; arrays without rows where not kept."""

    outcomes: Floats  # (S, len(RUN_COLUMNS))
    months: NDArray[np.float32]  # (S, M + 1, len(MONTH_COLUMNS)), to seven digits
    practice_before: Floats  # (N, 9), sum over seeds
    practice_after: Floats  # (N, 9), sum over seeds
    trust_before: Floats  # (L,), sum over seeds; where ties differ by seed, the first seed's alone
    trust_after: Floats  # (L,)
    pressure_after: Floats  # (N,)


class Stopped(Exception):
    """Work was asked to stop before it was finished."""


def run_block(
    task: Task, *, tick: Callable[[], None] = lambda: None, stopped: Callable[[], bool] = lambda: False
) -> list[Block]:
    """Run every case on every seed and return a block a case. Raises Stopped where it was asked to.

    A run's numbers are those of `simulate(scenario, seed)`, to the last bit.
    """
    outcomes = np.empty((len(task.cases), task.count, len(RUN_COLUMNS)))
    months: list[list[Floats]] = [[] for _ in task.cases]
    portraits: list[list[Floats]] = [[] for _ in task.cases]
    for k in range(task.count):
        seed = task.first_seed + k
        start, luck = _shared(task.cases[0].what, seed)
        for c, case in enumerate(task.cases):
            if stopped():
                raise Stopped
            trajectory, portrait = _run(case.what, seed, start, luck)
            outcomes[c, k] = run_values(trajectory)
            if task.by_month:
                months[c].append(month_values(trajectory))
                same_ties = case.what.place.from_file or k == 0
                _add(portraits[c], portrait, with_trust=same_ties)
            tick()
    none = [np.empty((0, len(MONTH_COLUMNS)))]
    return [
        Block(
            outcomes[c],
            np.stack(months[c] or none).astype(np.float32),
            *(portraits[c] or [np.empty(0)] * len(PORTRAIT)),
        )
        for c in range(len(task.cases))
    ]


def _shared(scenario: Scenario, seed: int) -> tuple[Start | None, Luck | None]:
    """Return the start and the luck that all routes share on a seed; None where a place is too large to hold it."""
    start = begin(scenario, seed)
    n, links, structure = len(start.thresholds), len(start.trust), scenario.structure
    months = structure.burn_in_months + scenario.months
    if (3 * n + links + 3) * months > BLOCK_VALUES:
        return None, None
    streams = Streams(seed, n, links, noise=structure.noise, asynchronous=structure.update == "asynchronous")
    return start, streams.draw(months)


def _run(
    scenario: Scenario, seed: int, start: Start | None, luck: Luck | None
) -> tuple[Trajectory, tuple[Floats, ...]]:
    course = Course(scenario, seed, start=start, luck=luck).run(scenario.structure.burn_in_months)
    state = course.state
    before = state.practice.copy(), state.trust.copy()
    course.run()
    portrait = before[0], state.practice, before[1], state.trust, state.pressure
    return course.trajectory, portrait


def _add(sums: list[Floats], portrait: tuple[Floats, ...], *, with_trust: bool) -> None:
    if not sums:
        sums.extend(array.copy() for array in portrait)
        return
    for name, total, array in zip(PORTRAIT, sums, portrait, strict=True):
        if with_trust or not name.startswith("trust"):
            total += array
