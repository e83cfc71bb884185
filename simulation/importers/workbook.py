"""A workbook's sheets, Excel's by openpyxl and OpenDocument's by calamine, as they were last saved."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

from simulation.importers.archives import WORKBOOK, member, workbook_of
from simulation.importers.choices import Choices
from simulation.importers.tables import (
    DEEPEST,
    MOST_CELLS,
    MOST_ROWS,
    RefusedError,
    Row,
    Sheet,
    check_networks,
    clean,
    folded,
    quoted,
    some,
)
from simulation.scenario.errors import Findings

_BESIDE = ("annotation", "tracked-changes")
"""Parts whose text is no cell's."""
_ERRORS = ("#", "Err:")


@dataclass
class Marks:
    """What a sheet shows and its values don't say: percentages and errors by row and column, from 1."""

    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    hidden_rows: int = 0
    formulas: int = 0


def marks_of(part: bytes) -> dict[str, Marks]:
    """Return the marks of content.xml's sheets by their names.

    Raises RefusedError where it holds too much or is no XML."""
    reader = _Reader()
    try:
        reader.parser.Parse(part, True)
    except expat.ExpatError as error:
        msg = f"its part content.xml is not well-formed XML: {expat.ErrorString(error.code)}, line {error.lineno}"
        raise RefusedError(msg) from None
    if not reader.is_spreadsheet:
        msg = "this OpenDocument file is no spreadsheet: copy its table into one, and save that as .ods or .xlsx"
        raise RefusedError(msg)
    return reader.sheets


class _Reader:
    """Follow rows and cells as the parser meets them."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._take
        self.sheets: dict[str, Marks] = {}
        self.sheet = Marks()
        self.is_spreadsheet = False
        self.open: list[str] = []
        self.row = self.rows = self.column = self.columns = self.count = 0
        self.widest = self.filled = 0
        self.is_collapsed = False
        self.cell: dict[str, str] = {}
        self.text = ""

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition("}")[2]
        self.open.append(tag)
        if len(self.open) > DEEPEST:
            msg = "its elements are nested too deeply"
            raise RefusedError(msg)
        given = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if tag == "spreadsheet":
            self.is_spreadsheet = True
        elif tag == "table" and self.open[-2:-1] == ["spreadsheet"]:
            self.sheet = self.sheets.setdefault(given.get("name", ""), Marks())
            self.row = self.widest = 0
        elif tag == "table-row":
            self.row, self.column, self.filled = self.row + 1, 0, 0
            self.rows = _times(given.get("number-rows-repeated"))
            self.is_collapsed = given.get("visibility", "visible") != "visible"
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell, self.text = given, ""
            self.columns = _times(given.get("number-columns-repeated"))

    def _take(self, text: str) -> None:
        if not any(tag in _BESIDE for tag in self.open):
            self.text += text

    def _end(self, name: str) -> None:
        tag = self.open.pop()
        if not self.sheets or any(one in _BESIDE for one in self.open):
            return
        if tag in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif tag == "table-row":
            self._end_row()

    def _end_cell(self) -> None:
        column, self.column = self.column + 1, self.column + self.columns
        marks, text = self.sheet, clean(self.text)
        if not text and "value-type" not in self.cell:
            return
        self.filled = self.column
        self._check()
        is_formula = "formula" in self.cell
        marks.formulas += is_formula
        if self.cell.get("value-type") == "percentage" or (is_formula and text.startswith(_ERRORS)):
            for row in range(self.row, self.row + self.rows):
                marks.shown |= {(row, at): text for at in range(column, self.column + 1)}
        span = _times(self.cell.get("number-rows-spanned"))
        if span > 1:
            marks.merged.append((column, self.row, self.row + span - 1))

    def _end_row(self) -> None:
        self.sheet.hidden_rows += self.rows if self.is_collapsed and self.filled else 0
        self.row += self.rows - 1

    def _check(self) -> None:
        """Count all cells up to the last that is filled: so many are made, blank or not."""
        self.widest = max(self.widest, self.filled)
        if self.widest * (self.row + self.rows) > MOST_CELLS or len(self.sheet.shown) > MOST_CELLS:
            msg = f"a sheet is too large: {MOST_CELLS:,} cells are read at most"
            raise RefusedError(msg)


def _times(text: str | None) -> int:
    """Return how often an element stands for itself, at most more often than anything is read."""
    return min(int(text), MOST_CELLS + 1) if text and text.isdecimal() and len(text) < 20 else 1


_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA = re.compile(rb"<(\w+:)?f[ >/]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?hidden="(?:1|true)"')
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
"""What a number's format shows as it stands, or as colour and room."""


