"""Files and archives to a draft; maps read another way."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.pages.your_place.draft import (
    COLUMNS,
    MOST_ENTRIES,
    MOST_HEAD,
    MOST_PASTED,
    MOST_UNPACKED,
    MOST_UPLOADED,
    Draft,
    Table,
    TableName,
    table_of,
)
from simulation.importers import Choices, import_map, place_files
from simulation.importers.archives import ZIP
from simulation.importers.choices import ENCODINGS, LEFT_OUT
from simulation.importers.delimited import decode, read_delimited
from simulation.importers.elements import NO_TYPE, Guess
from simulation.importers.importer import BLANKS, choices_of
from simulation.importers.questions import Answer, Question
from simulation.importers.tables import Sheet, Upload, clean, folded
from simulation.scenario.errors import Findings, Problem, nearest
from simulation.scenario.toml_positions import toml_data
from simulation.vocabulary import BEHAVIOUR_IDS

WANTED = ("place.toml", "organisations.csv", "relationships.csv")


def unpacked(files: Sequence[Upload], findings: Findings) -> list[Upload]:
    """Return the files, those of a place's folder in the stead of its archive; what else is packed stays as it is."""
    found: list[Upload] = []
    for file in files:
        found += _unpacked(file, findings) if file.content.startswith(ZIP) else [file]
    return found


def _unpacked(file: Upload, findings: Findings) -> list[Upload]:
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                allowed = f"up to {MOST_ENTRIES} files and {MOST_UNPACKED:,} bytes unpacked"
                findings.add("holds too much", file=file.name, allowed=allowed)
                return []
            named = {entry.filename.replace("\\", "/").rpartition("/")[2]: entry for entry in reversed(entries)}
            wanted = [name for name in WANTED if name in named]
            if "xl/workbook.xml" in archive.namelist() or not wanted:
                return [file]
            return [Upload(name, archive.read(named[name])) for name in wanted]
    except Exception as error:  # a broken archive: zipfile and zlib have many ways to say so
        findings.add(f"this archive can't be read ({clean(error)[:100]})", file=file.name)
        return []


PLACE_TOML = "place.toml"
LONGEST_NAME = 100
PASTED = "pasted"


@dataclass(frozen=True)
class Arrived:
    """What was made of what was brought; `guesses` where it was a stakeholder map, read by guessing."""

    draft: Draft
    guesses: tuple[Guess, ...] = ()
    is_map: bool = False


def arrive(uploads: Sequence[Upload], choices: Choices | None = None, *, held: Draft | None = None) -> Arrived:
    """Return a draft of the files given.

    A place's own tables are taken with their faults, which are mended in the draft; one table alone joins the other
    of the place in hand. Anything else is read as `behaviours place import` does. Nothing in a file is run, and no
    name of a file is used as a path. Raises ProblemError with all that makes a file unreadable.
    """
    findings = Findings()
    if sum(len(one.content) for one in uploads) > MOST_UPLOADED:
        message = "the files are too large for this page together"
        findings.add(message, allowed=f"up to {MOST_UPLOADED:,} bytes; the command line takes more")
        findings.settle(None)
    files = unpacked([Upload(named(one.name), one.content) for one in uploads], findings)
    findings.settle(files)
    own = None if choices is not None else _own(files, findings, held)
    if own is not None:
        return Arrived(findings.settle(own))
    imported = import_map(files, choices)
    title = title_of(imported.sources[0]) if imported.sources else "My place"
    texts = place_files(imported, title=title)
    draft = draft_of(texts)
    notes = (f"imported from {', '.join(imported.sources)}", *imported.notes, *BLANKS)
    return Arrived(replace(draft, head=(), notes=notes), imported.guesses, is_map=True)


def pasted(texts: Mapping[TableName, str], *, held: Draft | None = None) -> Arrived:
    """Return a draft of tables pasted as text. Raises ProblemError as `arrive` does, or where nothing was pasted."""
    findings = Findings()
    given = {name: text for name, text in texts.items() if text.strip()}
    if not given:
        findings.add("nothing was pasted", allowed="rows with a first line of columns, as in the example")
    for name, text in given.items():
        if len(text) > MOST_PASTED:
            findings.add("is too long to paste", value=name, allowed=f"up to {MOST_PASTED:,} characters")
    findings.settle(given or None)
    return arrive([Upload(f"{PASTED} {name}.csv", text.encode()) for name, text in given.items()], held=held)


def draft_of(texts: Mapping[str, str]) -> Draft:
    """Return the draft of a place's three files as this project writes them. Raises ProblemError for others."""
    findings = Findings()
    files = [Upload(name, text.encode()) for name, text in texts.items()]
    draft = _own(files, findings, None)
    return replace(findings.settle(draft), notes=())


