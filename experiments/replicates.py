"""Carry out runs on seeds, which share what a seed decides: outcomes of a run, and series of an arm, seed by seed."""

import pickle
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.errors import FailedRunsError
from experiments.work import Chunk
from simulation import MODEL_VERSION
from simulation.initial import begin
from simulation.numba_cache import kernels_hash
from simulation.outcomes import COLLABORATIVE, KEPT_AFTER, RUN_COLUMNS, shown, shown_in
from simulation.own_outcome import OwnOutcome, needed
from simulation.random_streams import Luck, Streams
from simulation.run import BLOCK_VALUES, Course, Trajectory, month_values, run_values
from simulation.scenario.place import PlaceFile
from simulation.scenario.scenario import Scenario
from simulation.state import Floats

MOST_SHARED = 4_000_000
"""Numbers of starts and luck that are kept for other runs, 32 MB."""
MOST_PLACES = 16


class SharedLuck:
    """Starts and luck of seeds, kept for the next runs that have the same; several threads may ask at once.

    What a seed decides of a run follows from its place, three starting numbers, structure and months: routes,
    pressures and most parameters share it, and a run that is given it has the bits of one that draws it itself.
    """

    def __init__(self, most: int = MOST_SHARED) -> None:
        """Keep so many numbers at most."""
        self.most, self.kept = most, 0
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._places: OrderedDict[int, tuple[PlaceFile, PlaceFile]] = OrderedDict()
        self._lock = Lock()

    def course(self, scenario: Scenario, seed: int, *, policy: Any = None, detail: str = "months") -> Course:
        """Return a run at its beginning, with a policy in place of a route where one is given."""
        structure, numbers = scenario.structure, scenario.numbers
        place = self._same(scenario.place)
        start = self._kept(
            (id(place), numbers.threshold, numbers.threshold_spread, numbers.initial_trust, seed),
            lambda: (begin(scenario, seed), place),  # the place is held, so that no other has its id
        )[0]
        n, links = len(start.thresholds), len(start.trust)
        months = structure.burn_in_months + scenario.months
        if (3 * n + links + 3) * months > min(BLOCK_VALUES, self.most):
            return Course(scenario, seed, detail=detail, start=start, policy=policy)
        noise, asynchronous = structure.noise, structure.update == "asynchronous"
        luck = self._kept(
            (seed, n, links, months, noise, asynchronous),
            lambda: Streams(seed, n, links, noise=noise, asynchronous=asynchronous).draw(months),
        )
        return Course(scenario, seed, detail=detail, start=start, luck=luck, policy=policy)

    def _kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what is kept under a key, or make it; what was used longest ago goes."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]
        found = make()
        arrays = found if isinstance(found, Luck) else vars(found[0]).values()
        size = sum(array.size for array in arrays)
        with self._lock:
            if key not in self._held and size <= self.most // 8:
                self._held[key] = found, size
                self.kept += size
            while self.kept > self.most:
                self.kept -= self._held.popitem(last=False)[1][1]
        return found

    def _same(self, place: PlaceFile) -> PlaceFile:
        """Return the first of equal places: those of two arms that were read from a file are two."""
        with self._lock:
            known = self._places.get(id(place))
            if known is None:
                same = next((first for _, first in self._places.values() if first == place), place)
                known = self._places[id(place)] = place, same
                if len(self._places) > MOST_PLACES:
                    self._places.popitem(last=False)
            return known[1]


SHARED = SharedLuck()
"""That of this process."""


def simulated(
    scenario: Scenario,
    seed: int,
    *,
    policy: Any = None,
    before: Callable[[Course], object] | None = None,
    detail: str = "months",
) -> Course:
    """Return a run at its end, the bits of `simulate`, with what other runs on the seed have drawn already.

    `before` is shown the run at the end of its burn-in.
    """
    course = SHARED.course(scenario, seed, policy=policy, detail=detail)
    if before is not None:
        before(course.run(scenario.structure.burn_in_months))
    return course.run()


PORTRAIT = ("practice_before", "practice_after", "trust_before", "trust_after", "pressure_after")
"""Where organisations and ties stood before the first programme month and after the last."""
Portrait = Sequence[Floats]
"""Arrays in that order, flat: practice (9 N,), trust (L,), pressure (N,)."""
STEP = 2.0**-36
"""Portraits are told in whole steps of 1.5e-11: sums over seeds are exact then, however runs were cut into chunks."""


class Run(NamedTuple):
    """What is kept of one run: outcomes, and where they are asked for months, to seven digits, and a portrait."""

    values: Floats  # (len(RUN_COLUMNS),), and one for each of one's own
    months: NDArray[np.float32] | None = None  # (M + 1, len(MONTH_COLUMNS))
    portrait: Portrait | None = None


