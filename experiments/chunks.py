"""Chunks of a sweep: their runs as tables, the same bytes by whomever they are carried out."""

import io
import pickle
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments import replicates
from experiments.design import Row
from experiments.factors import Factor
from experiments.replicates import PORTRAIT, Block, Portrait, Run, Stopped
from experiments.work import MONTHS, MOST_RUNS_A_CHUNK, PORTRAITS, RUNS, Chunk, Identities, Place, Work
from simulation import MODEL_VERSION
from simulation.outcomes import MONTH_COLUMNS, RUN_COLUMNS
from simulation.scenario.errors import ProblemError
from simulation.scenario.paths import PARTS
from simulation.scenario.scenario import Scenario
from simulation.state import Floats

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


@dataclass(frozen=True)
class SweepWorkload:
    """A sweep's work as an executor carries it out, chunk by chunk (see `experiments.executors.Workload`)."""

    work: Work

    def carry_out(self, job: Job, *, stopped: Callable[[], bool] = lambda: False) -> Finished:
        """Run a chunk; see `carry_out_chunk`."""
        return carry_out_chunk(self.work, job, stopped=stopped)

    def singly(self, job: Job) -> list[Job]:
        """Return a chunk's runs, a job each."""
        first = self.work.point_range(job.chunk)[0]
        pieces = [Chunk(job.chunk.number, job.chunk.first + k, 1) for k in range(job.chunk.size)]
        return [Job(one, job.rows[self.work.point_range(one)[0] - first :][:1]) for one in pieces]

    def joined(self, job: Job, pieces: Sequence[Finished]) -> Finished:
        """Return the runs of a chunk, in order, as the whole chunk."""
        return joined_pieces(self.work, job.chunk, pieces)

    def failed(self, job: Job, why: str) -> Finished:
        """Return runs that no run could catch itself as failed ones."""
        return failed_chunk(self.work, job, why)

    def packed(self) -> bytes:
        """Return the work as a worker elsewhere takes it: text of the model's own making, and policies in code."""
        return pickle.dumps(
            (type(self).sent, (self.work.model_dump_json(by_alias=True), pickle.dumps(self.work.policies)))
        )

    @classmethod
    def sent(cls, text: str, policies: bytes) -> Self:
        """Return what was packed. Raises whatever the module of a policy raises, or its being missing."""
        return cls(Work.model_validate_json(text).with_policies(pickle.loads(policies)))


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
                run = replicates.run_once(scenario, entry["seed"], keep=work.keep, policy=arm.policy, own=work.own)
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


def blocks_of(work: Work, frames: Mapping[str, Iterable[pl.DataFrame]]) -> list[Block]:
    """Return what the parts of a work at one point show, given in the order of their runs, a block an arm."""
    arms = np.array([place.arm for place in work.places(Chunk(0, 0, work.runs))])
    outcomes = _by_arm(work, frames[RUNS], work.outcomes, arms)
    months = _by_arm(work, frames.get(MONTHS, ()), MONTH_COLUMNS, arms)
    portraits = joined_portraits(frames.get(PORTRAITS, ()))
    return [
        Block(
            outcomes[k], months[k].astype(np.float32, copy=False).reshape(work.replicates, -1, len(MONTH_COLUMNS)),
            portraits.get(k, ()), work.outcomes,
        )
        for k in range(len(work.arms))
    ]  # fmt: skip


def _by_arm(
    work: Work, frames: Iterable[pl.DataFrame], columns: Sequence[str], arms: NDArray[np.int64]
) -> list[Floats]:
    """Return each arm's rows, part by part so that no more than one is held beside them; `arms` are those of runs."""
    found: list[list[Floats]] = [[] for _ in work.arms]
    for frame in frames:
        table, which = frame.select(columns).to_numpy(), arms[frame["run"].to_numpy()]
        for k in np.unique(which):
            found[k].append(table[which == k])
    return [np.concatenate(some) if some else np.empty((0, len(columns))) for some in found]
