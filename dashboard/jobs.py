"""Carry work out in the background for all visitors: fair to each, bounded, and stopped when told.

What is asked is handed in as `Work`: pieces that threads carry out one after the other, or one piece that a process of
its own does, which can be killed. Nothing here knows a page. The kernels let go of Python's lock, so threads run side
by side and pages stay quick.
"""

import atexit
import json
import subprocess
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from time import monotonic
from typing import Any, Generic, TypeVar

R = TypeVar("R")
LONGEST = 600.0
"""Seconds after which a process is given up."""
LONGEST_WORDS = 300
_PROGRAM = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"
_numbers = count(1)


class BusyError(Exception):
    """No job can be begun now; the words say why."""


class OneEachError(BusyError):
    """Whoever asks has as many jobs running as one may have."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"A {what} of yours is running already, perhaps in another tab: one runs at a time. Cancel it, or wait."
        )


class FullError(BusyError):
    """As many jobs are running as there can be."""

    def __init__(self, what: str, number: int) -> None:
        super().__init__(
            f"{number} {what}s are running for others, which is as many as this machine takes on at once. Try again in "
            "a moment: what you chose is in the address."
        )


class StoppedError(Exception):
    """A piece has left off: its job was cancelled."""


class ProcessError(Exception):
    """A process brought no answer; the words say why."""


Piece = Callable[["Job[Any]"], None]
"""A part of the work: it tells the job how far it is, and leaves off once that is `stopped`, by whatever it raises."""


@dataclass(frozen=True)
class Work(Generic[R]):
    """What a job is to do; `total` and `done` count what is told of, all and already there."""

    asked: Any
    pieces: Sequence[Piece]
    result: Callable[[], R]
    """Put together what the pieces brought, once all are carried out."""
    total: int = 0
    done: int = 0
    trouble: str = "A run could not be carried out"
    """What is said before the words of whatever goes wrong."""


class Job(Generic[R]):
    """One work on its way, made by `Jobs`; `found` is there once it has `ended`, unless it was cancelled or failed."""

    def __init__(self, work: Work[R], number: int, on_end: Callable[["Job[R]"], None]) -> None:
        """Begin with nothing carried out."""
        self.asked, self.number, self.total, self.done = work.asked, number, work.total, work.done
        self.ran = 0
        """How much of what is done this job did itself."""
        self.found: R | None = None
        self.error = ""
        """What went wrong, in words."""
        self.ended = threading.Event()
        self.seconds = 0.0
        self._began = monotonic()
        self._work: Work[R] | None = work
        self._left, self._at_work, self._waiting = deque(work.pieces), 0, 0
        self._kills: list[Callable[[], None]] = []
        self._stop, self._lock, self._on_end = threading.Event(), threading.Lock(), on_end

    @property
    def stopped(self) -> bool:
        """Tell whether pieces are to leave off."""
        return self._stop.is_set()

    @property
    def cancelled(self) -> bool:
        """Tell whether it was told to stop before it was done."""
        return self.stopped and self.found is None and not self.error

    @property
    def rate(self) -> float:
        """What is done a second so far; 0 where nothing is."""
        elapsed = self.seconds if self.ended.is_set() else monotonic() - self._began
        return self.ran / elapsed if elapsed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds left at this rate; None where that can't be told yet."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None

    def cancel(self) -> None:
        """Stop: no further piece begins, those at hand leave off, and a process is killed."""
        with self._lock:
            if self.ended.is_set():
                return
            self._stop.set()
            self._left.clear()
            kills = [*self._kills]
        for kill in kills:
            kill()
        self.settle()

    def join(self) -> None:
        """Count one more who waits."""
        with self._lock:
            self._waiting += 1

    def leave(self) -> None:
        """Count one less; what nobody waits for is cancelled."""
        with self._lock:
            self._waiting -= 1
            nobody = self._waiting <= 0
        if nobody:
            self.cancel()

    # What a piece calls

    def tick(self) -> None:
        """Count one more that was done."""
        with self._lock:
            self.done += 1
            self.ran += 1

    def hear(self, progress: Any) -> None:
        """Take over how far something is: `done` and `total`. Raises StoppedError once it is not wanted any more."""
        self.done, self.total = progress.done, progress.total
        if self.stopped:
            raise StoppedError

    def killed_by(self, kill: Callable[[], None]) -> None:
        """Have a cancel call this; at once where it has come already."""
        with self._lock:
            self._kills.append(kill)
        if self.stopped:
            kill()

    # What `Jobs` calls

    def take(self) -> Piece | None:
        """Return the next piece, which is then at work; None where none is left."""
        with self._lock:
            if self.stopped or not self._left:
                return None
            self._at_work += 1
            return self._left.popleft()

    def carry_out(self, piece: Piece) -> None:
        """Carry out a piece that was taken; what goes wrong ends this job in words, and nothing else."""
        try:
            piece(self)
        except Exception as error:
            self._fail(error)
        finally:
            with self._lock:
                self._at_work -= 1
        self.settle()

    def settle(self) -> None:
        """Put the results together and end where nothing is left."""
        with self._lock:
            if self._left or self._at_work or self._work is None:
                return
            work, self._work = self._work, None
        if not self.stopped:
            try:
                self.found = work.result()
            except Exception as error:
                self.error = f"{work.trouble}: {error}"
        self.seconds = monotonic() - self._began
        self._on_end(self)
        self.ended.set()

    def _fail(self, error: Exception) -> None:
        if not self.stopped and self._work is not None:
            self.error = f"{self._work.trouble}: {error}"
            self.cancel()


class Jobs:
    """All jobs of a kind on a server: so many at once and so many an owner, whose pieces take turns."""

    def __init__(
        self, what: str, *, workers: int, most: int | None = None, each: int | None = 1, kept: int = 64
    ) -> None:
        """Begin with none; `what` names one for people: "comparison". `most` and `each` of None set no bound."""
        self.what, self.workers, self.most, self.each, self.kept = what, workers, most, each, kept
        self._turns: OrderedDict[Hashable, list[Job[Any]]] = OrderedDict()
        self._known: OrderedDict[Hashable, Job[Any]] = OrderedDict()
        self._wake, self._hired = threading.Condition(), 0

    def __len__(self) -> int:
        return sum(len(jobs) for jobs in self._turns.values())

    def start(self, work: Work[R], *, owner: Hashable) -> Job[R]:
        """Begin a job. Raises OneEachError or FullError."""
        with self._wake:
            if self.each is not None and len(self._turns.get(owner, ())) >= self.each:
                raise OneEachError(self.what)
            if self.most is not None and len(self) >= self.most:
                raise FullError(self.what, len(self))
            job = Job(work, next(_numbers), partial(self._forget, owner))
            self._turns.setdefault(owner, []).append(job)
            while self._hired < self.workers:
                self._hired += 1
                threading.Thread(target=self._serve, name=self.what, daemon=True).start()
            self._wake.notify_all()
        job.settle()
        return job

    def ask(self, key: Hashable, make: Callable[[], Work[R]]) -> Job[R]:
        """Return the job under a key, the same for all who ask; a new one where there is none or it came to nothing.

        Those asked for last are kept, with their answers. Raises FullError.
        """
        with self._wake:
            job = self._known.get(key)
            if job is None or job.cancelled or job.error:
                job = self._known[key] = self.start(make(), owner=key)
            self._known.move_to_end(key)
            while len(self._known) > self.kept:
                self._known.popitem(last=False)[1].cancel()
            return job

    def known(self, key: Hashable) -> Job[Any] | None:
        """Return the job that was last asked for under a key."""
        with self._wake:
            return self._known.get(key)

    def _serve(self) -> None:
        while True:
            self._carry_out_one()

    def _carry_out_one(self) -> None:
        """Wait for a piece and carry it out; nothing of it is held afterwards."""
        with self._wake:
            while (turn := self._next()) is None:
                self._wake.wait()
        job, piece = turn
        job.carry_out(piece)

    def _next(self) -> tuple[Job[Any], Piece] | None:
        """Return the next piece of whoever has waited longest for a turn."""
        for owner, jobs in self._turns.items():
            for job in jobs:
                if (piece := job.take()) is not None:
                    self._turns.move_to_end(owner)
                    jobs.append(jobs.pop(jobs.index(job)))
                    return job, piece
        return None

    def _forget(self, owner: Hashable, job: Job[Any]) -> None:
        with self._wake:
            self._turns[owner].remove(job)
            if not self._turns[owner]:
                del self._turns[owner]


def process_work(
    module: str, asked: Mapping[str, Any], read: Callable[[str], R], *, trouble: str, seconds: float = LONGEST
) -> Work[R]:
    """Return the work of asking a module's `main` in a process of its own: JSON goes in, what it prints is `read`.

    It is killed when the job is cancelled, after so many seconds, and when this program ends.
    """
    answers: list[R] = []

    def piece(job: Job[Any]) -> None:
        command = [sys.executable, "-c", _PROGRAM.format(path=sys.path, module=module)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        atexit.register(process.kill)
        job.killed_by(process.kill)
        try:
            told, wrong = process.communicate(json.dumps(asked), timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            msg = f"it took longer than {seconds / 60:.0f} minutes"
            raise ProcessError(msg) from None
        finally:
            atexit.unregister(process.kill)
        if process.returncode:
            words = wrong.strip().splitlines()
            raise ProcessError(words[-1][:LONGEST_WORDS] if words else "its process ended")
        try:
            answers.append(read(told))
        except (ValueError, LookupError, TypeError):
            msg = "what its process answered can't be read"
            raise ProcessError(msg) from None

    return Work(asked, (piece,), lambda: answers[0], trouble=trouble)
