"""Carry out runs on seeds: series by seed in memory, and chunks of a sweep as tables, the same bytes by whomever."""

import io
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.design import Row
from experiments.factors import Factor
from experiments.work import MONTHS, MOST_RUNS_A_CHUNK, PORTRAITS, RUNS, Chunk, Identities, Place, Work
from simulation import MODEL_VERSION
from simulation.initial import begin
from simulation.outcomes import COLLABORATIVE, KEPT_AFTER, MONTH_COLUMNS, RUN_COLUMNS, shown, shown_in
from simulation.own_outcome import OwnOutcome, needed
from simulation.random_streams import Luck, Streams
from simulation.run import BLOCK_VALUES, Course, Trajectory, month_values, run_values, simulate
from simulation.scenario.errors import ProblemError
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


NAMED = {"route": "route", "pressure": "under_pressure", "months": "months"}
"""Factors whose values stand in a column that every run has; `pressure` is an outcome, the pressure felt."""
OK, FAILED = "ok", "failed"
LAST_KEY = "traceback"
"""The column after which outcomes stand."""
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
    """A chunk's tables as Parquet, by kind: runs, and months and portraits where the work keeps them."""

    chunk: Chunk
    files: Mapping[str, bytes]
    failed: int
    seconds: float
    origin: tuple[str, str]


def carry_out_chunk(work: Work, job: Job, *, stopped: Callable[[], bool] = lambda: False) -> Finished:
    """Run a chunk. Raises RuntimeError where another version of the model is installed here, Stopped where asked to.

    A run that fails is a row with its error and traceback, and the next run goes on.
    """
    if work.model_version != MODEL_VERSION:
        msg = f"the sweep is for model version {work.model_version}, and this is {MODEL_VERSION}"
        raise RuntimeError(msg)
    try:
        for one in work.own:
            one.refuse_changed()
    except ProblemError as changed:
        raise RuntimeError(str(changed)) from None
    began = time.perf_counter()
    found: dict[int, tuple[dict[str, Any], Run | None]] = {}
    portraits: dict[int, Portrait] = {}
    for place, row, names, scenario, error in _scenarios(work, job):
        if stopped():
            raise Stopped
        entry, run = _entry(work, place, row, names), None
        if scenario is not None:
            entry["months"] = scenario.months
            try:
                arm = work.arms[place.arm]
                run = run_once(scenario, entry["seed"], keep=work.keep, policy=arm.policy, own=work.own)
            except Exception as caught:
                error = _said(caught)
            else:
                _add(portraits, place.arm, run.portrait, with_trust=scenario.place.from_file or not place.replicate)
        if run is None:
            entry |= {"status": FAILED, "error": error[0], "traceback": error[1]}
        found[place.run] = entry, run
    rows, runs = zip(*(found[number] for number in sorted(found)), strict=True)
    return _finished(work, job.chunk, rows, runs, portraits, time.perf_counter() - began)


def failed_chunk(work: Work, job: Job, why: str) -> Finished:
    """Return a chunk whose runs all failed for a reason that no run could catch itself."""
    rows = [
        _entry(work, place, row, work.identities(place.arm, row)) | {"status": FAILED, "error": why, "traceback": ""}
        for place, row in _rows(work, job)
    ]
    return _finished(work, job.chunk, rows, [None] * len(rows), {}, 0.0)


def joined_pieces(work: Work, chunk: Chunk, pieces: Sequence[Finished]) -> Finished:
    """Return pieces of a chunk, in order, as the whole chunk."""
    files = {}
    for kind in work.kinds:
        frames = [pl.read_parquet(piece.files[kind]) for piece in pieces]
        files[kind] = _parquet(_portraits(joined_portraits(frames)) if kind == PORTRAITS else pl.concat(frames))
    failed, seconds = (sum(getattr(piece, name) for piece in pieces) for name in ("failed", "seconds"))
    return Finished(chunk, files, int(failed), seconds, pieces[0].origin)