def named(name: object) -> str:
    """Return a file's name for messages, and for nothing else: its last part, shortened.

    >>> named("C:\\\\maps\\\\our town.csv"), named("../../etc/passwd")
    ('our town.csv', 'passwd')
    """
    return clean(str(name).replace("\\", "/").rpartition("/")[2])[:LONGEST_NAME] or "file"


def title_of(file: str) -> str:
    """Return a file's name as a title.

    >>> title_of("our_town-map.xlsx")
    'Our town map'
    """
    stem = file.rpartition(".")[0] or file
    text = " ".join(stem.removeprefix(PASTED).replace("-", " ").replace("_", " ").split())
    return text[:1].upper() + text[1:] or "My place"


def _own(files: Sequence[Upload], findings: Findings, held: Draft | None) -> Draft | None:
    """Return the draft of a place's own files; None where any of them is something else."""
    tables: dict[TableName, Table] = {}
    header: tuple[dict[str, Any], tuple[str, ...]] | None = None
    for file in files:
        if file.content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            return None
        if file.name.casefold().endswith(".toml"):
            header = findings.settle(_header(file, findings))
            continue
        told = Findings()
        text = decode(file.content, told, file=file.name)
        if text is None and len(files) > 1:
            findings.take(told)
            continue
        sheets = (
            [] if text is None or text.lstrip()[:1] in ("<", "{", "[") else read_delimited(text, told, file=file.name)
        )
        name = _kind_of(sheets[0]) if sheets and sheets[0].rows else None
        if name is None or name in tables:
            return None
        tables[name] = _table(name, sheets[0], told)
        findings.take(told)
    if "organisations" not in tables and held is None and not (header and not tables):
        return None
    if not tables and header is None:
        return None
    begun = held if held is not None and ("organisations" not in tables or "relationships" not in tables) else Draft()
    draft = replace(begun, **tables)  # type: ignore[arg-type]
    if header is not None:
        draft = replace(draft, header=header[0], head=header[1])
    elif held is None or "organisations" in tables:
        draft = draft.with_header(title=draft.title)
    before = begun.notes if begun is held else ()
    return replace(draft, notes=tuple(dict.fromkeys((*before, *findings.notes))))


def _kind_of(sheet: Sheet) -> TableName | None:
    """Return which of a place's tables a sheet is by its first line; None where it is of another form."""
    header = {_column(cell) for cell in sheet.rows[0].cells if cell}
    if {"id", "kind"} <= header:
        return "organisations"
    return "relationships" if {"from", "to"} <= header <= set(COLUMNS["relationships"]) else None


def _column(cell: str) -> str:
    return folded(cell).replace(" ", "_")


def _table(name: TableName, sheet: Sheet, findings: Findings) -> Table:
    """Return a sheet's rows; columns of other names are read as the nearest or left out, and said."""
    header, *rows = sheet.rows
    columns: list[str] = []
    given = [_column(cell) for cell in header.cells]
    for cell, column in zip(header.cells, given, strict=True):
        meant = column.replace("_", "-") if column.replace("_", "-") in BEHAVIOUR_IDS else column
        if meant not in COLUMNS[name]:
            meant = nearest(column, [one for one in COLUMNS[name] if one not in given]) if column else ""
            if meant and meant not in columns:
                findings.note(f"column '{cell}' was read as '{meant}'", file=sheet.file)
            elif cell:
                findings.note(f"column '{cell}' is none that a place has: left out", file=sheet.file)
        if meant in columns:
            findings.note(f"column '{cell}' stands twice: the first was read", file=sheet.file)
            meant = ""
        columns.append(meant or f"({len(columns)})")
    for row in rows:
        if len([cell for cell in row.cells[len(columns) :] if cell]):
            message = f"the row has {len(row.cells)} cells, its table {len(columns)} columns: look whether a text that"
            findings.note(f"{message} holds a comma needs quotation marks", file=sheet.file, line=row.line)
    return table_of(name, tuple(columns), [row.cells for row in rows])


def _header(file: Upload, findings: Findings) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """Return what place.toml says and the comment that it begins with."""
    text = decode(file.content, findings, file=file.name)
    if text is None:
        return None
    data = toml_data(text, findings, file=file.name)
    if data is None:
        return None
    head: list[str] = []
    for line in text.split("\n")[:MOST_HEAD]:
        if not line.startswith("#"):
            break
        head.append(line.rstrip())
    plain: dict[str, Any] = _plain(data)
    return plain, tuple(head)


