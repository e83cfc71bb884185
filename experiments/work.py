"""Carry blocks of runs out on several threads; the kernels let go of Python's lock, so threads run side by side.

Blocks are cut by seeds and never by workers, and put together in the order of the tasks: the number of workers changes
nothing but the time.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from threading import Event, Lock

from experiments.blocks import Block, run_block
from experiments.cases import Task
from experiments.interruption import GRACE, until
from experiments.parts import Parts

SEEDS_A_BLOCK = 20
Progress = Callable[[int, int], None]
"""Called with the runs that are done and the runs there are in all; from any thread, one call at a time."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C came; `kept` runs of `total` are finished and kept, if there are parts to keep them in."""

    def __init__(self, kept: int, total: int) -> None:
        """Say how far the work came."""
        super().__init__(f"{kept} of {total} runs")
        self.kept, self.total = kept, total


def default_workers() -> int:
    """Return how many threads to use: one a processor that this process may use, eight at most."""
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:
        available = os.cpu_count() or 1
    return max(1, min(available, 8))


def seed_blocks(seeds: range) -> list[tuple[int, int]]:
    """Return first seed and count of each block.

    >>> seed_blocks(range(100, 145))
    [(100, 20), (120, 20), (140, 5)]
    """
    return [(seed, min(SEEDS_A_BLOCK, seeds.stop - seed)) for seed in seeds[::SEEDS_A_BLOCK]]


def carry_out(
    tasks: Sequence[Task],
    *,
    workers: int | None = None,
    parts: Parts | None = None,
    progress: Progress | None = None,
) -> list[list[Block]]:
    """Return the blocks of each task, a block a case, in order; those found in `parts` are not run again.

    Raises Interrupted on Ctrl-C, with the runs at hand; an error in a run ends the work and is raised.
    """
    results: list[list[Block | None]] = [
        [parts.load(case, task) if parts else None for case in task.cases] for task in tasks
    ]
    counter = _Counter(sum(task.count * len(task.cases) for task in tasks), progress)
    counter.add(sum(task.count * _present(blocks) for task, blocks in zip(tasks, results, strict=True)))
    stop = Event()

    def do(task: Task, blocks: list[Block | None]) -> None:
        missing = [k for k, block in enumerate(blocks) if block is None]
        left = Task(tuple(task.cases[k] for k in missing), task.first_seed, task.count, task.by_month)
        for k, block in zip(missing, run_block(left, tick=counter.add, stopped=stop.is_set), strict=True):
            if parts:
                parts.save(task.cases[k], task, block)
            blocks[k] = block

    pool = ThreadPoolExecutor(workers or default_workers())
    pairs = list(zip(tasks, results, strict=True))
    futures = [pool.submit(do, task, blocks) for task, blocks in pairs if _present(blocks) < len(blocks)]
    try:
        until(lambda seconds: _ended(futures, seconds))
        for future in futures:
            if future.done():
                future.result()
    except KeyboardInterrupt:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        wait([future for future in futures if future.running()], timeout=GRACE)
        kept = sum(task.count * _present(blocks) for task, blocks in pairs)
        raise Interrupted(kept, counter.total) from None
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
    return [[block for block in blocks if block is not None] for blocks in results]


def _ended(futures: Sequence[Future[None]], seconds: float) -> bool:
    """Wait some seconds at most, and tell whether all are done or one has failed."""
    done, left = wait(futures, timeout=seconds, return_when=FIRST_EXCEPTION)
    return not left or any(future.exception() for future in done)


def _present(blocks: list[Block | None]) -> int:
    return sum(block is not None for block in blocks)


class _Counter:
    """Count runs from several threads and tell how many are done."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self._done, self._progress, self._lock = total, 0, progress, Lock()

    def add(self, count: int = 1) -> None:
        with self._lock:
            self._done += count
            if self._progress:
                self._progress(self._done, self.total)
