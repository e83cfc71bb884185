"""A worker process: get ready, say so, take work, carry out its jobs until the other end is gone."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.errors import MachineError

if TYPE_CHECKING:
    from experiments.work import Work


class Given(NamedTuple):
    """What a worker process is given before jobs: the work that they are of, and a limit of its memory."""

    work: Work
    memory: int | None


def main(number: int) -> None:
    """Talk over an open socket. Ctrl-C is the coordinator's to answer; where it dies, so does this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        # Polars brings a handler of its own: blocked in all threads from the start, it is never called.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()  # what is loaded now stays: looking through it for garbage costs a tenth of the start
    from experiments.replicates import carry_out_chunk

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
                    answer: Any = carry_out_chunk(work, said)
                except Exception as error:
                    answer = error
                connection.send(answer)
        except (EOFError, OSError):
            return


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
