"""Be a worker process: get ready, say so, take the work, then carry out jobs until the other end is gone."""

import gc
import signal
from multiprocessing.connection import Connection
from typing import Any


def main(number: int) -> None:
    """Talk over an open socket. Ctrl-C is the coordinator's to answer; where it dies, so does this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        # Polars brings a handler of its own: blocked in all threads from the start, it is never called.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()  # what is loaded now stays: looking through it for garbage costs a tenth of the start
    from experiments.sweep_runs import carry_out_chunk
    from experiments.warming import is_compiled, warm

    if is_compiled():
        warm()
    gc.freeze()
    gc.enable()
    with Connection(number) as connection:
        try:
            connection.send(None)
            work, memory = connection.recv()
            _limit(memory)
            while True:
                job = connection.recv()
                try:
                    said: Any = carry_out_chunk(work, job)
                except Exception as error:
                    said = error
                connection.send(said)
        except (EOFError, OSError):
            return


def _limit(memory: int | None) -> None:
    """Limit this process's memory, so that a run too large fails here rather than taking the machine with it."""
    if memory is None:
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))
