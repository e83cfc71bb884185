"""Read what a sweep's folder holds at a moment, also while it is written; kept by content for all visitors."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.sweep_folders import Entry

if TYPE_CHECKING:
    from experiments.results import Results
    from experiments.route_map import RouteMap
    from experiments.sensitivity.data import Cube, Subject
    from experiments.store import Status
    from experiments.work import Work


class UnreadError(Exception):
    """A folder that was given can't be read any more; the text says so."""


@dataclass(frozen=True)
class Snapshot:
    """A sweep as it was found: the plan, how far it is, and a mark of all that is stored."""

    entry: Entry
    results: "Results"
    status: "Status"
    mark: str

    @property
    def work(self) -> "Work":
        """The plan."""
        return self.results.work


@dataclass(frozen=True)
class Held:
    """One outcome of all runs that are stored: what can be asked about, and what is left out with the reason."""

    cube: "Cube"
    subjects: tuple["Subject", ...]
    notes: tuple[str, ...]

    def subject(self, key: str) -> "Subject | None":
        """Return the subject of a key, else the first; None where there is none."""
        return next((one for one in self.subjects if one.key == key), self.subjects[0] if self.subjects else None)


@dataclass(frozen=True)
class MapNow:
    """A map as it was found, by its whole rounds; `running` tells whether a process is making it."""

    entry: Entry
    found: "RouteMap"
    mark: str
    running: bool


def snapshot(entry: Entry) -> Snapshot:
    """Return what a sweep's folder holds now. Raises UnreadError."""
    from experiments.store import status

    try:
        mark = mark_of(entry.folder)
        return Snapshot(entry, _opened(entry.folder, _stamp(entry.folder / "sweep.json")), status(entry.folder), mark)
    except _faults() as error:
        raise _unread(entry, error) from None


def held(found: Snapshot, outcome: str) -> Held:
    """Return an outcome of all runs that are stored. Raises UnreadError."""
    try:
        return _held(found.entry.folder, found.mark, outcome)
    except _faults() as error:
        raise _unread(found.entry, error) from None


def map_now(entry: Entry) -> MapNow:
    """Return a map as it is now. Raises UnreadError."""
    from experiments.output_folder import is_held

    try:
        mark = mark_of(entry.folder)
        return MapNow(entry, _map(entry.folder, mark), mark, is_held(entry.folder))
    except _faults() as error:
        raise _unread(entry, error) from None


def mark_of(folder: Path) -> str:
    """Return a hash of names, sizes and times of all that is stored in a folder: it changes when anything does."""
    patterns = ("*.json", "map.parquet", "runs/*.parquet", "months/*.parquet", "rounds/*/*.json")
    found = sorted(path for pattern in patterns for path in folder.glob(pattern))
    said = ((str(path.relative_to(folder)), _stamp(path)) for path in found)
    return hashlib.sha256(repr(list(said)).encode()).hexdigest()


def _stamp(path: Path) -> tuple[int, int]:
    """Return what changes when a file is written; a file that has just gone is as good as none."""
    try:
        told = path.stat()
    except OSError:
        return 0, 0
    return told.st_size, told.st_mtime_ns


@lru_cache(maxsize=16)
def _opened(folder: Path, stamp: tuple[int, int]) -> Any:
    from experiments.results import load

    return load(folder)


@lru_cache(maxsize=12)
def _held(folder: Path, mark: str, outcome: str) -> Held:
    from experiments.sensitivity.data import question_of, read_cube, subjects_of

    results = _opened(folder, _stamp(folder / "sweep.json"))
    question = question_of(results.work, outcome=outcome, outcomes=results.outcomes)
    cube = read_cube(results, question)
    subjects, notes = subjects_of(results.work, cube)
    return Held(cube, tuple(subjects), tuple(notes))


@lru_cache(maxsize=8)
def _map(folder: Path, mark: str) -> Any:
    from experiments.route_map import read

    return read(folder)


def _faults() -> tuple[type[Exception], ...]:
    import polars as pl

    from experiments.store import SweepError

    return SweepError, OSError, ValueError, LookupError, pl.exceptions.PolarsError


def _unread(entry: Entry, error: Exception) -> UnreadError:
    """Return the error in words for visitors, who are not told where on the machine things lie."""
    from experiments.store import SweepError

    why = str(error).replace(str(entry.folder), "its folder") if isinstance(error, SweepError) else "a file is missing"
    return UnreadError(f"“{entry.name}” can’t be read at this moment: {why}. Read it again, or ask who started these "
                       "pages.")  # fmt: skip
