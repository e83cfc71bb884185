"""Run sweeps, and the idiomatic version by Mesa's batch runner, as whole processes: what an analyst waits for."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
ORGANISATIONS, MONTHS = 60, 120
PLAN = """
scenarios = ["generated"]
routes = ["prototype-led"]
months = {months}
replicates = {replicates}
keep = "{keep}"
[design]
{design}
[factors]
{factors}
"""
SEEDS = 'type = "grid"', f'"place.generated.organisations" = [{ORGANISATIONS}]'
"""One point of many seeds: what the batch runner is given too."""
POINTS = 'type = "latin-hypercube"\npoints = {points}', 'trust_gain = "plausible"\nthreshold = "plausible"'
"""Many points of the usual place of 30 organisations."""


def plan(folder: Path, kind: tuple[str, str], *, replicates: int, points: int = 1, keep: str = "runs") -> Path:
    """Write a plan of points and seeds."""
    path = folder / "plan.toml"
    design, factors = kind[0].format(points=points), kind[1]
    text = PLAN.format(months=MONTHS, replicates=replicates, keep=keep, design=design, factors=factors)
    path.write_text(text, encoding="utf-8")
    return path


def words(path: Path, workers: int) -> list[str]:
    """Return the command that sweeps a plan."""
    start = "import sys; from simulation.launch import main; sys.exit(main())"
    out = str(path.parent / "sweep")
    return [sys.executable, "-c", start, "sweep", str(path), "--out", out, "--workers", str(workers)]


def command(path: Path, workers: int, **environment: str) -> None:
    """Sweep a plan by the command."""
    subprocess.run(words(path, workers), check=True, capture_output=True, env=os.environ | environment)


def batch(
    runs: int, first: int, processes: int, folder: Path, *, organisations: int = ORGANISATIONS, months: int = MONTHS
) -> None:
    """Run the idiomatic version by Mesa's batch runner."""
    numbers = map(str, (runs, first, processes, organisations, months))
    arguments = [sys.executable, "-W", "ignore", "-m", "benchmarks.batch", *numbers, str(folder / "rows.csv")]
    subprocess.run(arguments, check=True, capture_output=True, cwd=ROOT)


def resident(pid: int) -> int:
    """Return the bytes that a process and its children have in memory; what they share is counted several times."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        whole = psutil.Process(pid)
        for process in (whole, *whole.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
    return total
