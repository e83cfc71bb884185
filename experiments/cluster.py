"""Carry out a sweep on an existing Dask cluster (`pip install system-behaviours[cluster]` here and on its workers).

Every worker is given the work once; a task is a chunk, about a second. Results come back here and are stored here, so
that the workers need no shared disk. Dask gives a lost worker's chunks to others; a chunk on which worker after worker
dies comes back as lost, and its runs are then tried one by one.
"""

import queue
import time
from typing import Any, Self

from experiments.errors import MissingError
from experiments.executing import Lost, Outcome, WorkersError
from experiments.executors import AHEAD
from experiments.interruption import MOMENT, hear
from experiments.sweep_runs import Finished, Job, carry_out_chunk
from experiments.sweep_work import Work

CONNECT_SECONDS = 20
LOOK_AGAIN = 1.0
"""Seconds after which the number of workers is asked again."""
GONE_SECONDS = 60.0
"""Seconds without a connection after which the scheduler counts as gone."""
_works: dict[str, Work] = {}


class Cluster:
    """Workers of a Dask scheduler at an address such as tcp://scheduler:8786."""

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
        self._threads, self._asked, self._number = 0, 0.0, 0

    def begin(self, work: Work) -> None:
        """Give the work to every worker there is and to every one that comes."""
        self._name = work.content_hash()
        self._client.register_plugin(_plugin(work, self._name), name=f"sweep-{self._name}")

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
        key = f"sweep-{self._name[:12]}-{job.chunk.first}-{self._number}-{time.time_ns()}"
        future = self._client.submit(_carry_out, self._name, job, key=key, pure=False)
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
        from contextlib import suppress

        with suppress(Exception):
            if self._jobs:
                self._client.cancel([future for future, _ in self._jobs.values()], force=True)
            self._client.unregister_worker_plugin(f"sweep-{self._name}")
        self._client.close(timeout=5)


def _plugin(work: Work, name: str) -> Any:
    """Return what hands the work to a worker as it starts; Dask sends it as text of the model's own making."""
    from distributed import WorkerPlugin

    class Hand(WorkerPlugin):  # type: ignore[misc]
        """Hand a sweep's work over."""

        idempotent = True

        def __init__(self, text: str) -> None:
            self.text = text

        def setup(self, worker: Any) -> None:
            """Keep the work."""
            from experiments.cluster import keep

            keep(name, self.text)

        def teardown(self, worker: Any) -> None:
            """Drop it."""
            from experiments.cluster import drop

            drop(name)

    return Hand(work.model_dump_json(by_alias=True))


def keep(name: str, text: str) -> None:
    """Keep a sweep's work in this worker."""
    _works[name] = Work.model_validate_json(text)


def drop(name: str) -> None:
    """Drop a sweep's work."""
    _works.pop(name, None)


def _carry_out(name: str, job: Job) -> Finished:
    work = _works.get(name)
    if work is None:
        msg = "this worker was not given the sweep's work"
        raise RuntimeError(msg)
    return carry_out_chunk(work, job)
