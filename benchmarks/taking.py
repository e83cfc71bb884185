"""Take the time of something on a machine that others use too, and say how much of it they took meanwhile."""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psutil

BUSY = 0.25
"""Processors taken by others above which a measurement is repeated, as often as asked."""
CALM_SECONDS = 5.0


class Took(NamedTuple):
    """What something took: seconds, seconds of processors, and how many processors others kept busy meanwhile."""

    seconds: float
    processor: float
    others: float


class Pair(NamedTuple):
    """What two ways of doing the same took, round by round."""

    slow: list[Took]
    fast: list[Took]

    @property
    def ratios(self) -> list[float]:
        """How many times longer the slow way took."""
        return [slow.seconds / fast.seconds for slow, fast in zip(self.slow, self.fast, strict=True)]

    @property
    def processor_ratios(self) -> list[float]:
        """How many times more of the processors the slow way took, whatever others did."""
        return [slow.processor / fast.processor for slow, fast in zip(self.slow, self.fast, strict=True)]


class Patience(NamedTuple):
    """How long to wait for a calm machine before each measurement, and how often to repeat one that was disturbed."""

    seconds: float = 0.0
    tries: int = 1


def taken(action: Callable[[Path], object], patience: Patience) -> Took:
    """Return what an action takes in a folder of its own; of several tries the one that others disturbed least."""
    found: list[Took] = []
    while len(found) < patience.tries and not (found and found[-1].others < BUSY):
        wait_for_calm(patience.seconds)
        with TemporaryDirectory() as folder:
            found.append(once(lambda folder=folder: action(Path(folder))))  # type: ignore[misc]
    return min(found, key=lambda took: took.others)


def once(action: Callable[[], object]) -> Took:
    """Return what an action takes."""
    begin, own, busy = time.perf_counter(), _own(), _busy()
    action()
    seconds, processor = time.perf_counter() - begin, _own() - own
    return Took(seconds, processor, max(0.0, (_busy() - busy - processor) / seconds))


def wait_for_calm(seconds: float) -> None:
    """Wait until others keep next to nothing busy, but no longer than this."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and psutil.cpu_percent(CALM_SECONDS) / 100 * (os.cpu_count() or 1) > BUSY:
        pass


def _own() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _busy() -> float:
    """Return the processor seconds of everything on the machine."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)