def _plain(value: Any) -> Any:
    """Return data of a TOML file without what only TOML knows: a date becomes its text."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool | int | float | str) else str(value)


DANGLING = {"": "Stop and say so", "add": "Take it as an organisation", "drop": "Leave the tie out"}
WEIGHTS = {
    "": "Are not used", "0-1": "From 0 to 1", "0-10": "From 0 to 10", "1-10": "From 1 to 10", "percent": "Percent",
    "largest": "Shares of the largest",
}  # fmt: skip
FORMS = {
    "": "What it looks like", "matrix": "A matrix: who with whom", "edges": "A list of ties",
    "elements": "A list of organisations",
}  # fmt: skip
SPLITS = {
    "": "As it looks like", "comma": "Are apart by commas", "semicolon": "Are apart by semicolons",
    "bar": "Are apart by bars", "slash": "Are apart by slashes", "none": "Are one name",
}  # fmt: skip
OPEN = ""
"""Stands for a question that is not answered yet."""
NAMES = {"": "Two organisations", "merge": "One and the same"}
ENCODED = {"": "As it looks like"} | {name: name for name in ENCODINGS}
MOST_TYPES = 40
GUESSED = ""
"""Stands for what was guessed, where elements of one type were taken for several kinds."""


@dataclass(frozen=True)
class Asked:
    """What a person chose about the reading of a map; blank: guess, and say so."""

    dangling: str = ""
    weights: str = ""
    form: str = ""
    names: str = ""
    columns: str = ""
    networks: str = ""
    """Names of the maps or sheets to take, semicolons between them."""
    sheets: str = ""
    """Names of the sheets, lists or files to read at all, semicolons between them; all where blank."""
    split: str = ""
    encoding: str = ""
    at: str = ""
    """Date of which a map that changes over time is read."""
    tables: dict[str, Answer] = field(default_factory=dict)
    """What tables are that could not be told, by their names."""
    kinds: dict[str, str] = field(default_factory=dict)

    def choices(self) -> Choices:
        """Return it as the import takes it. Raises ProblemError with what can't be meant."""
        columns = [f"{table}: {answer.columns}" for table, answer in self.tables.items() if answer.columns]
        forms = [f"{table}: {answer.form}" for table, answer in self.tables.items() if answer.form]
        found = choices_of(
            columns=[*([self.columns] if self.columns.strip() else []), *columns], weights=self.weights,
            form=[*([self.form] if self.form else []), *forms], split=self.split, sheets=_named(self.sheets),
            drop_dangling=self.dangling == "drop", add_dangling=self.dangling == "add",
            merge_same_name=self.names == "merge", encoding=self.encoding, at=self.at,
            networks=_named(self.networks),
        )  # fmt: skip
        return replace(found, kinds=self.kinds)


def _named(text: str) -> list[str]:
    return [name.strip() for name in text.split(";") if name.strip()]


@dataclass(frozen=True)
class Source:
    """The files of a map, what was chosen, what was made of each type of element, and what has to be asked."""

    uploads: tuple[Upload, ...]
    asked: Asked = Asked()
    guesses: tuple[Guess, ...] = ()
    questions: tuple[Question, ...] = ()

    def changed(self, **changes: Any) -> "Source":
        """Return a copy with other choices."""
        return replace(self, asked=replace(self.asked, **changes))

    def with_kind(self, type_: str, kind: str) -> "Source":
        """Return a copy that takes elements of a type for organisations of a kind, leaves them out, or guesses."""
        name = "" if type_ == NO_TYPE else type_
        others = {other: one for other, one in self.asked.kinds.items() if other != name}
        return self.changed(kinds=others | ({} if kind == GUESSED else {name: kind}))

    def asking(self, problems: Iterable[Problem]) -> "Source":
        """Return a copy with the questions among some problems, after those that were answered."""
        new = [one for one in problems if isinstance(one, Question)]
        named = {one.table for one in new}
        answered = [one for one in self.questions if one.table in self.asked.tables and one.table not in named]
        return replace(self, questions=(*answered, *new))

    def with_answer(self, question: Question, chosen: str) -> "Source":
        """Return a copy in which a question is answered: by the number of an answer, or no more."""
        others = {table: one for table, one in self.asked.tables.items() if table != question.table}
        answer = {} if chosen == OPEN else {question.table: question.answers[int(chosen)]}
        return self.changed(tables=others | answer)

    def types(self) -> dict[str, list[Guess]]:
        """Return what was made of each type; elements of one type may have been taken for several kinds."""
        found: dict[str, list[Guess]] = {}
        for guess in self.guesses:
            found.setdefault(guess.type, []).append(guess)
        return found


def kind_options(titles: dict[str, str]) -> dict[str, str]:
    """Return what a type can be taken for, given the kinds' titles."""
    return titles | {LEFT_OUT: "Left out: no organisation"}
