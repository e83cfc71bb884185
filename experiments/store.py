"""The one store: folder, parts, lock, journal, status."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, Self

import numpy as np
import polars as pl

from experiments.chunks import FAILED, LAST_KEY, Finished, column, dtype, with_outcomes
from experiments.design import Column, Row, Table, columns
from experiments.manifest import MANIFEST, our_version, provenance, read_manifest, write_manifest
from experiments.output_folder import (
    LOCK,
    OutputError,
    is_held,
    locked,
    real,
    short,
    usable,
    what_is_in,
    write_bytes,
    write_whole,
)
from experiments.work import KINDS, MONTHS, RUNS, Chunk, Work, changes
from simulation.outcomes import RUN_COLUMNS
from simulation.own_outcome import OwnOutcome

SWEEP, DESIGN, JOURNAL = "sweep.json", "design.parquet", "parts.jsonl"


class SweepError(OutputError):
    """A sweep's folder can't be read, or its results don't hold; the text says why and what is kept."""


class DamagedError(SweepError):
    """A file of a sweep or a map is missing or is not what was written; the text names it, and what helps."""


def damaged(path: Path, what: str, helps: str) -> DamagedError:
    """Return the error of a file, saying what is wrong with it and what helps."""
    return DamagedError(f"{path} {what}: {helps}")


class Entry(NamedTuple):
    """What the journal says of a part."""

    number: int
    runs: int
    failed: int
    seconds: float
    at: float
    sha256: str
    months_sha256: str | None
    origin: tuple[str, str]
    portraits_sha256: str | None = None

    @property
    def files(self) -> dict[str, str]:
        """Hashes of what is kept, by kind."""
        found = zip(KINDS, (self.sha256, self.months_sha256, self.portraits_sha256), strict=True)
        return {kind: sha for kind, sha in found if sha is not None}

    @property
    def line(self) -> bytes:
        """What stands in the journal; of a kind that came later only where there is some."""
        said = self._asdict()
        if self.portraits_sha256 is None:
            del said["portraits_sha256"]
        return json.dumps(said).encode() + b"\n"


def read_sweep(folder: Path) -> dict[str, Any] | None:
    """Return what a folder's `sweep.json` says, or None where there is none. Raises DamagedError."""
    path = folder / SWEEP
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        if not is_there(folder):
            return None
        raise damaged(path, f"can't be read ({error})", anew(folder)) from None
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("work"), dict):
        raise damaged(path, "is not what was written", anew(folder))
    return said


def no_sweep(folder: Path, sought: str = "sweep") -> SweepError:
    """Return the error of a folder that holds no sweep, saying what it is instead, or what is missing in it.

    `sought` are the words for all that it might have held.
    """
    if not is_there(folder):
        what = "it is no folder" if os.path.exists(folder) else "it is not there"
    elif any((folder / name).exists() for name in (JOURNAL, DESIGN)):
        return damaged(folder / SWEEP, "is missing, so this holds no sweep", anew(folder))
    else:
        what = what_is_in(folder)
    return SweepError(f"{short(folder)} holds no {sought}" + (f": {what}" if what else ""))


def anew(folder: Path) -> str:
    """Say what helps where that by which a folder's results could be read is lost."""
    return f"put it back from a copy, or remove {folder} and give the same command again"


def is_there(folder: Path) -> bool:
    """Tell whether a folder is there."""
    return os.path.isdir(folder)


def journal(folder: Path) -> Iterator[Entry]:
    """Yield the journal's entries, of a part noted twice both; a line that is not whole is passed over."""
    try:
        with (folder / JOURNAL).open("rb") as file:
            for line in file:
                try:
                    said = json.loads(line)
                    entry = Entry(**said | {"origin": (str(said["origin"][0]), str(said["origin"][1]))})
                except (ValueError, TypeError, LookupError, RecursionError):
                    continue
                if all(type(value) is int and value >= 0 for value in entry[:3]) and isinstance(entry.seconds, float):
                    yield entry
    except OSError:
        return


def mend_journal(path: Path) -> None:
    """Cut off a last line that a kill or a full disk left half-written."""
    if not path.is_file():
        return
    with path.open("r+b") as file:
        content = file.read()
        if content and not content.endswith(b"\n"):
            file.truncate(content.rfind(b"\n") + 1)


def sha(content: bytes) -> str:
    """Return a hash of what a file holds."""
    return hashlib.sha256(content).hexdigest()


