"""ABC-SMC: pilot, populations in a process of their own."""

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from experiments.calibration.observations import Summary, summed_up
from experiments.calibration.priors import World
from experiments.errors import MachineError
from experiments.interruption import deaf, until
from simulation.scenario.errors import ProblemError
from simulation.state import Floats

TWICE = 2
FOLDS = 5
LEAST_LUCK = 1e-3
"""Of a prior's width: keeps a unit of distance from being nothing where neither luck nor error touches a statistic."""
_DRAW = 31


@dataclass(frozen=True)
class Pilot:
    """Runs all over the prior: n sets, each run on two seeds."""

    values: Floats  # (n, p)
    practice: Floats  # (n, 2, K) enacted
    scores: Floats  # (n, 2, K) as a survey would find them


@dataclass(frozen=True)
class Statistic:
    """What sets are judged by: p numbers from S summaries, in units of luck and error."""

    centre: Floats  # (S,)
    scale: Floats  # (S,)
    weights: Floats  # (p, S)
    explained: Floats  # (p,) share of each prior's variance that data like these explain, out of sample
    floor: float

    def of(self, summaries: Floats) -> Floats:
        """Return the statistic (..., p) of summaries (..., S)."""
        return ((summaries - self.centre) / self.scale) @ self.weights.T

    @staticmethod
    def distance(one: Floats, other: Floats) -> Floats:
        """Return the root mean square of differences; two runs of one set are about 1.4 apart."""
        return np.sqrt(((one - other) ** 2).mean(axis=-1))


def run_pilot(world: World, *, sets: int, first_seed: int, progress: Callable[[int, int], None] | None = None) -> Pilot:
    """Run `sets` sets of a Latin hypercube over the prior, each on two seeds of its own."""
    from scipy.stats import qmc  # late: it takes a second, and who only tells of a fit does without

    chosen = world.chosen
    draw = np.random.default_rng([first_seed, _DRAW])
    unit = qmc.LatinHypercube(len(chosen.free), rng=draw).random(sets)
    values = chosen.lows + unit * (chosen.highs - chosen.lows)
    kept, practice, scores = [], [], []
    for k, one in enumerate(values):
        seeds = [first_seed + TWICE * k + twin for twin in range(TWICE)]
        try:
            runs = [world.practice(one, seed) for seed in seeds]
        except ProblemError:  # a corner of the ranges where parameters do not go together
            continue
        kept.append(one)
        practice.append(runs)
        scores.append([world.scores(run, one, seed) for run, seed in zip(runs, seeds, strict=True)])
        if progress is not None:
            progress(TWICE * (k + 1), TWICE * sets)
    return Pilot(np.array(kept), np.array(practice), np.array(scores))


def learn_statistic(pilot: Pilot, how: tuple[Summary, ...], *, lows: Floats, highs: Floats) -> Statistic:
    """Return the statistic that a pilot teaches."""
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import GroupKFold, cross_val_predict

    summaries = summed_up(pilot.scores, how)
    n, twice, number = summaries.shape
    flat = summaries.reshape(n * twice, number)
    unknown = np.repeat((pilot.values - lows) / (highs - lows), twice, axis=0)
    centre, scale = flat.mean(axis=0), flat.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    known = (flat - centre) / scale
    ridge = RidgeCV(alphas=np.logspace(-3, 4, 15))
    guessed = cross_val_predict(
        ridge, known, unknown, groups=np.repeat(np.arange(n), twice), cv=GroupKFold(FOLDS)
    ).reshape(unknown.shape)
    explained = 1 - ((guessed - unknown) ** 2).mean(axis=0) / unknown.var(axis=0)
    weights = np.atleast_2d(ridge.fit(known, unknown).coef_)
    twins = (known @ weights.T).reshape(n, twice, -1)
    luck = np.sqrt(((twins[:, 0] - twins[:, 1]) ** 2).mean(axis=0) / twice)
    weights = weights / np.maximum(luck, LEAST_LUCK)[:, None]
    twins = (known @ weights.T).reshape(n, twice, -1)
    floor = float(np.quantile(Statistic.distance(twins[:, 0], twins[:, 1]), 0.1))
    return Statistic(centre, scale, weights, np.clip(explained, 0, 1), floor)