def joined_portraits(frames: Iterable[pl.DataFrame]) -> dict[int, Portrait]:
    """Return the sums of every arm over consecutive parts."""
    found: dict[int, Portrait] = {}
    for frame in frames:
        for arm, *portrait in frame.iter_rows():
            _add(found, arm, [np.array(values, dtype=np.float64) for values in portrait], with_trust=True)
    return found


def _add(sums: dict[int, Portrait], arm: int, portrait: Portrait | None, *, with_trust: bool) -> None:
    """Add a portrait to an arm's; one without trust has arrays of no numbers there, which add nothing."""
    if portrait is None:
        return
    portrait = [
        array if with_trust or not name.startswith("trust") else array[:0]
        for name, array in zip(PORTRAIT, portrait, strict=True)
    ]
    before = sums.get(arm, [array[:0] for array in portrait])
    pairs = list(zip(before, portrait, strict=True))
    sums[arm] = [old + new if old.size and new.size else (old if old.size else new.copy()) for old, new in pairs]


def _finished(
    work: Work, chunk: Chunk, rows: Sequence[dict[str, Any]], runs: Sequence[Run | None],
    portraits: Mapping[int, Portrait], seconds: float,
) -> Finished:  # fmt: skip
    outcomes = [None if run is None else run.values for run in runs]
    months = {row["run"]: run.months for row, run in zip(rows, runs, strict=True) if run is not None}
    files = {RUNS: _parquet(_frame(work, rows, outcomes))}
    if work.keep != RUNS:
        files[MONTHS] = _parquet(_months_frame(months))
    if work.keep == PORTRAITS:
        files[PORTRAITS] = _parquet(_portraits(portraits))
    return Finished(chunk, files, sum(run is None for run in runs), seconds, origin())


def with_outcomes(finished: Finished, outcomes: Sequence[str]) -> Finished:
    """Return a chunk with these outcomes alone, as a sweep that was begun by an earlier version keeps them."""
    others = [name for name in RUN_COLUMNS if name not in outcomes]
    if not others:
        return finished

    def fewer(table: bytes) -> bytes:
        return _parquet(pl.read_parquet(table).drop(others, strict=False))

    tables = {kind: fewer(table) for kind, table in finished.files.items() if kind != PORTRAITS}
    return finished._replace(files={**finished.files, **tables})


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
    names = work.outcomes
    table = np.array([np.full(len(names), np.nan) if values is None else values for values in outcomes])
    found = pl.DataFrame(table, schema=dict.fromkeys(names, pl.Float64))
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


def _portraits(portraits: Mapping[int, Portrait]) -> pl.DataFrame:
    schema: dict[str, Any] = {"arm": pl.Int64, **dict.fromkeys(PORTRAIT, pl.List(pl.Float64))}
    rows = [(arm, *(array.tolist() for array in portraits[arm])) for arm in sorted(portraits)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def blocks_of(work: Work, frames: Mapping[str, Sequence[pl.DataFrame]]) -> list[Block]:
    """Return what the parts of a work at one point show, all of its runs, a block an arm."""
    runs = pl.concat(frames[RUNS]).sort("run")
    arms = np.array([place.arm for place in work.places(Chunk(0, 0, work.runs))])
    values, numbers = runs.select(work.outcomes).to_numpy(), np.empty((0, len(MONTH_COLUMNS)), np.float32)
    lengths = np.zeros(work.runs, dtype=np.int64)
    if work.keep != RUNS:
        months = pl.concat(frames[MONTHS]).sort("run", "month")
        numbers = months.select(MONTH_COLUMNS).to_numpy()
        lengths = np.bincount(months["run"].to_numpy(), minlength=work.runs)
    which = np.repeat(arms, lengths)
    portraits = joined_portraits(frames.get(PORTRAITS, ()))
    found = []
    for k in range(len(work.arms)):
        table = numbers[which == k]
        by_month = table.reshape(work.replicates, -1, len(MONTH_COLUMNS)) if len(table) else table[None][:0]
        found.append(Block(values[arms == k], by_month, portraits.get(k, ()), work.outcomes))
    return found
