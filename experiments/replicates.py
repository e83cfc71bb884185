"""Carry out runs; rows and series by seed."""

import io
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.arms import Task
from experiments.design import Row
from experiments.factors import Factor
from experiments.plan import MOST_RUNS_A_CHUNK, Chunk, Identities, Place, Work
from simulation import MODEL_VERSION
from simulation.initial import begin
from simulation.random_streams import Luck, Streams
from simulation.run import (
    BLOCK_VALUES,
    COLLABORATIVE,
    KEPT_AFTER,
    MONTH_COLUMNS,
    RUN_COLUMNS,
    Course,
    Trajectory,
    month_values,
    run_values,
    simulate,
)
from simulation.scenario.paths import PARTS
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

    def course(self, scenario: Scenario, seed: int) -> Course:
        """Return a run at its beginning."""
        structure, numbers = scenario.structure, scenario.numbers
        place = self._same(scenario.place)
        start = self._kept(
            (id(place), numbers.threshold, numbers.threshold_spread, numbers.initial_trust, seed),
            lambda: (begin(scenario, seed), place),  # the place is held, so that no other has its id
        )[0]
        n, links = len(start.thresholds), len(start.trust)
        months = structure.burn_in_months + scenario.months
        if (3 * n + links + 3) * months > min(BLOCK_VALUES, self.most):
            return Course(scenario, seed, start=start)
        noise, asynchronous = structure.noise, structure.update == "asynchronous"
        luck = self._kept(
            (seed, n, links, months, noise, asynchronous),
            lambda: Streams(seed, n, links, noise=noise, asynchronous=asynchronous).draw(months),
        )
        return Course(scenario, seed, start=start, luck=luck)

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
        for c, case in enumerate(task.cases):
            if stopped():
                raise Stopped
            trajectory, portrait = _run(case.what, seed)
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


def _run(scenario: Scenario, seed: int) -> tuple[Trajectory, tuple[Floats, ...]]:
    course = SHARED.course(scenario, seed).run(scenario.structure.burn_in_months)
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


# Keep what the checks need of many runs of one arm: series by seed, and how trust moved where it was recorded.


KEPT_SERIES = (
    "practice", "perspective", "power", "participation", "reach", "trust", "pressure", "failure_demand_share",
)  # fmt: skip
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


def run_arm(scenario: Scenario, seeds: Sequence[int], *, watch_trust: bool = False) -> Replicates:
    """Run a scenario on every seed and keep what the checks need."""
    kept: dict[str, list[Floats]] = {name: [] for name in KEPT_SERIES}
    moves = []
    for seed in seeds:
        trajectory = simulate(scenario, seed, detail="full" if watch_trust else "months")
        for name in KEPT_SERIES:
            kept[name].append(trajectory[name][trajectory.burn_in - 1 :].copy())
        if watch_trust:
            moves.append(moves_of_trust(trajectory))
    return Replicates(
        {name: np.stack(rows) for name, rows in kept.items()},
        np.array(moves, dtype=np.float64).reshape(len(seeds), -1),
    )


def joined_replicates(parts: Sequence[Replicates]) -> Replicates:
    """Return replicates of consecutive seeds as one."""
    series = {name: np.concatenate([part.series[name] for part in parts]) for name in KEPT_SERIES}
    return Replicates(series, np.concatenate([part.trust_moves for part in parts]))


# Carry out a chunk of a sweep's runs and return them as Parquet in memory: the same bytes whoever does it.
#
# A run that fails is a row with its error and traceback, and the next run goes on.


NAMED = {"route": "route", "pressure": "under_pressure", "months": "months"}
"""Factors whose values stand in a column that every run has; `pressure` is an outcome, the pressure felt."""
OK, FAILED = "ok", "failed"
LONGEST_TRACEBACK = 20_000
SEEDS_TOGETHER = 16
_KEYS = {
    "run": pl.Int64, "id": pl.String, "point": pl.Int64, "replicate": pl.Int64, "seed": pl.Int64,
    "scenario": pl.String, "route": pl.String, "under_pressure": pl.String, "months": pl.Int64,
}  # fmt: skip


