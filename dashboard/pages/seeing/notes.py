"""Show what the place's own file says: what it describes, what is sourced, what is assumed."""

import solara

from dashboard.components import Box, Fold, Section, Table, Text
from dashboard.place.notes import notes_of
from dashboard.session import use_session


@solara.component
def NotesOfPlace() -> solara.Element:
    """Show the notes of the place that is looked at; they do not change with the month."""
    place = use_session().chosen.scenario
    notes = solara.use_memo(lambda: notes_of(place), [place.place.name, place.place.title, place.name])
    facts = [Table("Facts of the place", ("What", "Value", "Source", "Used"), notes.facts, words=(1, 2))]
    numbers = [Table("Numbers of the place", ("What", "Here", "Usually"), notes.numbers)]
    return Box(
        Section(
            "What this place’s file says",
            *(Text(text) for text in notes.about),
            Box("Assumed", tag="h3"),
            Box(*(Box(text, tag="li") for text in notes.assumed), tag="ul", kind="b-list"),
            *([Fold(f"Facts with their sources: {len(notes.facts)}", *facts)] if notes.facts else []),
            *([Fold(f"Numbers set in the file: {len(notes.numbers)}", *numbers)] if notes.numbers else []),
        ),
        kind="b-aside",
    )
