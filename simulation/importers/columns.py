"""What a table's columns are: by their headings, in the languages that maps are made in, and by their cells."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Literal, NamedTuple

from simulation.importers.tables import Table, folded, unaccented

_WORDS = {
    name: tuple(dict.fromkeys(word for part in text.split(",") if (word := " ".join(part.split()))))
    for name, text in tomllib.loads(files(__package__).joinpath("headings.toml").read_text(encoding="utf-8")).items()
}
LABEL, ID, TYPE, ROLE, TIE, WEIGHT, NETWORK = (
    _WORDS[name] for name in ("label", "id", "type", "role", "tie", "weight", "network")
)
WEAK_ID, PARENTS, GROUPS, WEAK_GROUPS, NAMING, NOT_NAMING, CODEBOOK, MEANING = (
    frozenset(_WORDS[name])
    for name in ("weak_id", "parents", "groups", "weak_groups", "naming", "not_naming", "codebook", "meaning")
)
ENDS, WEAK_ENDS = (
    tuple((one, other) for pair in _WORDS[name] for one, _, other in (pair.partition(" > "),))
    for name in ("ends", "weak_ends")
)
NOT_ENDS = NOT_NAMING - frozenset(_WORDS["of_ends"])
"""Words beside those for ends that make a column one about the ends, or about something else."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIGIT = re.compile(r"(?<=[a-z])(?=\d)")


class Pair(NamedTuple):
    """Two columns that may hold a tie's ends; the rank is how much their headings leave in doubt, 0 the least."""

    source: int
    target: int
    rank: int


BARE, NAMED, QUALIFIED, WEAK, WEAK_QUALIFIED = range(5)
"""Ranks: From and To; Source name and Target name; Money from and Money to; Start and End; Line 1 and Line 2."""


def plain(name: str) -> str:
    """Return a column's name as it is compared.

    >>> plain("sourceName"), plain(" Element_Type "), plain("actor1"), plain("Catégorie (organisation)")
    ('source name', 'element type', 'actor 1', 'categorie organisation')
    """
    words = re.sub(r"[\W_]+", " ", _CAMEL.sub(" ", name)).casefold()
    return " ".join(unaccented(_DIGIT.sub(" ", words)).split()) or name.strip()


def pairs_of(header: Sequence[str]) -> list[Pair]:
    """Return the columns that may be a tie's ends by their headings, those that leave the least in doubt first.

    >>> pairs_of(["Label", "From", "To"]), pairs_of(["source_type", "target_type", "source", "target"])
    ([Pair(source=1, target=2, rank=0)], [Pair(source=2, target=3, rank=0)])
    >>> pairs_of(["Address line 1", "Address line 2"]), pairs_of(["Node 1", "Node 2"])
    ([], [Pair(source=0, target=1, rank=3)])
    """
    names = [plain(name) for name in header]
    found = {pair for ends in (ENDS, WEAK_ENDS) for pair in _pairs(names, ends, weak=ends is WEAK_ENDS)}
    return sorted(found, key=lambda pair: (pair.rank, pair.source, pair.target))


def _pairs(names: list[str], ends: Sequence[tuple[str, str]], *, weak: bool) -> Iterator[Pair]:
    at: dict[str, int] = {}
    for position, name in enumerate(names):
        at.setdefault(name, position)
    for position, name in enumerate(names):
        for one, other in ends:
            if one not in name or f" {one} " not in f" {name} ":
                continue
            target = at.get(f" {name} ".replace(f" {one} ", f" {other} ").strip(), position)
            rest = set(f" {name} ".replace(f" {one} ", " ").split())
            if target == position or rest & NOT_ENDS:
                continue
            named = rest <= NAMING | {"id", "label", "key", "code"}
            rank = (WEAK if named else WEAK_QUALIFIED) if weak else BARE if not rest else NAMED if named else QUALIFIED
            yield Pair(position, target, rank)


def find(header: Sequence[str], words: Sequence[str], *, without: Sequence[int] = ()) -> int | None:
    """Return the position of the column whose name is the first of the words; None where no name is among them."""
    names = [plain(name) for name in header]
    for word in words:
        for position, name in enumerate(names):
            if name == word and position not in without:
                return position
    return None


