"""Time the command's answers as whole processes."""

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "behaviours --help": ["--help"],
    "behaviours --version": ["--version"],
    "a misspelt route": ["compare", "gateshead", "--routes", "manifest-led"],
}


def measure(rounds: int) -> dict[str, float]:
    """Return the median seconds of each command."""
    medians = {}
    for name, arguments in COMMANDS.items():
        seconds = []
        for _ in range(rounds):
            begin = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", "from simulation.launch import main; main()", *arguments], capture_output=True
            )
            seconds.append(time.perf_counter() - begin)
        medians[name] = statistics.median(seconds)
    return medians
