"""Carry out runs; rows and series by seed."""

import io
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.arms import Task
from experiments.design import Row
from experiments.factors import Factor
from experiments.plan import Chunk, Identities, Place, Work
from simulation import MODEL_VERSION
from simulation.initial import Start, begin
from simulation.outcomes import COLLABORATIVE, KEPT_AFTER, MONTH_COLUMNS, RUN_COLUMNS, shown, shown_in
from simulation.own_outcome import OwnOutcome, needed
from simulation.random_streams import Luck, Streams
from simulation.run import BLOCK_VALUES, Course, Trajectory, month_values, run_values, simulate
from simulation.scenario.errors import ProblemError
from simulation.scenario.paths import PARTS
from simulation.scenario.scenario import Scenario
from simulation.state import Floats

PORTRAIT = ("practice_before", "practice_after", "trust_before", "trust_after", "pressure_after")


class Block(NamedTuple):
    """What the runs of one case showed on S seeds over M months; arrays without rows where not kept."""

    outcomes: Floats  # (S, len(RUN_COLUMNS)), and a column for each of one's own
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
    own = task.cases[0].own
    outcomes = np.empty((len(task.cases), task.count, len(RUN_COLUMNS) + len(own)))
    months: list[list[Floats]] = [[] for _ in task.cases]
    portraits: list[list[Floats]] = [[] for _ in task.cases]
    for k in range(task.count):
        seed = task.first_seed + k
        start, luck = _shared(task.cases[0].what, seed)
        for c, case in enumerate(task.cases):
            if stopped():
                raise Stopped
            trajectory, portrait = _run(case.what, seed, start, luck, needed(own))
            outcomes[c, k] = measured(trajectory, own)
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
    scenario: Scenario, seed: int, start: Start | None, luck: Luck | None, detail: str
) -> tuple[Trajectory, tuple[Floats, ...]]:
    course = Course(scenario, seed, detail=detail, start=start, luck=luck).run(scenario.structure.burn_in_months)
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


# Carry out a chunk of a sweep's runs and return them as Parquet in memory: the same bytes whoever does it.
#
# A run that fails is a row with its error and traceback, and the next run goes on.


NAMED = {"route": "route", "pressure": "under_pressure", "months": "months"}
"""Factors whose values stand in a column that every run has; `pressure` is an outcome, the pressure felt."""
OK, FAILED = "ok", "failed"
LAST_KEY = "traceback"
"""The column after which outcomes stand."""
LONGEST_TRACEBACK = 20_000
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
    try:
        for one in work.own:
            one.refuse_changed()
    except ProblemError as changed:
        raise RuntimeError(str(changed)) from None
    began = time.perf_counter()
    rows: list[dict[str, Any]] = []
    outcomes, months, which = [], [], []
    for place, row, names, scenario, error in _scenarios(work, job):
        if stopped():
            raise Stopped
        entry = _entry(work, place, row, names)
        values = None
        if isinstance(scenario, Scenario):
            entry["months"] = scenario.months
            try:
                values, by_month = _one(scenario, entry["seed"], months=work.keep == "months", own=work.own)
            except Exception as caught:
                error = _said(caught)
        if values is not None:
            outcomes.append(values)
            if by_month is not None:
                months.append(by_month)
                which.append(place.run)
        else:
            outcomes.append(None)
            entry |= {"status": FAILED, "error": error[0], "traceback": error[1]}
        rows.append(entry)
    frame = _frame(work, rows, outcomes)
    failed = sum(values is None for values in outcomes)
    by_months = _parquet(_months_frame(which, months)) if work.keep == "months" else None
    return Finished(job.chunk, _parquet(frame), by_months, failed, time.perf_counter() - began, origin())


def failed_chunk(work: Work, job: Job, why: str) -> Finished:
    """Return a chunk whose runs all failed for a reason that no run could catch itself."""
    rows = [
        _entry(work, place, row, work.identities(place.arm, row)) | {"status": FAILED, "error": why, "traceback": ""}
        for place, row in _rows(work, job)
    ]
    frame = _frame(work, rows, [None] * len(rows))
    months = _parquet(_months_frame([], [])) if work.keep == "months" else None
    return Finished(job.chunk, _parquet(frame), months, len(rows), 0.0, origin())


def joined_pieces(chunk: Chunk, pieces: Sequence[Finished]) -> Finished:
    """Return pieces of a chunk, in order, as the whole chunk."""
    runs = pl.concat([pl.read_parquet(piece.runs) for piece in pieces])
    months = [pl.read_parquet(piece.months) for piece in pieces if piece.months is not None]
    return Finished(
        chunk, _parquet(runs), _parquet(pl.concat(months)) if months else None,
        sum(piece.failed for piece in pieces), sum(piece.seconds for piece in pieces), pieces[0].origin,
    )  # fmt: skip


def with_outcomes(finished: Finished, outcomes: Sequence[str]) -> Finished:
    """Return a chunk with these outcomes alone, as a sweep that was begun by an earlier version keeps them."""
    others = [name for name in RUN_COLUMNS if name not in outcomes]
    if not others:
        return finished

    def fewer(table: bytes) -> bytes:
        return _parquet(pl.read_parquet(table).drop(others, strict=False))

    return finished._replace(runs=fewer(finished.runs), months=finished.months and fewer(finished.months))


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
    """Yield each run with its names and its scenario, made once an arm and point, or with what is wrong with it."""
    known: tuple[int, int] | None = None
    for place, row in _rows(work, job):
        if known != (place.point, place.arm):
            known, names = (place.point, place.arm), work.identities(place.arm, row)
            scenario: Scenario | None = None
            error = ("", "")
            try:
                scenario = work.scenario(place.arm, row)
            except Exception as caught:
                error = _said(caught)
        yield place, row, names, scenario, error


def _one(scenario: Scenario, seed: int, *, months: bool, own: Sequence[OwnOutcome] = ()) -> tuple[Any, Any]:
    trajectory = simulate(scenario, seed, detail=needed(own))
    return measured(trajectory, own), month_values(trajectory).astype(np.float32) if months else None


def measured(trajectory: Trajectory, own: Sequence[OwnOutcome]) -> Floats:
    """Return a run's outcomes in the order of `RUN_COLUMNS`, then those of one's own."""
    values = run_values(trajectory)
    return np.append(values, [one.value(trajectory) for one in own]) if own else values


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


def _frame(work: Work, rows: list[dict[str, Any]], outcomes: Sequence[Any]) -> pl.DataFrame:
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


def _months_frame(runs: Sequence[int], tables: Sequence[Any]) -> pl.DataFrame:
    schema = {"run": pl.Int64, "month": pl.Int64, **dict.fromkeys(MONTH_COLUMNS, pl.Float32)}
    if not runs:
        return pl.DataFrame(schema=schema)
    lengths = [len(table) for table in tables]
    keys = {"run": np.repeat(np.array(runs), lengths), "month": np.concatenate([np.arange(n) for n in lengths])}
    values = pl.DataFrame(np.concatenate(tables), schema=dict.fromkeys(MONTH_COLUMNS, pl.Float32))
    return pl.DataFrame(keys, schema={"run": pl.Int64, "month": pl.Int64}).hstack(values)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()
