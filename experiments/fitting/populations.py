"""Carry one population of ABC-SMC out with pyabc, from what its history holds and a seed of its own.

Every population starts from the history on disk, also where none was interrupted, so that work that was killed goes on
to the same bits. pyabc draws from NumPy's global random state: `apart` gives this a process of its own.
"""

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.fitting.pilot import Statistic
from experiments.fitting.summaries import Summary, summed_up
from experiments.fitting.world import World
from simulation.scenario.problems import ProblemError
from simulation.state import Floats

HISTORY = "history.db"
LEAST_ACCEPTED = 0.02
"""Share of sets accepted below which a population is given up."""
WIDER = 2.0
"""How much wider than pyabc's own choice sets are looked for around old ones: otherwise a few carry all the weight."""
_SEEDS = 2**31
_STATE = 90_210


@dataclass(frozen=True)
class Task:
    """All that decides a fit's populations, apart from the history so far."""

    world: World
    statistic: Statistic
    how: tuple[Summary, ...]
    observed: Floats
    """The statistic of the observations (p,)."""
    first_distance: float
    particles: int
    seed: int


class Population(NamedTuple):
    """Weighted sets that came within a distance; `values` are those of `chosen.free`."""

    number: int
    distance: float
    values: Floats  # (n, p)
    weights: Floats  # (n,) they sum to 1
    distances: Floats  # (n,)
    simulations: int

    @property
    def accepted(self) -> float:
        """Return the share of simulations that was accepted."""
        return len(self.weights) / self.simulations

    @property
    def effective(self) -> float:
        """Return how many sets of equal weight these are worth."""
        return float(1 / (self.weights**2).sum())


Progress = Callable[[int, int, int], None]
"""Called with the population, sets accepted and simulations so far."""


def populations(folder: Path, *, first: int = 0) -> list[Population]:
    """Return the populations that a folder's history holds, from the `first` on (counted from the end if negative)."""
    path = folder / HISTORY
    if not path.is_file():
        return []
    history = _pyabc().History(_address(path), create=False)
    about = history.get_all_populations().set_index("t")
    numbers = range(history.max_t + 1)[first:]
    found = [
        _population(history, number, float(about.loc[number, "epsilon"]), int(about.loc[number, "samples"]))
        for number in numbers
    ]
    history.done()
    return found


def next_population(task: Task, folder: Path, *, progress: Progress | None = None) -> Population | None:
    """Carry the next population out and add it to the folder's history; None where too few sets come near enough.

    The history is replaced as a whole: a kill leaves the old one.
    """
    pyabc = _pyabc()
    before = populations(folder, first=-1)
    number = before[-1].number + 1 if before else 0
    distance = task.first_distance if not before else _median(before[-1].distances, before[-1].weights)
    path, draft = folder / HISTORY, folder / f"{HISTORY}.new"
    draft.unlink(missing_ok=True)
    if before:
        shutil.copyfile(path, draft)
    np.random.seed(np.random.SeedSequence([task.seed, _STATE, number]).generate_state(8))  # noqa: NPY002
    names = _names(task)
    chosen = task.world.chosen
    smc = pyabc.ABCSMC(
        _simulator(task, number, distance, progress),
        pyabc.Distribution(
            **{
                name: pyabc.RV("uniform", low, high - low)
                for name, low, high in zip(names, chosen.lows.tolist(), chosen.highs.tolist(), strict=True)
            }
        ),
        lambda one, other: float(Statistic.distance(one["statistic"], other["statistic"])),
        population_size=task.particles,
        eps=pyabc.ConstantEpsilon(distance),
        transitions=pyabc.MultivariateNormalTransition(scaling=WIDER),
        sampler=pyabc.SingleCoreSampler(check_max_eval=True),
    )
    observed = {"statistic": task.observed}
    if before:
        smc.load(_address(draft), observed_sum_stat=observed)
    else:
        smc.new(_address(draft), observed)
    smc.run(max_nr_populations=1, min_acceptance_rate=LEAST_ACCEPTED)
    os.replace(draft, path)
    after = populations(folder, first=-1)
    return after[-1] if after and after[-1].number == number else None


def _simulator(
    task: Task, number: int, distance: float, progress: Progress | None
) -> Callable[[dict[str, float]], dict[str, Any]]:
    """Return the model as pyabc calls it: new luck every time."""
    names, world = _names(task), task.world
    counts = [0, 0]

    def simulate(values: dict[str, float]) -> dict[str, Any]:
        seed = int(np.random.randint(_SEEDS))  # noqa: NPY002
        one = np.array([values[name] for name in names])
        try:
            scores = world.scores(world.practice(one, seed), one, seed)
            statistic = task.statistic.of(summed_up(scores, task.how))
        except ProblemError:  # parameters that do not go together are never near
            statistic = np.full(len(task.observed), 1e9)
        counts[0] += int(Statistic.distance(statistic, task.observed) <= distance)
        counts[1] += 1
        if progress is not None:
            progress(number, *counts)
        return {"statistic": statistic}

    return simulate


def _population(history: Any, number: int, distance: float, simulations: int) -> Population:
    frame, weights = history.get_distribution(0, number)
    values = frame[[f"x{k}" for k in range(frame.shape[1])]].to_numpy()
    return Population(
        number, distance, values, np.asarray(weights),
        history.get_weighted_distances(number)["distance"].to_numpy(), simulations,
    )  # fmt: skip


def _names(task: Task) -> list[str]:
    """Return what pyabc calls the unknowns: dots in a name would mean something to it."""
    return [f"x{k}" for k in range(len(task.world.chosen.free))]


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, 0.5 * total[-1])])


def _address(path: Path) -> str:
    return f"sqlite:///{path}"


def _pyabc() -> Any:
    """Return pyabc, quiet: it looks for a git program, and logs."""
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    import pyabc

    logging.getLogger("ABC").setLevel(logging.WARNING)
    return pyabc
