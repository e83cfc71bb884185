"""Carry comparisons out in the background: a few threads for everybody, fair to each, each job stopped when told.

The kernels let go of Python's lock, so threads run side by side and pages stay quick. A job looks whether it is still
wanted before every run, which takes milliseconds.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import monotonic

from dashboard.pages.compare.question import Arm, Asked
from dashboard.pages.compare.results import KEPT, Found, KeptBlocks, Runs, bytes_of, runs_of
from experiments.executors import default_workers
from experiments.replicates import Stopped, run_block
from simulation.scenario import Problem, ProblemError, Scenario

MOST_JOBS = 8
"""Jobs that run at once, over all visitors."""
MOST_THREADS = 8
MOST_BYTES = 128 * 2**20
"""Memory that one job's results may take."""
FULL = (
    "{number} comparisons are running for others, which is as many as this machine takes on at once. Try again in a "
    "moment: what you chose is in the address."
)
ONE_EACH = "A comparison of yours is running already, perhaps in another tab: one runs at a time. Cancel it, or wait."
TOO_MUCH = "That is more than this machine keeps at once: choose fewer seeds, months or routes."
_numbers = count(1)


class BusyError(Exception):
    """No job can be begun now; the words say why."""


class Job:
    """One comparison being run. Made by `Jobs.start`; `found` is there once it is done."""

    def __init__(self, asked: Asked, scenarios: dict[Arm, Scenario], kept: KeptBlocks) -> None:
        """Lay out what is left to run, besides what is kept already."""
        self.asked, self.number, self.total = asked, next(_numbers), asked.runs
        self.done = self.ran = 0
        """Runs that are there, and those of them that this job ran."""
        self.found: Found | None = None
        self.error = ""
        self.ended = threading.Event()
        self.seconds = 0.0
        self._began = monotonic()
        self._scenarios, self._kept, self._stop, self._lock = scenarios, kept, threading.Event(), threading.Lock()
        self._blocks: dict[tuple[Arm, range], Runs] = {}
        self._left: deque[tuple[tuple[Arm, ...], range]] = deque()
        for block in asked.blocks:
            for group in asked.groups():
                known = {arm: kept.get(asked, arm, block) for arm in group}
                self._blocks |= {(arm, block): runs for arm, runs in known.items() if runs is not None}
                self.done += len(block) * sum(runs is not None for runs in known.values())
                if missing := tuple(arm for arm, runs in known.items() if runs is None):
                    self._left.append((missing, block))
        self._at_work = 0

    @property
    def cancelled(self) -> bool:
        """Tell whether it was told to stop before it was done."""
        return self._stop.is_set() and self.found is None

    @property
    def elapsed(self) -> float:
        """Seconds since it began, to its end."""
        return self.seconds if self.ended.is_set() else monotonic() - self._began

    @property
    def rate(self) -> float:
        """Runs a second so far; 0 where none is done."""
        return self.ran / self.elapsed if self.elapsed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds left at this rate; None where that can't be told yet."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None

    def cancel(self) -> None:
        """Stop after the runs at hand."""
        self._stop.set()
        with self._lock:
            self._left.clear()

    def step(self) -> bool:
        """Carry out one piece of the work, in a thread of the pool; tell whether there is more to take on."""
        with self._lock:
            if self._stop.is_set() or not self._left:
                return False
            arms, block = self._left.popleft()
            self._at_work += 1
        try:
            scenarios = [self._scenarios[arm] for arm in arms]
            found = run_block(scenarios, block, tick=self._tick, stopped=self._stop.is_set)
            for arm, result in zip(arms, found, strict=True):
                runs = runs_of(result)
                self._blocks[arm, block] = runs
                self._kept.put(self.asked, arm, block, runs)
        except Stopped:
            pass
        except Exception as error:  # a run that fails ends the job in words, and nothing else
            self.error = f"A run could not be carried out: {error}"
            self.cancel()
        finally:
            with self._lock:
                self._at_work -= 1
        return True

    def finish(self) -> bool:
        """Put the results together where nothing is left; tell whether the job has ended."""
        with self._lock:
            if self._left or self._at_work or self.ended.is_set():
                return self.ended.is_set()
            if not self._stop.is_set():
                self.found = Found.of(self.asked, self._blocks)
            self.seconds = monotonic() - self._began
            self.ended.set()
        self._blocks, self._scenarios = {}, {}
        return True

    def _tick(self) -> None:
        with self._lock:
            self.done += 1
            self.ran += 1


class Jobs:
    """All jobs of a server: so many at once, one an owner."""

    def __init__(self, *, most: int = MOST_JOBS, workers: int | None = None, kept: KeptBlocks = KEPT) -> None:
        """Begin with none."""
        self.most, self.kept = most, kept
        self.workers = workers or min(MOST_THREADS, default_workers())
        self._pool: ThreadPoolExecutor | None = None
        self._running: dict[Hashable, Job] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, asked: Asked, *, owner: Hashable) -> Job:
        """Begin a job. Raises BusyError, or ProblemError where something asked can't be run."""
        if bytes_of(asked) > MOST_BYTES:
            raise ProblemError([Problem(TOO_MUCH)])
        scenarios = {arm: asked.scenario(arm) for arm in asked.arms}
        with self._lock:
            if owner in self._running:
                raise BusyError(ONE_EACH)
            if len(self._running) >= self.most:
                raise BusyError(FULL.format(number=len(self._running)))
            job = self._running[owner] = Job(asked, scenarios, self.kept)
            self._pool = self._pool or ThreadPoolExecutor(self.workers, thread_name_prefix="comparing")
        for _ in range(self.workers):
            self._pool.submit(self._go_on, job, owner)
        return job

    def _go_on(self, job: Job, owner: Hashable) -> None:
        """Do one piece of a job and go to the back of the queue, so that every job gets its turn."""
        more = job.step()
        if more:
            if self._pool is not None:
                self._pool.submit(self._go_on, job, owner)
            return
        if job.finish():
            with self._lock:
                if self._running.get(owner) is job:
                    del self._running[owner]


JOBS = Jobs()


def kept_found(asked: Asked, kept: KeptBlocks = KEPT) -> Found | None:
    """Return a comparison from what is kept, or None where a part of it is not there."""
    blocks: dict[tuple[Arm, range], Runs] = {}
    for block in asked.blocks:
        for arm in asked.arms:
            runs = kept.get(asked, arm, block)
            if runs is None:
                return None
            blocks[arm, block] = runs
    return Found.of(asked, blocks)


Start = Callable[[Asked], Job]
