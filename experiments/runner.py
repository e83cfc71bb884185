"""Carry work out so that it survives anything: what is stored is kept, and what is missing is run.

Work that was stopped in any way goes on from its folder, and gives bit for bit what uninterrupted work gives.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.chunks import OK, Finished, Job, SweepWorkload, carry_out_chunk, origin
from experiments.design import Row, columns, plain
from experiments.executors import APART, Executor, Lost, Serial
from experiments.interruption import Late, at_hand, stop_at_signals
from experiments.output_folder import UnwritableError, unwritable
from experiments.plan import Plan, load_plan
from experiments.store import SWEEP, Store, SweepError
from experiments.work import RUNS, Chunk, Work
from experiments.worker import Workload
from simulation.outcomes import Outcome
from simulation.scenario.errors import ProblemError
from simulation.text import counted

CHECKED = 3
"""Stored runs that are run again, and compared bit for bit, before a sweep goes on."""
TOLERANCE = 1e-9
"""How far results may differ between machines whose arithmetic differs."""
TRIES = 2
"""Workers that may die on one and the same run before it is a failed run."""


class Progress(NamedTuple):
    """How far a sweep is, in runs; `kept` were there before."""

    done: int
    failed: int
    total: int
    kept: int


class Summary(NamedTuple):
    """How a sweep ended; `asked` says whether it was asked to stop, be it that nothing was left to run."""

    folder: Path
    done: int
    failed: int
    total: int
    kept: int
    seconds: float
    stopped: bool
    notes: tuple[str, ...]
    asked: bool = False


Tell = Callable[[Progress], None]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C came; `kept` runs of `total` are stored."""

    def __init__(self, kept: int, total: int) -> None:
        """Say how far the work came."""
        super().__init__(f"{kept} of {total} runs")
        self.kept, self.total = kept, total


def sweep(
    plan: Plan | Work | str | Path,
    out: Path | str,
    *,
    executor: Executor | None = None,
    part: tuple[int, int] = (1, 1),
    progress: Tell | None = None,
    retry: bool = False,
    outcomes: Sequence[Outcome] = (),
) -> Summary:
    """Run a plan and keep every result in a folder; on a folder that was begun, go on.

    `part` (i, n) runs every n-th chunk from the i-th on, for n machines with a folder each; `retry` also runs again
    what failed. `outcomes` are those of one's own that are measured besides the model's. Raises ProblemError for what
    is wrong with them, before any run; OutputError where the folder holds another plan (and says what differs) or other
    things, can't be written, or its results do not hold here.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     sweep("routes-and-seeds", Path(folder) / "first").done
    24
    """
    if isinstance(plan, Work):
        plan = Plan(plan)
    elif not isinstance(plan, Plan):
        plan = load_plan(plan)
    _check_part(part)
    folder, work, rows = Path(out), plan.work, plan.rows
    work = work.measuring(outcomes) if outcomes else work
    try:
        store = Store.begun(folder, work, lambda: columns(work.design, work.factors, rows), part)
    except OSError as error:
        raise _unwritable(folder, error, 0) from error
    return _go_on(store, executor or Serial(), progress, retry=retry)


def resume(
    folder: Path | str, *, executor: Executor | None = None, progress: Tell | None = None, retry: bool = False
) -> Summary:
    """Go on with a sweep from its folder alone; `retry` also runs again what failed.

    Raises SweepError, also where a policy in code stands in place of a route: that is not in the folder.
    """
    store = Store.opened(Path(folder))
    if names := ", ".join(store.work.sources):
        msg = f"{folder} runs a policy in code ({names}), which the folder does not hold: call `sweep` with it again"
        raise SweepError(msg)
    return _go_on(store, executor or Serial(), progress, retry=retry)


def _go_on(store: Store, executor: Executor, progress: Tell | None, *, retry: bool) -> Summary:
    try:
        return _held(store, executor, progress, retry=retry)
    except OSError as error:
        raise _unwritable(store.folder, error, store.runs_done) from error


def _held(store: Store, executor: Executor, progress: Tell | None, *, retry: bool) -> Summary:
    began = time.monotonic()
    store.writer = executor.name
    with store:
        kept = store.runs_done
        _note_sudden_end(store)
        check_stored(store)
        again = {entry.number for entry in store.entries.values() if entry.failed} if retry else set()
        todo = [number for number in store.mine if not store.done[number] or number in again]
        with stop_at_signals() as stop:
            if todo:
                with executor, suppress(Late), at_hand(stop):
                    _carry_out(store, executor, todo, stop, progress, kept)
            store.finish()
        return Summary(
            store.folder, store.runs_done, store.runs_failed, store.runs_to_do, kept, time.monotonic() - began,
            stop.is_set() and not all(store.done[number] for number in store.mine), tuple(store.notes), stop.is_set(),
        )  # fmt: skip


