"""Have long questions answered aside, one or two at a time, for everybody who waits; kill what nobody waits for."""

import json
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from dashboard.sensitivity_process import Sensed, from_text

AT_ONCE = 2
MOST_KEPT = 64
LONGEST = 600.0
"""Seconds after which a question is given up."""
_PROGRAM = "import sys; sys.path[:] = {path!r}; from dashboard.sensitivity_process import main; main()"
_room = threading.Semaphore(AT_ONCE)


class Question:
    """One question on its way: `over` tells when there is an `answer`, or `words` on why there is none."""

    def __init__(self, asked: dict[str, Any]) -> None:
        """Start; the answer comes from a process of its own."""
        self.answer: Sensed | None = None
        self.words = ""
        self.over = False
        self.stopped = False
        self.waiting = 0
        self.process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._asked = asked
        threading.Thread(target=self._run, name="a sweep's analysis", daemon=True).start()

    def stop(self) -> None:
        """Stop at once: the process is killed."""
        with self._lock:
            if self.over:
                return
            self.stopped = True
            self.words = "Stopped."
            if self.process is not None:
                self.process.kill()
            self.over = True

    def _run(self) -> None:
        with _room:
            with self._lock:
                if self.stopped:
                    return
                command = [sys.executable, "-c", _PROGRAM.format(path=sys.path)]
                self.process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
                )
            try:
                told, wrong = self.process.communicate(json.dumps(self._asked), timeout=LONGEST)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.communicate()
                told, wrong = "", f"it took longer than {LONGEST / 60:.0f} minutes"
            self._settle(told, wrong, self.process.returncode)

    def _settle(self, told: str, wrong: str, status: int) -> None:
        with self._lock:
            if self.over:
                return
            try:
                self.answer = from_text(told) if status == 0 else None
            except (ValueError, LookupError, TypeError):
                self.answer = None
            if self.answer is None:
                short = wrong.strip().splitlines()[-1][:300] if wrong.strip() else "its process ended"
                self.words = f"This could not be worked out: {short}"
            self.over = True


_kept: OrderedDict[Hashable, Question] = OrderedDict()
_lock = threading.Lock()


def known(key: Hashable) -> Question | None:
    """Return what was asked before under a key, if it was not stopped."""
    with _lock:
        job = _kept.get(key)
        return None if job is None or job.stopped else job


def ask(key: Hashable, asked: dict[str, Any]) -> Question:
    """Ask, or join those who wait for the same already."""
    with _lock:
        job = _kept.get(key)
        if job is None or job.stopped or (job.over and job.answer is None):
            job = _kept[key] = Question(asked)
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)[1].stop()
        return job


def join(job: Question) -> None:
    """Count one more who waits."""
    with _lock:
        job.waiting += 1


def leave(job: Question) -> None:
    """Count one less; what nobody waits for is stopped."""
    with _lock:
        job.waiting -= 1
        nobody = job.waiting <= 0
    if nobody:
        job.stop()
