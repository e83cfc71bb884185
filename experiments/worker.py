"""A worker, in a process of ours or on a cluster: get ready, take work, carry out its jobs."""

from __future__ import annotations

import gc
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from experiments.errors import MachineError

if TYPE_CHECKING:
    from experiments.work import Chunk


class Job(Protocol):
    """What is given to a worker at a time: the chunk says which of all runs it holds, and the rest what they are."""

    @property
    def chunk(self) -> Chunk:
        """Where its runs stand among all runs of the work."""


class Finished(Protocol):
    """What came of a job."""

    @property
    def chunk(self) -> Chunk:
        """That of the job."""


class Workload(Protocol):
    """What an executor carries out, job by job: it can be pickled. Two there are, in `chunks` and `replicates`."""

    def carry_out(self, job: Any, *, stopped: Callable[[], bool] = ...) -> Any:
        """Carry a job out, in whichever process; raise Stopped in the middle where it is asked to stop."""

    def singly(self, job: Any) -> Sequence[Any]:
        """Return the runs of a job, a job each: where a worker died on it, only the culprit is to fail."""

    def joined(self, job: Any, pieces: Sequence[Any]) -> Any:
        """Return what came of a job's runs, one by one and in order, as what comes of the whole job."""

    def failed(self, job: Any, why: str) -> Any:
        """Return what comes of a single run on which worker after worker died, or raise an error."""

    def packed(self) -> bytes:
        """Return a pickled function, by its name, and its arguments, which make this elsewhere."""


class Given(NamedTuple):
    """What a worker process is given before jobs: the work that they are of, and a limit of its memory."""

    work: Workload
    memory: int | None


def main(number: int) -> None:
    """Talk over an open socket. Ctrl-C is the coordinator's to answer; where it dies, so does this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        # Polars brings a handler of its own: blocked in all threads from the start, it is never called.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()  # what is loaded now stays: looking through it for garbage costs a tenth of the start
    import experiments.chunks  # noqa: F401  # what every job of a sweep runs, loaded before the first comes

    if is_compiled():
        warm()
    gc.freeze()
    gc.enable()
    with Connection(number) as connection:
        try:
            connection.send(None)
            while True:
                try:
                    said = connection.recv()
                except (ImportError, AttributeError) as error:  # of a policy whose module is not found here
                    connection.send(MachineError(f"a worker process does not find what it is to run: {error}"))
                    continue
                if isinstance(said, Given):
                    work = said.work
                    _limit(said.memory)
                    continue
                try:
                    answer: Any = work.carry_out(said)
                except Exception as error:
                    answer = error
                connection.send(answer)
        except (EOFError, OSError):
            return


_works: dict[str, Workload | Exception] = {}
"""What a cluster's worker was given, by name."""


def keep(name: str, packed: bytes) -> None:
    """Keep work in this worker, or why it can't be: it may lack the module of a policy."""
    try:
        make, given = pickle.loads(packed)
        _works[name] = make(*given)
    except Exception as error:  # of a user's own module, whatever it raises
        _works[name] = error


def drop(name: str) -> None:
    """Keep work no longer."""
    _works.pop(name, None)


def carry_out(name: str, job: Job) -> Finished:
    """Carry a job of work out that this worker keeps. Raises RuntimeError where it has none, or could not take it."""
    work = _works.get(name)
    if work is None:
        msg = "this worker was not given the work"
        raise RuntimeError(msg)
    if isinstance(work, Exception):
        msg = f"{type(work).__name__}: {work}"
        raise RuntimeError(msg)
    finished: Finished = work.carry_out(job)
    return finished


def _limit(memory: int | None) -> None:
    """Limit this process's memory, so that a run too large fails here rather than taking the machine with it."""
    if memory is None:
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))


def is_compiled() -> bool:
    """Tell whether the model has been compiled on this machine since its kernels were last changed."""
    from simulation.numba_cache import cache_folder

    return any(cache_folder().glob("**/*.run_months-*.nbc"))


def warm() -> None:
    """Load the compiled code; where there is none, compile it, which takes about half a minute.

    For a process that does nothing else meanwhile.
    """
    from simulation.run import simulate
    from simulation.scenario import Scenario

    with _without_linear_algebra():
        simulate(Scenario(months=1))


@contextmanager
def _without_linear_algebra() -> Iterator[None]:
    """Let Numba find no linear algebra while it gets ready: it would import all of SciPy's, which no kernel asks for.

    That takes longer than everything else it does.
    """
    name = "scipy.linalg"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
