"""Carry populations out in a process of their own: pyabc draws from a random state that all of a process shares."""

import signal
import socket
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import numpy as np

from experiments.errors import MachineError
from experiments.fitting.populations import Population, Progress, Task, next_population, populations
from experiments.interruption import deaf, until

TOLD_EVERY = 0.2
"""Seconds between two words of progress; where nobody listens any more, the process ends."""
ERROR = "error.txt"
_CHILD = "import sys; sys.path[:] = {path!r}; from experiments.fitting.apart import main; main({number})"


class FitError(MachineError):
    """The process that fits can't go on; what is stored is kept."""


class Apart:
    """A process that carries a fit's populations out, one when asked; a context."""

    def __init__(self, task: Task, folder: Path) -> None:
        """Keep what is to be done, and the folder of its history."""
        self.task, self.folder = task, folder

    def __enter__(self) -> Self:
        """Start the process."""
        ours, theirs = socket.socketpair()
        number = theirs.fileno()
        command = [sys.executable, "-c", _CHILD.format(path=sys.path, number=number)]
        with theirs, deaf():
            self.process = subprocess.Popen(
                command, pass_fds=[number], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self.connection = Connection(ours.detach())
        self.connection.send((self.task, self.folder))
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is doing: its history is replaced as a whole or not at all."""
        self.connection.close()
        self.process.kill()
        self.process.wait()

    def kept(self) -> list[Population]:
        """Return the populations that the history holds already."""
        return list(self._ask("kept", None))

    def next(self, progress: Progress | None = None) -> Population | None:
        """Carry the next population out; None where too few sets come near enough. Raises FitError."""
        found: Population | None = self._ask("next", progress)
        return found

    def _ask(self, what: str, progress: Progress | None) -> Any:
        try:
            self.connection.send(what)
            while True:
                until(self.connection.poll)
                kind, said = self.connection.recv()
                if kind == "error":
                    raise FitError(said)
                if kind == "done":
                    return said
                if progress is not None:
                    progress(*said)
        except (EOFError, OSError):
            msg = f"the process that fits ended with status {self.process.wait()}"
            raise FitError(msg) from None


class Here:
    """The same in this process, whose random state is put back after each population."""

    def __init__(self, task: Task, folder: Path) -> None:
        """Keep what is to be done, and the folder of its history."""
        self.task, self.folder = task, folder

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Have nothing to end."""

    def kept(self) -> list[Population]:
        """Return the populations that the history holds already."""
        return populations(self.folder)

    def next(self, progress: Progress | None = None) -> Population | None:
        """Carry the next population out; None where too few sets come near enough."""
        state = np.random.get_state()  # noqa: NPY002
        try:
            return next_population(self.task, self.folder, progress=progress)
        finally:
            np.random.set_state(state)  # noqa: NPY002


def main(number: int) -> None:
    """Be that process. Ctrl-C is the other end's to answer; where it is gone, so is this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(number) as connection, suppress(EOFError, OSError):
        task, folder = connection.recv()
        last = [0.0]

        def tell(*said: int) -> None:
            if time.monotonic() - last[0] > TOLD_EVERY:
                last[0] = time.monotonic()
                connection.send(("progress", said))

        while True:
            what = connection.recv()
            try:
                found: Any = populations(folder) if what == "kept" else next_population(task, folder, progress=tell)
            except BrokenPipeError:
                return
            except Exception as error:
                with suppress(OSError):
                    (folder / ERROR).write_text(traceback.format_exc(), encoding="utf-8")
                words = " ".join(str(error).split("\n", 1)[0].split())
                connection.send(("error", f"the process that fits failed ({type(error).__name__}: {words})"))
            else:
                connection.send(("done", found))
