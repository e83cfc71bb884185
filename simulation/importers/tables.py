"""What was read, before anything is made of it: sheets of cells, tables with column names, and how much is taken."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from simulation.scenario.errors import listed

MOST_FILES = 6
MOST_BYTES = 20_000_000
"""Bytes of one file."""
MOST_UNPACKED = 80_000_000
"""Bytes of the parts of a workbook or another archive, unpacked."""
MOST_PARTS = 2_000
"""Parts of a workbook, files of an archive."""
MOST_MEMBERS = 20
"""Files of an archive that are read as maps."""
MOST_ROWS = 200_000
MOST_CELLS = 4_000_000
MOST_COLUMNS = 3_000
MOST_TABLES = 100
"""Sheets, maps or networks of one file."""
MOST_NOTES = 200
DEEPEST = 60
"""Levels of elements within one another in an XML or JSON file."""
MOST_ELEMENTS = 10_000
MOST_TIES = 200_000
LONGEST_TEXT = 200
"""Characters of an id, a name, a role, a kind of tie: what a place's tables take."""
MOST_NAMED = 8
"""Names that a note lists."""

Role = Literal["elements", "connections", ""]


class RefusedError(Exception):
    """What is not read, said for people."""


class Upload(NamedTuple):
    """A file: the name it goes by, for messages and nothing else, and its bytes."""

    name: str
    content: bytes


class Row(NamedTuple):
    """A row's cells, tidied, and the line or sheet row that it begins on."""

    line: int
    cells: tuple[str, ...]

    def at(self, position: int) -> str:
        """Return a cell; "" where the row is shorter."""
        return self.cells[position] if position < len(self.cells) else ""

    @property
    def filled(self) -> int:
        """Return how many cells are not blank."""
        return sum(map(bool, self.cells))


@dataclass(frozen=True)
class Sheet:
    """Cells without column names yet; `file` says where for people, `name` is the sheet's own ("" for a text)."""

    file: str
    name: str
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """Return the cells of its longest row."""
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True)
class Table:
    """Rows under column names. `network` is the map, sheet or network it comes from, where a file holds several."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    role: Role = ""
    network: str = ""
    made: bool = False
    """Whether the column names were made here, as a matrix's are, so that there is nothing to say of them."""
    columns: Mapping[str, int] = field(default_factory=dict)
    """Positions of columns by what they are read as, once that is known."""
    adds: bool = False
    """Whether ends of these ties that no table lists are elements too, as those whom only others name."""

    def network_of(self, row: Row) -> str:
        """Return the network that a row's tie is of: what its own column says, or else the table's."""
        return row.at(self.columns.get("network", len(self.header))) or self.network


def clean(text: object) -> str:
    """Return text on one line: blanks tidied, characters that can't be seen or stored left out, composed.

    >>> clean("  Caf\\u0065\\u0301\\u200b \\n of\\tLeeds ")
    'Café of Leeds'
    """
    tidy = " ".join(str(text).split())
    seen = "".join(character for character in tidy if character == " " or character.isprintable())
    return " ".join(unicodedata.normalize("NFC", seen).split())


def unaccented(text: str) -> str:
    """Return text without accents, composed.

    >>> unaccented("Évry, Łódź")
    'Evry, Łodz'
    """
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(letter for letter in apart if not unicodedata.combining(letter)))


@lru_cache(maxsize=30_000)
def folded(text: str) -> str:
    """Return text as it is compared: whatever its case, blanks and form of apostrophe.

    >>> folded(" St  Mary’s ") == folded("st mary's")
    True
    """
    return " ".join(text.replace("’", "'").replace("‘", "'").casefold().split())


def some(texts: Iterable[object], *, most: int = MOST_NAMED, apart: str = ", ") -> str:
    """Return texts for people, those beyond `most` counted."""
    return listed(map(str, texts), most=most, apart=apart)


def quoted(names: Iterable[object], *, most: int = MOST_NAMED) -> str:
    """Return names for people, those beyond `most` counted.

    >>> quoted(["Age UK", "Mind", "Shelter"], most=2)
    "'Age UK', 'Mind', and 1 more"
    """
    return some((f"'{name}'" for name in names), most=most)


Records = list[tuple[int, dict[str, str]]]
"""Lines, and what stands there by name."""


def graph_tables(
    elements: Records,
    ties: Records,
    *,
    file: str,
    network: str = "",
    first: tuple[str, ...] = ("id", "label"),
    ends: tuple[str, ...] = ("source", "target"),
    made: bool = False,
) -> list[Table]:
    """Return elements and ties as two tables, with the columns `first` and `ends` before any others."""
    about: dict[str, Any] = {"file": file, "network": network, "made": made}
    return [
        records_table(elements, role="elements", first=first, **about),
        records_table(ties, role="connections", first=ends, **about),
    ]


def records_table(
    records: Records,
    *,
    file: str,
    role: Role,
    network: str = "",
    first: tuple[str, ...] = (),
    made: bool = False,
) -> Table:
    """Return records as a table whose columns are all their keys, those in `first` first."""
    names = dict.fromkeys(first)
    for _, record in records:
        names.update(dict.fromkeys(record))
    check_size(len(records), len(names))
    header = tuple(names)
    rows = tuple(Row(line, tuple(record.get(name, "") for name in header)) for line, record in records)
    return Table(file, header, rows, role, network, made)


def check_size(rows: int, columns: int) -> None:
    """Raise RefusedError where a table would be larger than any stakeholder map's."""
    if columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        limit = f"{MOST_COLUMNS:,} columns and {MOST_CELLS:,} cells are read at most"
        msg = f"a table of {rows:,} rows and {columns:,} columns is too large: {limit}"
        raise RefusedError(msg)


def check_networks(number: int) -> None:
    """Raise RefusedError where a file holds more sheets, maps or networks than are read."""
    if number > MOST_TABLES:
        msg = f"the file holds {number:,} sheets, maps or networks: {MOST_TABLES} are read at most"
        raise RefusedError(msg)
