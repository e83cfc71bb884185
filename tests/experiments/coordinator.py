"""Coordinate many runs that cost nothing, and say how far the process grew: what a test of memory drives."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil

from experiments.design import LatinHypercube
from experiments.executors import Serial
from experiments.factors import Factor
from experiments.runner import sweep
from experiments.work import work_of
from simulation.scenario import load_scenario

RUNS_A_CHUNK = 1_000


class Echo(Serial):
    """An executor that answers every job at once with the first chunk's results."""

    name = "echo"

    def __init__(self) -> None:
        super().__init__()
        self.first: Any = None

    def wait(self) -> Any:
        job, first = self._job, self.first
        if first is None:
            self.first = super().wait()
            return self.first
        self._job = None
        if job is None:
            return None
        return first._replace(chunk=job.chunk)


def grown(points: int, replicates: int) -> float:
    """Return by how many megabytes the process is larger after coordinating a sweep than after its first tenth."""
    process, seen = psutil.Process(), []
    factors = [Factor(name="trust_gain", low=0.04, high=0.12), Factor(name="threshold", low=0.14, high=0.28)]
    work = work_of(
        [load_scenario("generated").changed(months=1)],
        factors,
        design=LatinHypercube(points=points),
        replicates=replicates,
    ).model_copy(update={"chunk_size": RUNS_A_CHUNK})
    with tempfile.TemporaryDirectory() as folder:
        found = sweep(
            work,
            Path(folder) / "sweep",
            executor=Echo(),
            progress=lambda now: seen.append((now.done, process.memory_info().rss / 1e6)),
        )
    if found.done != points * replicates:
        msg = f"{found.done} runs"
        raise RuntimeError(msg)
    early = next(rss for done, rss in seen if done >= points * replicates / 10)
    return max(rss for _, rss in seen) - early


if __name__ == "__main__":
    print(grown(int(sys.argv[1]), int(sys.argv[2])))
