"""Make a draft of what a person brings: a place's own tables, right or wrong, or a stakeholder map of another form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.own_place.draft import COLUMNS, Draft, Table, TableName, table_of
from dashboard.own_place.limits import MOST_HEAD, MOST_PASTED, MOST_UPLOADED
from dashboard.own_place.unpacking import unpacked
from experiments.importing import Choices, Upload, import_map, place_files
from experiments.importing.decoding import decode
from experiments.importing.delimited import read_delimited
from experiments.importing.selecting import Guess
from experiments.importing.tables import Sheet, clean, folded
from experiments.importing.writing import BLANKS
from simulation.scenario.nearest import nearest
from simulation.scenario.problems import Findings
from simulation.scenario.toml import toml_data
from simulation.vocabulary import BEHAVIOUR_IDS

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