def file_sha(path: Path) -> str:
    """Return a hash of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Say what a sweep runs, frozen and complete: arms, factors, design, seeds; number its runs and cut them into chunks.
#
# Run `r` of R = points x arms x replicates is replicate `r % replicates` of arm `r // replicates % arms` at point
# `r // (replicates x arms)`. Replicate k has seed `first_seed + k` everywhere, so that all points and arms share
# luck.


def open_work(folder: Path) -> tuple[dict[str, Any], Work]:
    """Return what a folder's `sweep.json` says, and its work. Raises SweepError where it is missing or damaged."""
    said = read_sweep(folder)
    if said is None:
        raise no_sweep(folder)
    try:
        work = Work.model_validate(said["work"])
        first, of = said["part"]
        whole = 1 <= int(first) <= int(of) and isinstance(said["design"], str)
        made = said["provenance"]["version"]
        whole = whole and (work.content_hash() == said["hash"] or made != our_version())
        whole = whole and said["runs"] == work.runs
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError):
        whole = False
    if not whole:
        why = f"has been changed, or was written by another version of this program ({SWEEP})"
        raise damaged(folder / SWEEP, why, anew(folder))
    return said, work


def outcomes_of(folder: Path, said: dict[str, Any]) -> tuple[str, ...]:
    """Return the outcomes that a sweep keeps of each run, by what its `sweep.json` says: those it was begun with.

    Where that does not say, as those of version 0.1.0 do not, they are the columns of its first part after the keys.
    """
    if isinstance(kept := said.get("outcomes"), list):
        return tuple(map(str, kept))
    for path in sorted((folder / RUNS).glob("*.parquet")):
        with suppress(OSError, ValueError, pl.exceptions.PolarsError):
            names = list(pl.read_parquet_schema(path))
            return tuple(names[names.index(LAST_KEY) + 1 :])
    return RUN_COLUMNS


# Keep a sweep's design as a table, a row a point and a column a factor.


def design_frame(work: Work, columns: Iterable[Column]) -> pl.DataFrame:
    """Return the design as a table, a column a factor."""
    point = pl.Series("point", np.arange(work.points, dtype=np.int64))
    series = [
        pl.Series(column(factor.name), values, dtype=dtype(factor), strict=False)
        for factor, values in zip(work.factors, columns, strict=True)
    ]
    return pl.DataFrame([point, *series])


