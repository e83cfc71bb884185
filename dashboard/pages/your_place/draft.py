"""Two tables right or wrong; limits; text for the browser."""

import json
import secrets
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from simulation.vocabulary import BEHAVIOUR_IDS

MOST_UPLOADED = 5_000_000
"""Bytes of all files given at once."""
MOST_UNPACKED = 20_000_000
"""Bytes of what an archive or workbook holds, unpacked."""
MOST_ENTRIES = 500
"""Files within an archive or workbook."""
MOST_PASTED = 1_000_000
"""Characters of a pasted table."""
MOST_ORGANISATIONS = 500
MOST_RELATIONSHIPS = 10_000
LONGEST_CELL = 400
"""Characters; the model's own limit is lower, and says so beside the cell."""
MOST_TEXT = 2_000_000
"""Characters of a place as the browser keeps it."""
MOST_NOTES = 220
MOST_HEAD = 400
"""Lines of comment at the top of place.toml that are kept."""
MOST_STEPS = 30
"""Changes that can be taken back."""
MOST_IN_MEMORY = 128_000_000
"""Characters of all visitors' places together in the server's memory."""
MOST_EXPLORED = 6
"""Places of one visitor in the server's memory; the browser keeps more and hands them over when they are asked for."""


TableName = Literal["organisations", "relationships"]
TABLES: tuple[TableName, ...] = ("organisations", "relationships")
COLUMNS: dict[TableName, tuple[str, ...]] = {
    "organisations": ("id", "name", "kind", "role", "size", "practice", *BEHAVIOUR_IDS, "threshold", "budget_exposure"),
    "relationships": ("from", "to", "strength", "trust", "kind"),
}
"""Columns that a place's tables may have, in their order."""
USUAL: dict[TableName, tuple[str, ...]] = {
    "organisations": ("id", "name", "kind", "role", "size", "practice", "threshold", "budget_exposure"),
    "relationships": COLUMNS["relationships"],
}
"""Columns that are there to be filled even where a file leaves them out."""


class Row(NamedTuple):
    """A row's cells in the order of its table's columns, and a number of its own that no change touches."""

    key: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows of texts under columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()

    def cell(self, row: Row, column: str) -> str:
        """Return a row's cell; "" for a column that the table doesn't have."""
        return row.cells[self.columns.index(column)] if column in self.columns else ""

    def column(self, name: str) -> list[str]:
        """Return a column's cells."""
        return [self.cell(row, name) for row in self.rows]

    def with_cell(self, key: int, column: str, text: str) -> "Table":
        """Return a copy with another text in a cell; the same where there is no such row or column."""
        if column not in self.columns:
            return self
        at = self.columns.index(column)
        rows = tuple(
            Row(key, (*row.cells[:at], tidy(text), *row.cells[at + 1 :])) if row.key == key else row
            for row in self.rows
        )
        return replace(self, rows=rows)

    def with_row(self) -> "Table":
        """Return a copy with a blank row at its end."""
        key = max((row.key for row in self.rows), default=-1) + 1
        return replace(self, rows=(*self.rows, Row(key, ("",) * len(self.columns))))

    def without_row(self, key: int) -> "Table":
        """Return a copy without a row."""
        return replace(self, rows=tuple(row for row in self.rows if row.key != key))


