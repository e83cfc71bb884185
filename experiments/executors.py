"""Who carries runs out: in this process, threads, processes, a Dask cluster, to the same bits. One registry of them.

A new one is a class that keeps to `Executor`, and a line in `EXECUTORS`: the command, its errors and the how-to read it
there, and `tests/experiments/test_executors.py` holds it to one contract.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_
from typing import Any, NamedTuple, Protocol, Self, TypeAlias

from experiments.errors import ClearError, MachineError, MissingError
from experiments.interruption import MOMENT, deaf, hear
from experiments.worker import Finished, Given, Job, Workload, carry_out, drop, is_compiled, keep, main, warm


class Lost(NamedTuple):
    """A job whose worker died; `why` says how."""

    job: Job
    why: str


class WorkersError(MachineError):
    """Workers can't be started or reached; what is stored is kept."""


class ExecutorError(ClearError):
    """There is no such executor, or it does not take what was asked of it."""


class Means(NamedTuple):
    """What an executor may use: so many workers, so many bytes of memory each, the address of a scheduler."""

    workers: int
    memory: int | None = None
    address: str = ""


Outcome: TypeAlias = Finished | Lost | None


class Executor(Protocol):
    """What carries out jobs, of one work after another; a context."""

    name: str
    """What it is called in a folder that it writes."""

    def begin(self, work: Workload) -> None:
        """Get ready for jobs of this work."""

    def room(self) -> int:
        """Return how many more jobs can be taken now."""

    def busy(self) -> bool:
        """Tell whether any job is being carried out."""

    def submit(self, job: Job) -> None:
        """Take a job."""

    def wait(self) -> Outcome:
        """Wait a moment at most: for a job that is finished or lost, or (None) for what may have become of others."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *error: object) -> None:
        """Stop all workers."""


class Serial:
    """One job at a time, in this process."""

    name = "serial"

    def __init__(self) -> None:
        """Hold no job yet."""
        self._job: Job | None = None

    def begin(self, work: Workload) -> None:
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
        return None if job is None else self._work.carry_out(job)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Have nothing to stop."""


AHEAD = 2
"""Jobs that threads and a cluster hold for each worker, so that none waits for the next."""


class Threads:
    """Several threads of this process; the kernels let go of Python's lock."""

    name = "threads"

    def __init__(self, workers: int) -> None:
        """Use so many threads."""
        self.workers = workers
        self._done: queue.SimpleQueue[Future[Finished]] = queue.SimpleQueue()
        self._held = 0

    def begin(self, work: Workload) -> None:
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
        self._pool.submit(self._work.carry_out, job, stopped=self._stop.is_set).add_done_callback(self._done.put)

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

    main(number)


def _can_fork() -> bool:
    """Tell whether this process may be forked: no thread of its own may hold a lock, and Polars starts some at once."""
    return sys.platform == "linux" and "polars" not in sys.modules and threading.active_count() == 1


class Processes:
    """Several processes of this machine, each with a limit on its memory in bytes if one is given.

    A worker that dies loses the job at hand and no other, and another takes its place. Those that `start` where this
    process has done little else are forked from it where they can be: it loads the compiled model once for all.
    """

    name = "processes"

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

        if is_compiled():
            warm()
        gc.freeze()  # what is there is shared by all, unless a search for garbage writes to it
        for _ in range(self.workers):
            self._pool.append(_Process([worker.connection for worker in self._pool]))

    def begin(self, work: Workload) -> None:
        """Have the workers get ready for jobs of this work."""
        self._work = work
        self.start()
        for worker in self._pool:
            if worker.ready:  # from the work before; those that are not yet are given it as they are
                self._give(worker)

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
        ready: Any = wait_([worker.connection for worker in self._pool], timeout=MOMENT)
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
        self._give(worker)

    def _give(self, worker: _Process) -> None:
        with suppress(OSError):  # it has just died, which `wait` notices
            worker.connection.send(Given(self._work, self.memory))

    def _replace(self, worker: _Process) -> Outcome:
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


CONNECT_SECONDS = 20
LOOK_AGAIN = 1.0
"""Seconds after which the number of workers is asked again."""
GONE_SECONDS = 60.0
"""Seconds without a connection after which the scheduler counts as gone."""