@dataclass
class _Grid:
    """A sheet on its way: its rows of texts by number, and what it shows and does not hold."""

    title: str
    rows: Iterable[tuple[int, list[str]]]
    is_hidden: bool = False
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """Column, first and last row of cells merged with those below, from 1."""
    hidden_rows: int = 0
    formulas: int = 0
    blank: list[str] = field(default_factory=list)
    """Cells whose formulas were saved without a value."""


def read_workbook(
    archive: zipfile.ZipFile, content: bytes, choices: Choices, findings: Findings, *, file: str
) -> list[Sheet]:
    """Return the sheets of a workbook; none with a problem added where it can't be read.

    No formula, macro or link is run or followed. What a sheet shows and does not hold is kept: 0.5 shown as 50% is
    "50%", a cell merged with those below stands in each of their rows, a hidden sheet is left out unless it is asked
    for.
    """
    form = workbook_of(archive.namelist())
    library, program = ("openpyxl", "Excel") if form == WORKBOOK else ("python-calamine", "OpenDocument")
    parts = _parts(archive, findings, file=file)
    if parts is None:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            grids = _excel(content, parts) if form == WORKBOOK else _open_document(content, parts["content.xml"])
            return _sheets(grids, choices, findings, file=file)
    except ImportError:
        allowed = "pip install 'system-behaviours[import]', or save each sheet as CSV"
        message = f"reading {program} workbooks needs {library}, which is not installed"
        findings.add(message, file=file, allowed=allowed)
    except RefusedError as error:
        findings.add(str(error), file=file)
    except Exception as error:  # the libraries let whatever their parsers meet in a broken file through
        findings.add(f"this is not a workbook that can be read ({clean(error)[:100]})", file=file)
    return []


def _parts(archive: zipfile.ZipFile, findings: Findings, *, file: str) -> dict[str, bytes] | None:
    """Return a workbook's sheets as XML by name; None with a problem added where a part is broken or unsafe."""
    kept: dict[str, bytes] = {}
    for name in archive.namelist():
        if not name.endswith((".xml", ".rels")):
            continue
        part = member(archive, name, findings, file=file)
        if part is None:
            return None
        if _DOCTYPE.search(part) or _DOCTYPE.search(part.replace(b"\0", b"")):
            findings.add("the workbook holds a document type, which is not read", file=file)
            return None
        if name == "content.xml" or "worksheets/" in name:
            kept[name] = part
    return kept


def _sheets(grids: list[_Grid], choices: Choices, findings: Findings, *, file: str) -> list[Sheet]:
    check_networks(len(grids))
    asked = {folded(name) for name in (*choices.sheets, *choices.networks)}
    hidden = [grid.title for grid in grids if grid.is_hidden and folded(grid.title) not in asked]
    if hidden:
        text = f"sheets that are hidden, left out: {quoted(hidden)}; show them in the workbook to have them read"
        findings.note(text, file=file)
    sheets, cells = [], 0
    for grid in grids:
        where = f"{file}, sheet {grid.title}"
        rows: dict[int, list[str]] = {}
        for number, row in grid.rows if grid.title not in hidden else ():
            while row and not row[-1]:
                row.pop()
            if row:
                rows[number] = row
                cells += len(row)
            if len(rows) > MOST_ROWS or cells > MOST_CELLS:
                findings.add("the sheet is too large", file=where, allowed=f"up to {MOST_ROWS:,} rows")
                return []
        if rows:
            _note(grid, rows, _spread(grid, rows), findings, where=where)
            kept = tuple(Row(number, tuple(row)) for number, row in rows.items())
            sheets.append(Sheet(where, grid.title, kept))
    if not sheets:
        findings.add("the workbook has no cells" + (" in a sheet that is shown" if hidden else ""), file=file)
    return sheets


