"""Page Words: groups and addresses."""

import json
from typing import NamedTuple

import solara

from dashboard.glossary import (
    DECIDING_WORDS,
    DOUBT_WORDS,
    EVENT_WORDS,
    PLACE_WORDS,
    STRAIN_WORDS,
    SWEEP_WORDS,
    Word,
    anchor_of,
)
from dashboard.pages.place.causes import CONDITIONS, MEANINGS, TITLES
from experiments.reporting.numbers import capital
from simulation.outcomes import OUTCOMES
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
        for how in OUTCOMES
        if how.meaning and not how.name.startswith(("practice_", "infrastructure_"))
    )
    causes = tuple(Word(title, MEANINGS[cause]) for cause, title in TITLES.items())
    conditions = tuple(Word(title, f"{capital(does)}.") for title, does in CONDITIONS.items())
    titled = {
        "A place and its people": PLACE_WORDS,
        "Pressure and change": STRAIN_WORDS,
        "Luck and doubt": DOUBT_WORDS,
        "Deciding on the way": DECIDING_WORDS,
        "Events": EVENT_WORDS,
        "The nine system behaviours": behaviours,
        "Why practice moves": causes,
        "What shapes a month": conditions,
        "What is measured": measures,
        "Infrastructure": _terms(ELEMENTS),
        "What the learning partner does": _terms(ACTIVITIES),
        "Kinds of organisation": _terms(KINDS),
        "Sweeps": SWEEP_WORDS,
    }
    taken: set[str] = {anchor_of(title) for title in titled}
    return tuple(
        Group(anchor_of(title), title, tuple(_entry(word, title, taken) for word in words))
        for title, words in titled.items()
    )


def _terms(terms: tuple[Term, ...]) -> tuple[Word, ...]:
    return tuple(Word(term.title, f"{capital(term.meaning)}.") for term in terms)


def _entry(word: Word, group: str, taken: set[str]) -> Entry:
    """Return a word with its anchor; a later namesake's names its group too."""
    anchor = anchor_of(word.term)
    if anchor in taken:
        anchor = f"{anchor_of(group)}-{anchor}"
    taken.add(anchor)
    return Entry(anchor, *word)


def glossary() -> str:
    """Return all words as docs/glossary.md, which `make docs` writes."""
    parts = ["# Words", f"{LEAD} Made by `make docs` from the model and `dashboard/glossary.py`, as the page Words is."]
    for group in word_groups():
        words = [f"- **{word.term}**. {word.meaning} *{word.notice}*".removesuffix(" **") for word in group.entries]
        parts += [f"## {group.title}", "\n".join(words)]
    return "\n\n".join(parts) + "\n"


PATH = "/words"
TITLE = "Words"
LEAD = "What the words on these pages mean, in plain language."


@solara.component_vue("../components/words.vue", vuetify=False)
def _Words(content: str) -> None:
    pass


@solara.component
def Page() -> solara.Element:
    """Show the word list."""
    groups = [
        {"anchor": group.anchor, "title": group.title, "entries": [entry._asdict() for entry in group.entries]}
        for group in word_groups()
    ]
    return _Words(content=json.dumps(groups, ensure_ascii=False))