class Cluster:
    """Workers of an existing Dask scheduler, at an address such as tcp://scheduler:8786.

    It takes `pip install system-behaviours[cluster]` here and on its workers. Every worker is given the work once; a
    task is a chunk, about a second. Results come back here and are stored here, so that the workers need no shared
    disk. Dask gives a lost worker's chunks to others; a chunk on which worker after worker dies comes back as lost,
    and its runs are then tried one by one.
    """

    name = "cluster"

    def __init__(self, address: str) -> None:
        """Name the scheduler. Raises MissingError where Dask is not installed, WorkersError where nothing answers."""
        try:
            from distributed import Client
        except ImportError:
            msg = "Dask is not installed: pip install 'system-behaviours[cluster]'"
            raise MissingError(msg) from None
        hear()
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except Exception as error:  # what answers there may be no scheduler, and say anything
            words = " ".join(str(error).split())
            msg = f"no Dask scheduler answers at {address}: {type(error).__name__}: {words}"
            raise WorkersError(msg) from None
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._jobs: dict[str, tuple[Any, Job]] = {}
        self._threads, self._asked, self._number, self._name = 0, 0.0, 0, ""

    def begin(self, work: Workload) -> None:
        """Give the work to every worker there is and to every one that comes, in place of the one before."""
        self._take_back()
        packed = work.packed()
        self._name = hashlib.sha256(packed).hexdigest()
        self._client.register_plugin(_plugin(packed, self._name), name=f"work-{self._name}")

    def room(self) -> int:
        """Return how many more chunks keep every thread of every worker busy."""
        if time.monotonic() - self._asked > LOOK_AGAIN:
            self._asked = time.monotonic()
            self._threads = sum(self._client.nthreads().values())
        return max(1, self._threads * AHEAD) - len(self._jobs)

    def busy(self) -> bool:
        """Tell whether any chunk is out."""
        return bool(self._jobs)

    def submit(self, job: Job) -> None:
        """Send a chunk out."""
        self._number += 1
        key = f"work-{self._name[:12]}-{job.chunk.first}-{self._number}-{time.time_ns()}"
        future = self._client.submit(carry_out, self._name, job, key=key, pure=False)
        self._jobs[key] = future, job
        future.add_done_callback(lambda done: self._done.put(done.key))

    def wait(self) -> Outcome:
        """Wait for a chunk's end. Raises WorkersError where the scheduler is gone, or workers can't run the model."""
        since = time.monotonic()
        while True:
            try:
                key = self._done.get(timeout=MOMENT)
                break
            except queue.Empty:
                if self._client.status == "running":
                    since = time.monotonic()
                elif time.monotonic() - since > GONE_SECONDS or self._client.status == "closed":
                    msg = "the Dask scheduler is gone"
                    raise WorkersError(msg) from None
                if self.room() > 0:
                    return None
        future, job = self._jobs.pop(key)
        return self._outcome(future, job)

    def _outcome(self, future: Any, job: Job) -> Outcome:
        from distributed import CancelledError, KilledWorker

        try:
            finished: Finished = future.result()
        except KilledWorker:
            return Lost(job, "worker after worker of the cluster died on it")
        except CancelledError:
            msg = "the Dask scheduler let the chunks go; it may have been restarted"
            raise WorkersError(msg) from None
        except (RuntimeError, ImportError, AttributeError) as error:
            msg = f"the cluster's workers can't run the model: {error}"
            raise WorkersError(msg) from error
        finally:
            future.release()
        return finished

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Call back what is still out, and let the cluster go."""
        with suppress(Exception):
            if self._jobs:
                self._client.cancel([future for future, _ in self._jobs.values()], force=True)
        self._take_back()
        self._client.close(timeout=5)

    def _take_back(self) -> None:
        if self._name:
            with suppress(Exception):
                self._client.unregister_worker_plugin(f"work-{self._name}")


def _plugin(packed: bytes, name: str) -> Any:
    """Return what hands packed work to a worker as it starts."""
    from distributed import WorkerPlugin

    class Hand(WorkerPlugin):  # type: ignore[misc]
        """Hand the work over."""

        idempotent = True

        def __init__(self, packed: bytes) -> None:
            self.packed = packed

        def setup(self, worker: Any) -> None:
            """Keep the work."""
            keep(name, self.packed)

        def teardown(self, worker: Any) -> None:
            """Drop it."""
            drop(name)

    return Hand(packed)


EXECUTORS: dict[str, Callable[[Means], Any]] = {
    "processes": lambda means: Processes(means.workers, memory=means.memory),
    "threads": lambda means: Threads(means.workers),
    "serial": lambda _: Serial(),
    "cluster": lambda means: Cluster(means.address),
}
"""Every way to carry runs out, by name."""
HERE = tuple(name for name in EXECUTORS if name != "cluster")
"""Those on this machine, which `--executor` names; `--on` names a cluster's address."""
APART = ("processes", "cluster")
"""Those whose runs are apart: one that ends its worker fails alone."""
MEMORY_OF = "processes"
"""The one that limits its workers' memory."""


def chosen(kind: str = HERE[0], *, workers: int | None = None, memory: int | None = None, on: str | None = None) -> Any:
    """Return an executor by name, or the one of a Dask scheduler at an address.

    Raises ExecutorError for a name that there is not, and for a limit of memory where there can be none; WorkersError.
    """
    if kind not in EXECUTORS:
        msg = f"{kind!r} is no executor; allowed: {', '.join(EXECUTORS)}"
        raise ExecutorError(msg)
    if memory is not None and kind != MEMORY_OF:
        msg = f"--memory is a limit on worker processes: name --executor {MEMORY_OF} too"
        raise ExecutorError(msg)
    return EXECUTORS["cluster" if on is not None else kind](Means(workers or default_workers(), memory, on or ""))


def of_workers(workers: int) -> Executor:
    """Return what a number of workers stands for: this process alone, or so many processes."""
    return Processes(workers) if workers > 1 else Serial()


class _Kept:
    """An executor that stays open from one sweep to the next."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._executor, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None: ...


@contextmanager
def kept_open(executor: Executor) -> Iterator[Any]:
    """Yield an executor whose workers several sweeps use, one after the other."""
    with executor:
        yield _Kept(executor)


def default_workers() -> int:
    """Return how many workers to use: one a processor that this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:
        return max(1, os.cpu_count() or 1)
