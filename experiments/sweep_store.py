"""Keep a sweep in a folder: its work, its design, its runs in parts that are written whole or not at all.

`sweep.json` holds the work, complete: no other file is needed to go on. `design.parquet` holds the points. Part n is
`runs/n.parquet`, with `months/n.parquet` where months are kept; `parts.jsonl` has a line a part with its hash, and
`manifest.json`, written last, says that the sweep is complete. A part counts from the moment its file of runs is there,
so a reader may look at any time.
"""

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import polars as pl

from experiments.design import Column, Row, Table, columns
from experiments.manifest import MANIFEST, read_manifest, write_manifest
from experiments.output_folder import LOCK, locked, real, usable
from experiments.provenance import provenance
from experiments.sweep_design import design_frame, design_hash, read_design
from experiments.sweep_files import (
    DESIGN,
    JOURNAL,
    MONTHS,
    RUNS,
    SWEEP,
    DamagedError,
    Entry,
    SweepError,
    file_sha,
    journal,
    mend_journal,
    read_sweep,
    sha,
    write_bytes,
    write_whole,
)
from experiments.sweep_runs import FAILED, Finished, column
from experiments.sweep_work import Chunk, Work, changes, open_work

FORMAT = 1
POINTS_AT_ONCE = 16_384
BESIDE = ("export", "analysis")
"""What begins the names of folders that other commands write into a sweep's; they are no part of the sweep."""
LEFTOVERS = (DESIGN, RUNS, MONTHS, "design.tmp", "sweep.tmp")
"""What a kill may leave before `sweep.json` is there."""


class Store:
    """A sweep's folder, held by one process at a time."""

    def __init__(self, folder: Path, work: Work, said: dict[str, Any]) -> None:
        """Keep what the folder's `sweep.json` says; use `begun` or `opened`."""
        self.folder, self.work, self.said = folder, work, said
        self.part: tuple[int, int] = tuple(said["part"])
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
            return cls._again(folder, made)
        with locked(folder):
            usable(said, "sweep", differs, leftovers=LEFTOVERS)  # another process may have begun just now
            if read_sweep(folder) is not None:
                return cls._again(folder, made)
            table = design_frame(work, made())
            write_whole(folder / DESIGN, lambda path: table.write_parquet(path, row_group_size=POINTS_AT_ONCE))
            begun = {
                "format": FORMAT,
                "part": list(part),
                "hash": work.content_hash(),
                "design": design_hash(table),
                "runs": work.runs,
                "runs_a_part": work.runs_a_chunk,
                "provenance": provenance(),
                "work": work.model_dump(mode="json", by_alias=True),
            }
            for name in (RUNS, *((MONTHS,) if work.keep == "months" else ())):
                (folder / name).mkdir(exist_ok=True)
            text = json.dumps(begun, ensure_ascii=False)
            write_whole(folder / SWEEP, lambda path: path.write_text(text, encoding="utf-8"))
        return cls(folder, work, begun)

    @classmethod
    def _again(cls, folder: Path, made: Callable[[], Iterable[Column]]) -> Self:
        found = cls.opened(folder)
        found.columns = made
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
        """Keep a chunk: its months, then its runs, then a line in the journal. Raises OSError."""
        number = finished.chunk.number
        (self.folder / MANIFEST).unlink(missing_ok=True)
        if finished.months is not None:
            write_bytes(self.path(MONTHS, number), finished.months)
        write_bytes(self.path(RUNS, number), finished.runs)
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
            foreign = [LOCK, MANIFEST, *(path.name for path in self.folder.iterdir() if path.name.startswith(BESIDE))]
            for path in self.folder.glob("*/*.tmp"):
                path.unlink(missing_ok=True)
            write_manifest(self.folder, manifest, foreign=foreign)

    def _is_said(self) -> bool:
        """Tell whether there is a manifest, and it says of every file what the file is."""
        said = (read_manifest(self.folder) or {}).get("files", {})
        parts = {f"{RUNS}/{entry.number:06d}.parquet": entry.sha256 for entry in self.entries.values()}
        months = {f"{MONTHS}/{entry.number:06d}.parquet": entry.months_sha256 for entry in self.entries.values()}
        expected = parts | {name: sha for name, sha in months.items() if sha is not None}
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
            file.write(json.dumps(entry._asdict()).encode() + b"\n")

    def _count(self, entry: Entry) -> None:
        before = self.entries.get(entry.number)
        self.runs_done += entry.runs - (before.runs if before else 0)
        self.runs_failed += entry.failed - (before.failed if before else 0)
        self.entries[entry.number], self.done[entry.number] = entry, 1

    def _note(self, number: int, finished: Finished) -> None:
        months = None if finished.months is None else sha(finished.months)
        self.note(
            Entry(
                number, finished.chunk.size, finished.failed, round(finished.seconds, 4), round(time.time(), 3),
                sha(finished.runs), months, finished.origin,
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
            whole = file_sha(self.path(RUNS, entry.number)) == entry.sha256
            months = entry.months_sha256 is None or file_sha(self.path(MONTHS, entry.number)) == entry.months_sha256
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