def _carry_out(
    store: Store, executor: Executor, todo: list[int], stop: threading.Event, progress: Tell | None, kept: int
) -> None:
    """Have the executor carry out what is to do; store what comes back."""
    work = store.work

    def jobs() -> Iterator[Job]:
        for chunk in map(work.chunk, todo):
            yield Job(chunk, store.rows(*work.point_range(chunk)))

    executor.begin(load := SweepWorkload(work))
    _tell(store, progress, kept)
    for finished in carried_out(load, jobs(), executor, stopped=stop.is_set):
        _note_origin(store, finished)
        store.save(finished)
        _tell(store, progress, kept)


def carried_out(
    work: Workload, jobs: Iterable[Any], executor: Executor, *, stopped: Callable[[], bool] = lambda: False
) -> Iterator[Any]:
    """Give jobs of a work to an executor that has begun with it, while it has room; yield what comes of each.

    Jobs are made as they are given out. After a worker died on one, its runs are given out one by one, so that only
    the culprit fails. Once it is `stopped`, what is out is waited for, and no more is given.
    """
    given = _Jobs(work, iter(jobs))

    def give() -> None:
        while not stopped() and executor.room() > 0 and (job := given.take()) is not None:
            executor.submit(job)

    while True:
        give()
        if not executor.busy() and (stopped() or given.empty):
            return
        outcome = executor.wait()
        finished = given.again(outcome) if isinstance(outcome, Lost) else outcome and given.whole(outcome)
        if finished is None:
            continue
        give()  # before anything is done with it, so that no worker waits for the disk
        yield finished


class _Jobs:
    """Hand out jobs; after a worker died on one, hand out its runs one by one."""

    def __init__(self, work: Workload, jobs: Iterator[Any]) -> None:
        self.work = work
        self._jobs = jobs
        self._again: deque[Any] = deque()
        self._whole: dict[int, Any] = {}
        self._pieces: dict[int, dict[int, Any]] = {}
        self._deaths: dict[int, int] = {}

    @property
    def empty(self) -> bool:
        if not self._again and (job := next(self._jobs, None)) is not None:
            self._again.append(job)
        return not self._again

    def take(self) -> Any:
        return self._again.popleft() if self._again else next(self._jobs, None)

    def again(self, lost: Lost) -> Any:
        """Hand a lost job out anew; after the second death on a single run, return what comes of that."""
        chunk = lost.job.chunk
        if chunk.size > 1:
            self._whole[chunk.number], self._pieces[chunk.number] = lost.job, {}
            self._again.extend(self.work.singly(lost.job))
            return None
        self._deaths[chunk.first] = self._deaths.get(chunk.first, 0) + 1
        if self._deaths[chunk.first] < TRIES:
            self._again.append(lost.job)
            return None
        return self.whole(self.work.failed(lost.job, lost.why))

    def whole(self, finished: Any) -> Any:
        """Return what came of a job, or None while pieces of it are missing."""
        number = finished.chunk.number
        if number not in self._pieces:
            return finished
        pieces, job = self._pieces[number], self._whole[number]
        pieces[finished.chunk.first] = finished
        if len(pieces) < job.chunk.size:
            return None
        del self._pieces[number], self._whole[number]
        return self.work.joined(job, [pieces[run] for run in sorted(pieces)])


