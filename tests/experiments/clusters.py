"""Start a real Dask scheduler and workers, as processes of their own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from tests.experiments.command import ROOT, surroundings

SCHEDULER = (sys.executable, "-m", "distributed.cli.dask_scheduler")
WORKER = (sys.executable, "-m", "distributed.cli.dask_worker")


@contextmanager
def cluster(workers: int, *preload: str) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """Yield a scheduler's address and the workers' processes, all ended afterwards; workers load `preload` first."""
    environment = surroundings(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
    processes: list[subprocess.Popen[str]] = []

    def start(*words: str, stderr: int) -> subprocess.Popen[str]:
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=quiet, stderr=stderr, text=True)
        processes.append(process)
        return process

    with TemporaryDirectory() as folder:
        try:
            own = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--dashboard-address", ":0")
            scheduler = start(*SCHEDULER, *own, stderr=subprocess.PIPE)
            lines = (re.search(r"tcp://127\.0\.0\.1:\d+", line) for line in scheduler.stderr or ())
            address = next(found.group() for found in lines if found)
            theirs: tuple[str, ...] = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", folder)
            theirs += tuple(word for name in preload for word in ("--preload", name))
            yield address, [start(*WORKER, address, *theirs, stderr=subprocess.DEVNULL) for _ in range(workers)]
        finally:
            for process in reversed(processes):
                process.kill()
                process.wait()
                if process.stderr is not None:
                    process.stderr.close()
