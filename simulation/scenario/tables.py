"""CSV to objects, with the line of each row."""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from simulation.scenario.errors import Findings
from simulation.scenario.place import Organisation, Relationship
from simulation.scenario.text import TABLE_LIMIT, read_text
from simulation.scenario.value_objects import id_problems, tie_problems
from simulation.vocabulary import BEHAVIOUR_IDS, KIND_IDS

_NUMBER_TEXT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+", re.ASCII)
_PERCENT = re.compile(r"[+-]?\d+([.,]\d*)?\s*%", re.ASCII)


def range_from(text: str) -> tuple[float, float] | None:
    """Return the two ends of a range, `LOW..HIGH` or `LOW:HIGH`; None where the text is no range of numbers.

    >>> range_from("5..60"), range_from("-1:3"), range_from("0.1"), range_from("1..x")
    ((5.0, 60.0), (-1.0, 3.0), None, None)
    """
    ends = [number_from(end) for end in (text.split("..") if ".." in text else text.split(":"))]
    numbers = [end for end in ends if isinstance(end, float)]
    return (numbers[0], numbers[1]) if len(numbers) == len(ends) == 2 else None


def number_from(text: str) -> float | str:
    """Return the number, or in words what is wrong with the text.

    >>> number_from("0.5")
    0.5
    >>> number_from("0,5")
    'has a decimal comma: write 0.5'
    >>> number_from("n/a")
    'is not a number'
    """
    text = text.strip()
    if _NUMBER_TEXT.fullmatch(text):
        value = float(text)
        return value if isfinite(value) else "is too large"
    if _DECIMAL_COMMA.fullmatch(text):
        return f"has a decimal comma: write {text.replace(',', '.')}"
    if _PERCENT.fullmatch(text):
        return "has a percent sign: write the number alone, and the scale in place.toml"
    return "is not a number"


class Scale(NamedTuple):
    """A scale by its two ends."""

    low: float
    high: float

    def to_share(self, value: float) -> float:
        """Return the value on 0-1, the scale's ends at 0 and 1.

        >>> SCALES["1-10"].to_share(10)
        1.0
        """
        return (value - self.low) / (self.high - self.low)


SCALES = {"0-1": Scale(0, 1), "0-10": Scale(0, 10), "1-10": Scale(1, 10), "percent": Scale(0, 100)}
"""Scales by the name that place.toml gives; a survey's 1-10 puts 1 at 0 and 10 at 1."""
UNKNOWN = Scale(-1e300, 1e300)
"""Stands where a file names no known scale, so that its numbers are not called out of range as well."""


DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}


FORMULA = r"^'*[=+@\-]"
"""What begins like a formula in a spreadsheet, or like one that is kept from being one."""
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_FORMULA, _NUMBER = re.compile(FORMULA), re.compile(NUMBER)


def guarded(cell: str) -> str:
    """Return a cell as it is written, so that no spreadsheet takes a text for a formula: the text itself stays whole.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("-0.2"), guarded("Age UK")
    ("'=1+1", "''=1+1", '-0.2', 'Age UK')
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return what was written by `guarded`.

    >>> unguarded("'=1+1"), unguarded("=1+1"), unguarded("'t Hofje")
    ('=1+1', '=1+1', "'t Hofje")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV whose texts no spreadsheet takes for formulas."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return stream.getvalue()


class Row(NamedTuple):
    """A row's cells by column, blanks around them removed, and the line it begins on."""

    line: int
    cells: dict[str, str]


class Columns(NamedTuple):
    """The columns a table must have and those it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Return both."""
        return self.required + self.optional


def read_table(path: Path, columns: Columns, findings: Findings) -> list[Row] | None:
    """Return the rows of a table, or None with problems added where its columns can't be trusted.

    Read with a note: semicolons or tabs between cells, other case in column names, blanks around cells, empty
    rows. Refused: an unknown, repeated or missing column, a row longer than the first, an open quotation.
    """
    text = read_text(path, findings, limit=TABLE_LIMIT)
    return None if text is None else table_from(text, columns, findings, file=str(path))


