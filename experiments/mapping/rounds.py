"""Carry a map out round by round, so that it survives what a sweep survives.

Which cells a round holds follows from the rounds before and from nothing else: a map that was stopped goes on and gives
the same bits. Tables, figures and report are written when no cell goes on any more, the manifest last.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple

from experiments.executors import Executor, Serial
from experiments.manifest import MANIFEST, faults, read_manifest
from experiments.mapping.cells import Cell, fresh, going_on, grown, table
from experiments.mapping.design import MapPlan
from experiments.mapping.folder import begin, check, found_in, round_folder
from experiments.mapping.reading import RouteMap, read, route_map
from experiments.output_folder import locked, unwritable
from experiments.sweep import Summary, Tell, sweep
from simulation.text import counted


class Round(NamedTuple):
    """A round that begins: which one of how many, cells that go on, pairs that each of them then has."""

    number: int
    of: int
    cells: int
    pairs: int


class Stopped(Exception):
    """A map was stopped by Ctrl-C or SIGTERM; what is stored is kept, and the same plan goes on."""


Watch = Callable[[Round], AbstractContextManager[Tell | None]]


def carry_out(
    plan: MapPlan,
    out: Path | str,
    *,
    executor: Callable[[], Executor] = Serial,
    watch: Watch | None = None,
    report: bool = True,
    command: Sequence[str] | None = None,
    notes: list[str] | None = None,
) -> RouteMap:
    """Make a map in a folder and return it; in a folder that was begun, go on.

    `executor` makes what carries out each round's runs and changes no result; `watch` is told of each round and gives
    what is told of its runs. Raises OutputError where the folder holds another map (and says what differs), can't be
    written, or its results do not hold here; Stopped where it was stopped.
    """
    folder = check(out, plan)
    try:
        with locked(folder):
            begin(folder, plan)
            cells = _grow(plan, folder, executor, watch or (lambda round_: nullcontext()), notes)
            if _is_written(folder, report=report):
                return read(folder)
            from experiments.mapping.files import write

            (folder / MANIFEST).unlink(missing_ok=True)
            write(route_map(plan, table(plan, cells)), folder, report=report, command=command)
            return read(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def _grow(
    plan: MapPlan, folder: Path, executor: Callable[[], Executor], watch: Watch, notes: list[str] | None
) -> tuple[Cell, ...]:
    """Run rounds while any cell goes on."""
    cells = fresh(plan)
    for number, pairs in enumerate(plan.looks):
        on = going_on(cells)
        if not on:
            break
        here = round_folder(folder, number)
        with watch(Round(number + 1, len(plan.looks), len(on), pairs)) as tell:
            done = _swept(plan, number, on, here, executor(), tell)
        if notes is not None:
            notes.extend(done.notes)
        if done.stopped:
            msg = f"{done.done:,} of the {counted(done.total, 'run')} of round {number + 1} are stored in {folder}"
            raise Stopped(msg)
        cells = grown(plan, cells, found_in(here, plan.outcome))
    return cells


def _swept(plan: MapPlan, number: int, on: Sequence[int], here: Path, who: Executor, tell: Tell | None) -> Summary:
    return sweep(plan.round(number, on), here, executor=who, progress=tell)


def _is_written(folder: Path, *, report: bool) -> bool:
    """Tell whether all results are there and are what the manifest says."""
    held = read_manifest(folder)
    if held is None or (report and "report.html" not in held["files"]):
        return False
    return not faults(folder)
