"""Settle how a stakeholder map is read, where the guess is not right."""

import solara

from dashboard.components import About, Box, Choice, Controls, Fold, Text, TextField
from dashboard.own_place.keeping import Desk
from dashboard.own_place.rereading import DANGLING, FORMS, MOST_TYPES, NAMES, WEIGHTS, Source, kind_options
from dashboard.pages.own_place.acting import Acting
from experiments.importing.selecting import Guess
from simulation.vocabulary import KINDS

ABOUT_COLUMNS = About(
    what="Which column is read as what: from=Org A, to=Org B. Columns are named or numbered from 1. What can be read: "
    "label, id, type, role, size, from, to, tie, weight, network.",
    notice="What was guessed is among what was assumed, below.",
)
ABOUT_DANGLING = About(what="What to do with a tie to something that is no element of the map.")
ABOUT_NAMES = About(what="What elements that share a name are. They are never merged silently.")
ABOUT_WEIGHTS = About(what="What numbers on ties mean. Nothing in a map says so, so they are not used unless you say.")
ABOUT_FORM = About(what="Whether a table is a list of ties or a matrix of who works with whom.")


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
        TextField("Columns", asked.columns, longest=300, about=ABOUT_COLUMNS,
                  on_choose=lambda text: again(columns=text)),
    ]  # fmt: skip
    kinds = kind_options({kind.id: kind.title for kind in KINDS})
    types = [_type(source, guess, kinds, acting) for guess in source.guesses[:MOST_TYPES]]
    return Fold(
        "How the map is read",
        Text("Each choice reads the map again, and what was changed since by hand is lost: Undo brings it back.",
             kind="b-hint"),
        Controls(*controls, label="How the map is read"),
        *([Box("Which types are organisations", tag="h3"), Controls(*types, label="Types")] if types else []),
    )  # fmt: skip


def _type(source: Source, guess: Guess, kinds: dict[str, str], acting: Acting) -> solara.Element:
    return Choice(
        f"Type “{guess.type}” ({guess.count})", guess.kind, kinds, hint=guess.why,
        on_choose=lambda kind: acting.read_again(source.with_kind(guess.type, kind)),
    )  # fmt: skip
