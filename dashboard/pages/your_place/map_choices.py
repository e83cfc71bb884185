"""Settle how a stakeholder map is read, where the guess is not right."""

import solara

from dashboard.components import About, Box, Choice, Controls, Fold, Perhaps, Section, Text, TextField
from dashboard.pages.your_place.actions import Acting
from dashboard.pages.your_place.arrival import (
    DANGLING,
    ENCODED,
    FORMS,
    GUESSED,
    MOST_TYPES,
    NAMES,
    OPEN,
    SPLITS,
    WEIGHTS,
    Source,
    kind_options,
)
from dashboard.pages.your_place.shelf import Desk
from simulation.importers.elements import NO_TYPE, Guess
from simulation.importers.questions import Question
from simulation.vocabulary import KINDS

ABOUT_COLUMNS = About(
    what="Which column is read as what: from=Org A, to=Org B. Columns are named or numbered from 1. What can be read: "
    "label, id, type, role, size, from, to, tie, weight, network. A sheet’s or file’s name and a colon before it say "
    "of which table: ties.csv: from=Org A, to=Org B.",
    notice="What was guessed is among what was assumed, below.",
)
ABOUT_DANGLING = About(what="What to do with a tie to something that is no element of the map.")
ABOUT_NAMES = About(what="What elements that share a name are. They are never merged silently.")
ABOUT_WEIGHTS = About(what="What numbers on ties mean. Nothing in a map says so, so they are not used unless you say.")
ABOUT_FORM = About(what="Whether a table is a list of ties or a matrix of who works with whom.")
ABOUT_NETWORKS = About(
    what="Which of several maps or sheets give the ties, by name, with semicolons between them. Blank: all of them.",
    notice="Their names and how many ties each has are among what was assumed, below.",
)
ABOUT_SHEETS = About(
    what="Which sheets of a workbook, lists or files to read at all, by name, semicolons between them. Blank: all.",
)
ABOUT_SPLIT = About(what="Whether a cell that names whom somebody works with holds several names, and what parts them.")
ABOUT_TABLE = About(
    what="What this table is. Its columns have names that are not among the usual ones, and what stands in them does "
    "not tell.",
    notice="Nothing is guessed here: a wrong guess would make organisations of what are none.",
)
ABOUT_ENCODING = About(
    what="How letters are stored in a text file. Another choice helps where accents come out wrong.",
)
ABOUT_AT = About(
    what="The day of which a GEXF map is read, where its elements and ties come and go. Blank: all of them."
)
ABOUT_TYPE = About(
    what="Which kind of organisation the map’s elements of this type are, or that they are none.",
    why="Kind chooses the budget path under a pressure, and no more.",
    basis="Guessed from the words of the type or the name; where neither says anything, voluntary sector.",
)


@solara.component
def MapReading(desk: Desk, acting: Acting) -> solara.Element:
    """Show the choices about a map's reading; nothing where no map was brought."""
    source: Source | None = desk.source
    if source is None:
        return Box()
    asked = source.asked

    def again(**changes: str) -> None:
        acting.read_again(source.changed(**changes))

    controls = [
        Choice("A tie to what is no element", asked.dangling, DANGLING, about=ABOUT_DANGLING,
               on_choose=lambda one: again(dangling=one)),
        Choice("Elements with one name are", asked.names, NAMES, about=ABOUT_NAMES,
               on_choose=lambda one: again(names=one)),
        Choice("Numbers on ties", asked.weights, WEIGHTS, about=ABOUT_WEIGHTS,
               on_choose=lambda one: again(weights=one)),
        Choice("A table is", asked.form, FORMS, about=ABOUT_FORM, on_choose=lambda one: again(form=one)),
        TextField("Columns", asked.columns, longest=300, about=ABOUT_COLUMNS, hint="For example: from=Org A, to=Org B",
                  on_choose=lambda text: again(columns=text)),
        TextField("Sheets", asked.sheets, longest=300, about=ABOUT_SHEETS, on_choose=lambda text: again(sheets=text)),
        Choice("Names in one cell", asked.split, SPLITS, about=ABOUT_SPLIT, on_choose=lambda one: again(split=one)),
        TextField("Networks", asked.networks, longest=300, about=ABOUT_NETWORKS,
                  on_choose=lambda text: again(networks=text)),
        Choice("Text is stored as", asked.encoding, ENCODED, about=ABOUT_ENCODING,
               on_choose=lambda one: again(encoding=one)),
        TextField("As of the date", asked.at, longest=30, about=ABOUT_AT, hint="For example: 2024-06-30",
                  on_choose=lambda text: again(at=text)),
    ]  # fmt: skip
    kinds = kind_options({kind.id: kind.title for kind in KINDS})
    types = [_type(source, name, found, kinds, acting) for name, found in [*source.types().items()][:MOST_TYPES]]
    questions = [_question(source, question, acting) for question in source.questions]
    asking = Section("What the tables are", Controls(*questions, label="What the tables are"))
    return Box(Perhaps(*([asking] if questions else [])), Fold(
        "How the map is read",
        Text("Each choice reads the map again, and what was changed since by hand is lost: Undo brings it back.",
             kind="b-hint"),
        Perhaps(*([Box("Which types are organisations", tag="h3"), Controls(*types, label="Types"),
                   Box("What else can be settled", tag="h3")] if types else [])),
        Controls(*controls, label="How the map is read"),
    ))  # fmt: skip


def _question(source: Source, question: Question, acting: Acting) -> solara.Element:
    """Return the choice of what a table is."""
    answer = source.asked.tables.get(question.table)
    chosen = str(question.answers.index(answer)) if answer in question.answers else OPEN
    options = {OPEN: "Not settled yet"} | {str(at): one.shown for at, one in enumerate(question.answers)}
    return Choice(
        f"“{question.table}” holds", chosen, options, about=ABOUT_TABLE,
        on_choose=lambda given: acting.read_again(source.with_answer(question, given)),
    )  # fmt: skip


def _type(source: Source, name: str, found: list[Guess], kinds: dict[str, str], acting: Acting) -> solara.Element:
    count = sum(guess.count for guess in found)
    shares = ", ".join(f"{guess.count} {kinds[guess.kind]}" for guess in found)
    several = len({guess.kind for guess in found}) > 1
    guessed = {GUESSED: f"As guessed: {shares}" if several else "As it is guessed"}
    is_chosen = any(guess.basis == "chosen" for guess in found)
    return Choice(
        f"Without a type ({count})" if name == NO_TYPE else f"Type “{name}” ({count})",
        GUESSED if several else found[0].kind, (guessed if several or is_chosen else {}) | kinds, about=ABOUT_TYPE,
        hint="; ".join(dict.fromkeys(guess.why for guess in found)),
        on_choose=lambda kind: acting.read_again(source.with_kind(name, kind)),
    )  # fmt: skip
