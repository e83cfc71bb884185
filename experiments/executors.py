"""Carry out chunks here, on threads, or on processes: the same bits whoever does it. Choose who does it by name."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from experiments.executing import Executor, Lost, Outcome, WorkersError
from experiments.interruption import MOMENT
from experiments.processes import Processes, default_workers
from experiments.sweep_runs import Finished, Job, carry_out_chunk
from experiments.sweep_work import Work

__all__ = ["Executor", "Lost", "Outcome", "Processes", "Serial", "Threads", "WorkersError", "chosen", "default_workers"]

AHEAD = 2
"""Jobs that threads and a cluster hold for each worker, so that none waits for the next."""


class Serial:
    """One job at a time, in this process."""

    def __init__(self) -> None:
        """Hold no job yet."""
        self._job: Job | None = None

    def begin(self, work: Work) -> None:
        """Get ready for jobs of this work."""
        self._work = work

    def room(self) -> int:
        """Return 1 where no job is held."""
        return int(self._job is None)

    def busy(self) -> bool:
        """Tell whether a job is held."""
        return self._job is not None

    def submit(self, job: Job) -> None:
        """Hold a job."""
        self._job = job

    def wait(self) -> Outcome:
        """Carry out the job that is held."""
        job, self._job = self._job, None
        return None if job is None else carry_out_chunk(self._work, job)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Have nothing to stop."""


class Threads:
    """Several threads of this process; the kernels let go of Python's lock."""

    def __init__(self, workers: int) -> None:
        """Use so many threads."""
        self.workers = workers
        self._done: queue.SimpleQueue[Future[Finished]] = queue.SimpleQueue()
        self._held = 0

    def begin(self, work: Work) -> None:
        """Get ready for jobs of this work."""
        self._work = work

    def room(self) -> int:
        """Return how many more jobs can be held."""
        return self.workers * AHEAD - self._held

    def busy(self) -> bool:
        """Tell whether a job is held."""
        return self._held > 0

    def submit(self, job: Job) -> None:
        """Give a job to the threads."""
        self._held += 1
        self._pool.submit(carry_out_chunk, self._work, job, stopped=self._stop.is_set).add_done_callback(self._done.put)

    def wait(self) -> Outcome:
        """Wait a moment for a job's end."""
        try:
            finished = self._done.get(timeout=MOMENT)
        except queue.Empty:
            return None
        self._held -= 1
        return finished.result()

    def __enter__(self) -> Self:
        """Start the threads."""
        self._pool, self._stop = ThreadPoolExecutor(self.workers), threading.Event()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop; a job at hand ends with its run."""
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)


KINDS: dict[str, Callable[[int], Any]] = {"serial": lambda _: Serial(), "threads": Threads, "processes": Processes}
"""Ways to carry out a sweep on one machine, by name."""


def chosen(kind: str, *, workers: int | None = None, memory: int | None = None, on: str | None = None) -> Any:
    """Return an executor by name, or the one of a Dask scheduler at an address. Raises WorkersError."""
    if on is not None:
        from experiments.cluster import Cluster

        return Cluster(on)
    if kind == "processes":
        return Processes(workers or default_workers(), memory=memory)
    return KINDS[kind](workers or default_workers())
