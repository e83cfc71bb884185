"""What is wrong, by row and column."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from dashboard.pages.your_place.draft import MOST_ORGANISATIONS, MOST_RELATIONSHIPS, TABLES, Draft, TableName
from dashboard.pages.your_place.files import files_of, folder_of
from dashboard.runs import place_name
from simulation.scenario.errors import Findings, Problem
from simulation.scenario.files import read_place
from simulation.scenario.library import PLACE_FILE, Found
from simulation.scenario.place import PlaceFile


@dataclass(frozen=True)
class File:
    """A file that is on no disk: what the reading code asks of a path, and no more."""

    files: Mapping[str, bytes]
    name: str

    def __str__(self) -> str:
        return self.name

    def __truediv__(self, name: str) -> "File":
        return File(self.files, name)

    @property
    def parent(self) -> "File":
        """The folder."""
        return File(self.files, "")

    def iterdir(self) -> Iterator["File"]:
        """Yield the folder's files."""
        return (File(self.files, name) for name in self.files)

    def is_dir(self) -> bool:
        """Tell whether this is the folder."""
        return not self.name

    def exists(self) -> bool:
        """Tell whether it is there."""
        return self.is_dir() or self.name in self.files

    def is_file(self) -> bool:
        """Tell whether it is a file."""
        return self.name in self.files

    def open(self, mode: str) -> io.BytesIO:
        """Return the content as a stream of bytes."""
        if mode != "rb":
            msg = f"a file in memory is read as bytes, not as {mode!r}"
            raise ValueError(msg)
        return io.BytesIO(self.files[self.name])


def read_texts(texts: Mapping[str, str], *, name: str) -> tuple[PlaceFile | None, Findings]:
    """Return the place that a folder of these files would give (None where something is wrong), and all findings."""
    findings = Findings()
    files = {file: text.encode() for file, text in texts.items()}
    found = Found(cast(Any, File(files, PLACE_FILE)), name)
    return read_place(found, findings), findings


_COLUMN = re.compile(r"column (\w+)")
MOST: dict[TableName, int] = {"organisations": MOST_ORGANISATIONS, "relationships": MOST_RELATIONSHIPS}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and the cell that it is about, where it is about one."""

    words: str
    """The whole of it: file, line, column, value, what is allowed, the nearest name."""
    short: str
    """The same without the place, for beside the row."""
    table: TableName | None = None
    key: int | None = None
    """The row's own number."""
    column: str = ""
    nearest: str = ""
    """What was probably meant."""
    header: str = ""
    """The key of place.toml that it is about."""


@dataclass(frozen=True)
class Checked:
    """What there is to say of a draft; `place` is None where anything is wrong."""

    place: PlaceFile | None
    name: str = ""
    """How an address names the place: sha- and its content's hash."""
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    def of(self, table: TableName) -> list[Fault]:
        """Return what is wrong in one table."""
        return [fault for fault in self.faults if fault.table == table]


def check(draft: Draft) -> Checked:
    """Return what reading the draft's files gives."""
    too_many = [
        Fault(words, words, table=name)
        for name in TABLES
        if (words := _too_many(name, len(draft.table(name).rows)))
    ]  # fmt: skip
    if too_many:
        return Checked(None, faults=tuple(too_many))
    try:
        place, findings = read_texts(files_of(draft), name=folder_of(draft.title))
    except (RecursionError, ValueError):
        words = "place.toml holds something that can't be written or read again"
        return Checked(None, faults=(Fault(words, words),))
    faults = tuple(_fault(draft, problem) for problem in findings.problems)
    if place is not None and not place.from_file:
        words = "place.toml says to generate the place: there are no rows to change"
        return Checked(None, faults=(Fault(words, words, header="generated"),))
    return Checked(place, "" if place is None else place_name(place), faults, tuple(findings.notes))


def _too_many(name: TableName, rows: int) -> str:
    if rows <= MOST[name]:
        return ""
    return f"{rows:,} {name} are more than this page takes: {MOST[name]:,}. The command line takes more."


def _fault(draft: Draft, problem: Problem) -> Fault:
    name, column, header = table_named(problem.file), "", ""
    key = None
    if name is not None and problem.line is not None:
        rows, at = draft.table(name).rows, problem.line - 2  # the first line holds the columns' names
        key = rows[at].key if 0 <= at < len(rows) else None
    if name is not None and (found := _COLUMN.fullmatch(problem.key)) and found[1] in draft.table(name).columns:
        column = found[1]
    if name is None and problem.path:
        header = str(problem.path[0])
    return Fault(str(problem), short(problem, column), name, key, column, problem.nearest, header)


def table_named(file: str) -> TableName | None:
    """Return the table that a file's name is of."""
    return next((name for name in TABLES if file == f"{name}.csv"), None)


def short(problem: Problem, column: str = "") -> str:
    """Return a problem without its file and line."""
    text = f"{column}: " if column else f"{problem.key}: " if problem.key else ""
    text += f"“{problem.value}” {problem.message}" if problem.value else problem.message
    allowed = problem.allowed
    text += f". Allowed: {allowed}" if allowed else ""
    text += f". Did you mean “{problem.nearest}”?" if problem.nearest else "."
    return text


def by_row(faults: Iterable[Fault]) -> dict[int, list[Fault]]:
    """Return faults by the number of their row; those about no row are left out."""
    found: dict[int, list[Fault]] = {}
    for fault in faults:
        if fault.key is not None:
            found.setdefault(fault.key, []).append(fault)
    return found


def known(values: Sequence[Any]) -> list[str]:
    """Return texts that are not blank, each once."""
    return [text for text in dict.fromkeys(values) if text]