def names_organisations(heading: str) -> bool:
    """Tell whether a heading that is none of the usual ones says that names of organisations stand below it.

    >>> [names_organisations(text) for text in ("Charity name", "Organisation type", "Your organisation", "Postcode")]
    [True, False, True, False]
    """
    words = set(plain(heading).split())
    return bool(words & NAMING) and not words & NOT_NAMING


Sort = Literal["blank", "names", "numbers", "dates", "addresses", "marks", "prose"]

LONGEST_NAME = 90
MOST_WORDS = 14
SEPARATORS = {"semicolon": ";", "bar": "|", "comma": ",", "slash": "/"}
"""What may stand between several names in one cell, the surest first."""
USUAL = (";", "|", ",")
"""Those that are looked for unasked: a slash stands in many a name."""
_NUMBER = re.compile(r"[£$€]?\s?[+-]?(\d[\d.,' ]*|[.,]\d+)([eE][+-]?\d{1,3})?\s?[%£$€]?|\d+\s?/\s?\d+", re.ASCII)
_YEAR = re.compile(r"(1[5-9]|20)\d\d")
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr|mars|avr|mai|juin|juil|août|déc|ene|abr|ago|dic|"
    "januar|februar|märz|juni|juli|oktober|dezember"
)
_DATE = re.compile(
    r"(\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ]+\d{1,2}:\d\d.*)?|\d{1,2}:\d\d(:\d\d)?|"
    rf"(\d{{1,2}}(st|nd|rd|th|\.)?\s+)?({_MONTHS})[a-zé]*\.?,?\s+(\d{{1,2}},?\s+)?\d{{4}}(\s+\d{{1,2}}:\d\d.*)?|"
    rf"\d{{1,2}}[-\s]({_MONTHS})[a-zé]*([-\s]\d{{2,4}})?",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"#[¡¿]?(REF|N/?[ADV]|NAME|NOMB?R?E?|VALU?E?U?RE?|WERT|DIV/0|NUM|ZAHL|NULL?O?|SPILL|CALC|ERROR|BEZUG|RIF|FIELD|"
    r"CONNECT|BLOCKED|GETTING_DATA)[!?]?|Err:\d{3}"
)
_DAY = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ]+\d{1,2}:\d\d.*)?")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}")
_WEB = re.compile(
    r"(https?://|www\.)\S+|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|uk|gov|edu|eu|io|info|example|fr|de|es|it|pt|cymru|"
    r"wales|scot|london|nl|be|ie|ch|at|cn|au|ca|nz|us|nhs)(/\S*)?",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(\+|0)[\d ()/-]{7,}")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.IGNORECASE)
_STREET = re.compile(
    r"(\d+[a-z]?([-/–]\d+[a-z]?)?,?\s+.{2,60}\b(street|st|road|rd|lane|avenue|ave|drive|close|way|place|square|terrace|"
    r"court|crescent|gardens|row|hill|park|walk|rue .*|heol .*)\.?(,.*)?|.{2,60}(straße|strasse|str\.)\s?\d+[a-z]?|"
    r"\d+,?\s+(rue|avenue|boulevard|place|heol|ffordd|stryd)\s.{2,60}|(calle|via|rua|avenida|piazza)\s.{2,60}\d+)",
    re.IGNORECASE,
)
_MARKS = frozenset(
    ("x", "yes", "no", "y", "n", "true", "false", "✓", "✔", "•", "+", "-", "–", "oui", "non", "sí", "si", "sim", "não",
     "ja", "nein", "ie", "na", "n/a", "none", "null", "nan", "?", ".")
)  # fmt: skip


def sort_of(text: str) -> Sort:
    """Return what a cell's text is.

    >>> [sort_of(text) for text in ("Age UK", "2024-05-01 10:00", "1 May 2024", "AB1 2CD", "a@b.org", "12,5", "x")]
    ['names', 'dates', 'dates', 'addresses', 'addresses', 'numbers', 'marks']
    >>> [sort_of(text) for text in ("3 Church Road", "42nd Street", "r.example", "", "Mind")]
    ['addresses', 'names', 'addresses', 'blank', 'names']
    """
    if not text:
        return "blank"
    if len(text) > LONGEST_NAME or text.count(" ") >= MOST_WORDS:
        return "prose"
    if folded(text) in _MARKS:
        return "marks"
    if _DATE.fullmatch(text):
        return "dates"
    phone = _PHONE.fullmatch(text) and sum(sign.isdigit() for sign in text) >= 9
    if phone or any(pattern.fullmatch(text) for pattern in (_EMAIL, _WEB, _POSTCODE, _STREET)):
        return "addresses"
    return "numbers" if _NUMBER.fullmatch(text) else "names"


def is_no_name(text: str) -> bool:
    """Tell whether a text stands for no name: an error that a spreadsheet shows, or a day in numbers.

    A spreadsheet makes a day of a name such as 2-Oct, and an error of one whose cell is gone.

    >>> [is_no_name(text) for text in ("#REF!", "#N/A", "2026-10-02", "02/10/2026 09:30", "42", "#METOO", "Mind")]
    [True, True, True, True, False, False, False]
    """
    return _ERROR.fullmatch(text) is not None or _DAY.fullmatch(text) is not None


@dataclass(frozen=True)
class Contents:
    """A column's cells that are not blank, and what most of them are."""

    cells: tuple[str, ...]
    rows: int

    @cached_property
    def sort(self) -> Sort:
        """Return what most cells are; names where they are mixed with others."""
        counts = Counter(sort_of(cell) for cell in self.cells[:400])
        if not counts:
            return "blank"
        if self.several:
            counts["names"] += counts.pop("prose", 0)
        names = counts["names"]
        sort, number = counts.most_common(1)[0]
        return sort if number > 0.6 * counts.total() or not names else "names"

    @cached_property
    def values(self) -> set[str]:
        """Return the cells as they are compared, each once."""
        return {folded(cell) for cell in self.cells}

    @property
    def distinct(self) -> float:
        """Return the share of cells that are not the same as another."""
        return len(self.values) / len(self.cells) if self.cells else 0.0

    @cached_property
    def years(self) -> bool:
        """Tell whether all are years, which numbers of elements would be by chance alone."""
        return bool(self.cells) and all(_YEAR.fullmatch(cell) for cell in self.cells)

    @cached_property
    def several(self) -> bool:
        """Tell whether cells hold several names, as far as their look says."""
        return sum(len(pieces(cell)) > 1 for cell in self.cells[:400]) >= 0.2 * len(self.cells[:400]) > 0

    @cached_property
    def parts(self) -> set[str]:
        """Return the values, those that stand in a cell together each by itself."""
        return {folded(piece) for cell in self.cells for piece in pieces(cell)}

    def known(self, names: set[str]) -> float:
        """Return the share of the values that are among some names, whole or in parts."""
        whole = len(self.values & names) / len(self.values) if self.values else 0.0
        apart = len(self.parts & names) / len(self.parts) if self.parts else 0.0
        return max(whole, apart)


def contents(table: Table) -> list[Contents]:
    """Return what stands in each of a table's columns."""
    rows = [row.cells for row in table.rows]
    return [
        Contents(tuple(cells[at] for cells in rows if at < len(cells) and cells[at]), len(rows))
        for at in range(len(table.header))
    ]


def pieces(text: str, separators: Iterable[str] = USUAL) -> list[str]:
    """Return the names in one cell, as far as their look says: at the first separator that stands in it.

    >>> pieces("Age UK; Mind, Leeds"), pieces("Age UK, Mind"), pieces("Mind")
    (['Age UK', 'Mind, Leeds'], ['Age UK', 'Mind'], ['Mind'])
    """
    for separator in separators:
        if separator in text:
            return [part.strip() for part in text.split(separator) if part.strip()]
    return [text.strip()] if text.strip() else []


def overlap(one: Contents, other: Contents) -> tuple[int, float]:
    """Return how many values stand in both columns, and their share of the shorter."""
    both = len(one.parts & other.parts)
    return both, both / max(min(len(one.parts), len(other.parts)), 1)


def running(values: Sequence[str]) -> bool:
    """Tell whether values are numbers that count rows, from 0 or 1.

    >>> running(["1", "2", "3"]), running(["0", "1"]), running(["1", "3"])
    (True, True, False)
    """
    numbers = {int(value) for value in values if value.isdecimal() and len(value) < 8}
    return len(numbers) == len(values) > 0 and (min(numbers), max(numbers)) in (
        (0, len(numbers) - 1), (1, len(numbers)),
    )  # fmt: skip
