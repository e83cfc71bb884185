"""Tell what columns are by their headings: maps call ends From and To, source and target, actor1 and actor2."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from experiments.importing.headings import ENDS, NAMING, NOT_ENDS, NOT_NAMING, WEAK_ENDS

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
    apart = unicodedata.normalize("NFKD", _DIGIT.sub(" ", words))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFC", bare).split()) or name.strip()


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
