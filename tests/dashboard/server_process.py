"""Start the dashboard as a person does, as a process of its own, on a free port."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

COMMAND = [sys.executable, "-c", "import sys; from simulation.launch import main; sys.exit(main())"]


@dataclass
class Served:
    """A running dashboard."""

    url: str
    process: Any
    said: str = ""
    """What it said before where it is."""

    def at(self, address: str) -> str:
        return self.url.rstrip("/") + address


def start(*options: str, port: int = 0, stdout: Any = None) -> Served:
    """Return a dashboard that answers. Raises RuntimeError with what it said where it does not start."""
    arguments = [*COMMAND, "dashboard", "--no-browser", "--port", str(port), *options]
    environment = os.environ | {"COLUMNS": "200"}
    process = subprocess.Popen(arguments, stdout=stdout, stderr=subprocess.PIPE, text=True, env=environment)
    said = []
    for line in process.stderr:
        if found := re.search(r"http://\S+", line):
            return Served(found.group(), process, "".join(said))
        said.append(line)
    process.communicate()
    msg = f"the dashboard did not start: {''.join(said)}"
    raise RuntimeError(msg)


def stop(served: Served) -> int:
    """Stop a dashboard and return its exit status."""
    served.process.terminate()
    served.process.communicate(timeout=20)
    return int(served.process.returncode)


@contextmanager
def serving(*options: str) -> Iterator[Served]:
    served = start(*options)
    try:
        yield served
    finally:
        stop(served)
