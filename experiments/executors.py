"""Carry out chunks here, on threads, or on processes: the same bits whoever does it.

An executor takes jobs while it has room and gives back what became of them, in any order. A job whose worker died comes
back as `Lost`, and the executor goes on with another worker.
"""

import os
import queue
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple, Protocol, Self

from experiments.sweep_runs import Finished, Job, carry_out_chunk
from experiments.sweep_work import Work

AHEAD = 2
"""Jobs that threads and a cluster hold for each worker, so that none waits for the next."""
FAILED_STARTS = 3
_WORKER = "import sys; sys.path[:] = {path!r}; from experiments.worker import main; main({number})"


class Lost(NamedTuple):
    """A job whose worker died; `why` says how."""

    job: Job
    why: str


class WorkersError(Exception):
    """Workers can't be started or reached; what is stored is kept."""


Outcome = Finished | Lost | None


class Executor(Protocol):
    """What carries out jobs of one work; a context."""

    def begin(self, work: Work) -> None:
        """Get ready for jobs of this work."""

    def room(self) -> int:
        """Return how many more jobs can be taken now."""

    def busy(self) -> bool:
        """Tell whether any job is being carried out."""

    def submit(self, job: Job) -> None:
        """Take a job."""

    def wait(self) -> Outcome:
        """Wait until something happens: a job is finished or lost, or (None) there may be more room."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *error: object) -> None:
        """Stop all workers."""


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
        self._pool.submit(carry_out_chunk, self._work, job).add_done_callback(self._done.put)

    def wait(self) -> Outcome:
        """Wait for a job's end."""
        finished = self._done.get()
        self._held -= 1
        return finished.result()

    def __enter__(self) -> Self:
        """Start the threads."""
        self._pool = ThreadPoolExecutor(self.workers)
        return self

    def __exit__(self, *error: object) -> None:
        """Wait for the jobs at hand, and stop."""
        self._pool.shutdown(cancel_futures=True)


class _Process:
    """A worker process and what it is doing."""

    def __init__(self, work: Work, memory: int | None) -> None:
        ours, theirs = socket.socketpair()
        number = theirs.fileno()
        command = [sys.executable, "-c", _WORKER.format(path=sys.path, number=number)]
        with theirs:
            self.process = subprocess.Popen(
                command, pass_fds=[number], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self.connection = Connection(ours.detach())
        self.ready = False
        self.job: Job | None = None
        self._first: Any = (work, memory)

    def greet(self) -> None:
        """Send the work, once the worker says that it is up."""
        self.connection.send(self._first)

    def end(self) -> str:
        """Stop the process, and say how it ended."""
        self.connection.close()
        if self.process.poll() is None:
            try:
                self.process.wait(timeout=0.5 if self.job is None else 0.05)
            except subprocess.TimeoutExpired:
                self.process.kill()
        code = self.process.wait()
        if code >= 0:
            return f"the worker process ended with status {code}"
        name = signal.Signals(-code).name
        return f"the worker process was ended by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")


class Processes:
    """Several processes of this machine, each with a limit on its memory in bytes if one is given.

    A worker that dies loses the job at hand and no other, and another takes its place.
    """

    def __init__(self, workers: int, *, memory: int | None = None) -> None:
        """Use so many processes."""
        self.workers, self.memory = workers, memory
        self._pool: list[_Process] = []
        self._failed_starts = 0

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers."""
        return [worker.process.pid for worker in self._pool]

    def begin(self, work: Work) -> None:
        """Start the workers; they get ready side by side."""
        self._work = work
        self._pool = [_Process(work, self.memory) for _ in range(self.workers)]

    def room(self) -> int:
        """Return how many workers are ready and idle."""
        return sum(worker.ready and worker.job is None for worker in self._pool)

    def busy(self) -> bool:
        """Tell whether any worker has a job."""
        return any(worker.job is not None for worker in self._pool)

    def submit(self, job: Job) -> None:
        """Give a job to an idle worker."""
        worker = next(worker for worker in self._pool if worker.ready and worker.job is None)
        worker.job = job
        with suppress(OSError):  # it has just died, which `wait` notices
            worker.connection.send(job)

    def wait(self) -> Outcome:
        """Wait for a worker: to be ready, to finish its job, or to die. Raises WorkersError where none can start."""
        ready: Any = wait([worker.connection for worker in self._pool])
        worker = next(worker for worker in self._pool if worker.connection is ready[0])
        try:
            said = worker.connection.recv()
        except (EOFError, OSError):
            return self._replace(worker)
        if said is None:
            self._welcome(worker)
            return None
        worker.job = None
        if isinstance(said, Exception):
            raise said
        finished: Finished = said
        return finished

    def _welcome(self, worker: _Process) -> None:
        worker.ready, self._failed_starts = True, 0
        with suppress(OSError):  # it has just died, which `wait` notices
            worker.greet()

    def _replace(self, worker: _Process) -> Outcome:
        why = worker.end()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                msg = f"workers can't be started: {why}"
                raise WorkersError(msg)
        self._pool[self._pool.index(worker)] = _Process(self._work, self.memory)
        return None if worker.job is None else Lost(worker.job, why)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the workers."""
        for worker in self._pool:
            if worker.job is not None or not worker.ready:
                worker.process.kill()
        for worker in self._pool:
            worker.end()


KINDS: dict[str, Callable[[int], Any]] = {"serial": lambda _: Serial(), "threads": Threads, "processes": Processes}
"""Ways to carry out a sweep on one machine, by name."""


def default_workers() -> int:
    """Return how many workers to use: one a processor that this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:
        return max(1, os.cpu_count() or 1)


def chosen(kind: str, *, workers: int | None = None, memory: int | None = None, on: str | None = None) -> Any:
    """Return an executor by name, or the one of a Dask scheduler at an address. Raises WorkersError."""
    if on is not None:
        from experiments.cluster import Cluster

        return Cluster(on)
    if kind == "processes":
        return Processes(workers or default_workers(), memory=memory)
    return KINDS[kind](workers or default_workers())
