"""Keep a sweep in a folder: its work, its design, its runs in parts that are written whole or not at all.

`sweep.json` holds the work, complete: no other file is needed to go on. `design.parquet` holds the points. Part n is
`runs/n.parquet`, with `months/n.parquet` where months are kept; `parts.jsonl` has a line a part with its hash, and
`manifest.json`, written last, says that the sweep is complete. A part counts from the moment its file of runs is there,
so a reader may look at any time.
"""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import polars as pl

from experiments.design import Row
from experiments.manifest import MANIFEST, read_manifest, write_manifest
from experiments.provenance import provenance
from experiments.sweep_runs import FAILED, Finished, column, dtype
from experiments.sweep_work import Chunk, Work, changes

FORMAT = 1
SWEEP, DESIGN, JOURNAL, LOCK = "sweep.json", "design.parquet", "parts.jsonl", "lock"
RUNS, MONTHS = "runs", "months"
POINTS_AT_ONCE = 16_384


class SweepError(Exception):
    """A sweep's folder can't be used or written, or its results don't hold; the text says why and what is kept."""


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


class Store:
    """A sweep's folder, held by one process at a time."""

    def __init__(self, folder: Path, work: Work, said: dict[str, Any]) -> None:
        """Keep what the folder's `sweep.json` says; use `create` or `opened`."""
        self.folder, self.work, self.said = folder, work, said
        self.part: tuple[int, int] = tuple(said["part"])
        self.done = bytearray(work.chunks)
        self.entries: dict[int, Entry] = {}
        self.notes: list[str] = []
        self._lock: Any = None
        self._window: tuple[int, list[Row]] = (0, [])

    @classmethod
    def create(cls, folder: Path, work: Work, columns: Sequence[Sequence[Any]], part: tuple[int, int] = (1, 1)) -> Self:
        """Begin a sweep in a new or empty folder, its `sweep.json` written last. Raises SweepError, OSError."""
        folder = Path(os.path.realpath(folder))
        if folder.exists() and not folder.is_dir():
            msg = f"--out: {folder} is a file, and a sweep is a folder"
            raise SweepError(msg)
        others = {path.name for path in folder.iterdir()} - {LOCK, DESIGN, RUNS, MONTHS} if folder.is_dir() else set()
        if any(not name.endswith(".tmp") for name in others):
            msg = f"--out: {folder} holds other files, and no sweep; name an empty or a new folder"
            raise SweepError(msg)
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            table = design_frame(work, columns)
            write_whole(folder / DESIGN, lambda path: table.write_parquet(path, row_group_size=POINTS_AT_ONCE))
            said = {
                "format": FORMAT,
                "part": list(part),
                "hash": work.content_hash(),
                "design": design_hash(table),
                "runs": work.runs,
                "provenance": provenance(),
                "work": work.model_dump(mode="json", by_alias=True),
            }
            for name in (RUNS, *((MONTHS,) if work.keep == "months" else ())):
                (folder / name).mkdir(exist_ok=True)
            text = json.dumps(said, ensure_ascii=False)
            write_whole(folder / SWEEP, lambda path: path.write_text(text, encoding="utf-8"))
        return cls(folder, work, said)

    @classmethod
    def opened(cls, folder: Path) -> Self:
        """Open a sweep that was begun. Raises SweepError where there is none."""
        folder = Path(os.path.realpath(folder))
        said = read_sweep(folder)
        if said is None:
            msg = f"{folder} holds no sweep"
            raise SweepError(msg)
        work = Work.model_validate(said["work"])
        if said["format"] != FORMAT or work.content_hash() != said["hash"]:
            msg = f"{folder} was written by another version of this program, or {SWEEP} has been changed"
            raise SweepError(msg)
        return cls(folder, work, said)

    def __enter__(self) -> Self:
        """Take the folder, and look through its parts: those that are not whole will be run again."""
        self._lock = locked(self.folder)
        self._lock.__enter__()
        try:
            self._look_through()
        except BaseException:
            self._lock.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Let the folder go."""
        self._lock.__exit__()

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

    @property
    def runs_done(self) -> int:
        """Runs that are stored."""
        return sum(entry.runs for entry in self.entries.values())

    @property
    def runs_failed(self) -> int:
        """Stored runs that failed."""
        return sum(entry.failed for entry in self.entries.values())

    def rows(self, first: int, last: int) -> tuple[Row, ...]:
        """Return the values of points from `first` to before `last`, read from the design a window at a time."""
        begin, held = self._window
        if first < begin or last > begin + len(held):
            names = [column(factor) for factor in self.work.factors]
            count = max(POINTS_AT_ONCE, last - first)
            found = pl.scan_parquet(self.folder / DESIGN).slice(first, count).collect()
            self._window = first, [tuple(row) for row in found.select(names).iter_rows()] if names else [()] * count
            begin, held = self._window
        return tuple(held[first - begin : last - begin])

    def save(self, finished: Finished) -> None:
        """Keep a chunk: its months, then its runs, then a line in the journal. Raises OSError."""
        number = finished.chunk.number
        (self.folder / MANIFEST).unlink(missing_ok=True)
        if finished.months is not None:
            _write_bytes(self.path(MONTHS, number), finished.months)
        _write_bytes(self.path(RUNS, number), finished.runs)
        self._note(number, finished)

    def path(self, kind: str, number: int) -> Path:
        """Return the file of a part's runs or months."""
        return self.folder / kind / f"{number:06d}.parquet"

    def finish(self) -> None:
        """Write the manifest with the hash of every file, where every chunk of the sweep is there."""
        if all(self.done) and read_manifest(self.folder) is None:
            manifest = provenance() | {
                "kind": "sweep",
                "complete": True,
                "runs": self.runs_done,
                "failed": self.runs_failed,
            }
            foreign = [self.folder / name for name in (LOCK, "export", MANIFEST)]
            for path in self.folder.glob("*/*.tmp"):
                path.unlink(missing_ok=True)
            write_manifest(self.folder, manifest, foreign=foreign)

    def differences(self, work: Work) -> list[str]:
        """Say in what the stored work differs from another."""
        return changes(self.said["work"], work.model_dump(mode="json", by_alias=True))

    def _note(self, number: int, finished: Finished) -> None:
        entry = Entry(
            number, finished.chunk.size, finished.failed, round(finished.seconds, 4), round(time.time(), 3),
            _sha(finished.runs), None if finished.months is None else _sha(finished.months), finished.origin,
        )  # fmt: skip
        self.entries[number], self.done[number] = entry, 1
        with (self.folder / JOURNAL).open("ab") as file:
            file.write(json.dumps(entry._asdict()).encode() + b"\n")

    def _look_through(self) -> None:
        """Count the parts that are whole, by their hash or, where a kill came before the journal, by their content."""
        _mend_journal(self.folder / JOURNAL)
        said = {entry.number: entry for entry in journal(self.folder)}
        for number in range(self.work.chunks):
            path = self.path(RUNS, number)
            if not path.is_file():
                continue
            entry = said.get(number)
            if entry is not None and self._is_as_said(entry):
                self.entries[number], self.done[number] = entry, 1
            elif entry is not None or not self._adopted(self.work.chunk(number)):
                path.unlink()
                (self.folder / MANIFEST).unlink(missing_ok=True)
                self.notes.append(f"part {number} was not whole; its runs are run again")

    def _is_as_said(self, entry: Entry) -> bool:
        try:
            whole = _file_sha(self.path(RUNS, entry.number)) == entry.sha256
            months = entry.months_sha256 is None or _file_sha(self.path(MONTHS, entry.number)) == entry.months_sha256
        except OSError:
            return False
        return whole and months

    def _adopted(self, chunk: Chunk) -> bool:
        """Take a whole part into the journal; False where its runs are not those of its chunk."""
        try:
            content = self.path(RUNS, chunk.number).read_bytes()
            frame = pl.read_parquet(content, columns=["run", "status"])
            months = self.path(MONTHS, chunk.number).read_bytes() if self.work.keep == "months" else None
            runs = set(pl.read_parquet(months, columns=["run"])["run"].unique()) if months is not None else None
        except (OSError, pl.exceptions.PolarsError):
            return False
        ran = frame.filter(pl.col("status") != FAILED)["run"]
        if frame["run"].to_list() != list(range(chunk.first, chunk.first + chunk.size)):
            return False
        if runs is not None and runs != set(ran):
            return False
        failed = len(frame) - len(ran)
        self._note(chunk.number, Finished(chunk, content, months, failed, 0.0, ("", "")))
        return True


