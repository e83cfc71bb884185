"""Start the command again and again as a process of its own and kill it: what a test of kills drives.

Everything slow is imported once, and each trial is a fork of this process: a trial then takes what the work takes.
Reads a line of JSON a trial, and answers "killed", or "ended" where the command was quicker.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from experiments.cli.main import main
from simulation.run import simulate
from simulation.scenario import Scenario


def trial(arguments: list[str], watch: Path, delay: float) -> str:
    """Run the command in a fork and kill it `delay` seconds after `watch` is there."""
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        sys.argv = ["behaviours", *arguments]
        os._exit(main(arguments))
    while not watch.exists() and not has_ended(child):
        time.sleep(0.0005)
    end = time.monotonic() + delay
    while time.monotonic() < end:
        if has_ended(child):
            os.waitpid(child, 0)
            return "ended"
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    return "killed" if os.WIFSIGNALED(status) else "ended"


def has_ended(child: int) -> bool:
    """Tell whether a child has ended, without taking note of it."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


if __name__ == "__main__":
    simulate(Scenario(months=1))
    for line in sys.stdin:
        asked = json.loads(line)
        print(trial(asked["arguments"], Path(asked["watch"]), asked["delay"]), flush=True)