def _spread(grid: _Grid, rows: dict[int, list[str]]) -> list[str]:
    """Give what stands in cells merged with those below to each row that has cells; return which they are."""
    spread = []
    for column, first, last in grid.merged:
        value = _cell(rows.get(first, []), column)
        below = [number for number in range(first + 1, min(last, max(rows)) + 1) if number in rows]
        for number in below if value else ():
            row = rows[number]
            row.extend([""] * (column - len(row)))
            row[column - 1] = row[column - 1] or value
        if value and below:
            spread.append(f"{_letters(column)}{first}:{_letters(column)}{last}")
    return spread


def _note(grid: _Grid, rows: dict[int, list[str]], spread: list[str], findings: Findings, *, where: str) -> None:
    empty = max(rows) - len(rows)
    if empty > 0:
        findings.note(f"empty rows skipped: {empty}", file=where)
    if spread:
        shown = some(spread)
        findings.note(f"merged cells, read as if each of their rows held the value: {shown}", file=where)
    if grid.hidden_rows:
        findings.note(f"rows that are hidden, read like the others: {grid.hidden_rows}", file=where)
    if grid.formulas:
        text = f"cells with formulas, read as the values last saved: {grid.formulas}"
        if grid.blank:
            text += f"; without a saved value, so read as blank: {len(grid.blank)} (first {grid.blank[0]})"
        findings.note(text, file=where)


def _cell(row: list[str], column: int) -> str:
    return row[column - 1] if column <= len(row) else ""


def _letters(column: int) -> str:
    """Return a column's letters.

    >>> _letters(1), _letters(28)
    ('A', 'AB')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _excel(content: bytes, parts: dict[str, bytes]) -> list[_Grid]:
    from openpyxl import load_workbook

    options = {"read_only": True, "keep_links": False}
    book = load_workbook(io.BytesIO(content), data_only=True, **options)
    has_formulas = any(_FORMULA.search(part) for part in parts.values())
    texts = load_workbook(io.BytesIO(content), **options) if has_formulas else None
    grids = []
    for sheet in book.worksheets:
        part = parts.get(sheet._worksheet_path, b"")  # the read-only sheet says nothing of merged cells
        merged = [
            (_number_of(column.decode()), int(first), int(last))
            for column, first, last in _MERGED.findall(part)
            if int(last) > int(first)
        ]
        grid = _Grid(clean(sheet.title), _excel_rows(sheet), sheet.sheet_state != "visible", merged)
        grid.hidden_rows = len(_HIDDEN_ROW.findall(part))
        if texts is not None:
            _count_formulas(texts[sheet.title], book[sheet.title], grid)
        grids.append(grid)
    return grids


def _excel_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [_excel_text(cell) for cell in row]


def _excel_text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in cell.number_format:
        shown = cell.number_format.split(";")[0]
        return _text(value if "%" not in _LITERAL.sub("", shown) else round(value * 100, 10)) + "%"
    return _text(value)


def _count_formulas(texts: Any, values: Any, grid: _Grid) -> None:
    """Count the cells that hold formulas, and name those that were saved without a value."""
    texts.reset_dimensions()
    values.reset_dimensions()
    for formulas, saved in zip(texts.iter_rows(), values.iter_rows(values_only=True), strict=False):
        for cell, value in zip(formulas, saved, strict=False):
            if getattr(cell, "data_type", "") == "f":
                grid.formulas += 1
                if value in (None, ""):
                    grid.blank.append(cell.coordinate)


def _open_document(content: bytes, part: bytes) -> list[_Grid]:
    marks = marks_of(part)  # before calamine, which would write out a cell that is repeated a billion times
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    grids = []
    for about in book.sheets_metadata:
        mark = marks.get(about.name, Marks())
        rows = _open_document_rows(book.get_sheet_by_name(about.name).to_python(skip_empty_area=False), mark)
        hidden = about.visible != SheetVisibleEnum.Visible
        grids.append(_Grid(clean(about.name), rows, hidden, mark.merged, mark.hidden_rows, mark.formulas))
    return grids


def _open_document_rows(values: list[list[Any]], marks: Marks) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(values, start=1):
        yield number, [marks.shown.get((number, column)) or _text(value) for column, value in enumerate(row, start=1)]


def _text(value: object) -> str:
    """Return a cell's value as a person would write it; a day without its midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return clean(value)
