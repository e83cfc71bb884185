"""Guess what a table's columns are: maps call them From and To, source and target, actor1 and actor2, in and out."""

import re
from collections.abc import Sequence

LABEL = (
    "label", "name", "organisation", "organization", "organisation name", "organization name", "org name", "org",
    "stakeholder", "stakeholder name", "actor", "actor name", "node", "node name", "element", "element name", "agency",
    "partner", "partner name", "member", "entity", "entity name", "title", "full name", "display name", "group name",
    "organisations", "organizations", "stakeholders", "actors", "vertex", "vertex name", "body", "node label",
)  # fmt: skip
ID = (
    "id", "key", "code", "node id", "element id", "org id", "organisation id", "organization id", "actor id",
    "stakeholder id", "identifier", "ref", "reference", "no", "nr", "number", "abbreviation", "abbr", "acronym",
    "short name", "index", "position", "#",
)  # fmt: skip
TYPE = (
    "type", "element type", "category", "kind", "sector", "nature", "group", "class", "node type", "org type",
    "organisation type", "organization type", "stakeholder type", "actor type", "type of organisation",
    "type of organization", "classification", "stakeholder group", "entity type", "vertex type", "role type",
)  # fmt: skip
ROLE = ("role", "function", "remit")
TIE = (
    "type", "connection type", "relation", "relationship", "relationship type", "relation type", "tie type", "tie",
    "link type", "edge type", "kind", "nature", "category", "label", "interaction", "how",
    "type of relationship", "nature of relationship", "nature of tie", "description",
)  # fmt: skip
WEIGHT = (
    "weight", "strength", "value", "frequency", "intensity", "count", "tie strength", "score", "edge weight",
    "relationship strength", "closeness", "width",
)  # fmt: skip
NETWORK = ("map", "network", "layer")

STRONG_PAIRS = (
    ("from", "to"), ("source", "target"), ("src", "dst"), ("src", "tgt"), ("source", "destination"), ("src", "dest"),
    ("sender", "receiver"), ("giver", "receiver"), ("ego", "alter"), ("tail", "head"),
)  # fmt: skip
WEAK_PAIRS = (
    ("in", "out"),
    ("start", "end"),
    ("origin", "destination"),
    ("1", "2"),
    ("a", "b"),
    ("i", "j"),
    ("x", "y"),
)
"""Words that name a pair of ends only where no column holds a name."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIGIT = re.compile(r"(?<=[a-z])(?=\d)")


def plain(name: str) -> str:
    """Return a column's name as it is compared.

    >>> plain("sourceName"), plain(" Element_Type "), plain("actor1"), plain("From (organisation)")
    ('source name', 'element type', 'actor 1', 'from organisation')
    """
    words = re.sub(r"[\W_]+", " ", _CAMEL.sub(" ", name)).casefold()
    return " ".join(_DIGIT.sub(" ", words).split()) or name.strip()


def find_pair(header: Sequence[str]) -> tuple[int, int, bool] | None:
    """Return the positions of the columns of a tie's two ends, and whether their names leave no doubt.

    >>> find_pair(["Label", "From", "To"]), find_pair(["in", "out"]), find_pair(["Name", "Start", "End"])
    ((1, 2, True), (0, 1, False), None)
    """
    names = [plain(name) for name in header]
    for pairs, sure in ((STRONG_PAIRS, True), (WEAK_PAIRS, False)):
        for one, other in pairs:
            for position, name in enumerate(names):
                words = name.split()
                if one not in words:
                    continue
                partner = " ".join(other if word == one else word for word in words)
                at = names.index(partner) if partner in names else position
                if at != position and (sure or find(header, LABEL, without=(position, at)) is None):
                    return position, at, sure
    return None


def find(header: Sequence[str], words: Sequence[str], *, without: Sequence[int] = ()) -> int | None:
    """Return the position of the column whose name is the first of the words; None where no name is among them."""
    names = [plain(name) for name in header]
    for word in words:
        for position, name in enumerate(names):
            if name == word and position not in without:
                return position
    return None