def table_of(name: TableName, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    """Return a table with the usual columns and those given, in their order, its texts tidied."""
    kept = tuple(column for column in COLUMNS[name] if column in columns or column in USUAL[name])
    if set(BEHAVIOUR_IDS) & set(columns) and "practice" not in columns:
        kept = tuple(column for column in kept if column != "practice")
    at = {column: columns.index(column) for column in kept if column in columns}

    def cell(cells: tuple[str, ...], column: str) -> str:
        position = at.get(column, len(cells))
        return tidy(cells[position]) if position < len(cells) else ""

    return Table(kept, tuple(Row(key, tuple(cell(cells, one) for one in kept)) for key, cells in enumerate(rows)))


def tidy(text: str) -> str:
    """Return a cell's text on one line, cut where it is too long; what begins like a formula is written guarded.

    >>> tidy(" =HYPERLINK(1)\\n x"), tidy("-0.2")
    ('=HYPERLINK(1) x', '-0.2')
    """
    shown = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return " ".join(unicodedata.normalize("NFC", shown).split())[:LONGEST_CELL].strip()


@dataclass(frozen=True)
class Draft:
    """A place in the making."""

    organisations: Table = Table(USUAL["organisations"])
    relationships: Table = Table(USUAL["relationships"])
    header: dict[str, Any] = field(default_factory=dict)
    """What place.toml says, as TOML gives it."""
    head: tuple[str, ...] = ()
    """Comment lines at the top of the place.toml that it came from."""
    notes: tuple[str, ...] = ()
    """What had to be assumed; kept in the place's own place.toml."""
    family: str = field(default_factory=lambda: secrets.token_hex(8))
    """Shared by all that grew from one beginning: what `forget` takes away together."""

    @property
    def title(self) -> str:
        """What the place is called."""
        given = self.header.get("title")
        return given if isinstance(given, str) and given.strip() else "My place"

    def table(self, name: TableName) -> Table:
        """Return one of the tables."""
        return self.organisations if name == "organisations" else self.relationships

    def with_table(self, name: TableName, table: Table) -> "Draft":
        """Return a copy with another table."""
        return replace(self, organisations=table) if name == "organisations" else replace(self, relationships=table)

    def with_header(self, **values: Any) -> "Draft":
        """Return a copy in which place.toml says other things; None takes a key out."""
        header = {key: value for key, value in (self.header | values).items() if value is not None}
        return replace(self, header=header)


FORM = "system-behaviours place"
VERSION = 1
LONGEST_LINE = 1_200
MOST_ROWS: dict[TableName, int] = {"organisations": 2 * MOST_ORGANISATIONS, "relationships": 2 * MOST_RELATIONSHIPS}
"""Rows of a draft that can be kept: more than a place may have, so that what is too much can be taken away."""


class UnreadableError(ValueError):
    """The text is not one that `to_json` wrote."""


def to_json(draft: Draft) -> str:
    """Return a draft as text."""
    content = {
        "form": FORM, "version": VERSION, "family": draft.family, "title": draft.title, "header": draft.header,
        "head": draft.head, "notes": draft.notes,
        "organisations": _said(draft.organisations), "relationships": _said(draft.relationships),
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def from_json(text: Any) -> Draft:
    """Return the draft of a text. Raises UnreadableError where it is anything else."""
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        raise UnreadableError
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("form") != FORM or content.get("version") != VERSION:
            raise UnreadableError
        header, family = content["header"], str(content["family"])
        if not isinstance(header, dict) or not (family.isalnum() and len(family) <= 40):
            raise UnreadableError
        return Draft(
            organisations=_table("organisations", content), relationships=_table("relationships", content),
            header={str(key): _toml(value) for key, value in header.items() if value is not None},
            head=_lines(content["head"], MOST_HEAD), notes=_lines(content["notes"], MOST_NOTES), family=family,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableError from error


def _said(table: Table) -> dict[str, Any]:
    return {"columns": table.columns, "rows": [row.cells for row in table.rows]}


def _table(name: TableName, content: dict[str, Any]) -> Table:
    columns = tuple(content[name]["columns"])
    if len(set(columns)) != len(columns) or not set(columns) <= set(COLUMNS[name]):
        raise UnreadableError
    rows = content[name]["rows"]
    if not isinstance(rows, list) or len(rows) > MOST_ROWS[name]:
        raise UnreadableError
    read = []
    for key, cells in enumerate(rows):
        if len(cells) != len(columns) or not all(isinstance(cell, str) for cell in cells):
            raise UnreadableError
        read.append(Row(key, tuple(map(tidy, cells))))
    return Table(columns, tuple(read))


def _toml(value: Any) -> Any:
    """Return a value that place.toml can hold; TOML has no null."""
    if value is None:
        raise UnreadableError
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _toml(part)
    return value


def _lines(given: Any, most: int) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(line, str) for line in given):
        raise UnreadableError
    return tuple(line[:LONGEST_LINE] for line in given[:most])
