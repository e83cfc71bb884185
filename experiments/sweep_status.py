"""Say how far a sweep is, from its folder, also while another process writes it."""

import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from experiments.manifest import read_manifest
from experiments.output_folder import is_held
from experiments.sweep_files import journal
from experiments.sweep_work import open_work

RECENT = 60.0
"""Seconds over which the rate is taken."""


class Status(NamedTuple):
    """How far a sweep is. `rate` is runs a second and `left` the seconds left, None where nothing is running.

    `part_seconds` is the median time that a whole part of `runs_a_part` runs took its worker, None where none is there.
    """

    title: str
    runs: int
    done: int
    failed: int
    part: tuple[int, int]
    running: bool
    complete: bool
    rate: float | None
    left: float | None
    runs_a_part: int
    part_seconds: float | None


def status(folder: Path | str) -> Status:
    """Return how far a sweep is. Raises SweepError where the folder holds none, or its `sweep.json` is damaged."""
    folder = Path(folder)
    said, work = open_work(folder)
    entries = {
        entry.number: entry for entry in journal(folder) if (folder / f"runs/{entry.number:06d}.parquet").is_file()
    }
    done = sum(entry.runs for entry in entries.values())
    part = (int(said["part"][0]), int(said["part"][1]))
    mine = sum(work.chunk(number).size for number in range(part[0] - 1, work.chunks, part[1]))
    running = is_held(folder)
    rate = _rate([(entry.at, entry.runs) for entry in entries.values()]) if running else None
    left = None if not rate else max(0, mine - done) / rate
    complete = read_manifest(folder) is not None
    failed = sum(entry.failed for entry in entries.values())
    cut = work.runs_a_chunk
    took = [entry.seconds for entry in entries.values() if entry.runs == cut and entry.seconds > 0]
    each = median(took) if took else None
    return Status(work.title, mine, done, failed, part, running, complete, rate, left, cut, each)


def _rate(times: list[tuple[float, int]]) -> float | None:
    """Return runs a second over the last minute of stored parts."""
    recent = [(at, runs) for at, runs in times if at > time.time() - RECENT]
    if len(recent) < 2:
        return None
    first = min(at for at, _ in recent)
    span = time.time() - first
    return (
        (sum(runs for _, runs in recent) - next(runs for at, runs in recent if at == first)) / span
        if span > 0
        else None
    )
