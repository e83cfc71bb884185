"""Stop at Ctrl-C: wait so that it is heard, give what is at hand a moment, start processes that do not hear it.

Once Polars is imported, the system takes an interrupted wait up again (SA_RESTART), and Python learns of Ctrl-C when
the wait is over. So nothing of ours waits for long at a time.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
MOMENT = 0.1
"""Seconds of one wait."""
GRACE = 0.6
"""Seconds that what is at hand has to finish after Ctrl-C."""


class Late(KeyboardInterrupt):
    """What was at hand took too long to be waited for."""


def until(wait: Callable[[float], T]) -> T:
    """Wait a moment again and again until something comes of it, and hear Ctrl-C in between."""
    while not (found := wait(MOMENT)):
        pass
    return found


def hear() -> None:
    """Let Ctrl-C interrupt the waits of other libraries too, where Polars has come in between."""
    if threading.current_thread() is threading.main_thread():
        signal.siginterrupt(signal.SIGINT, True)


class Stop(threading.Event):
    """Set where it was asked to stop; `is_waited_for` while something is at hand that may take too long."""

    is_waited_for = False


@contextmanager
def at_hand(stop: Stop) -> Iterator[None]:
    """Do work that is given a moment to end once it was asked to stop. Raises Late where it takes longer."""
    stop.is_waited_for = True
    try:
        yield
    finally:
        stop.is_waited_for = False


@contextmanager
def stop_at_signals() -> Iterator[Stop]:
    """Set the event at Ctrl-C or SIGTERM, so that what is at hand can be stored; the second time, stop at once."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def asked(number: int, frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        signal.setitimer(signal.ITIMER_REAL, GRACE)

    def late(number: int, frame: Any) -> None:
        if stop.is_waited_for:
            raise Late

    asking = {signal.SIGINT: asked, signal.SIGTERM: asked, signal.SIGALRM: late}
    before = {number: signal.signal(number, handler) for number, handler in asking.items()}
    try:
        yield stop
    finally:
        if stop.is_set():
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def deaf() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C: a terminal sends it to them too, and it is ours to answer."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