def run_once(
    scenario: Scenario, seed: int, *, keep: str = "runs", policy: Any = None, own: Sequence[OwnOutcome] = ()
) -> Run:
    """Carry out one run and return what is kept of it; `own` are outcomes of one's own."""
    first: list[Floats] = []

    def before(course: Course) -> None:
        first.extend((course.state.practice.ravel().copy(), course.state.trust.copy()))

    watch = before if keep == "portraits" else None
    course = simulated(scenario, seed, policy=policy, before=watch, detail=needed(own))
    trajectory, state = course.trajectory, course.state
    ends = (*first[:1], state.practice.ravel(), *first[1:], state.trust, state.pressure)
    return Run(
        np.append(run_values(trajectory), [one.value(trajectory) for one in own]),
        None if keep == "runs" else month_values(trajectory).astype(np.float32),
        [np.rint(array / STEP) * STEP for array in ends] if first else None,
    )


class Stopped(Exception):
    """Work was asked to stop before it was finished."""


class Block(NamedTuple):
    """What the runs of one arm showed on S seeds over M months."""

    outcomes: Floats  # (S, len(RUN_COLUMNS)), and a column for each of one's own
    months: NDArray[np.float32]  # (S, M + 1, len(MONTH_COLUMNS)); no rows where not kept
    portrait: Portrait = ()  # sums over the seeds; where ties differ by seed, trust is the first seed's alone
    names: tuple[str, ...] = RUN_COLUMNS


def run_block(
    scenarios: Sequence[Scenario],
    seeds: range,
    *,
    tick: Callable[[], None] = lambda: None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Block]:
    """Run every scenario on every seed and return a block a scenario, in memory. Raises Stopped where it was asked to.

    A run's numbers are those of `simulate(scenario, seed)`, to the last bit.
    """
    runs: list[list[Run]] = [[] for _ in scenarios]
    for seed in seeds:
        for scenario, into in zip(scenarios, runs, strict=True):
            if stopped():
                raise Stopped
            into.append(run_once(scenario, seed, keep="months"))
            tick()
    return [
        Block(np.stack([one.values for one in some]), np.stack([one.months for one in some if one.months is not None]))
        for some in runs
    ]


# Keep what the checks need of many runs of one arm: series by seed, and how trust moved where it was recorded.


KEPT_SERIES = tuple(name for name in shown_in("claims") if shown(name).function is None)
BREACH = 0.1
"""A relationship that loses more than this share of its trust in a month was breached: decay takes at most 2.5%."""


@dataclass(frozen=True)
class Replicates:
    """Runs of one arm over seeds."""

    series: Mapping[str, Floats]
    """Each (R, months + 1): column m is the end of the m-th programme month, column 0 the month before the first."""
    trust_moves: Floats
    """(R, 2) mean trust lost in a breach over mean gain of a month, and skewness; no columns unless asked for."""

    def at(self, name: str, month: int) -> Floats:
        """Return a series at the end of a programme month (R,)."""
        return self.series[name][:, month]

    def collaborative(self, month: int) -> Floats:
        """Return 1 for the seeds whose place is collaborative at the end of a month, else 0 (R,)."""
        return (self.at("practice", month) > COLLABORATIVE).astype(np.float64)

    def kept(self, leaving: int) -> Floats:
        """Return practice 24 months after the partner left in a month, less practice then (R,)."""
        return self.at("practice", leaving + KEPT_AFTER) - self.at("practice", leaving)


def moves_of_trust(trajectory: Trajectory) -> tuple[float, float]:
    """Return a breach's mean cost over a month's mean gain, and the skewness of all monthly changes of trust.

    All relationships and programme months count. Without a breach, or without a gain, the ratio is not a number.
    """
    trust = trajectory.trust[trajectory.burn_in - 1 :]
    change = np.diff(trust, axis=0)
    breached = change < -BREACH * trust[:-1]
    gained = change > 0
    centred = change - change.mean()
    skewness = float((centred**3).mean() / (centred**2).mean() ** 1.5)
    if not (breached.any() and gained.any()):
        return float("nan"), skewness
    return float(-change[breached].mean() / change[gained].mean()), skewness