def table_from(text: str, columns: Columns, findings: Findings, *, file: str, lines_above: int = 0) -> list[Row] | None:
    """Return the rows of a table's text as `read_table` does; `lines_above` were taken off its top already."""
    delimiter = _delimiter(text, columns)
    if delimiter != ",":
        findings.note(f"cells are separated by {DELIMITERS[delimiter]}", file=file)
    lines = _parsed(text, delimiter, findings, file=file, above=lines_above)
    if lines is None:
        return None
    lines = _without_empty_rows(lines, findings, file=file)
    if not lines:
        findings.add("the table is empty", file=file, allowed=f"a first line with {', '.join(columns.all)}")
        return None
    header = _header(lines[0], columns, findings, file=file)
    if header is None:
        return None
    return [_row(line, cells, header, findings, file=file) for line, cells in lines[1:]]


def _delimiter(text: str, columns: Columns) -> str:
    """Return the delimiter under which the first line holds most known columns."""
    first = next(line for line in text.split("\n") if line.strip())

    def known(delimiter: str) -> int:
        return sum(cell.strip().strip('"').strip().casefold() in columns.all for cell in first.split(delimiter))

    return max(DELIMITERS, key=known)


def csv_rows(
    text: str, delimiter: str, findings: Findings, *, file: str, above: int = 0
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table with the line that each begins on, up to one that can't be read: then add a problem."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True, skipinitialspace=True)
    begins = above + 1
    try:
        for cells in reader:
            yield begins, cells
            begins = above + reader.line_num + 1
    except csv.Error as error:
        message = f"the row that begins here can't be read ({error}): look for a quotation mark too many or too few"
        findings.add(message, file=file, line=begins)


def _parsed(
    text: str, delimiter: str, findings: Findings, *, file: str, above: int
) -> list[tuple[int, list[str]]] | None:
    before, tidied = len(findings.problems), 0
    lines = []
    for line, cells in csv_rows(text, delimiter, findings, file=file, above=above):
        clean = [_clean(cell) for cell in cells]
        tidied += sum(one != other for one, other in zip(cells, clean, strict=True))
        lines.append((line, clean))
    if len(findings.problems) > before:
        return None
    if tidied:
        findings.note(f"cells with stray blanks or line breaks tidied: {tidied}", file=file)
    return lines


def _clean(cell: str) -> str:
    return unguarded(unicodedata.normalize("NFC", " ".join(cell.split())))


def _without_empty_rows(
    lines: list[tuple[int, list[str]]], findings: Findings, *, file: str
) -> list[tuple[int, list[str]]]:
    kept = [(line, cells) for line, cells in lines if any(cells)]
    if len(kept) < len(lines):
        findings.note(f"empty rows skipped: {len(lines) - len(kept)}", file=file)
    return kept


def _header(first: tuple[int, list[str]], columns: Columns, findings: Findings, *, file: str) -> list[str] | None:
    line, cells = first
    header = [cell.casefold() for cell in cells]
    before = len(findings.problems)
    named = [name for name in header if name]
    missing = [name for name in columns.required if name not in header]
    for position, (cell, name) in enumerate(zip(cells, header, strict=True)):
        if name and name not in columns.all:
            findings.add(
                "is not a known column", file=file, line=line, key=f"column {position + 1}", value=cell,
                allowed=columns.all, like=[known for known in columns.all if known not in header],
            )  # fmt: skip
        elif name and name in header[:position]:
            findings.add("stands twice in the first line", file=file, line=line, key="columns", value=cell)
    for name in missing:
        allowed = f"{', '.join(columns.required)}, and if you like {', '.join(columns.optional)}"
        like = [found for found in named if found not in columns.all]
        message = "is a column that is missing"
        findings.add(message, file=file, line=line, key="columns", value=name, allowed=allowed, like=like)
    if len(findings.problems) > before:
        return None
    if [cell for cell in cells if cell] != named:
        findings.note("column names were read whatever their case", file=file, line=line)
    return header


def _row(line: int, cells: list[str], header: list[str], findings: Findings, *, file: str) -> Row:
    for position, cell in enumerate(cells):
        if cell and (position >= len(header) or not header[position]):
            message, key = "stands in a cell without a column", f"column {position + 1}"
            allowed = f"{len(header)} cells (quote a text that holds the separator)"
            findings.add(message, file=file, line=line, key=key, value=cell, allowed=allowed)
            break
    padded = cells + [""] * (len(header) - len(cells))
    return Row(line, {name: cell for name, cell in zip(header, padded, strict=False) if name})


class Cells:
    """A row of a table, with where to report what is wrong."""

    def __init__(self, row: Row, findings: Findings, file: str) -> None:
        """Keep the row."""
        self.row = row
        self.findings = findings
        self.file = file

    def add(self, message: str, column: str, *, allowed: str | Sequence[str] = "", like: Sequence[str] = ()) -> None:
        """Add a problem with a cell."""
        self.findings.add(
            message, file=self.file, line=self.row.line, key=f"column {column}",
            value=self.row.cells.get(column) or None, allowed=allowed, like=like,
        )  # fmt: skip

    def text(self, column: str, *, longest: int) -> str:
        """Return a text; "" for a blank cell."""
        text = self.row.cells.get(column, "")
        if len(text) > longest:
            self.add("is too long", column, allowed=f"up to {longest} characters")
        return text

    def choice(self, column: str, names: Sequence[str], message: str) -> str | None:
        """Return one of the names, read whatever its case."""
        text = self.row.cells.get(column, "")
        if text.casefold() in names:
            return text.casefold()
        self.add(message if text else "the cell is blank", column, allowed=names, like=names if text else ())
        return None

    def number(self, column: str, *, low: float, high: float, above: bool = False) -> float | None:
        """Return a number from `low` (or above it) to `high`; None for a blank cell or one with a problem."""
        text = self.row.cells.get(column, "")
        if not text:
            return None
        value = number_from(text)
        span = f"above {low:g}, at most {high:,.0f}" if above else f"from {low:g} to {high:,g}"
        if isinstance(value, str):
            self.add(value, column, allowed=f"a number {span}, or blank")
            return None
        if not low <= value <= high or (above and value == low):
            self.add("is out of range", column, allowed=span)
            return None
        return value

    def share(self, column: str, scale_name: str) -> float | None:
        """Return a number given on a scale, as 0-1."""
        text = self.row.cells.get(column, "")
        if not text:
            return None
        value, scale = number_from(text), SCALES.get(scale_name, UNKNOWN)
        allowed = f'{scale.low:g} to {scale.high:g} (place.toml says scale = "{scale_name}")'
        if isinstance(value, str):
            self.add(value, column, allowed=f"{allowed}, or blank")
            return None
        if not scale.low <= value <= scale.high:
            self.add("is out of range", column, allowed=allowed)
            return None
        return scale.to_share(value)


ORGANISATION_COLUMNS = Columns(
    required=("id", "kind"),
    optional=("name", "role", "size", "practice", *BEHAVIOUR_IDS, "threshold", "budget_exposure"),
)
LONGEST_TEXT = 200


class Organisations(NamedTuple):
    """The organisations that could be read, and every id that the file gives."""

    organisations: list[Organisation]
    ids: list[str]


def read_organisations(path: Path, *, scale: str, findings: Findings) -> Organisations | None:
    """Return a file's organisations, with problems added for rows that can't be read; None for a broken file.

    Practice is read on `scale`: in one column `practice`, or nine by behaviour; blank is drawn. A blank size
    is 1, a blank threshold is drawn, a blank exposure is 1.
    """
    rows = read_table(path, ORGANISATION_COLUMNS, findings)
    if rows is None:
        return None
    file = str(path)
    if not rows:
        findings.add("the table has no organisations", file=file, allowed="a row an organisation")
        return None
    ids = [row.cells["id"] for row in rows]
    for problem in id_problems(ids):
        row = rows[int(problem.path[0])]
        first = ids.index(row.cells["id"])
        message = f"is the id of line {rows[first].line} too" if problem.value else problem.message
        value = problem.value or None
        findings.add(message, file=file, line=row.line, key="column id", value=value, allowed=problem.allowed)
    organisations = [_organisation(row, scale, findings, file=file) for row in rows]
    return Organisations([one for one in organisations if one is not None], ids)


def _organisation(row: Row, scale: str, findings: Findings, *, file: str) -> Organisation | None:
    before = len(findings.problems)
    cells = Cells(row, findings, file)
    identity = cells.text("id", longest=LONGEST_TEXT)
    kind = cells.choice("kind", KIND_IDS, "is not a kind of organisation")
    size = cells.number("size", low=0, high=1e9, above=True)
    exposure = cells.number("budget_exposure", low=0, high=10)
    values = {
        "name": cells.text("name", longest=LONGEST_TEXT),
        "role": cells.text("role", longest=LONGEST_TEXT),
        "size": 1.0 if size is None else size,
        "practice": _practice(cells, scale),
        "threshold": cells.number("threshold", low=0, high=1, above=True),
        "budget_exposure": 1.0 if exposure is None else exposure,
    }
    if len(findings.problems) > before or not identity or kind is None:
        return None
    return Organisation(id=identity, kind=kind, **values)


def _practice(cells: Cells, scale: str) -> tuple[float, ...] | None:
    """Return practice on 0-1 from one column or nine; None where nothing is given."""
    one = cells.share("practice", scale)
    nine = [cells.share(behaviour, scale) for behaviour in BEHAVIOUR_IDS]
    blank = [name for name in BEHAVIOUR_IDS if not cells.row.cells.get(name)]
    if len(blank) == len(BEHAVIOUR_IDS):
        return None if one is None else (one,) * len(BEHAVIOUR_IDS)
    if one is not None:
        cells.add("stands beside numbers by behaviour", "practice", allowed="one number, or nine by behaviour")
        return None
    if blank:
        cells.add(f"a number for {blank[0]} is missing beside the others", blank[0], allowed="all nine, or none")
        return None
    return tuple(value for value in nine if value is not None)


RELATIONSHIP_COLUMNS = Columns(required=("from", "to"), optional=("strength", "trust", "kind"))


def read_relationships(
    path: Path, *, scale: str, ids: Collection[str] | None, findings: Findings
) -> list[Relationship] | None:
    """Return the relationships of a file, with problems added for rows that can't be read.

    Strength and trust are read on `scale`. `ids` are the organisations' (None: they could not be read, so
    ends are not checked). A file with a first line only is a place without relationships.
    """
    rows = read_table(path, RELATIONSHIP_COLUMNS, findings)
    if rows is None:
        return None
    file = str(path)
    ties = [(row.cells["from"], row.cells["to"]) for row in rows]
    known = ids if ids is not None else {end for tie in ties for end in tie}
    first: dict[frozenset[str], int] = {}
    for row, tie in zip(rows, ties, strict=True):
        first.setdefault(frozenset(tie), row.line)
    wrong = tie_problems(ties, known)
    for problem in wrong:
        row = rows[int(problem.path[0])]
        message = problem.message
        if "again" in message:
            message = f"is the relationship of line {first[frozenset(ties[int(problem.path[0])])]} again"
        findings.add(
            message, file=file, line=row.line, key=f"column {problem.path[1]}", value=problem.value or None,
            allowed=problem.allowed, meant=problem.nearest,
        )  # fmt: skip
    relationships = []
    for row, (source, target) in zip(rows, ties, strict=True):
        cells = Cells(row, findings, file)
        strength = cells.share("strength", scale)
        trust = cells.share("trust", scale)
        kind = cells.text("kind", longest=LONGEST_TEXT)
        if source and target:
            relationships.append(Relationship(source=source, target=target, strength=strength, trust=trust, kind=kind))
    return relationships
