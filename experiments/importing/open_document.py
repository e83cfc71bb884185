"""Look an OpenDocument spreadsheet over before it is read: how much it holds, and what it shows and does not hold.

A cell or a row may stand for a million like it, and a value shown as 50% or as an error is a plain number within.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from experiments.importing.limits import DEEPEST, MOST_CELLS
from experiments.importing.tables import RefusedError, clean

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