def check_stored(store: Store) -> None:
    """Run three stored runs again and compare them bit for bit; note where another machine made them.

    Raises SweepError where a run gives other numbers: the model has changed without its version being raised.
    """
    try:
        for one in store.work.own:
            one.refuse_changed()
    except ProblemError as error:
        msg = f"{store.folder} can't be gone on with: {error}"
        raise SweepError(msg) from None
    lost = [name for name in store.outcomes if name not in store.work.outcomes]
    if lost:
        keeps = f"{SWEEP} keeps {', '.join(lost)} of each run, which this version does not measure"
        msg = f"{store.folder}: {keeps}: take another folder"
        raise SweepError(msg)
    if lacks := [name for name in store.work.outcomes if name not in store.outcomes]:
        store.notes.append(f"this sweep was begun without {', '.join(lacks)}, and goes on without")
    numbers = sorted(entry.number for entry in store.entries.values() if entry.failed < entry.runs)
    picked = {numbers[k * (len(numbers) - 1) // max(1, CHECKED - 1)] for k in range(CHECKED)} if numbers else set()
    strange = False
    for k, number in enumerate(sorted(picked)):
        stored = pl.read_parquet(store.path("runs", number)).filter(pl.col("status") == OK)
        old = stored.row([0, len(stored) // 2, -1][k], named=True)
        chunk = Chunk(number, old["run"], 1)
        job = Job(chunk, store.rows(*store.work.point_range(chunk)))
        new = pl.read_parquet(carry_out_chunk(store.work, job).files[RUNS]).row(0, named=True)
        before, after = (np.array([row[name] for name in store.outcomes], dtype=float) for row in (old, new))
        if new["id"] == old["id"] and _same_bits(before, after):
            continue
        made = store.entries[number].origin[0]
        if made and made != origin()[0] and np.allclose(before, after, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True):
            strange = True
            continue
        names = [name for name, x, y in zip(store.outcomes, before, after, strict=True) if not _same_bits(x, y)]
        msg = (
            f"run {old['run']} of {store.folder} gives other numbers now "
            f"({', '.join(names[:3]) or 'another identity'}): "
            "the model has changed since, without its version being raised; nothing was changed here"
        )
        raise SweepError(msg)
    if strange or any(entry.origin[0] not in ("", origin()[0]) for entry in store.entries.values()):
        store.notes.append("some runs were made where arithmetic differs: results agree to about 1e-9, not to the bit")


def _note_sudden_end(store: Store) -> None:
    """Note that the process before ended without a word, and what helps if one of its runs ended it."""
    if not store.left_by:
        return
    text = "the process that wrote here before ended suddenly: it was killed, or one of its runs ended it"
    if store.left_by not in APART:
        text += "; with `--executor processes`, the default, such a run fails alone"
    store.notes.append(text)


def _note_origin(store: Store, finished: Finished) -> None:
    here = origin()
    if finished.origin == here or "" in finished.origin:
        return
    text = "a worker's arithmetic differs: results agree to about 1e-9, not to the bit"
    if finished.origin[1] != here[1] and finished.origin[0] == here[0]:
        text = "a worker has other sources of the model than this machine: its results may differ"
    if text not in store.notes:
        store.notes.append(text)


def _same_bits(first: Any, second: Any) -> bool:
    first, second = np.atleast_1d(first), np.atleast_1d(second)
    both = np.isnan(first) & np.isnan(second)
    return bool(np.all(both | (first.view(np.int64) == second.view(np.int64))))


def _check_part(part: tuple[int, int]) -> None:
    if not 1 <= part[0] <= part[1]:
        msg = f"there is no part {part[0]} of {part[1]}"
        raise SweepError(msg)


def _tell(store: Store, progress: Tell | None, kept: int) -> None:
    if progress is not None:
        progress(Progress(store.runs_done, store.runs_failed, store.runs_to_do, kept))


def _unwritable(folder: Path, error: OSError, done: int) -> UnwritableError:
    return unwritable(
        folder, error, f"{counted(done, 'finished run')} {'is' if done == 1 else 'are'} kept" if done else ""
    )


# Say how much a sweep is before it is run: runs, time and disk, by a sample of its runs that is timed.


SAMPLES = 5
RUNS_A_SAMPLE = 8
LONGEST = 20.0
"""Seconds after which no further sample is begun."""


class Estimate(NamedTuple):
    """What a sweep takes; `seconds` by one worker, `disk` in bytes, both by the sampled runs."""

    points: int
    arms: int
    replicates: int
    runs: int
    chunks: int
    runs_a_chunk: int
    sampled: int
    failed: int
    seconds: float
    disk: float


def estimate(plan: Plan) -> Estimate:
    """Carry out a few runs from all over the plan, keep none of them, and scale up."""
    work = plan.work
    last = max(0, work.runs - RUNS_A_SAMPLE)
    firsts = sorted({k * last // max(1, SAMPLES - 1) for k in range(SAMPLES)})
    alone, *chunks = [
        Chunk(0, first, min(count, work.runs - first))
        for first, count in [(0, 1), *((f, RUNS_A_SAMPLE) for f in firsts)]
    ]
    values = _values(plan, [alone, *chunks])

    def timed(chunk: Chunk) -> Finished:
        return carry_out_chunk(work, Job(chunk, tuple(values[point] for point in range(*work.point_range(chunk)))))

    single = timed(alone)
    found: list[Finished] = []
    for chunk in chunks:
        if sum(sample.seconds for sample in found) < LONGEST:
            found.append(timed(chunk))
    sampled = sum(sample.chunk.size for sample in found)
    more = sampled - len(found)
    extra = sum(map(_bytes, found)) - len(found) * _bytes(single)
    each = extra / more if more and extra > 0 else _bytes(single)
    overhead = max(0.0, _bytes(single) - each)
    return Estimate(
        work.points, len(work.arms), work.replicates, work.runs, work.chunks, work.runs_a_chunk, sampled,
        sum(sample.failed for sample in found), work.runs * sum(sample.seconds for sample in found) / sampled,
        work.runs * each + work.chunks * overhead,
    )  # fmt: skip


def _values(plan: Plan, chunks: Sequence[Chunk]) -> dict[int, Row]:
    """Return the values of the points of these chunks."""
    work = plan.work
    points = sorted({point for chunk in chunks for point in range(*work.point_range(chunk))})
    picked = [[plain(column[p]) for p in points] for column in columns(work.design, work.factors, plan.rows)]
    return {point: tuple(column[k] for column in picked) for k, point in enumerate(points)}


def _bytes(finished: Finished) -> int:
    return sum(map(len, finished.files.values()))