def read_design(folder: Path, expected: str) -> pl.DataFrame:
    """Return the design that a sweep's folder keeps, by its hash. Raises DamagedError."""
    path = folder / DESIGN
    try:
        table = pl.read_parquet(path.read_bytes())
        if design_hash(table) == expected:
            return table
        what = f"is not what {SWEEP} says was written"
    except FileNotFoundError:
        what = "is missing"
    except (OSError, ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        what = "is not what was written"
    helps = f"`behaviours resume {folder}` makes it again, or, where it was read from a table, the same `sweep` command"
    raise damaged(path, what, helps)


def design_hash(table: pl.DataFrame) -> str:
    """Return a hash of a design's values, the same on every machine that makes the same."""
    digest = hashlib.sha256()
    for series in table.iter_columns():
        digest.update(f"{series.name} {series.dtype}".encode())
        if series.dtype == pl.String:
            digest.update("\0".join("\1" if value is None else value for value in series).encode())
        else:
            digest.update(series.cast(pl.Float64).fill_null(float("nan")).to_numpy().tobytes())
    return digest.hexdigest()


# Keep a sweep in a folder: its work, its design, its runs in parts that are written whole or not at all.
#
# `sweep.json` holds the work, complete: no other file is needed to go on. `design.parquet` holds the points. Part n
# is
# `runs/n.parquet`, with `months/n.parquet` where months are kept; `parts.jsonl` has a line a part with its hash, and
# `manifest.json`, written last, says that the sweep is complete. A part counts from the moment its file of runs is
# there,
# so a reader may look at any time.


FORMAT = 1
POINTS_AT_ONCE = 16_384
BESIDE = ("export", "analysis")
"""What begins the names of folders that other commands write into a sweep's; they are no part of the sweep."""
LEFTOVERS = (DESIGN, *KINDS, "design.tmp", "sweep.tmp")
"""What a kill may leave before `sweep.json` is there."""


class Store:
    """A sweep's folder, held by one process at a time."""

    def __init__(self, folder: Path, work: Work, said: dict[str, Any]) -> None:
        """Keep what the folder's `sweep.json` says; use `begun` or `opened`."""
        self.folder, self.work, self.said = folder, work, said
        self.part: tuple[int, int] = tuple(said["part"])
        self.outcomes = outcomes_of(folder, said)
        self.done = bytearray(work.chunks)
        self.entries: dict[int, Entry] = {}
        self.runs_done = self.runs_failed = 0
        self.notes: list[str] = []
        self.writer = "one"
        self.columns: Callable[[], Iterable[Column]] | None = None
        self._lock: locked | None = None
        self._window: tuple[int, list[Row]] = (0, [])

    @classmethod
    def begun(
        cls, folder: Path, work: Work, made: Callable[[], Iterable[Column]], part: tuple[int, int] = (1, 1)
    ) -> Self:
        """Begin a sweep in a new or empty folder, its `sweep.json` written last, or open the same one.

        Raises OutputError where another sweep or anything else is in the way; OSError.
        """

        def differs(there: Path) -> list[str] | None:
            begun = read_sweep(there) is not None or (there / JOURNAL).is_file()
            return cls.opened(there).differences(work, part) if begun else None

        said, folder = folder, usable(folder, "sweep", differs, leftovers=LEFTOVERS)
        if read_sweep(folder) is not None:
            return cls._again(folder, work, made)
        with locked(folder):
            usable(said, "sweep", differs, leftovers=LEFTOVERS)  # another process may have begun just now
            if read_sweep(folder) is not None:
                return cls._again(folder, work, made)
            table = design_frame(work, made())
            write_whole(folder / DESIGN, lambda path: table.write_parquet(path, row_group_size=POINTS_AT_ONCE))
            begun = {
                "format": FORMAT,
                "part": list(part),
                "hash": work.content_hash(),
                "design": design_hash(table),
                "runs": work.runs,
                "runs_a_part": work.runs_a_chunk,
                "outcomes": work.outcomes,
                "provenance": provenance(),
                "work": work.model_dump(mode="json", by_alias=True),
            }
            for name in work.kinds:
                (folder / name).mkdir(exist_ok=True)
            text = json.dumps(begun, ensure_ascii=False)
            write_whole(folder / SWEEP, lambda path: path.write_text(text, encoding="utf-8"))
        return cls(folder, work, begun)

    @classmethod
    def _again(cls, folder: Path, work: Work, made: Callable[[], Iterable[Column]]) -> Self:
        found = cls.opened(folder)
        found.work, found.columns = work, made  # the same work, with what is not stored of it
        return found

    @classmethod
    def opened(cls, folder: Path) -> Self:
        """Open a sweep that was begun. Raises SweepError where there is none."""
        folder = real(folder)
        said, work = open_work(folder)
        cut = said.get("runs_a_part") == work.runs_a_chunk
        if said.get("format") != FORMAT or work.content_hash() != said["hash"] or not cut:
            msg = f"{folder} was written by another version of this program, or {SWEEP} has been changed"
            raise SweepError(msg)
        return cls(folder, work, said)

    def __enter__(self) -> Self:
        """Take the folder, and look through its parts: those that are not whole will be run again."""
        self._lock = locked(self.folder, self.writer).__enter__()
        try:
            self._mend_design()
            self._look_through()
        except BaseException:
            self._lock.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Let the folder go."""
        if self._lock is not None:
            self._lock.__exit__()

    @property
    def left_by(self) -> str:
        """Name of the writer before, if it ended without letting the folder go."""
        return "" if self._lock is None else self._lock.left_by

    @property
    def mine(self) -> range:
        """Numbers of the chunks that are this part's to run."""
        return range(self.part[0] - 1, self.work.chunks, self.part[1])

    @property
    def runs_to_do(self) -> int:
        """Runs of this part in all."""
        numbers = self.mine
        last = self.work.chunks - 1
        short = self.work.runs_a_chunk - self.work.chunk(last).size if last in numbers else 0
        return len(numbers) * self.work.runs_a_chunk - short

    def rows(self, first: int, last: int) -> tuple[Row, ...]:
        """Return the values of points from `first` to before `last`, read from the design a window at a time."""
        begin, held = self._window
        if first < begin or last > begin + len(held):
            names = [column(factor.name) for factor in self.work.factors]
            count = max(POINTS_AT_ONCE, last - first)
            found = pl.scan_parquet(self.folder / DESIGN).slice(first, count).collect()
            self._window = first, [tuple(row) for row in found.select(names).iter_rows()] if names else [()] * count
            begin, held = self._window
        return tuple(held[first - begin : last - begin])

    def save(self, finished: Finished) -> None:
        """Keep a chunk: its runs last, then a line in the journal. Raises OSError."""
        number, finished = finished.chunk.number, with_outcomes(finished, self.outcomes)
        (self.folder / MANIFEST).unlink(missing_ok=True)
        for kind in reversed(self.work.kinds):
            write_bytes(self.path(kind, number), finished.files[kind])
        self._note(number, finished)

    def path(self, kind: str, number: int) -> Path:
        """Return the file of a part's runs or months."""
        return self.folder / kind / f"{number:06d}.parquet"

    def finish(self) -> None:
        """Write the manifest with the hash of every file, where every chunk of the sweep is there."""
        if all(self.done) and not self._is_said():
            manifest = provenance() | {
                "kind": "sweep",
                "complete": True,
                "runs": self.runs_done,
                "failed": self.runs_failed,
            }
            manifest |= own_said(self.work.own)
            if self.work.sources:
                manifest["policies"] = self.work.sources
            foreign = [LOCK, MANIFEST, *(path.name for path in self.folder.iterdir() if path.name.startswith(BESIDE))]
            for path in self.folder.glob("*/*.tmp"):
                path.unlink(missing_ok=True)
            write_manifest(self.folder, manifest, foreign=foreign)

    def _is_said(self) -> bool:
        """Tell whether there is a manifest, and it says of every file what the file is."""
        said = (read_manifest(self.folder) or {}).get("files", {})
        expected = {
            f"{kind}/{entry.number:06d}.parquet": sha
            for entry in self.entries.values()
            for kind, sha in entry.files.items()
        }
        expected |= {name: file_sha(self.folder / name) for name in (SWEEP, DESIGN, JOURNAL)}
        return {name: isinstance(entry, dict) and entry.get("sha256") for name, entry in said.items()} == expected

    def differences(self, work: Work, part: tuple[int, int] = (1, 1)) -> list[str]:
        """Say in what the stored work differs from another."""
        said = changes(self.said["work"], work.model_dump(mode="json", by_alias=True))
        if tuple(part) != self.part and part != (1, 1):
            said.append("part: {}/{} there, {}/{} here".format(*self.part, *part))
        return said

    def note(self, entry: Entry) -> None:
        """Count a part that is there, and write it into the journal. Raises OSError."""
        self._count(entry)
        with (self.folder / JOURNAL).open("ab") as file:
            file.write(entry.line)

    def _count(self, entry: Entry) -> None:
        before = self.entries.get(entry.number)
        self.runs_done += entry.runs - (before.runs if before else 0)
        self.runs_failed += entry.failed - (before.failed if before else 0)
        self.entries[entry.number], self.done[entry.number] = entry, 1

    def _note(self, number: int, finished: Finished) -> None:
        runs, months, portraits = (sha(finished.files[kind]) if kind in finished.files else None for kind in KINDS)
        self.note(
            Entry(
                number, finished.chunk.size, finished.failed, round(finished.seconds, 4), round(time.time(), 3),
                runs or "", months, finished.origin, portraits,
            )
        )  # fmt: skip

    def _mend_design(self) -> None:
        """Make the design again where it is damaged: it follows from the work, but for one that was a table's."""
        expected = str(self.said["design"])
        try:
            read_design(self.folder, expected)
        except DamagedError:
            if self.columns is None and isinstance(self.work.design, Table):
                raise
            made = self.columns() if self.columns is not None else columns(self.work.design, self.work.factors)
            table = design_frame(self.work, made)
            if design_hash(table) != expected:
                raise
            write_whole(self.folder / DESIGN, lambda path: table.write_parquet(path, row_group_size=POINTS_AT_ONCE))
            self.notes.append(f"{DESIGN} was not whole; it was made again")

    def _look_through(self) -> None:
        """Count the parts that are whole, by their hash or, where a kill came before the journal, by their content."""
        mend_journal(self.folder / JOURNAL)
        said = {entry.number: entry for entry in journal(self.folder)}
        for number in range(self.work.chunks):
            path = self.path(RUNS, number)
            if not path.is_file():
                continue
            entry = said.get(number)
            if entry is not None and self._is_as_said(entry):
                self._count(entry)
            elif entry is not None or not self._adopted(self.work.chunk(number)):
                path.unlink()
                (self.folder / MANIFEST).unlink(missing_ok=True)
                self.notes.append(f"part {number} was not whole; its runs are run again")

    def _is_as_said(self, entry: Entry) -> bool:
        try:
            return all(file_sha(self.path(kind, entry.number)) == sha for kind, sha in entry.files.items())
        except OSError:
            return False

    def _adopted(self, chunk: Chunk) -> bool:
        """Take a whole part into the journal; False where its runs are not those of its chunk."""
        try:
            files = {kind: self.path(kind, chunk.number).read_bytes() for kind in self.work.kinds}
            frames = {kind: pl.read_parquet(content) for kind, content in files.items()}
        except (OSError, pl.exceptions.PolarsError):
            return False
        frame = frames[RUNS]
        ran = frame.filter(pl.col("status") != FAILED)["run"]
        if frame["run"].to_list() != list(range(chunk.first, chunk.first + chunk.size)):
            return False
        if MONTHS in frames and set(frames[MONTHS]["run"].unique()) != set(ran):
            return False
        self._note(chunk.number, Finished(chunk, files, len(frame) - len(ran), 0.0, ("", "")))
        return True


def own_said(own: Sequence[OwnOutcome]) -> dict[str, Any]:
    """Return what a manifest says of outcomes of one's own: their words, code and its hash; nothing where none is."""
    return {"own_outcomes": [one.model_dump(mode="json") for one in own]} if own else {}


# Say how far a sweep is, from its folder, also while another process writes it.


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
