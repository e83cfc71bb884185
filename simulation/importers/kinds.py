"""Guess an organisation's kind from the words of its type, or else of its name, in the languages of `words/`."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from simulation.importers.tables import unaccented

FALLBACK = "voluntary"
"""Kind of an organisation about which no word says anything."""
FIRST = "english"
"""Language that comes first where another has no more of a map's words."""
_ELIDED = re.compile(r"['’‘`´](?=s\b)|(?<=s)['’](?=\s|$)")


SURE = 5
"""Letters of a word of a language that is not the map's own, from which it is taken for one and not for initials."""


@dataclass(frozen=True)
class Language:
    """A language's words as patterns: kinds in their order, and types that are general or no organisation."""

    name: str
    are_apart: bool
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    general: re.Pattern[str]
    people: re.Pattern[str]
    roles: re.Pattern[str]
    """People with what a role says besides: a coordinator of something, a senior one."""
    things: re.Pattern[str]

    def kind_of(self, text: str, *, shortest: int = 0) -> str:
        """Return the kind that a plain text's words suggest; "" where none does that is long enough."""
        least = shortest if self.are_apart else 0
        for kind, pattern in self.kinds:
            if any(len(found[0]) >= least for found in pattern.finditer(text)):
                return kind
        return ""

    def knows(self, text: str) -> bool:
        """Tell whether a plain text has a word of the language."""
        given = (self.people, self.things)
        return self.kind_of(text, shortest=SURE) != "" or any(one.fullmatch(text) for one in given)


def plain(text: str) -> str:
    """Return a text as it is compared: without case, accents, hyphens and apostrophes.

    >>> plain("Children's Services – Évry"), plain("Maison de l’enfance")
    ('childrens services evry', 'maison de l enfance')
    """
    letters = unaccented(_ELIDED.sub("", text.casefold()))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


@cache
def languages() -> tuple[Language, ...]:
    """Return the languages whose words are known, English first."""
    paths = [path for path in files(__package__).joinpath("words").iterdir() if path.name.endswith(".toml")]
    paths.sort(key=lambda path: (path.name != f"{FIRST}.toml", path.name))
    return tuple(
        _language(path.name.removesuffix(".toml"), tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths
    )


def _language(name: str, data: dict[str, Any]) -> Language:
    are_apart, types = data["head"] != "anywhere", data["types"]
    ending = f"({_any(data['endings'])})?" if data["endings"] else ""
    before, after = ("(.* )?", "") if data["head"] == "last" else ("", "( .*)?") if are_apart else (".*", "")
    general, people = _any(types["general"]), f"({_any(types['people'])}){ending}"
    bound = r"\b" if are_apart else ""
    return Language(
        name,
        are_apart,
        tuple((kind, re.compile(f"{bound}({_any(words)}){bound}")) for kind, words in data["kinds"].items()),
        re.compile(f"({general})({' ' if are_apart else ''}({general}))*"),
        re.compile(people),
        re.compile(before + people + after),
        re.compile(f"({_any(types['things'])}){ending}"),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(_pattern(word) for word in words)


def _pattern(word: str) -> str:
    """Return a word as a pattern; a star stands for any letters, alone for any words.

    >>> _pattern("oenegé*"), _pattern(" in"), _pattern("head of *")
    ('oenege\\\\w*', ' in', 'head of .*')
    """
    tokens = word.strip().split(" ")
    made = [".*" if one == "*" else r"\w*".join(re.escape(plain(part)) for part in one.split("*")) for one in tokens]
    return (" " if word.startswith(" ") else "") + " ".join(made)


def in_order(texts: Iterable[str]) -> tuple[Language, ...]:
    """Return the languages, that one first of which most texts have words, since one word may mean two things.

    >>> in_order(["Mairie", "Association", "Collectivité"])[0].name
    'french'
    """
    given = {plain(text) for text in texts} - {""}
    counts = {one.name: sum(one.knows(text) for text in given) for one in languages()}
    return tuple(sorted(languages(), key=lambda one: -counts[one.name]))


def is_person(text: str, order: Sequence[Language] = ()) -> bool:
    """Tell whether a text is a person's role, or a word for people.

    >>> [is_person(text) for text in ("PhD student", "Estudiante", "Student union", "Contact centre")]
    [True, True, False, False]
    >>> is_person("Coordinadora de proyecto", in_order(["Universidad", "Coordinadora de proyecto"]))
    True
    """
    words = plain(text)
    order = order or in_order([text])
    own = [one for one in order if one is order[0] or one.name == FIRST]
    return any((one.roles if one in own else one.people).fullmatch(words) for one in order)


def is_no_organisation(type_: str, order: Sequence[Language] = ()) -> bool:
    """Tell whether a type's name is one for what is no organisation.

    >>> [is_no_organisation(text) for text in ("Person", "Group box", "Base de datos", "Charity")]
    [True, True, True, False]
    """
    return is_person(type_, order) or any(one.things.fullmatch(plain(type_)) for one in languages())


def kind_of_words(text: str, order: Sequence[Language] = ()) -> str:
    """Return the kind that a text's words suggest, in the first of the languages that knows any; "" where none does.

    >>> kind_of_words("Voluntary & community"), kind_of_words("Mental health trust"), kind_of_words("Zebra")
    ('voluntary', 'health', '')
    """
    words = plain(text)
    order = order or in_order([text])
    found = (one.kind_of(words, shortest=0 if one is order[0] or one.name == FIRST else SURE) for one in order)
    return next((kind for kind in found if kind), "")


def guess_kind(type_: str, label: str, order: Sequence[Language] = ()) -> tuple[str, str]:
    """Return an organisation's kind, and from what it was guessed: its type, its name, or nothing.

    Where a type says too little, the name decides.

    >>> guess_kind("Statutory body", "Anytown Borough Council"), guess_kind("", "Zebra")
    (('council', 'name'), ('voluntary', 'nothing'))
    """
    order = order or in_order([type_, label])
    by_type, by_name = kind_of_words(type_, order), kind_of_words(label, order)
    is_general = any(one.general.fullmatch(plain(type_)) for one in order)
    if by_type and (by_name in ("", by_type) or not is_general):
        return by_type, "type"
    return (by_name, "name") if by_name else (FALLBACK, "nothing")