# Carry one population of ABC-SMC out with pyabc, from what its history holds and a seed of its own.
#
# Every population starts from the history on disk, also where none was interrupted, so that work that was killed goes
# on
# to the same bits. pyabc draws from NumPy's global random state: `apart` gives this a process of its own.


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


# Carry populations out in a process of their own: pyabc draws from a random state that all of a process shares.


TOLD_EVERY = 0.2
"""Seconds between two words of progress; where nobody listens any more, the process ends."""
ERROR = "error.txt"
_CHILD = "import sys; sys.path[:] = {path!r}; from experiments.calibration.abc_smc import main; main({number})"


class FitError(MachineError):
    """The process that fits can't go on; what is stored is kept."""


class Apart:
    """A process that carries a fit's populations out, one when asked; a context."""

    def __init__(self, task: Task, folder: Path) -> None:
        """Keep what is to be done, and the folder of its history."""
        self.task, self.folder = task, folder

    def __enter__(self) -> Self:
        """Start the process."""
        ours, theirs = socket.socketpair()
        number = theirs.fileno()
        command = [sys.executable, "-c", _CHILD.format(path=sys.path, number=number)]
        with theirs, deaf():
            self.process = subprocess.Popen(
                command, pass_fds=[number], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self.connection = Connection(ours.detach())
        self.connection.send((self.task, self.folder))
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is doing: its history is replaced as a whole or not at all."""
        self.connection.close()
        self.process.kill()
        self.process.wait()

    def kept(self) -> list[Population]:
        """Return the populations that the history holds already."""
        return list(self._ask("kept", None))

    def next(self, progress: Progress | None = None) -> Population | None:
        """Carry the next population out; None where too few sets come near enough. Raises FitError."""
        found: Population | None = self._ask("next", progress)
        return found

    def _ask(self, what: str, progress: Progress | None) -> Any:
        try:
            self.connection.send(what)
            while True:
                until(self.connection.poll)
                kind, said = self.connection.recv()
                if kind == "error":
                    raise FitError(said)
                if kind == "done":
                    return said
                if progress is not None:
                    progress(*said)
        except (EOFError, OSError):
            msg = f"the process that fits ended with status {self.process.wait()}"
            raise FitError(msg) from None


class Here:
    """The same in this process, whose random state is put back after each population."""

    def __init__(self, task: Task, folder: Path) -> None:
        """Keep what is to be done, and the folder of its history."""
        self.task, self.folder = task, folder

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Have nothing to end."""

    def kept(self) -> list[Population]:
        """Return the populations that the history holds already."""
        return populations(self.folder)

    def next(self, progress: Progress | None = None) -> Population | None:
        """Carry the next population out; None where too few sets come near enough."""
        state = np.random.get_state()  # noqa: NPY002
        try:
            return next_population(self.task, self.folder, progress=progress)
        finally:
            np.random.set_state(state)  # noqa: NPY002


def main(number: int) -> None:
    """Be that process. Ctrl-C is the other end's to answer; where it is gone, so is this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(number) as connection, suppress(EOFError, OSError):
        task, folder = connection.recv()
        last = [0.0]

        def tell(*said: int) -> None:
            if time.monotonic() - last[0] > TOLD_EVERY:
                last[0] = time.monotonic()
                connection.send(("progress", said))

        while True:
            what = connection.recv()
            try:
                found: Any = populations(folder) if what == "kept" else next_population(task, folder, progress=tell)
            except BrokenPipeError:
                return
            except Exception as error:
                with suppress(OSError):
                    (folder / ERROR).write_text(traceback.format_exc(), encoding="utf-8")
                words = " ".join(str(error).split("\n", 1)[0].split())
                connection.send(("error", f"the process that fits failed ({type(error).__name__}: {words})"))
            else:
                connection.send(("done", found))