class locked:
    """Hold a sweep's folder; raise SweepError where another process does."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        self.folder = folder

    def __enter__(self) -> None:
        """Take the lock."""
        self._file = (self.folder / LOCK).open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            msg = f"another process is writing {self.folder}"
            raise SweepError(msg) from None

    def __exit__(self, *_: object) -> None:
        """Let it go."""
        self._file.close()


def is_held(folder: Path) -> bool:
    """Tell whether a process is writing a sweep's folder."""
    try:
        with (folder / LOCK).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def read_sweep(folder: Path) -> dict[str, Any] | None:
    """Return what a folder's `sweep.json` says, or None where there is none."""
    try:
        said = json.loads((folder / SWEEP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and "work" in said else None


def journal(folder: Path) -> Iterator[Entry]:
    """Yield the journal's entries, of a part noted twice both; a line that is not whole is passed over."""
    try:
        with (folder / JOURNAL).open("rb") as file:
            for line in file:
                try:
                    said = json.loads(line)
                    yield Entry(**said | {"origin": tuple(said["origin"])})
                except (ValueError, TypeError, KeyError):
                    continue
    except FileNotFoundError:
        return


def design_frame(work: Work, columns: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Return the design as a table, a column a factor."""
    point = pl.Series("point", np.arange(work.points, dtype=np.int64))
    series = [
        pl.Series(column(factor), values, dtype=dtype(factor), strict=False)
        for factor, values in zip(work.factors, columns, strict=True)
    ]
    return pl.DataFrame([point, *series])


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


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, bring it safely to disk, and put it in place. Raises OSError."""
    unfinished = path.with_suffix(".tmp")
    try:
        write(unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _write_bytes(path: Path, content: bytes) -> None:
    write_whole(path, lambda unfinished: unfinished.write_bytes(content))


def _mend_journal(path: Path) -> None:
    """Cut off a last line that a kill or a full disk left half-written."""
    if not path.is_file():
        return
    with path.open("r+b") as file:
        content = file.read()
        if content and not content.endswith(b"\n"):
            file.truncate(content.rfind(b"\n") + 1)


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _file_sha(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