def run_arm(
    scenario: Scenario, seeds: Sequence[int], *, watch_trust: bool = False, series: Sequence[str] = KEPT_SERIES
) -> Replicates:
    """Run a scenario on every seed and keep what the checks need."""
    kept: dict[str, list[Floats]] = {name: [] for name in series}
    moves = []
    for seed in seeds:
        trajectory = simulated(scenario, seed, detail="full" if watch_trust else "months").trajectory
        for name in series:
            kept[name].append(trajectory[name][trajectory.burn_in - 1 :].copy())
        if watch_trust:
            moves.append(moves_of_trust(trajectory))
    return Replicates(
        {name: np.stack(rows) for name, rows in kept.items()},
        np.array(moves, dtype=np.float64).reshape(len(seeds), -1),
    )


def joined_replicates(parts: Sequence[Replicates]) -> Replicates:
    """Return replicates of consecutive seeds as one."""
    series = {name: np.concatenate([part.series[name] for part in parts]) for name in parts[0].series}
    return Replicates(series, np.concatenate([part.trust_moves for part in parts]))


# Arms on seeds as work that an executor carries out: what is kept stays in memory.


SEEDS_A_JOB = 10
"""Seeds on which a worker runs some arms at a time, all arms on one seed before the next seed."""


class ArmsJob(NamedTuple):
    """Some arms, by their places in the work, on some seeds; run k of the chunk is on seed `k // len(arms)`."""

    chunk: Chunk
    arms: tuple[int, ...]
    seeds: tuple[int, ...]


class ArmsFinished(NamedTuple):
    """What the arms of a job showed, by their places in the work."""

    chunk: Chunk
    found: Mapping[int, Replicates]


@dataclass(frozen=True)
class ArmsWorkload:
    """Arms to be run on seeds, as an executor carries them out (see `experiments.executors.Workload`).

    `watched` are the arms of which it is kept how trust moved; `series` is what is kept of all. Where the model's
    sources are others than `sources`, a worker refuses.
    """

    arms: tuple[Scenario, ...]
    watched: frozenset[int] = frozenset()
    series: tuple[str, ...] = KEPT_SERIES
    model_version: int = MODEL_VERSION
    sources: str = field(default_factory=kernels_hash)

    def jobs(self, number: int, arms: Sequence[int], seeds: Sequence[int]) -> list[ArmsJob]:
        """Return these arms on these seeds as jobs, of which the first has this number."""
        cut = [tuple(seeds[start : start + SEEDS_A_JOB]) for start in range(0, len(seeds), SEEDS_A_JOB)]
        most = len(self.arms) * SEEDS_A_JOB
        return [
            ArmsJob(Chunk(number + k, (number + k) * most, len(arms) * len(some)), tuple(arms), some)
            for k, some in enumerate(cut)
        ]

    def carry_out(self, job: ArmsJob, *, stopped: Callable[[], bool] = lambda: False) -> ArmsFinished:
        """Run arms on seeds. Raises RuntimeError where another model is installed here, Stopped where asked to."""
        if (self.model_version, self.sources) != (MODEL_VERSION, kernels_hash()):
            msg = f"the runs are for version {self.model_version} of the model, and what is here differs"
            raise RuntimeError(msg)
        runs: dict[int, list[Replicates]] = {arm: [] for arm in job.arms}
        for seed in job.seeds:
            for arm, into in runs.items():
                if stopped():
                    raise Stopped
                into.append(run_arm(self.arms[arm], [seed], watch_trust=arm in self.watched, series=self.series))
        return ArmsFinished(job.chunk, {arm: joined_replicates(some) for arm, some in runs.items()})

    def singly(self, job: ArmsJob) -> list[ArmsJob]:
        """Return the runs of a job, a job each."""
        pairs = enumerate((arm, seed) for seed in job.seeds for arm in job.arms)
        return [ArmsJob(Chunk(job.chunk.number, job.chunk.first + k, 1), (arm,), (seed,)) for k, (arm, seed) in pairs]

    def joined(self, job: ArmsJob, pieces: Sequence[ArmsFinished]) -> ArmsFinished:
        """Return the runs of a job, in order, as the whole job."""
        found = {arm: joined_replicates([p.found[arm] for p in pieces if arm in p.found]) for arm in job.arms}
        return ArmsFinished(job.chunk, found)

    def failed(self, job: ArmsJob, why: str) -> ArmsFinished:
        """Raise FailedRunsError: an effect is read of all runs or of none."""
        arm = self.arms[job.arms[0]]
        msg = f"a run of {arm.name} with {arm.route.name} failed on seed {job.seeds[0]}: {why}"
        raise FailedRunsError(msg)

    def packed(self) -> bytes:
        """Return the work as a worker elsewhere takes it."""
        return pickle.dumps((ArmsWorkload, (self.arms, self.watched, self.series, self.model_version, self.sources)))