class Job(NamedTuple):
    """A chunk with the values of its points: `rows[0]` is the chunk's first point."""

    chunk: Chunk
    rows: tuple[Row, ...]


class Finished(NamedTuple):
    """A chunk's runs as Parquet, and its months where the work keeps them."""

    chunk: Chunk
    runs: bytes
    months: bytes | None
    failed: int
    seconds: float
    origin: tuple[str, str]


def carry_out_chunk(work: Work, job: Job, *, stopped: Callable[[], bool] = lambda: False) -> Finished:
    """Run a chunk. Raises RuntimeError where another version of the model is installed here, Stopped where asked to."""
    if work.model_version != MODEL_VERSION:
        msg = f"the sweep is for model version {work.model_version}, and this is {MODEL_VERSION}"
        raise RuntimeError(msg)
    began = time.perf_counter()
    found: dict[int, tuple[dict[str, Any], Any, Any]] = {}
    for place, row, names, scenario, error in _scenarios(work, job):
        if stopped():
            raise Stopped
        entry = _entry(work, place, row, names)
        values = by_month = None
        if scenario is not None:
            entry["months"] = scenario.months
            try:
                values, by_month = _one(scenario, entry["seed"], months=work.keep == "months")
            except Exception as caught:
                error = _said(caught)
        if values is None:
            entry |= {"status": FAILED, "error": error[0], "traceback": error[1]}
        found[place.run] = entry, values, by_month
    rows, outcomes, _ = zip(*(found[run] for run in sorted(found)), strict=True)
    frame = _frame(work, rows, outcomes)
    failed = sum(values is None for values in outcomes)
    whole = {run: months for run, (_, _, months) in sorted(found.items()) if months is not None}
    by_months = _parquet(_months_frame(whole)) if work.keep == "months" else None
    return Finished(job.chunk, _parquet(frame), by_months, failed, time.perf_counter() - began, origin())


def failed_chunk(work: Work, job: Job, why: str) -> Finished:
    """Return a chunk whose runs all failed for a reason that no run could catch itself."""
    rows = [
        _entry(work, place, row, work.identities(place.arm, row)) | {"status": FAILED, "error": why, "traceback": ""}
        for place, row in _rows(work, job)
    ]
    frame = _frame(work, rows, [None] * len(rows))
    months = _parquet(_months_frame({})) if work.keep == "months" else None
    return Finished(job.chunk, _parquet(frame), months, len(rows), 0.0, origin())


def joined_pieces(chunk: Chunk, pieces: Sequence[Finished]) -> Finished:
    """Return pieces of a chunk, in order, as the whole chunk."""
    runs = pl.concat([pl.read_parquet(piece.runs) for piece in pieces])
    months = [pl.read_parquet(piece.months) for piece in pieces if piece.months is not None]
    return Finished(
        chunk, _parquet(runs), _parquet(pl.concat(months)) if months else None,
        sum(piece.failed for piece in pieces), sum(piece.seconds for piece in pieces), pieces[0].origin,
    )  # fmt: skip


def origin() -> tuple[str, str]:
    """Return what decides bits here: the platform's fingerprint, and a hash of the model's sources."""
    from experiments.manifest import engine, fingerprint

    return fingerprint(), engine()


def column(name: str) -> str:
    """Return the column of a factor's values, the same in every table; `factor_` begins it where an outcome has it.

    >>> column("trust_gain"), column("pressure")
    ('trust_gain', 'under_pressure')
    """
    name = NAMED.get(name, name)
    return f"factor_{name}" if name in RUN_COLUMNS else name


def dtype(factor: Factor) -> Any:
    """Return the type of a factor's column."""
    if factor.name in PARTS:
        return pl.String
    if not factor.values:
        return pl.Int64 if factor.whole else pl.Float64
    kinds = {type(value) for value in factor.values}
    if kinds == {bool}:
        return pl.Boolean
    if kinds == {int}:
        return pl.Int64
    return pl.Float64 if kinds <= {int, float} else pl.String


