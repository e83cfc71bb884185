"""Read a CSV table that a spreadsheet saved, with the line each row stands on; write cells that it takes for text."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from simulation.scenario.problems import Findings
from simulation.scenario.text import TABLE_LIMIT, read_text

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


def _parsed(
    text: str, delimiter: str, findings: Findings, *, file: str, above: int
) -> list[tuple[int, list[str]]] | None:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True, skipinitialspace=True)
    lines = []
    begins, tidied = above + 1, 0
    try:
        for cells in reader:
            clean = [_clean(cell) for cell in cells]
            tidied += sum(one != other for one, other in zip(cells, clean, strict=True))
            lines.append((begins, clean))
            begins = above + reader.line_num + 1
    except csv.Error as error:
        message = f"the row that begins here can't be read ({error}): look for a quotation mark too many or too few"
        findings.add(message, file=file, line=begins)
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
                "is not a known column",
                file=file,
                line=line,
                key=f"column {position + 1}",
                value=cell,
                allowed=columns.all,
                like=[known for known in columns.all if known not in header],
            )
        elif name and name in header[:position]:
            findings.add("stands twice in the first line", file=file, line=line, key="columns", value=cell)
    for name in missing:
        findings.add(
            "is a column that is missing",
            file=file,
            line=line,
            key="columns",
            value=name,
            allowed=f"{', '.join(columns.required)}, and if you like {', '.join(columns.optional)}",
            like=[found for found in named if found not in columns.all],
        )
    if len(findings.problems) > before:
        return None
    if [cell for cell in cells if cell] != named:
        findings.note("column names were read whatever their case", file=file, line=line)
    return header


def _row(line: int, cells: list[str], header: list[str], findings: Findings, *, file: str) -> Row:
    for position, cell in enumerate(cells):
        if cell and (position >= len(header) or not header[position]):
            findings.add(
                "stands in a cell without a column",
                file=file,
                line=line,
                key=f"column {position + 1}",
                value=cell,
                allowed=f"{len(header)} cells (quote a text that holds the separator)",
            )
            break
    padded = cells + [""] * (len(header) - len(cells))
    return Row(line, {name: cell for name, cell in zip(header, padded, strict=False) if name})
