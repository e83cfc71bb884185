"""Start the command `behaviours` as a person would: a process of its own, in a folder of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
START = "import sys; from simulation.launch import main; sys.exit(main())"
QUICK = ("--no-pressures", "--no-structures", "--no-report", "--months", "24")


def words(*arguments: object) -> list[str]:
    """Return the command line."""
    return [sys.executable, "-c", START, *map(str, arguments)]


def surroundings(**more: str) -> dict[str, str]:
    """Return the environment: this checkout, and no terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR")}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def behaviours(*arguments: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        words(*arguments), cwd=cwd, env=surroundings(**more), capture_output=True, text=True, timeout=300
    )


def started(*arguments: object, cwd: Path, start_new_session: bool = False) -> subprocess.Popen[str]:
    """Start the command and return its process, which hears Ctrl-C even where the tests' own shell does not."""
    return subprocess.Popen(
        words(*arguments),
        cwd=cwd,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=start_new_session,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
