"""Group all words that the pages use, each with an address of its own: plain words first, then the model’s lists."""

import re
from typing import NamedTuple

from dashboard.place.moves import MEANINGS, TITLES
from dashboard.word_list import DOUBT_WORDS, PLACE_WORDS, STRAIN_WORDS, Word
from experiments.shown import SHOWN
from experiments.wording import capital
from simulation.vocabulary import ACTIVITIES, BEHAVIOURS, ELEMENTS, KINDS, Term


class Entry(NamedTuple):
    """A word with the anchor it is found at."""

    anchor: str
    term: str
    meaning: str
    notice: str


class Group(NamedTuple):
    """Words that belong together, under a heading."""

    anchor: str
    title: str
    entries: tuple[Entry, ...]


def word_groups() -> tuple[Group, ...]:
    """Return every word with its group; no two anchors are the same."""
    behaviours = tuple(Word(f"{b.number}. {b.title}", f"A {b.group} behaviour.") for b in BEHAVIOURS)
    measures = tuple(
        Word(how.title, f"{capital(how.meaning)}. Shown as: {how.unit}.")
        for name, how in SHOWN.items()
        if not name.startswith(("practice_", "infrastructure_"))
    )
    causes = tuple(Word(title, MEANINGS[cause]) for cause, title in TITLES.items())
    titled = {
        "A place and its people": PLACE_WORDS,
        "Pressure and change": STRAIN_WORDS,
        "Luck and doubt": DOUBT_WORDS,
        "The nine system behaviours": behaviours,
        "Why practice moves": causes,
        "What is measured": measures,
        "Infrastructure": _terms(ELEMENTS),
        "What the learning partner does": _terms(ACTIVITIES),
        "Kinds of organisation": _terms(KINDS),
    }
    taken: set[str] = {_slug(title) for title in titled}
    return tuple(
        Group(_slug(title), title, tuple(_entry(word, title, taken) for word in words))
        for title, words in titled.items()
    )


def _terms(terms: tuple[Term, ...]) -> tuple[Word, ...]:
    return tuple(Word(term.title, f"{capital(term.meaning)}.") for term in terms)


def _entry(word: Word, group: str, taken: set[str]) -> Entry:
    """Return a word with its anchor; a later namesake's names its group too."""
    anchor = _slug(word.term)
    if anchor in taken:
        anchor = f"{_slug(group)}-{anchor}"
    taken.add(anchor)
    return Entry(anchor, *word)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