def _rows(work: Work, job: Job) -> Iterator[tuple[Place, Row]]:
    first = work.point_range(job.chunk)[0]
    for place in work.places(job.chunk):
        yield place, job.rows[place.point - first]


def _scenarios(work: Work, job: Job) -> Iterator[tuple[Place, Row, Identities, Scenario | None, tuple[str, str]]]:
    """Yield each run with its names and its scenario, made once an arm and point, or with what is wrong with it.

    A few seeds are run at every arm and point of the chunk before the next few are, so that what they decide is there.
    """
    first = work.point_range(job.chunk)[0]

    @lru_cache(maxsize=MOST_RUNS_A_CHUNK // SEEDS_TOGETHER + 2)
    def made(point: int, arm: int) -> tuple[Identities, Scenario | None, tuple[str, str]]:
        row = job.rows[point - first]
        names = work.identities(arm, row)
        try:
            return names, work.scenario(arm, row), ("", "")
        except Exception as caught:
            return names, None, _said(caught)

    for place, row in sorted(_rows(work, job), key=lambda item: (item[0].replicate // SEEDS_TOGETHER, item[0].run)):
        yield place, row, *made(place.point, place.arm)


def simulated(scenario: Scenario, seed: int) -> Trajectory:
    """Return what `simulate` does, to the last bit, with what other runs on the seed have drawn already."""
    return SHARED.course(scenario, seed).run().trajectory


def _one(scenario: Scenario, seed: int, *, months: bool) -> tuple[Any, Any]:
    trajectory = simulated(scenario, seed)
    return run_values(trajectory), month_values(trajectory).astype(np.float32) if months else None


def _said(error: BaseException) -> tuple[str, str]:
    """Return an error in a line, and its traceback."""
    text = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__, traceback.format_exc()[
        -LONGEST_TRACEBACK:
    ]


def _entry(work: Work, place: Place, row: Row, names: Identities) -> dict[str, Any]:
    arm, seed = work.arms[place.arm], work.first_seed + place.replicate
    values = {column(factor.name): value for factor, value in zip(work.factors, row, strict=True)}
    own = {"route": arm.route, "under_pressure": arm.pressure, "months": arm.what.months}
    return {
        "run": place.run,
        "id": names.of(seed),
        "point": place.point,
        "replicate": place.replicate,
        "seed": seed,
        "scenario": arm.scenario,
        **{name: own[name] if values.get(name) is None else values[name] for name in own},
        **{name: value for name, value in values.items() if name not in own},
        "status": OK,
        "error": None,
        "traceback": None,
    }


def _frame(work: Work, rows: Sequence[dict[str, Any]], outcomes: Sequence[Any]) -> pl.DataFrame:
    schema: dict[str, Any] = dict(_KEYS)
    schema |= {column(factor.name): dtype(factor) for factor in work.factors if factor.name not in NAMED}
    schema |= {"status": pl.String, "error": pl.String, "traceback": pl.String}
    frame = pl.DataFrame(rows, schema=schema, strict=False)
    table = np.array([np.full(len(RUN_COLUMNS), np.nan) if values is None else values for values in outcomes])
    found = pl.DataFrame(table, schema=dict.fromkeys(RUN_COLUMNS, pl.Float64))
    failed = pl.Series("failed", [values is None for values in outcomes])
    if failed.any():
        found = found.with_columns(pl.when(failed).then(None).otherwise(pl.all()).name.keep())
    return frame.hstack(found)


def _months_frame(tables: Mapping[int, Any]) -> pl.DataFrame:
    schema = {"run": pl.Int64, "month": pl.Int64, **dict.fromkeys(MONTH_COLUMNS, pl.Float32)}
    if not tables:
        return pl.DataFrame(schema=schema)
    lengths = [len(table) for table in tables.values()]
    keys = {"run": np.repeat(np.array(list(tables)), lengths), "month": np.concatenate([*map(np.arange, lengths)])}
    values = pl.DataFrame(np.concatenate([*tables.values()]), schema=dict.fromkeys(MONTH_COLUMNS, pl.Float32))
    return pl.DataFrame(keys, schema={"run": pl.Int64, "month": pl.Int64}).hstack(values)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()
