"""Carry out chunks on several processes of this machine; one that dies loses the job at hand and no other."""

import gc
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Self

from experiments.executing import Lost, WorkersError
from experiments.interruption import MOMENT, deaf

if TYPE_CHECKING:
    from experiments.executing import Outcome
    from experiments.sweep_runs import Finished, Job
    from experiments.sweep_work import Work

FAILED_STARTS = 3
_WORKER = "import sys; sys.path[:] = {path!r}; from experiments.worker import main; main({number})"


class _Process:
    """A worker process and what it is doing; `siblings` are the others' connections where it is forked."""

    def __init__(self, siblings: Sequence[Connection] | None = None) -> None:
        ours, theirs = socket.socketpair()
        number = theirs.fileno()
        with theirs:
            self.process: subprocess.Popen[bytes] | _Forked
            if siblings is None:
                command = [sys.executable, "-c", _WORKER.format(path=sys.path, number=number)]
                with deaf():
                    self.process = subprocess.Popen(
                        command, pass_fds=[number], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
                    )
            else:
                self.process = _Forked(number, [ours.fileno(), *(sibling.fileno() for sibling in siblings)])
        self.connection = Connection(ours.detach())
        self.ready = False
        self.job: Job | None = None

    def end(self) -> str:
        """Stop the process if it has not ended, and say how it ended."""
        self.connection.close()
        with suppress(subprocess.TimeoutExpired):  # it may be just about to end by itself
            self.process.wait(timeout=1)
        self.process.kill()
        code = self.process.wait()
        if code >= 0:
            return f"the worker process ended with status {code}"
        name = signal.Signals(-code).name
        return f"the worker process was ended by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")


class _Forked:
    """A worker that has this process's compiled code from the start; it answers as a `Popen` does."""

    def __init__(self, number: int, others: Sequence[int]) -> None:
        """Fork it with an open socket, without those of others: it would hold them open when this process dies."""
        self._process = multiprocessing.get_context("fork").Process(target=_work, args=(number, others), daemon=True)
        with deaf(), warnings.catch_warnings():
            # The one other thread is linear algebra's, which is made for it.
            warnings.filterwarnings("ignore", message=".*multi-threaded, use of fork", category=DeprecationWarning)
            self._process.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid or 0

    def kill(self) -> None:
        """Kill it, if it has not ended."""
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; return its status, or minus a signal. Raises TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired([self._process.name], timeout or 0)
        return self._process.exitcode


def _work(number: int, others: Sequence[int]) -> None:
    """Be a worker that was forked."""
    for other in others:
        os.close(other)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    from experiments.worker import main

    main(number)


def _can_fork() -> bool:
    """Tell whether this process may be forked: no thread of its own may hold a lock, and Polars starts some at once."""
    return sys.platform == "linux" and "polars" not in sys.modules and threading.active_count() == 1


class Processes:
    """Several processes of this machine, each with a limit on its memory in bytes if one is given.

    A worker that dies loses the job at hand and no other, and another takes its place. Those that `start` where this
    process has done little else are forked from it where they can be: it loads the compiled model once for all.
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

    def start(self) -> None:
        """Start the workers if they are not; they get ready side by side, and this process may do so meanwhile."""
        if self._pool:
            return
        if not _can_fork():
            self._pool = [_Process() for _ in range(self.workers)]
            return
        from experiments.warming import is_compiled, warm

        if is_compiled():
            warm()
        gc.freeze()  # what is there is shared by all, unless a search for garbage writes to it
        for _ in range(self.workers):
            self._pool.append(_Process([worker.connection for worker in self._pool]))

    def begin(self, work: "Work") -> None:
        """Have the workers get ready for jobs of this work."""
        self._work = work
        self.start()

    def room(self) -> int:
        """Return how many workers are ready and idle."""
        return sum(worker.ready and worker.job is None for worker in self._pool)

    def busy(self) -> bool:
        """Tell whether any worker has a job."""
        return any(worker.job is not None for worker in self._pool)

    def submit(self, job: "Job") -> None:
        """Give a job to an idle worker."""
        worker = next(worker for worker in self._pool if worker.ready and worker.job is None)
        worker.job = job
        with suppress(OSError):  # it has just died, which `wait` notices
            worker.connection.send(job)

    def wait(self) -> "Outcome":
        """Wait for a worker: to be ready, to finish its job, or to die. Raises WorkersError where none can start."""
        ready: Any = wait([worker.connection for worker in self._pool], timeout=MOMENT)
        if not ready:
            return None
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
            worker.connection.send((self._work, self.memory))

    def _replace(self, worker: _Process) -> "Outcome":
        why = worker.end()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                msg = f"workers can't be started: {why}"
                raise WorkersError(msg)
        self._pool[self._pool.index(worker)] = _Process()
        return None if worker.job is None else Lost(worker.job, why)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the workers."""
        self.stop()

    def stop(self) -> None:
        """Stop the workers, in the middle of a job too: what has come back is not theirs any more."""
        for worker in self._pool:
            worker.process.kill()
        for worker in self._pool:
            worker.end()
        self._pool = []


def default_workers() -> int:
    """Return how many workers to use: one a processor that this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:
        return max(1, os.cpu_count() or 1)
